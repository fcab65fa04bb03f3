//! What a person has changed in an unpacked source package outside of `debian/`.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use walkdir::{DirEntry, WalkDir};

use super::{PackageError, component_tarballs, remove};
use crate::Area;
use pydeps_host::process::{self, ProcessError};

/// An upstream source against its tarball.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upstream {
    /// It is what the tarball has, with the patches that quilt has applied.
    AsPacked,
    /// These files are others, or more, ascending. Those that are gone do not count, as they
    /// do not for dpkg-source(1).
    Edited(Vec<String>),
    /// There is no tarball of this name to compare with.
    NoTarball(String),
}

/// Compares the tree of a source package, which lies beside its upstream tarball, with what
/// the tarball has.
///
/// # Errors
///
/// What the file system says, or what tar and patch say of themselves.
pub fn upstream_edits(tree: &Path, source: &str, version: &str) -> Result<Upstream, PackageError> {
    if files(tree).next().is_none() {
        return Ok(Upstream::AsPacked);
    }
    let area = tree.parent().unwrap_or(Path::new("."));
    let stem = format!("{source}_{version}.orig.tar");
    let ends = ["gz", "bz2", "xz", "lzma"].into_iter();
    let mut tarballs = ends.map(|end| area.join(format!("{stem}.{end}")));
    let Some(tarball) = tarballs.find(|path| path.is_file()) else {
        return Ok(Upstream::NoTarball(format!("{stem}.*")));
    };
    let scratch = Area::new(area).scratch_directory()?;
    let packed = unpack(&tarball, scratch.path())?;
    remove(&packed.join("debian"))?;
    for (name, tarball) in component_tarballs(area, source, version)? {
        component(&tarball, area, &packed.join(name))?;
    }
    patch(&packed, tree)?;
    differing(tree, &packed)
}

/// Unpacks a tarball, and returns where its files are: in its only directory, as for
/// dpkg-source.
fn unpack(tarball: &Path, directory: &Path) -> Result<PathBuf, PackageError> {
    let mut tar = Command::new("tar");
    tar.args(["--extract", "--no-same-owner", "--file"])
        .arg(std::path::absolute(tarball)?)
        .arg("--directory")
        .arg(directory);
    process::run(&mut tar).map_err(|source| pack_error(tarball, source))?;
    let entries: Vec<_> = fs_err::read_dir(directory)?.collect::<Result<_, _>>()?;
    let top = match entries.as_slice() {
        [only] if only.file_type()?.is_dir() => only.path(),
        _ => directory.to_owned(),
    };
    Ok(top)
}

/// Unpacks a component tarball in the place of what the main one has there.
fn component(tarball: &Path, area: &Path, directory: &Path) -> Result<(), PackageError> {
    let scratch = Area::new(area).scratch_directory()?;
    // What moves is below it, as it goes at the end.
    let inside = scratch.path().join("component");
    fs_err::create_dir(&inside)?;
    let top = unpack(tarball, &inside)?;
    remove(directory)?;
    Ok(fs_err::rename(top, directory)?)
}

/// Applies what quilt says is applied in the tree. A patch that does not fit is no error: its
/// files differ then, as somebody has changed it since.
fn patch(packed: &Path, tree: &Path) -> Result<(), PackageError> {
    let applied = fs_err::read_to_string(tree.join(".pc/applied-patches")).unwrap_or_default();
    for name in applied
        .lines()
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        let mut patch = Command::new("patch");
        patch
            .args(["--strip=1", "--forward", "--batch", "--fuzz=0"])
            .args(["--no-backup-if-mismatch", "--reject-file=-"])
            .arg("--directory")
            .arg(packed)
            .arg("--input")
            .arg(std::path::absolute(tree.join("debian/patches").join(name))?);
        match process::run(&mut patch) {
            Ok(_) | Err(ProcessError::Failed { .. }) => {}
            Err(source) => return Err(pack_error(tree, source)),
        }
    }
    Ok(())
}

fn pack_error(path: &Path, source: ProcessError) -> PackageError {
    PackageError::Pack {
        directory: path.to_owned(),
        source,
    }
}

fn differing(tree: &Path, packed: &Path) -> Result<Upstream, PackageError> {
    let mut edited = Vec::new();
    for entry in files(tree) {
        let entry = entry.map_err(io::Error::from)?;
        let path = entry.path().strip_prefix(tree).unwrap_or(entry.path());
        if !is_same(entry.path(), &packed.join(path))? {
            edited.push(path.to_string_lossy().into_owned());
        }
    }
    match edited.is_empty() {
        true => Ok(Upstream::AsPacked),
        false => Ok(Upstream::Edited(edited)),
    }
}

/// Files and links outside of debian/, without what version control, quilt, builds and
/// editors leave.
fn files(tree: &Path) -> impl Iterator<Item = walkdir::Result<DirEntry>> {
    let entries = WalkDir::new(tree).min_depth(1).sort_by_file_name();
    let entries = entries.into_iter().filter_entry(|entry| !is_aside(entry));
    entries.filter(|entry| !entry.as_ref().is_ok_and(|entry| entry.file_type().is_dir()))
}

