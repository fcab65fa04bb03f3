//! File names of an index: wheels (PEP 427), sdists (PEP 625 and older), the rest.

use std::str::FromStr;

use pep440_rs::Version;
use pydeps_core::name::DistName;

use crate::sdist;
use pydeps_core::upstream::FileKind;

/// What a file's name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A wheel or an sdist of the project.
    Release(Version, FileKind),
    /// A file of no interest: an egg, an installer, a signature.
    Other,
    /// A wheel or an sdist with a name that cannot be read, and why.
    Unreadable(&'static str),
}

/// Longer lists of compatibility tags than this are nonsense.
const MAX_TAGS: usize = 1024;

const SDISTS: [&str; 9] = [
    ".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".txz", ".tar.Z", ".tbz", ".tar",
];

/// Reads the name of a file that the index lists for `project`.
pub fn parse(filename: &str, project: &DistName) -> Named {
    if let Some(stem) = strip_suffix(filename, ".whl") {
        return wheel(stem, project).unwrap_or_else(Named::Unreadable);
    }
    match SDISTS.iter().find_map(|s| strip_suffix(filename, s)) {
        Some(stem) => sdist(stem, project).unwrap_or_else(Named::Unreadable),
        None => Named::Other,
    }
}

/// Whether the name could be that of a distribution file, for any project.
pub fn looks_like_release(filename: &str) -> bool {
    let lower = filename.to_ascii_lowercase();
    [".whl", ".egg", ".exe", ".msi", ".rpm"]
        .iter()
        .chain(&SDISTS)
        .any(|suffix| lower.ends_with(&suffix.to_ascii_lowercase()))
}

/// The name and version of a wheel or sdist of a project yet unknown, as for a
/// file given on a command line. An sdist's version is what follows the last `-`
/// that leaves a valid one.
pub fn split(filename: &str) -> Option<(DistName, Version)> {
    if let Some(stem) = strip_suffix(filename, ".whl") {
        let mut parts = stem.split('-');
        let name = DistName::from_str(parts.next()?).ok()?;
        return Some((name, wheel_version(parts.next()?)?));
    }
    let stem = SDISTS.iter().find_map(|s| strip_suffix(filename, s))?;
    let (name, version) = stem.rsplit_once('-')?;
    Some((
        DistName::from_str(name).ok()?,
        Version::from_str(version).ok()?,
    ))
}

fn strip_suffix<'a>(name: &'a str, suffix: &str) -> Option<&'a str> {
    let at = name.len().checked_sub(suffix.len())?;
    let (stem, end) = name.split_at_checked(at)?;
    end.eq_ignore_ascii_case(suffix).then_some(stem)
}

fn wheel(stem: &str, project: &DistName) -> Result<Named, &'static str> {
    let mut parts: [&str; 6] = [""; 6];
    let mut count = 0;
    for part in stem.split('-') {
        *parts.get_mut(count).ok_or("too many parts for a wheel")? = part;
        count += 1;
    }
    if count < 5 {
        return Err("too few parts for a wheel");
    }
    if !is_named(parts[0], project) {
        return Err("it is a wheel of another project");
    }
    if count == 6 && !parts[2].starts_with(|c: char| c.is_ascii_digit()) {
        return Err("a wheel's build tag begins with a digit");
    }
    let version = wheel_version(parts[1]).ok_or("its version is not one (PEP 440)")?;
    let tags = expand(&parts[count - 3..count])?;
    Ok(Named::Release(version, FileKind::Wheel { tags }))
}

/// `-` is written `_` in a wheel's name, so `1.0-1` arrives as `1.0_1`.
fn wheel_version(text: &str) -> Option<Version> {
    Version::from_str(text)
        .or_else(|_| Version::from_str(&text.replace('_', "-")))
        .ok()
}

fn expand(sets: &[&str]) -> Result<Vec<String>, &'static str> {
    let [pythons, abis, platforms] = sets else {
        return Err("too few parts for a wheel");
    };
    let count = |set: &str| set.split('.').count();
    let total = count(pythons) * count(abis) * count(platforms);
    if total > MAX_TAGS {
        return Err("too many compatibility tags");
    }
    let mut tags = Vec::with_capacity(total);
    for python in pythons.split('.') {
        for abi in abis.split('.') {
            for platform in platforms.split('.') {
                tags.push([python, abi, platform].join("-"));
            }
        }
    }
    Ok(tags)
}

