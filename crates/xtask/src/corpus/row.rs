//! One release: generate, build, install, judge.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::component::Component;
use super::criteria;
use super::list::Release;
use crate::say::brief;
use crate::workshop::Workshop;

/// What a package is judged by, in this order.
pub(super) const CRITERIA: [&str; 8] = [
    "build",
    "lintian",
    "install",
    "import",
    "depends",
    "licence",
    "version",
    "filled in",
];

/// What came of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) version: String,
    /// Why the program refused it, or what it failed with.
    pub(super) refused: Option<String>,
    /// Of each criterion what speaks against it; nothing where it was not reached.
    pub(super) marks: Vec<Option<Vec<String>>>,
    /// What `build` changed to make it build.
    #[serde(default)]
    pub(super) mended: Vec<String>,
    /// The source packages of what it needs and the suite lacks.
    #[serde(default)]
    pub(super) others: Vec<String>,
    /// Seconds that the build took.
    pub(super) seconds: u64,
    /// The SHA-256 of the source package, by which a finished row is known.
    dsc: String,
}

impl Row {
    fn new(release: &Release) -> Self {
        Self {
            name: release.name.clone(),
            version: release.version.clone(),
            refused: None,
            marks: vec![None; CRITERIA.len()],
            mended: Vec::new(),
            others: Vec::new(),
            seconds: 0,
            dsc: String::new(),
        }
    }

    /// Whether nothing speaks against it.
    pub(super) fn is_right(&self) -> bool {
        let good = |mark: &Option<Vec<String>>| mark.as_ref().is_some_and(Vec::is_empty);
        self.refused.is_none() && self.marks.iter().all(good)
    }

    fn mark(&mut self, criterion: &str, problems: Vec<String>) {
        if let Some(at) = CRITERIA.iter().position(|name| *name == criterion) {
            self.marks[at] = Some(problems);
        }
    }

    fn refused(mut self, why: impl Into<String>) -> Self {
        self.refused = Some(why.into());
        self
    }
}

/// Removes a directory, if it is there.
fn remove(directory: &Path) -> Result<()> {
    match directory.exists() {
        true => fs_err::remove_dir_all(directory).map_err(Into::into),
        false => Ok(()),
    }
}

/// Where releases are tried.
pub(super) struct Place<'a> {
    pub(super) workshop: &'a Workshop,
    pub(super) program: PathBuf,
    pub(super) suite: String,
    pub(super) again: bool,
    pub(super) apt_options: Vec<String>,
    pub(super) components: Vec<Component>,
}

/// What is taken of `build --format json`.
#[derive(Deserialize)]
struct Summary {
    repository: PathBuf,
    builds: Vec<Build>,
}

/// What is taken of `generate --format json`.
#[derive(Deserialize)]
struct Generated {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    source: Option<String>,
    dsc: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Build {
    source: String,
    result: String,
    reason: Option<String>,
    seconds: Option<u64>,
    lintian: Option<Lintian>,
    log: Option<PathBuf>,
    #[serde(default)]
    fixes: Vec<Fix>,
}

#[derive(Deserialize)]
struct Fix {
    change: String,
}

#[derive(Deserialize)]
struct Lintian {
    lines: Vec<String>,
}

impl Place<'_> {
    /// Makes the chroots for builds before two rows ask for them at once.
    pub(super) fn prepare(&self) -> Result<()> {
        fs_err::create_dir_all(self.workshop.corpus(&self.suite)).map_err(Into::into)
    }

    /// One row. What could not be done is a row, too.
    pub(super) fn row(&self, release: &Release) -> Row {
        self.tried(release)
            .unwrap_or_else(|error| Row::new(release).refused(format!("error: {error:#}")))
    }

    fn tried(&self, release: &Release) -> Result<Row> {
        let (name, version) = (&release.name, &release.version);
        let all = self.workshop.corpus(&self.suite);
        let area = all.join(format!("{name}-{version}"));
        // What an earlier run has mended would pass for a person's work.
        let new = all.join(format!(".new-{name}-{version}"));
        remove(&new)?;
        let mut row = Row::new(release);
        let asked = format!("{name}=={version}");
        let mut words = vec!["--replace", "--missing", "--format", "json", &asked];
        let own = self.components.iter().filter(|one| one.release == *name);
        words.extend(own.flat_map(|one| ["--component", &one.argument]));
        let said = self.program("generate", &new, &words)?;
        if !said.status.success() {
            return Ok(row.refused(first_reason(&said.stderr)));
        }
        let (source, dsc, others) = packed(&said.stdout)?;
        row.others = others;
        row.dsc = digest(&dsc)?;
        let kept = area.join("row.json");
        if let Some(before) = finished(&kept, &row.dsc).filter(|_| !self.again) {
            remove(&new)?;
            return Ok(before);
        }
        remove(&area)?;
        fs_err::rename(&new, &area)?;
        self.judge(release, &area, &source, &mut row)?;
        fs_err::write(kept, serde_json::to_string_pretty(&row)?)?;
        Ok(row)
    }

