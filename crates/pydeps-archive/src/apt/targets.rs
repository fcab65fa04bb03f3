//! `apt-get indextargets`: which sources are configured, and where their lists are.

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::process::Command;

use deb822_lossless::Deb822;

use super::sources::{MachineSource, Trust};
use pydeps_host::process::{self, ProcessError};

const FORMAT: &str =
    "$(CREATED_BY)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)|$(ARCHITECTURE)|$(SOURCESENTRY)|$(FILENAME)";

/// What apt may have appended to a list's name (`Acquire::IndexTargets::…::KeepCompressedAs`).
const COMPRESSIONS: [&str; 7] = ["", ".lz4", ".zst", ".gz", ".xz", ".bz2", ".lzma"];

/// What gives access to apt's methods one by one; it is part of apt.
pub(super) const APT_HELPER: &str = "/usr/lib/apt/apt-helper";

/// One list that apt would fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// `Packages`, `Contents-deb`, …: the configuration that asks for it.
    pub(crate) kind: String,
    pub(crate) uri: String,
    pub(crate) release: String,
    pub(crate) component: String,
    pub(crate) architecture: String,
    /// `FILE:LINE` or, for deb822 files, `FILE:STANZA`.
    pub(crate) entry: String,
    /// Where it is or would be.
    pub(crate) file: PathBuf,
}

/// The lists of one release that are there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lists {
    pub(crate) release: Option<PathBuf>,
    pub(crate) packages: Vec<PathBuf>,
    pub(crate) contents: Vec<PathBuf>,
    pub(crate) sources: Vec<PathBuf>,
}

/// Every list of the sources that are configured, fetched or not. `arguments` come
/// before the command, as options to apt.
pub(crate) fn targets(arguments: &[String]) -> Result<Vec<Target>, ProcessError> {
    let mut command = apt_get();
    command
        .args(arguments)
        .args(["indextargets", "--no-release-info", "--format", FORMAT]);
    let said = process::run(&mut command)?;
    Ok(said.stdout.lines().filter_map(parse).collect())
}

/// The lists of the machine's own configuration.
pub(crate) fn machine_targets() -> Result<Vec<Target>, ProcessError> {
    targets(&[])
}

/// `apt-get`, speaking English.
pub(super) fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("LC_ALL", "C.UTF-8").env("LANGUAGE", "C");
    command
}

fn parse(line: &str) -> Option<Target> {
    let mut fields = line.splitn(7, '|').map(str::to_owned);
    Some(Target {
        kind: fields.next()?,
        uri: fields.next()?,
        release: fields.next()?,
        component: fields.next()?,
        architecture: fields.next()?,
        entry: fields.next()?,
        file: PathBuf::from(fields.next()?),
    })
}

impl Target {
    fn is_packages(&self) -> bool {
        self.kind == "Packages"
    }

    fn is_contents(&self) -> bool {
        self.kind == "Contents-deb" || self.kind == "Contents-deb-legacy"
    }

    pub(crate) fn is_sources(&self) -> bool {
        self.kind == "Sources"
    }

    /// The file as apt has stored it.
    pub(super) fn stored(&self) -> Option<PathBuf> {
        COMPRESSIONS
            .iter()
            .map(|suffix| with_suffix(&self.file, suffix))
            .find(|path| path.exists())
    }

    /// The release's own file, beside this one.
    pub(super) fn release_file(&self) -> Option<PathBuf> {
        let name = self.file.file_name()?.to_str()?;
        let mark = format!("_dists_{}_", self.release.replace('/', "_"));
        let end = name.find(&mark)? + mark.len();
        let beside = |file: &str| self.file.with_file_name(format!("{}{file}", &name[..end]));
        ["InRelease", "Release"]
            .iter()
            .map(|file| beside(file))
            .find(|path| path.exists())
    }
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

impl Lists {
    /// What is there of these targets, which are of one release.
    pub(crate) fn of<'a>(targets: impl IntoIterator<Item = &'a Target>) -> Self {
        let mut lists = Self::default();
        for target in targets {
            lists.release = lists.release.or_else(|| target.release_file());
            let list = match () {
                () if target.is_packages() => &mut lists.packages,
                () if target.is_contents() => &mut lists.contents,
                () if target.is_sources() => &mut lists.sources,
                () => continue,
            };
            list.extend(target.stored().filter(|path| !list.contains(path)));
        }
        lists
    }
}