/// The name may contain `-` itself; the project's name tells where it ends.
fn sdist(stem: &str, project: &DistName) -> Result<Named, &'static str> {
    let mut named = false;
    for (at, _) in stem.match_indices('-') {
        if !is_named(&stem[..at], project) {
            continue;
        }
        named = true;
        if let Ok(version) = Version::from_str(&stem[at + 1..]) {
            return Ok(Named::Release(version, FileKind::Sdist));
        }
    }
    Err(if named {
        "its version is not one (PEP 440)"
    } else {
        "it is an sdist of another project"
    })
}

/// Whether `text` normalises to `project`, without building the normalised string.
fn is_named(text: &str, project: &DistName) -> bool {
    let mut expect = project.as_ref().bytes();
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        let separator = matches!(byte, b'-' | b'_' | b'.');
        while separator && bytes.next_if(|b| matches!(b, b'-' | b'_' | b'.')).is_some() {}
        let byte = if separator {
            b'-'
        } else {
            byte.to_ascii_lowercase()
        };
        if expect.next() != Some(byte) {
            return false;
        }
    }
    expect.next().is_none()
}

/// Whether a file's name is that of a wheel or of an sdist that can be read.
pub fn is_release_file(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.ends_with(".whl") || sdist::is_archive(&lower)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(filename: &str, project: &str, expect: &str) {
        let got = match parse(filename, &project.parse().unwrap()) {
            Named::Release(version, FileKind::Sdist) => format!("{version} sdist"),
            Named::Release(version, FileKind::Wheel { tags }) => {
                format!("{version} {}", tags.join(" "))
            }
            Named::Other => "other".to_owned(),
            Named::Unreadable(why) => why.to_owned(),
        };
        assert_eq!(got, expect, "{filename}");
    }

    #[test]
    fn wheels() {
        check("foo-1.0-py3-none-any.whl", "foo", "1.0 py3-none-any");
        check(
            "Foo_Bar-1.0-1b-py3-none-any.whl",
            "foo-bar",
            "1.0 py3-none-any",
        );
        check(
            "six-1.16.0-py2.py3-none-any.whl",
            "six",
            "1.16.0 py2-none-any py3-none-any",
        );
        check("a-1.0_1-py3-none-any.whl", "a", "1.0.post1 py3-none-any");
        check("a-1.0+x.y-py3-none-any.WHL", "a", "1.0+x.y py3-none-any");
        check(
            "b-1.0-py3-none-any.whl",
            "a",
            "it is a wheel of another project",
        );
        check("a-1.0-any.whl", "a", "too few parts for a wheel");
        check(
            "a-1-b-py3-none-any.whl",
            "a",
            "a wheel's build tag begins with a digit",
        );
        check(
            "a-1-1-py3-none-any-x.whl",
            "a",
            "too many parts for a wheel",
        );
        check(
            "a-x-py3-none-any.whl",
            "a",
            "its version is not one (PEP 440)",
        );
    }

    #[test]
    fn sdists() {
        check("foo-1.0.tar.gz", "foo", "1.0 sdist");
        check("Foo-Bar-1.0.tar.gz", "foo-bar", "1.0 sdist");
        check("zope.interface-5.0.zip", "zope-interface", "5.0 sdist");
        check("foo-2-1.0.tar.bz2", "foo-2", "1.0 sdist");
        check("foo-1.0-1.tgz", "foo", "1.0.post1 sdist");
        check(
            "foo-1.0-final.tar.gz",
            "foo",
            "its version is not one (PEP 440)",
        );
        check("bar-1.0.tar.gz", "foo", "it is an sdist of another project");
    }

    #[test]
    fn others_are_no_news() {
        check("foo-1.0-py2.7.egg", "foo", "other");
        check("foo-1.0.win32.exe", "foo", "other");
        check("foo-1.0.tar.gz.asc", "foo", "other");
        check("", "foo", "other");
        check("é", "foo", "other");
    }

    #[test]
    fn split_without_a_project() {
        let (name, version) = split("Foo-Bar-1.0.tar.gz").unwrap();
        assert_eq!(
            (name.as_ref(), version.to_string().as_str()),
            ("foo-bar", "1.0")
        );
        let (name, version) = split("foo_bar-2.0-py3-none-any.whl").unwrap();
        assert_eq!(
            (name.as_ref(), version.to_string().as_str()),
            ("foo-bar", "2.0")
        );
        assert_eq!(split("readme.txt"), None);
    }

    proptest! {
        #[test]
        fn total(name in "\\PC{0,80}", suffix in "(\\.whl|\\.tar\\.gz|\\.zip|)") {
            let project = "foo".parse().unwrap();
            let _ = parse(&format!("{name}{suffix}"), &project);
            let _ = parse(&format!("foo-{name}{suffix}"), &project);
            let _ = split(&format!("{name}{suffix}"));
        }
    }
}
