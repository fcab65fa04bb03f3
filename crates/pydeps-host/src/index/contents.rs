//! Contents: which package ships which path.
//!
//! A line is a path, blanks, and the packages as `[[area/]section/]package`,
//! separated by commas (dak's format; DebianWiki `DebianRepository/Format`). The
//! path may contain blanks, the packages do not: the line is split at its last
//! blank.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead};

use memchr::memmem::Finder;
use pydeps_core::archive::PathClass;
use pydeps_core::name::{DebName, DistName};

use super::names::{PathKind, key_of_path};

#[cfg(test)]
mod tests;

/// A distribution's metadata at a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DistPath {
    /// The normalised name.
    pub name: DistName,
    /// The version, as written in the path.
    pub version: Option<String>,
    /// The path of the directory or file, without a leading `/`.
    pub path: String,
    /// Whether an interpreter finds it there.
    pub class: PathClass,
}

/// What the Contents files of one pocket say, as far as an index wants to know.
#[derive(Debug, Default)]
pub struct Contents {
    pub(super) distributions: HashSet<(DistPath, u32)>,
    pub(super) paths: Vec<(PathKind, String, u32)>,
    pub(super) packages: Vec<DebName>,
    numbers: HashMap<String, Option<u32>>,
    pub(super) read: bool,
}

impl Contents {
    /// Adds one Contents file. What is no entry (the header of old files, a package
    /// name against Policy) is passed over.
    pub fn read(&mut self, reader: &mut dyn BufRead) -> io::Result<()> {
        let info = Finder::new("-info");
        let mut line = Vec::new();
        self.read = true;
        while reader.read_until(b'\n', &mut line)? > 0 {
            self.line(&info, &line);
            line.clear();
        }
        Ok(())
    }

    /// Whether any file was read.
    pub(crate) fn is_known(&self) -> bool {
        self.read
    }

    /// Whether a package ships anything, as far as was read.
    pub(super) fn describes(&self, package: &str) -> bool {
        matches!(self.numbers.get(package), Some(Some(_)))
    }

    fn line(&mut self, info: &Finder<'_>, line: &[u8]) {
        let Ok(line) = std::str::from_utf8(line) else {
            return;
        };
        let line = line.trim_end();
        let Some((path, packages)) = line.rsplit_once([' ', '\t']) else {
            return;
        };
        let path = path.trim_end();
        let path = path.strip_prefix("./").unwrap_or(path);
        let dist = info.find(path.as_bytes()).and_then(|_| dist_of_path(path));
        let key = key_of_path(path);
        for package in packages.split(',') {
            let Some(package) = self.number(package) else {
                continue;
            };
            self.distributions
                .extend(dist.clone().map(|dist| (dist, package)));
            self.paths
                .extend(key.clone().map(|(kind, key)| (kind, key, package)));
        }
    }

    fn number(&mut self, package: &str) -> Option<u32> {
        let name = package.rsplit('/').next().unwrap_or(package);
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = name.parse::<DebName>().ok().map(|parsed| {
            self.packages.push(parsed);
            (self.packages.len() - 1) as u32
        });
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

/// The distribution that a path belongs to the metadata of.
///
/// The innermost `*.dist-info` or `*.egg-info` component counts. Its name is read
/// as the binary distribution format (for `.dist-info`) and setuptools (for
/// `.egg-info`: `NAME[-VERSION[-pyX.Y[-PLATFORM]]]`) write it.
pub fn dist_of_path(path: &str) -> Option<DistPath> {
    let (end, stem, egg) = metadata_component(path)?;
    let whole = &path[..end];
    let (parent, _) = whole.rsplit_once('/').unwrap_or(("", whole));
    let (name, version) = match egg {
        true => split_egg_info(stem),
        false => split_dist_info(stem),
    };
    Some(DistPath {
        name: Some(name).filter(|name| !name.is_empty())?.parse().ok()?,
        version: version.map(str::to_owned),
        path: whole.to_owned(),
        class: class_of_parent(parent),
    })
}

/// Where the last metadata component ends, its name without the suffix, and
/// whether it is an egg-info.
fn metadata_component(path: &str) -> Option<(usize, &str, bool)> {
    let mut end = path.len();
    for component in path.rsplit('/') {
        for (suffix, egg) in [(".dist-info", false), (".egg-info", true)] {
            if let Some(stem) = component
                .strip_suffix(suffix)
                .filter(|stem| !stem.is_empty())
            {
                return Some((end, stem, egg));
            }
        }
        end = end.saturating_sub(component.len() + 1);
    }
    None
}

/// `NAME-VERSION`: both have their `-` escaped to `_`, but not by every tool, so
/// the last `-` before a digit separates them, else the first.
fn split_dist_info(stem: &str) -> (&str, Option<&str>) {
    match version_dash(stem).or_else(|| stem.find('-')) {
        Some(dash) => (&stem[..dash], Some(&stem[dash + 1..])),
        None => (stem, None),
    }
}

/// As above, without the Python version and platform of an egg, and without a
/// version where there is no digit after any `-`; but a placeholder that nobody filled
/// in (`NAME-_VERSION_`) is no part of the name.
fn split_egg_info(stem: &str) -> (&str, Option<&str>) {
    let python = |at: &usize| stem[at + 3..].starts_with(|c: char| c.is_ascii_digit());
    let end = stem.match_indices("-py").map(|(at, _)| at).find(python);
    let stem = &stem[..end.unwrap_or(stem.len())];
    match version_dash(stem) {
        Some(dash) => (&stem[..dash], Some(&stem[dash + 1..])),
        None if stem.ends_with('_') => stem
            .split_once('-')
            .map_or((stem, None), |(name, version)| (name, Some(version))),
        None => (stem, None),
    }
}

fn version_dash(stem: &str) -> Option<usize> {
    let digit = |dash: &usize| stem[dash + 1..].starts_with(|c: char| c.is_ascii_digit());
    let mut dashes = stem.rmatch_indices('-').map(|(at, _)| at);
    dashes.find(|at| *at > 0 && digit(at))
}

fn class_of_parent(parent: &str) -> PathClass {
    let versioned = |rest: &str| {
        let (version, directory) = rest.split_once('/').unwrap_or((rest, ""));
        let numeric = version
            .strip_prefix('.')
            .is_some_and(|minor| minor.bytes().all(|b| b.is_ascii_digit()));
        numeric && matches!(directory, "" | "dist-packages" | "lib-dynload")
    };
    match parent.strip_prefix("usr/lib/python3") {
        Some("/dist-packages") => PathClass::Public,
        Some(rest) if versioned(rest) => PathClass::Versioned,
        _ => PathClass::Private,
    }
}
