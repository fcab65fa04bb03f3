//! Contents: which package ships which path.
//!
//! A line is a path, blanks, and the packages as `[[area/]section/]package`,
//! separated by commas (dak's format; DebianWiki `DebianRepository/Format`). The
//! path may contain blanks, the packages do not: the line is split at its last
//! blank.

use std::collections::{HashMap, HashSet};
use std::io::{self, BufRead};

use memchr::memmem::Finder;
use pydeps_core::name::DebName;
use pydeps_python::dist_path::{DistPath, dist_of_path};

use super::names::{PathKind, key_of_path};

#[cfg(test)]
mod tests;

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