/// The machine's binary package sources, each release once.
pub(crate) fn machine_sources(targets: &[Target]) -> Vec<MachineSource> {
    let mut sources: Vec<MachineSource> = Vec::new();
    for target in targets
        .iter()
        .filter(|target| target.is_packages() && target.component == "main")
    {
        let known =
            |source: &MachineSource| source.uri == target.uri && source.release == target.release;
        if !sources.iter().any(known) {
            sources.push(MachineSource {
                uri: target.uri.clone(),
                release: target.release.clone(),
                trust: trust(&target.entry).unwrap_or_default(),
            });
        }
    }
    sources
}

/// What a source's entry says of its signature.
fn trust(entry: &str) -> Option<Trust> {
    let (file, number) = entry.rsplit_once(':')?;
    let number: usize = number.parse().ok()?;
    let text = fs_err::read_to_string(file).ok()?;
    match file.ends_with(".sources") {
        true => trust_of_stanza(&text, number),
        false => trust_of_line(text.lines().nth(number.checked_sub(1)?)?),
    }
}

fn trust_of_stanza(text: &str, number: usize) -> Option<Trust> {
    let (file, _) = Deb822::from_str_relaxed(text);
    let stanza = file.paragraphs().nth(number.checked_sub(1)?)?;
    stanza.get("Signed-By").map(Trust::SignedBy)
}

/// `deb [arch=amd64 signed-by=/a/file,/another] …` (sources.list(5)).
fn trust_of_line(line: &str) -> Option<Trust> {
    let (_, rest) = line.split_once('[')?;
    let (options, _) = rest.split_once(']')?;
    let signed_by = options
        .split_whitespace()
        .find_map(|option| option.strip_prefix("signed-by="))?;
    Some(Trust::SignedBy(signed_by.replace(',', " ")))
}

/// Gives `consume` a list's bytes, unpacked, whatever apt has packed it with.
pub(crate) fn cat<T>(
    path: &Path,
    consume: impl FnOnce(&mut dyn BufRead) -> io::Result<T>,
) -> Result<T, ProcessError> {
    let mut command = Command::new(APT_HELPER);
    command.arg("cat-file").arg(path);
    let (made, _) = process::stream(&mut command, |out| consume(out))?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries() {
        let line = "deb [ arch=amd64 signed-by=/k/a.gpg,/k/b.gpg ] https://mirror.example/debian trixie main";
        assert_eq!(
            trust_of_line(line),
            Some(Trust::SignedBy("/k/a.gpg /k/b.gpg".into()))
        );
        assert_eq!(
            trust_of_line("deb https://mirror.example/debian trixie main"),
            None
        );
        let stanzas = "# a comment\nTypes: deb\nSigned-By: /k/a.gpg\n\nTypes: deb\nSigned-By:\n -----BEGIN\n .\n abc\n";
        assert_eq!(
            trust_of_stanza(stanzas, 1),
            Some(Trust::SignedBy("/k/a.gpg".into()))
        );
        let Some(Trust::SignedBy(key)) = trust_of_stanza(stanzas, 2) else {
            panic!("the second stanza has a key");
        };
        assert!(key.ends_with("abc"), "{key:?}");
        assert_eq!(trust_of_stanza(stanzas, 3), None);
    }

    #[test]
    fn lists_that_are_there() {
        let dir = tempfile::tempdir().unwrap();
        let target = |kind: &str, name: &str| Target {
            kind: kind.into(),
            uri: "https://mirror.example/debian/".into(),
            release: "buster/updates".into(),
            component: "main".into(),
            architecture: "amd64".into(),
            entry: String::new(),
            file: dir.path().join(name),
        };
        let prefix = "mirror.example_debian_dists_buster_updates_";
        for name in [
            "InRelease",
            "main_binary-amd64_Packages.lz4",
            "main_Contents-all.gz",
        ] {
            fs_err::write(dir.path().join(format!("{prefix}{name}")), "").unwrap();
        }
        let targets = [
            target("Packages", &format!("{prefix}main_binary-amd64_Packages")),
            target("Packages", &format!("{prefix}main_binary-all_Packages")),
            target("Contents-deb", &format!("{prefix}main_Contents-all")),
            target("DEP-11", &format!("{prefix}main_dep11")),
        ];
        let lists = Lists::of(&targets);
        let names = |paths: &[PathBuf]| -> Vec<String> {
            paths
                .iter()
                .map(|path| {
                    path.file_name()
                        .unwrap()
                        .to_string_lossy()
                        .replace(prefix, "")
                })
                .collect()
        };
        assert_eq!(names(&lists.packages), ["main_binary-amd64_Packages.lz4"]);
        assert_eq!(names(&lists.contents), ["main_Contents-all.gz"]);
        assert_eq!(names(lists.release.as_slice()), ["InRelease"]);
    }
}