    /// Runs the program on a build area.
    fn program(&self, action: &str, area: &Path, words: &[&str]) -> Result<std::process::Output> {
        let mut command = Command::new(&self.program);
        command.arg(action).arg("--output").arg(area);
        command.args(["--suite", &self.suite]).args(words);
        // A session in the caller's directory is not asked, and not told what was mended.
        command.current_dir(self.workshop.corpus(&self.suite));
        // Whoever runs this is nobody's maintainer.
        command.envs([
            ("DEBFULLNAME", "Nobody Atall"),
            ("DEBEMAIL", "nobody@example.org"),
        ]);
        let output = command.stdin(std::process::Stdio::null()).output();
        output.with_context(|| format!("cannot run {}", self.program.display()))
    }

    fn judge(&self, release: &Release, area: &Path, source: &str, row: &mut Row) -> Result<()> {
        let tree = area.join(source).join("debian");
        let copyright = fs_err::read_to_string(tree.join("copyright")).unwrap_or_default();
        let licence = criteria::licence(&copyright, release.licence.as_deref());
        row.mark("licence", licence.into_iter().collect());
        row.mark("filled in", placeholders(&tree)?);
        let Some(debs) = self.build(area, source, row)? else {
            return Ok(());
        };
        let facts = self.install(release, source, &debs)?;
        judge_facts(release, &facts, row);
        Ok(())
    }

    /// Builds, and marks what the builder and lintian say; the packages, if there are any.
    fn build(&self, area: &Path, source: &str, row: &mut Row) -> Result<Option<Vec<PathBuf>>> {
        let mut words = vec![source, "--lintian", "--format", "json", "--quiet"];
        words.extend(
            self.apt_options
                .iter()
                .flat_map(|option| ["--apt-option", option]),
        );
        let said = self.program("build", area, &words)?;
        let summary: Summary =
            serde_json::from_slice(&said.stdout).with_context(|| first_reason(&said.stderr))?;
        if let Some(why) = summary.builds.iter().find_map(|build| other(build, source)) {
            row.mark("build", vec![why]);
            return Ok(None);
        }
        let build = summary.builds.iter().find(|build| build.source == source);
        let build = build.context("build told nothing of it")?;
        row.seconds = build.seconds.unwrap_or_default();
        row.mended = build.fixes.iter().map(|fix| fix.change.clone()).collect();
        if !build.result.starts_with("built") {
            row.mark("build", vec![failed(build)]);
            return Ok(None);
        }
        row.mark("build", Vec::new());
        let lintian = build.lintian.as_ref();
        let tags = lintian.map_or_else(
            || vec!["has not run".to_owned()],
            |found| found.lines.clone(),
        );
        row.mark("lintian", tags);
        debs(&summary.repository).map(Some)
    }

    fn install(&self, release: &Release, source: &str, debs: &[PathBuf]) -> Result<Value> {
        let names: Vec<String> = debs
            .iter()
            .filter_map(|deb| Some(deb.file_name()?.to_str()?.to_owned()))
            .collect();
        let task = json!({
            "name": release.name,
            "version": release.version,
            "debs": names,
            "source": source,
            "imports": release.imports,
            "packages": release.packages,
        });
        let name = format!("corpus-{}-{}", release.name, self.suite);
        self.workshop
            .run_with(&self.suite, &name, "corpus.py", &task, debs)
    }
}

/// Marks what was found in the chroot.
fn judge_facts(release: &Release, facts: &Value, row: &mut Row) {
    if let Some(refused) = facts["install"].as_str() {
        row.mark("install", vec![refused.to_owned()]);
        return;
    }
    let texts = |name: &str| -> Vec<String> {
        let values = facts[name].as_array().into_iter().flatten();
        values
            .filter_map(|value| value.as_str().map(str::to_owned))
            .collect()
    };
    row.mark("install", Vec::new());
    row.mark("import", texts("imports"));
    row.mark("depends", texts("requires"));
    let installed = facts["installed"].as_str().unwrap_or("none");
    let same = facts["same"].as_bool() == Some(true);
    let differs = format!("{installed} instead of {}", release.version);
    row.mark("version", if same { Vec::new() } else { vec![differs] });
}

