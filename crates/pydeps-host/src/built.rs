//! The distributions in the tree of a package that was just built: `*.dist-info` with
//! METADATA (PEP 376, core metadata), `*.egg-info` with PKG-INFO and `requires.txt`.

use std::io;
use std::path::Path;
use std::str::FromStr;

use mailparse::MailHeader;
use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::archive::PathClass;
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::requirement::Requirement;
use pydeps_core::{requirement, requires_txt};

use pydeps_python::dist_path::{DistPath, dist_of_path};

/// A distribution in a tree.
#[derive(Clone, Debug, PartialEq)]
pub struct BuiltDist {
    /// Its name.
    pub name: DistName,
    /// Its version; `None` if the metadata has none that can be read.
    pub version: Option<Version>,
    /// Where its metadata is, below the tree, without a leading `/`.
    pub path: String,
    /// Whether the interpreter finds it there.
    pub class: PathClass,
    /// What it requires.
    pub requires: Vec<Requirement>,
    /// The extras that it offers.
    pub extras: Vec<ExtraName>,
    /// The Pythons that it works with.
    pub requires_python: Option<VersionSpecifiers>,
    /// What could not be read.
    pub findings: Vec<Finding>,
}

impl BuiltDist {
    /// The directory that has it, and whatever is imported from the same place.
    pub fn directory(&self) -> &str {
        self.path
            .rsplit_once('/')
            .map_or("", |(directory, _)| directory)
    }
}

/// What a tree has, by path. What lies below a public directory but not directly in it
/// (vendored copies, test data) is not part of it; links are not followed. A tree that is
/// not there has nothing. Errors name the file.
pub fn distributions(tree: &Path) -> io::Result<Vec<BuiltDist>> {
    let mut found = Vec::new();
    walk(tree, "", &mut |path| {
        let Some(dist) = dist_of_path(path).filter(|dist| dist.path == path) else {
            return Ok(());
        };
        let vendored = path.contains("/dist-packages/") && dist.class == PathClass::Private;
        if !vendored {
            found.extend(read(tree, dist)?);
        }
        Ok(())
    })?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// The distribution whose metadata is at this path below a tree; `None` if there is none.
pub(crate) fn at(tree: &Path, path: &str) -> io::Result<Option<BuiltDist>> {
    match dist_of_path(path) {
        Some(place) => read(tree, place),
        None => Ok(None),
    }
}

/// Gives the path of every entry below a directory, which are not descended into once
/// they are metadata.
fn walk(tree: &Path, below: &str, each: &mut dyn FnMut(&str) -> io::Result<()>) -> io::Result<()> {
    let entries = match fs_err::read_dir(tree.join(below)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        read => read?,
    };
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else { continue };
        let path = match below {
            "" => name.to_owned(),
            below => format!("{below}/{name}"),
        };
        let is_metadata = name.ends_with(".dist-info") || name.ends_with(".egg-info");
        if is_metadata {
            each(&path)?;
        } else if entry.file_type()?.is_dir() {
            walk(tree, &path, each)?;
        }
    }
    Ok(())
}

/// Reads one; `None` if there is no metadata in it.
fn read(tree: &Path, place: DistPath) -> io::Result<Option<BuiltDist>> {
    let whole = tree.join(&place.path);
    let file = ["METADATA", "PKG-INFO"].map(|name| whole.join(name));
    let candidates = file.iter().chain([&whole]);
    let Some(file) = candidates.into_iter().find(|path| path.is_file()) else {
        return Ok(None);
    };
    let mut dist = of_headers(&fs_err::read(file)?, place);
    match fs_err::read_to_string(whole.join("requires.txt")) {
        Ok(text) => {
            let requires = requires_txt::parse(&text, &dist.path);
            dist.requires = requires.requires_dist;
            dist.extras = requires.provides_extra;
            dist.findings.extend(requires.findings);
        }
        Err(error) if is_absent(&error) => {}
        Err(error) => return Err(error),
    }
    Ok(Some(dist))
}

