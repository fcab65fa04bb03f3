//! The lock: a whole resolved tree, and what was asked for. Values; the file
//! (`debian/pydeps.lock`) is read and written elsewhere.

mod changes;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::Timestamp;
use pep440_rs::Version;
use serde::{Deserialize, Serialize};

use crate::archive::Suite;
use crate::name::{ArchName, DistName, SuiteName};
use crate::outcome::{Distribution, Minimality, Resolution, RootOutcome};

pub use changes::changes;

/// The format that is written. The one before is read, too.
pub const FORMAT: i64 = 2;

/// A resolved tree, as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Lock {
    /// The version of the format.
    pub version: i64,
    /// The suite's codename.
    pub suite: SuiteName,
    /// The architecture whose packages were looked at.
    pub architecture: ArchName,
    /// The suite's default Python, two segments.
    pub python: Version,
    /// Up to when the facts about the suite go.
    pub archive_date: Timestamp,
    /// What is known of there being fewer packages to build.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimality: Option<Minimality>,
    /// What has to be built, in groups of which each needs only those before it.
    #[serde(default)]
    pub build_order: Vec<Vec<DistName>>,
    /// Why not everything that was asked for can be had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflict: Vec<String>,
    /// The decisions that were there, as lines of `[decisions]`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<String>,
    /// What was asked for.
    pub asked: Asked,
    /// What became of it.
    #[serde(default, rename = "root")]
    pub roots: Vec<RootOutcome>,
    /// Every distribution, by name.
    #[serde(default, rename = "distribution")]
    pub distributions: Vec<Distribution>,
    /// The files of what is to be generated, by distribution and name.
    #[serde(default, rename = "file", skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<LockedFile>,
}

/// A file of a release on the index, as it was when the tree was resolved.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LockedFile {
    /// The distribution.
    pub distribution: DistName,
    /// The file's name.
    pub name: String,
    /// What it is.
    pub kind: LockedKind,
    /// The compatibility tags of a wheel (PEP 425), expanded.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Its size in bytes, if the index says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
    /// Its digests in lower-case hexadecimal, by algorithm, as the index says them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hashes: BTreeMap<String, String>,
}

/// What a file of a release is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LockedKind {
    /// A source archive.
    Sdist,
    /// A wheel.
    Wheel,
}

/// What was asked for, in the words of the command line, so that it can be asked again.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Asked {
    /// Requirements, directories and files; `.` is the session's own directory.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub what: Vec<String>,
    /// `--requirement`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requirements: Vec<String>,
    /// `--constraint`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub constraints: Vec<String>,
    /// `--extra`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extras: Vec<String>,
    /// `--group`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// `--locked`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub locked: bool,
    /// `--decide`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub decide: Vec<String>,
    /// `--origin`: `suite`, which a lock leaves out, or `index`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// `--window`, in days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<u32>,
    /// `--budget`, in releases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<usize>,
    /// `--cheaper`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cheaper: bool,
    /// `--pre`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub pre: bool,
    /// `--backports`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub backports: bool,
    /// `--local`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub local: Vec<String>,
    /// `--backport-from`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backport_from: Option<SuiteName>,
    /// `--exclude-newer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclude_newer: Option<Timestamp>,
}

/// The project in the session's own directory.
const PROJECT: &str = ".";

/// The origin that a lock leaves out: the suite, and the package index for what it lacks.
const SUITE: &str = "suite";

/// The package index alone.
const INDEX: &str = "index";

impl Asked {
    /// Whether it says what is to be resolved.
    pub fn names_something(&self) -> bool {
        !self.what.is_empty() || !self.requirements.is_empty()
    }

    /// Whether the package index alone is asked, as if the suite had no Python package.
    pub fn is_of_index_alone(&self) -> bool {
        self.origin.as_deref() == Some(INDEX)
    }

    /// The same as a lock keeps it: without defaults, and with a name for what it is about.
    #[must_use]
    pub fn kept(mut self) -> Self {
        if !self.names_something() {
            self.what = vec![PROJECT.to_owned()];
        }
        self.origin = self.origin.filter(|origin| origin != SUITE);
        self
    }

    /// The same where `old` was left: what is not given is as it was then.
    #[must_use]
    pub fn after(self, old: &Self) -> Self {
        let or = |given: Vec<String>, old: &[String]| match given.is_empty() {
            true => old.to_vec(),
            false => given,
        };
        Self {
            what: or(self.what, &old.what),
            requirements: or(self.requirements, &old.requirements),
            constraints: or(self.constraints, &old.constraints),
            extras: or(self.extras, &old.extras),
            groups: or(self.groups, &old.groups),
            locked: self.locked || old.locked,
            decide: or(self.decide, &old.decide),
            origin: self.origin.or_else(|| old.origin.clone()),
            window: self.window.or(old.window),
            budget: self.budget.or(old.budget),
            cheaper: self.cheaper || old.cheaper,
            pre: self.pre || old.pre,
            backports: self.backports || old.backports,
            local: or(self.local, &old.local),
            backport_from: self.backport_from.or_else(|| old.backport_from.clone()),
            exclude_newer: self.exclude_newer.or(old.exclude_newer),
        }
    }

    /// Whether it is about the same distributions, whatever the options.
    pub fn is_about(&self, other: &Self) -> bool {
        (&self.what, &self.requirements) == (&other.what, &other.requirements)
    }

    /// What it is about, in a line.
    pub fn subject(&self) -> String {
        let files = self.requirements.iter().map(|file| format!("-r {file}"));
        let all: Vec<String> = self.what.iter().cloned().chain(files).collect();
        match all.as_slice() {
            [project] if project == PROJECT => "the project in this directory".to_owned(),
            _ => all.join(" "),
        }
    }
}

impl Lock {
    /// The lock of an answer. What may still be decided, and what was noticed on the way,
    /// is not kept.
    pub fn new(
        suite: &Suite,
        asked: Asked,
        decided: Vec<String>,
        resolution: &Resolution,
        mut files: Vec<LockedFile>,
    ) -> Self {
        files.sort();
        Self {
            version: FORMAT,
            suite: suite.codename.clone(),
            architecture: suite.architecture.clone(),
            python: suite.python.clone(),
            archive_date: suite.date,
            minimality: resolution.minimality,
            build_order: resolution.build_order.clone(),
            conflict: resolution.conflict.clone(),
            decided,
            asked,
            roots: resolution.roots.clone(),
            distributions: resolution.distributions.clone(),
            files,
        }
    }

    /// The source archive of a distribution.
    pub fn sdist(&self, name: &DistName) -> Option<&LockedFile> {
        let is_sdist =
            |file: &&LockedFile| file.distribution == *name && file.kind == LockedKind::Sdist;
        self.files.iter().find(is_sdist)
    }

    /// The tree that it keeps.
    pub fn resolution(&self) -> Resolution {
        Resolution {
            roots: self.roots.clone(),
            distributions: self.distributions.clone(),
            build_order: self.build_order.clone(),
            conflict: self.conflict.clone(),
            minimality: self.minimality,
            choices: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// The suite that it is for, as far as it says.
    pub fn suite(&self) -> Suite {
        Suite {
            architecture: self.architecture.clone(),
            date: self.archive_date,
            ..Suite::in_memory(self.suite.clone(), self.python.clone())
        }
    }
}