/// Why what the package needs has not been built.
fn other(build: &Build, source: &str) -> Option<String> {
    let good = build.source == source || build.result.starts_with("built");
    (!good).then(|| format!("{}: {}", build.source, failed(build)))
}

fn failed(build: &Build) -> String {
    let reason = build.reason.clone().unwrap_or_default();
    let log = build.log.as_ref().map(|log| log.display().to_string());
    format!("{reason}: {}", log.unwrap_or_default())
}

/// What `generate` has made: the source package that was asked for, its `.dsc`, and the
/// source packages of what it needs.
fn packed(said: &[u8]) -> Result<(String, PathBuf, Vec<String>)> {
    let generated: Generated = serde_json::from_slice(said).context("generate --format json")?;
    let mut all = generated.packages.into_iter();
    let first = all.next().context("generate has made nothing")?;
    let (Some(source), Some(dsc)) = (first.source, first.dsc) else {
        bail!("generate has left no source package of {}", first.name);
    };
    Ok((source, dsc, all.filter_map(|one| one.source).collect()))
}

fn digest(path: &Path) -> Result<String> {
    let said = Command::new("sha256sum").arg(path).output()?;
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    let digest = text.split_whitespace().next().context("sha256sum")?;
    Ok(digest.to_owned())
}

fn finished(path: &Path, dsc: &str) -> Option<Row> {
    let row: Row = serde_json::from_slice(&fs_err::read(path).ok()?).ok()?;
    (row.dsc == dsc && row.marks.len() == CRITERIA.len()).then_some(row)
}

fn debs(repository: &Path) -> Result<Vec<PathBuf>> {
    let mut debs = Vec::new();
    for entry in fs_err::read_dir(repository)? {
        let path = entry?.path();
        let name = path.to_string_lossy();
        if name.ends_with(".deb") && !name.contains("-dbgsym_") {
            debs.push(path);
        }
    }
    debs.sort();
    Ok(debs)
}

fn placeholders(tree: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    let mut queue = vec![tree.to_owned()];
    while let Some(directory) = queue.pop() {
        for entry in fs_err::read_dir(directory)? {
            let path = entry?.path();
            if path.is_dir() {
                queue.push(path);
            } else if let Ok(text) = fs_err::read_to_string(&path) {
                let name = path.strip_prefix(tree).unwrap_or(&path).to_string_lossy();
                found.extend(criteria::placeholders(&name, &text));
            }
        }
    }
    Ok(found)
}

/// The first error that the program told.
fn first_reason(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let error = text.lines().find_map(|line| line.strip_prefix("error: "));
    brief(error.unwrap_or(text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn release() -> Release {
        Release {
            name: "a".into(),
            version: "1.0".into(),
            ..Release::default()
        }
    }

    #[test]
    fn facts_become_marks() {
        let mut row = Row::new(&release());
        for criterion in ["build", "lintian", "licence", "filled in"] {
            row.mark(criterion, Vec::new());
        }
        assert!(!row.is_right());
        let facts = json!({"install": null, "imports": [], "requires": [], "installed": "1.0", "same": true});
        judge_facts(&release(), &facts, &mut row);
        assert!(row.is_right());
        let facts = json!({"install": null, "imports": ["a: no"], "requires": [], "installed": "0.0.0", "same": false});
        judge_facts(&release(), &facts, &mut row);
        assert!(!row.is_right());
        assert_eq!(row.marks[6], Some(vec!["0.0.0 instead of 1.0".to_owned()]));
    }

    #[test]
    fn what_cannot_be_installed_is_judged_no_further() {
        let mut row = Row::new(&release());
        judge_facts(&release(), &json!({"install": "E: unmet"}), &mut row);
        assert_eq!(row.marks[2], Some(vec!["E: unmet".to_owned()]));
        assert_eq!(row.marks[3], None);
    }

    #[test]
    fn the_first_error_is_the_reason() {
        assert_eq!(
            first_reason(b"warning: w\nerror: no sdist\nerror: x\n"),
            "no sdist"
        );
        assert_eq!(first_reason(b"killed\n"), "killed");
    }
}