/// `NotADirectory` where the egg-info is a file.
fn is_absent(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

/// The core metadata of a distribution at a place, whose name stands in where the file
/// says nothing.
fn of_headers(bytes: &[u8], place: DistPath) -> BuiltDist {
    let headers = mailparse::parse_headers(bytes).map_or_else(|_| Vec::new(), |(all, _)| all);
    let first = |name| values(&headers, name).next();
    let origin = place.path.as_str();
    let mut findings = Vec::new();
    let mut requires = Vec::new();
    for text in values(&headers, "Requires-Dist") {
        let (found, finding) = requirement::parse(&text, origin);
        requires.extend(found);
        findings.extend(finding);
    }
    let version = first("Version").or(place.version);
    BuiltDist {
        name: (first("Name").and_then(|text| text.parse().ok())).unwrap_or(place.name),
        version: version.and_then(|text| Version::from_str(&text).ok()),
        class: place.class,
        requires,
        extras: values(&headers, "Provides-Extra")
            .filter_map(|text| text.parse().ok())
            .collect(),
        requires_python: first("Requires-Python").and_then(|text| specifiers(&text)),
        path: place.path,
        findings,
    }
}

fn specifiers(text: &str) -> Option<VersionSpecifiers> {
    let read = |text: &str| VersionSpecifiers::from_str(text).ok();
    read(text).or_else(|| read(&requirement::repair_specifiers(text)?))
}

/// `UNKNOWN` is what old setuptools wrote for nothing.
fn values<'a>(
    headers: &'a [MailHeader<'a>],
    name: &'a str,
) -> impl Iterator<Item = String> + use<'a> {
    let named = move |header: &&MailHeader<'_>| header.get_key_ref().eq_ignore_ascii_case(name);
    let text = |header: &MailHeader<'_>| {
        let text = String::from_utf8_lossy(header.get_value_raw());
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let values = headers.iter().filter(named).map(text);
    values.filter(|text| !text.is_empty() && text != "UNKNOWN")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = dir.path().join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        dir
    }

    /// `NAME VERSION: requirements` of each.
    #[track_caller]
    fn check(files: &[(&str, &str)], expect: &[&str]) {
        let dir = tree(files);
        let found = distributions(dir.path()).unwrap();
        let line = |dist: &BuiltDist| {
            let version = dist
                .version
                .as_ref()
                .map_or("-".to_owned(), ToString::to_string);
            let requires = dist.requires.iter().map(ToString::to_string);
            format!(
                "{} {version}: {}",
                dist.name,
                requires.collect::<Vec<_>>().join(" & ")
            )
        };
        assert_eq!(found.iter().map(line).collect::<Vec<_>>(), expect);
    }

    const PUBLIC: &str = "usr/lib/python3/dist-packages";

    #[test]
    fn kinds_of_metadata() {
        let wheel = format!("{PUBLIC}/Foo_Bar-1.0.dist-info/METADATA");
        let egg = format!("{PUBLIC}/egg-2.0.egg-info/PKG-INFO");
        let requires = format!("{PUBLIC}/egg-2.0.egg-info/requires.txt");
        let file = format!("{PUBLIC}/old-3.0-py3.11.egg-info");
        check(
            &[
                (
                    &wheel,
                    "Name: Foo.Bar\nVersion: 1.0\nRequires-Dist: a>=1,\n <2\n\nRequires-Dist: no\n",
                ),
                (&egg, "Name: egg\nVersion: UNKNOWN\n"),
                (&requires, "b\n[x]\nc\n"),
                (&file, "Name: old\nVersion: 3.0\n"),
            ],
            &[
                "foo-bar 1.0: a>=1,<2",
                "egg 2.0: b & c ; extra == 'x'",
                "old 3.0: ",
            ],
        );
    }

    #[test]
    fn what_is_not_part_of_it() {
        let vendored = format!("{PUBLIC}/pip/_vendor/six-1.0.dist-info/METADATA");
        let private = "usr/share/app/six-1.0.dist-info/METADATA";
        let empty = format!("{PUBLIC}/foo-1.dist-info/RECORD");
        check(
            &[
                (&vendored, "Name: six\n"),
                (private, "Name: six\n"),
                (&empty, ""),
            ],
            &["six 1.0: "],
        );
        assert_eq!(distributions(Path::new("no/such/tree")).unwrap(), []);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let path = format!("{PUBLIC}/foo-1.dist-info/METADATA");
        let dir = tree(&[(
            &path,
            "Name: foo\nRequires-Dist: ??\nRequires-Python: >=3.8.*\n",
        )]);
        let found = distributions(dir.path()).unwrap();
        assert_eq!(found[0].findings[0].code, "requirement-unreadable");
        assert_eq!(
            found[0].requires_python.as_ref().unwrap().to_string(),
            ">=3.8"
        );
        assert_eq!(found[0].directory(), PUBLIC);
    }
}
