//! Source trees that were edited are packed again.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use jiff::fmt::rfc2822;

use crate::BuildError;
use crate::area::Area;
use crate::source::Packed;
use crate::source_package::{self, ReadFile};
use pydeps_core::deb_version::without_epoch;
use pydeps_host::process;

/// Packs the tree of a source package if its debian/ is not what was packed, or if it is
/// of another version. The `.dsc` that counts.
pub(crate) fn refresh(area: &Area, packed: &Packed) -> Result<Option<PathBuf>, BuildError> {
    match stale(area, packed)? {
        Some(entry) => pack(&area.tree(&packed.source.name), &entry).map(Some),
        None => Ok(None),
    }
}

/// The newest entry of the changelog of an unpacked source package that is not as it was
/// packed.
pub(crate) fn stale(area: &Area, packed: &Packed) -> Result<Option<Entry>, BuildError> {
    let tree = area.tree(&packed.source.name);
    let Ok(changelog) = fs_err::read_to_string(tree.join("debian/changelog")) else {
        return Ok(None);
    };
    let Some(entry) = entry(&changelog).filter(|entry| entry.source == packed.source.name) else {
        return Ok(None);
    };
    let stale = entry.version != packed.source.version || is_edited(area, packed, &tree)?;
    Ok(stale.then_some(entry))
}

/// Packs a tree. The `.dsc`.
pub(crate) fn again(area: &Area, source: &str) -> Result<PathBuf, BuildError> {
    let tree = area.tree(source);
    let changelog = fs_err::read_to_string(tree.join("debian/changelog"))?;
    let entry = entry(&changelog).ok_or_else(|| {
        let message = format!(
            "{}: not a changelog (deb-changelog(5))",
            tree.join("debian/changelog").display()
        );
        io::Error::new(io::ErrorKind::InvalidData, message)
    })?;
    pack(&tree, &entry)
}

fn pack(tree: &Path, entry: &Entry) -> Result<PathBuf, BuildError> {
    let dsc = format!("{}_{}.dsc", entry.source, without_epoch(&entry.version));
    Ok(source_package::pack(tree, &dsc, entry.seconds)?)
}

/// The newest entry of a changelog.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    source: String,
    version: String,
    seconds: i64,
}

/// `SOURCE (VERSION) …` to ` -- NAME <ADDRESS>  DATE` (deb-changelog(5)).
fn entry(changelog: &str) -> Option<Entry> {
    let mut lines = changelog.lines().skip_while(|line| line.trim().is_empty());
    let (source, rest) = lines.next()?.split_once(" (")?;
    let (version, _) = rest.split_once(')')?;
    let trailer = lines.find_map(|line| line.strip_prefix(" -- "))?;
    let (_, date) = trailer.split_once(">  ")?;
    Some(Entry {
        source: source.to_owned(),
        version: version.to_owned(),
        seconds: rfc2822::parse(date.trim()).ok()?.timestamp().as_second(),
    })
}

/// Whether debian/ differs from what was packed; never for a native package, which has no
/// debian/ apart.
fn is_edited(area: &Area, packed: &Packed, tree: &Path) -> Result<bool, BuildError> {
    let names = packed.source.files.keys();
    let Some(name) = names.into_iter().find(|name| name.contains(".debian.tar.")) else {
        return Ok(false);
    };
    let tarball = area.top().join(name).canonicalize()?;
    let unpacked = tempfile::tempdir()?;
    let mut tar = Command::new("tar");
    tar.args(["--extract", "--no-same-owner", "--file"])
        .arg(&tarball);
    process::run(tar.arg("--directory").arg(unpacked.path()))?;
    Ok(debian(unpacked.path())? != debian(tree)?)
}

/// The files of debian/ but those that a build leaves behind, and those that are not packed.
fn debian(tree: &Path) -> io::Result<BTreeMap<String, ReadFile>> {
    let mut files = source_package::read_debian(tree)?;
    let left = |path: &str| {
        path == "debian/files"
            || path.starts_with("debian/.debhelper/")
            || path.ends_with(".substvars")
            || path.ends_with(".debhelper.log")
            || path.ends_with('~')
            || path.ends_with(".new")
    };
    files.retain(|path, _| !left(path));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: Option<(&str, &str, i64)>) {
        let found = entry(text);
        let found = found
            .as_ref()
            .map(|one| (one.source.as_str(), one.version.as_str(), one.seconds));
        assert_eq!(found, expect);
    }

    #[test]
    fn the_newest_entry() {
        check(
            "a (1:2-1) trixie; urgency=medium\n\n  * x\n\n -- A B <a@b.example>  Thu, 01 Jan 1970 00:01:00 +0000\n\na (1) sid\n",
            Some(("a", "1:2-1", 60)),
        );
        check("a (1) trixie; urgency=medium\n", None);
        check("", None);
    }
}
