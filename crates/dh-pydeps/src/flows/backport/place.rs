//! A newer suite's source package, put into the build area with an entry of its own in the
//! changelog; what a person has changed there stays.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pydeps_build::Area;
use pydeps_build::source_package::{self as host, PackageError, ReadFile};
use pydeps_core::finding::Finding;
use pydeps_generate::edits::changelog;
use pydeps_generate::edits::merge;
use pydeps_generate::edits::rebuild::Rebuild;

use crate::failure::Failure;

const CHANGELOG: &str = "debian/changelog";

/// What was written.
pub(crate) struct Placed {
    pub(crate) dsc: PathBuf,
    pub(crate) version: String,
    pub(crate) findings: Vec<Finding>,
}

type Files = BTreeMap<String, ReadFile>;

/// Puts what was unpacked at `tree` into the area, and packs it.
pub(super) fn place(
    area: &Path,
    dsc: &Path,
    tree: &Path,
    rebuild: &Rebuild<'_>,
) -> Result<Placed, Failure> {
    let packed = pydeps_build::read(dsc).map_err(Failure::environment)?;
    let source = &packed.source;
    let older = fs_err::read(tree.join(CHANGELOG)).map_err(Failure::environment)?;
    let older = String::from_utf8_lossy(&older).into_owned();
    let entry = rebuild
        .entry(&older)
        .filter(|entry| entry.source == source.name);
    let entry = entry.ok_or_else(|| {
        let error = anyhow::anyhow!("{}: its debian/changelog cannot be read", source.name);
        Failure::input(error).with_hint("rebuild it by hand: dch --bpo, dpkg-source --build")
    })?;
    let text = format!("{}\n{older}", entry.text());
    write(tree, CHANGELOG, text.as_bytes(), false)?;
    let mut placed = Placed {
        dsc: PathBuf::new(),
        version: entry.version,
        findings: Vec::new(),
    };
    let own = area.join(&source.name);
    let generated = Area::new(area).generated_last().join(&source.name);
    placed.keep_edits(&generated, &own, tree)?;
    let seconds = entry.date.as_second();
    placed
        .pack(area, dsc, tree, seconds)
        .map_err(Failure::environment)?;
    Ok(placed)
}

impl Placed {
    /// Takes over what a person has changed in `own` since `generated`, and remembers what
    /// there is without that.
    fn keep_edits(&mut self, generated: &Path, own: &Path, tree: &Path) -> Result<(), Failure> {
        let read = |path: &Path| host::read_debian(path).map_err(Failure::environment);
        let (base, person, new) = (read(generated)?, read(own)?, read(tree)?);
        let fresh = tree.join("debian");
        let remember = || {
            host::remove(generated)?;
            host::copy_tree(&fresh, &generated.join("debian"))
        };
        remember().map_err(Failure::environment)?;
        if person.is_empty() || person == base {
            return Ok(());
        }
        if base.get(CHANGELOG) == new.get(CHANGELOG) {
            // The same package as last time: the person's debian/ is whole as it is.
            host::copy_tree(&own.join("debian"), &fresh).map_err(Failure::environment)?;
            let text = person
                .get(CHANGELOG)
                .map(|file| String::from_utf8_lossy(&file.bytes));
            if let Some(version) = text.as_deref().and_then(changelog::version_of_top) {
                version.clone_into(&mut self.version);
            }
            return Ok(());
        }
        self.merge(&base, &person, &new, tree)
    }

    /// The three sides of every file, of another version than last time.
    fn merge(
        &mut self,
        base: &Files,
        person: &Files,
        new: &Files,
        tree: &Path,
    ) -> Result<(), Failure> {
        let paths: BTreeSet<&String> = base.keys().chain(person.keys()).chain(new.keys()).collect();
        for path in paths {
            let sides = [base, person, new].map(|side| side.get(path));
            let whole = |file: &&ReadFile| file.bytes.len() as u64 == file.size;
            if !sides.iter().flatten().all(whole) {
                continue;
            }
            if path == CHANGELOG {
                self.changelog(sides, tree)?;
                continue;
            }
            let [base, person, new] = sides.map(|file| file.map(|file| file.bytes.as_slice()));
            let merged = merge::file(path, base, person, new);
            let executable = sides[1].or(sides[2]).is_some_and(|file| file.executable);
            match &merged.text {
                Some(text) => write(tree, path, text, executable)?,
                None => host::remove(&tree.join(path)).map_err(Failure::environment)?,
            }
            if let Some(text) = &merged.beside {
                write(tree, &format!("{path}.new"), text, false)?;
            }
            self.findings.extend(merged.findings);
        }
        Ok(())
    }

