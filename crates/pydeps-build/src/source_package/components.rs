//! Component tarballs: upstream sources beside the main one, `SOURCE_VERSION.orig-NAME.tar.*`,
//! each of which dpkg-source(1) unpacks into the directory `NAME`.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use super::{PackageError, TARBALLS, remove};
use pydeps_host::atomic;

/// Ends of what dpkg-source takes for a tarball.
const ENDS: [&str; 4] = ["gz", "bz2", "xz", "lzma"];

/// A component of a source package to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// Its name.
    pub name: String,
    /// The tarball, which may lie in its place already.
    pub tarball: PathBuf,
    /// What was unpacked of it.
    pub tree: PathBuf,
}

/// The end of the name that dpkg-source has for a tarball, if it reads one of this name.
pub fn tarball_end(tarball: &Path) -> Option<&'static str> {
    let name = tarball.file_name()?.to_string_lossy().to_lowercase();
    let known = TARBALLS.iter().find(|(suffix, _)| name.ends_with(suffix));
    known.map(|(_, end)| *end)
}

/// The component tarballs of a source package in a directory, by their names.
pub fn component_tarballs(
    area: &Path,
    source: &str,
    version: &str,
) -> io::Result<BTreeMap<String, PathBuf>> {
    let stem = format!("{source}_{version}.orig-");
    let mut found = BTreeMap::new();
    for entry in fs_err::read_dir(area)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        if let Some(name) = name.and_then(|name| component_of(name, &stem)) {
            found.insert(name.to_owned(), path.clone());
        }
    }
    Ok(found)
}

fn component_of<'n>(file: &'n str, stem: &str) -> Option<&'n str> {
    let (name, end) = file.strip_prefix(stem)?.split_once(".tar.")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let is_name = !name.is_empty() && name.chars().all(plain);
    (is_name && ENDS.contains(&end)).then_some(name)
}

/// Puts a component's tarball into the area, byte for byte, and its files into the tree.
pub fn place_component(
    component: &Component,
    tree: &Path,
    area: &Path,
    source: &str,
    version: &str,
) -> Result<(), PackageError> {
    let name = &component.name;
    let stem = format!("{source}_{version}.orig-{name}.tar");
    let end = tarball_end(&component.tarball).unwrap_or("gz");
    let target = area.join(format!("{stem}.{end}"));
    if component.tarball != target {
        atomic::write(&target, &fs_err::read(&component.tarball)?)?;
    }
    // dpkg-source refuses two of one name.
    for other in ENDS.iter().filter(|other| **other != end) {
        remove(&area.join(format!("{stem}.{other}")))?;
    }
    let directory = tree.join(name);
    remove(&directory)?;
    Ok(fs_err::rename(&component.tree, &directory)?)
}

#[cfg(test)]
mod tests {
    use super::super::write_file;
    use super::*;

    #[test]
    fn names_of_tarballs() {
        let check = |file, expect| assert_eq!(component_of(file, "a_1.orig-"), expect, "{file}");
        check("a_1.orig-b-c.tar.gz", Some("b-c"));
        check("a_1.orig-b.tar.gz.asc", None);
        check("a_1.orig-b_c.tar.gz", None);
        check("a_1.orig.tar.gz", None);
        check("a_2.orig-b.tar.gz", None);
        assert_eq!(tarball_end(Path::new("x/b-1.TGZ")), Some("gz"));
        assert_eq!(tarball_end(Path::new("b.zip")), None);
    }

    #[test]
    fn the_newest_is_the_only_one() {
        let top = tempfile::tempdir().unwrap();
        let tree = top.path().join("foo");
        let place = |tarball: &Path| {
            write_file(top.path(), "new/h", b"", false).unwrap();
            let component = Component {
                name: "thing".to_owned(),
                tarball: tarball.to_owned(),
                tree: top.path().join("new"),
            };
            fs_err::create_dir_all(&tree).unwrap();
            place_component(&component, &tree, top.path(), "foo", "1").unwrap();
            component_tarballs(top.path(), "foo", "1").unwrap()["thing"].clone()
        };
        for name in ["one.tar.gz", "two.tar.xz"] {
            fs_err::write(top.path().join(name), name).unwrap();
        }
        place(&top.path().join("one.tar.gz"));
        let second = place(&top.path().join("two.tar.xz"));
        assert_eq!(fs_err::read(&second).unwrap(), b"two.tar.xz");
        assert!(!top.path().join("foo_1.orig-thing.tar.gz").exists());
        assert!(tree.join("thing/h").exists());
        // What lies there already stays.
        assert_eq!(place(&second), second);
    }
}