fn is_aside(entry: &DirEntry) -> bool {
    const NAMES: [&str; 9] = [
        ".pc",
        ".git",
        ".hg",
        ".svn",
        ".bzr",
        ".pybuild",
        ".pytest_cache",
        "__pycache__",
        "DEADJOE",
    ];
    let name = entry.file_name().to_string_lossy();
    let is_editors = name.ends_with('~') || name.starts_with('.') && name.ends_with(".swp");
    NAMES.contains(&name.as_ref())
        || name.ends_with(".egg-info")
        || is_editors
        || entry.depth() == 1 && name == "debian"
}

fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    let (Ok(a), Ok(b)) = (
        fs_err::symlink_metadata(one),
        fs_err::symlink_metadata(other),
    ) else {
        return Ok(false);
    };
    if a.is_symlink() && b.is_symlink() {
        return Ok(fs_err::read_link(one)? == fs_err::read_link(other)?);
    }
    if !(a.is_file() && b.is_file()) {
        return Ok(false);
    }
    Ok(a.len() == b.len() && fs_err::read(one)? == fs_err::read(other)?)
}

#[cfg(test)]
mod tests {
    use super::super::{place_tarball, write_file};
    use super::*;

    const PATCH: &str = "--- a/m.py\n+++ b/m.py\n@@ -1 +1 @@\n-x = 1\n+x = 2\n";

    /// Files that are written over a tree as it was packed, and what is told of them.
    #[track_caller]
    fn check(files: &[(&str, &str)], expect: &Upstream) {
        let top = tempfile::tempdir().unwrap();
        let tree = top.path().join("foo");
        write_file(&tree, "m.py", b"x = 1\n", false).unwrap();
        write_file(&tree, "data/a", b"", false).unwrap();
        place_tarball(Path::new("foo.zip"), &tree, top.path(), "foo", "1.0", 0).unwrap();
        fs_err::remove_file(tree.join("data/a")).unwrap();
        for (path, text) in files {
            write_file(&tree, path, text.as_bytes(), false).unwrap();
        }
        let found = upstream_edits(&tree, "foo", "1.0").unwrap();
        assert_eq!(&found, expect, "{files:?}");
    }

    #[test]
    fn what_is_as_it_was() {
        check(&[], &Upstream::AsPacked);
        check(
            &[
                ("debian/rules", "x"),
                (".git/config", ""),
                ("foo.egg-info/PKG-INFO", ""),
                ("data/__pycache__/a.pyc", ""),
                ("m.py~", ""),
            ],
            &Upstream::AsPacked,
        );
        let applied = (".pc/applied-patches", "two.patch\n");
        let patch = ("debian/patches/two.patch", PATCH);
        check(&[applied, patch, ("m.py", "x = 2\n")], &Upstream::AsPacked);
    }

    #[test]
    fn what_is_not() {
        let edited = |paths: &[&str]| {
            Upstream::Edited(paths.iter().map(|path| (*path).to_owned()).collect())
        };
        check(
            &[("m.py", "x = 3\n"), ("new/a", "")],
            &edited(&["m.py", "new/a"]),
        );
        let applied = (".pc/applied-patches", "two.patch\n");
        let patch = ("debian/patches/two.patch", PATCH);
        check(&[patch, ("m.py", "x = 2\n")], &edited(&["m.py"]));
        check(&[applied, patch, ("m.py", "x = 3\n")], &edited(&["m.py"]));
    }

    #[test]
    fn components_are_upstreams() {
        let top = tempfile::tempdir().unwrap();
        let tree = top.path().join("foo");
        write_file(&tree, "m.py", b"", false).unwrap();
        place_tarball(Path::new("foo.zip"), &tree, top.path(), "foo", "1.0", 0).unwrap();
        write_file(&tree, "thing/a.h", b"one", false).unwrap();
        let edits = || upstream_edits(&tree, "foo", "1.0").unwrap();
        let edited = Upstream::Edited(vec!["thing/a.h".to_owned()]);
        assert_eq!(edits(), edited);
        let tarball = top.path().join("foo_1.0.orig-thing.tar.gz");
        let mut tar = Command::new("tar");
        tar.arg("-czf")
            .arg(&tarball)
            .arg("-C")
            .arg(&tree)
            .arg("thing");
        process::run(&mut tar).unwrap();
        assert_eq!(edits(), Upstream::AsPacked);
        write_file(&tree, "thing/a.h", b"two", false).unwrap();
        assert_eq!(edits(), edited);
    }

    #[test]
    fn without_a_tarball() {
        let top = tempfile::tempdir().unwrap();
        let tree = top.path().join("foo");
        write_file(&tree, "debian/rules", b"", false).unwrap();
        let edits = || upstream_edits(&tree, "foo", "1.0").unwrap();
        assert_eq!(edits(), Upstream::AsPacked);
        write_file(&tree, "m.py", b"", false).unwrap();
        assert_eq!(edits(), Upstream::NoTarball("foo_1.0.orig.tar.*".into()));
    }
}