    /// The new changelog counts; a person's goes beside it.
    fn changelog(&mut self, sides: [Option<&ReadFile>; 3], tree: &Path) -> Result<(), Failure> {
        let [base, person, _] = sides;
        let Some(person) = person.filter(|person| Some(*person) != base) else {
            return Ok(());
        };
        let message = "debian/changelog was changed by hand, and the package has a new version; yours is debian/changelog.old";
        let hint = "take over what you need of it, and remove it";
        self.findings
            .push(Finding::warning("edited-by-hand", message).with_hint(hint));
        write(tree, "debian/changelog.old", &person.bytes, false)
    }

    /// Puts the tree and upstream's tarballs into the area, and packs it.
    fn pack(
        &mut self,
        area: &Path,
        dsc: &Path,
        tree: &Path,
        epoch: i64,
    ) -> Result<(), anyhow::Error> {
        let packed = pydeps_build::read(dsc)?;
        let from = dsc.parent().unwrap_or(Path::new("."));
        for name in packed
            .source
            .files
            .keys()
            .filter(|name| name.contains(".orig"))
        {
            let bytes = fs_err::read(from.join(name))?;
            pydeps_host::atomic::write(&area.join(name), &bytes)?;
        }
        let own = area.join(&packed.source.name);
        Area::new(area).replace_tree(tree, &packed.source.name)?;
        let version = pydeps_core::deb_version::without_epoch(&self.version);
        let name = format!("{}_{version}.dsc", packed.source.name);
        self.dsc = host::pack(&own, &name, epoch)?;
        Ok(())
    }
}

fn write(tree: &Path, path: &str, bytes: &[u8], executable: bool) -> Result<(), Failure> {
    host::write_file(tree, path, bytes, executable)
        .map_err(|error: PackageError| Failure::environment(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A debian/ with one file beside the changelog.
    fn debian(tree: &Path, changelog: &str, rules: &str) {
        write(tree, CHANGELOG, changelog.as_bytes(), false).unwrap();
        write(tree, "debian/rules", rules.as_bytes(), true).unwrap();
    }

    fn text(tree: &Path, path: &str) -> String {
        fs_err::read_to_string(tree.join(path)).unwrap_or_default()
    }

    /// Changelog and rules of what was generated, of the person's, and of the new; then what
    /// they come to, what lies beside, and the version.
    #[track_caller]
    fn check(sides: [[&str; 2]; 3], expect: [&str; 5]) {
        let top = tempfile::tempdir().unwrap();
        let [generated, own, tree] = ["generated", "own", "tree"].map(|name| top.path().join(name));
        for (tree, [changelog, rules]) in [&generated, &own, &tree].into_iter().zip(sides) {
            debian(tree, changelog, rules);
        }
        let mut placed = Placed {
            dsc: PathBuf::new(),
            version: "new".to_owned(),
            findings: Vec::new(),
        };
        placed.keep_edits(&generated, &own, &tree).unwrap();
        let found = ["changelog", "rules", "changelog.old", "rules.new"];
        let found = found.map(|name| text(&tree, &format!("debian/{name}")));
        let [changelog, rules, old, beside] = found.each_ref().map(String::as_str);
        assert_eq!([changelog, rules, old, beside, &placed.version], expect);
        // What was generated is remembered without the person's edits.
        assert_eq!(text(&generated, "debian/rules"), sides[2][1]);
    }

    #[test]
    fn edits_stay() {
        let (one, two) = ("a (1~bpo13+1) x; u\n", "a (2~bpo13+1) x; u\n");
        check(
            [[one, "r"], [one, "r"], [two, "s"]],
            [two, "s", "", "", "new"],
        );
        check(
            [[one, "r"], [one, "p"], [one, "r"]],
            [one, "p", "", "", "1~bpo13+1"],
        );
        check(
            [[one, "r"], [one, "p"], [two, "r"]],
            [two, "p", "", "", "new"],
        );
        check(
            [[one, "r"], [one, "p"], [two, "s"]],
            [two, "p", "", "s", "new"],
        );
        let own = "a (1~bpo13+2) x; u\n";
        check(
            [[one, "r"], [own, "r"], [one, "r"]],
            [own, "r", "", "", "1~bpo13+2"],
        );
        check(
            [[one, "r"], [own, "r"], [two, "s"]],
            [two, "s", own, "", "new"],
        );
    }
}
