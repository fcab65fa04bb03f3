//! What one Debian suite offers: its distributions and its packages.
//!
//! Values and a trait. `pydeps-host` fills them from the index that
//! `dh-pydeps update` writes, or from the built-in snapshot; tests and local
//! repositories use [`MemoryArchive`].

use std::collections::BTreeMap;

use jiff::Timestamp;
use pep440_rs::Version;
use serde::{Deserialize, Serialize};

use crate::finding::Finding;
use crate::name::{ArchName, DebName, DistName, SuiteName};

mod memory;
#[cfg(test)]
mod tests;
mod views;

pub use memory::MemoryArchive;
pub use views::{BackportsOnly, Layered, Local};

/// One suite for one architecture, with its updates and security pockets.
///
/// Answers are complete and infallible: whoever opens an archive verifies it.
pub trait Archive {
    /// Which suite this is.
    fn suite(&self) -> &Suite;

    /// Every package that ships metadata of this distribution, in the order of
    /// [`ArchiveDist::rank`]. Empty if the suite does not have it.
    fn distribution(&self, name: &DistName) -> Vec<ArchiveDist>;

    /// Every origin's version of a binary package: the suite's own (updates and
    /// security included; the newest of them) first, then backports and local
    /// repositories.
    fn candidates(&self, name: &DebName) -> Vec<ArchivePackage>;

    /// Real packages that provide this name, ascending by name. The package of
    /// that very name is not among them.
    fn providers(&self, name: &DebName) -> Vec<Provider>;

    /// The packages whose `Depends`, `Pre-Depends`, `Breaks` or `Conflicts` name one of
    /// these, and perhaps others; never from backports. `None` if the relations of this
    /// archive's packages are not known.
    fn naming(&self, names: &[DebName]) -> Option<Vec<ArchivePackage>>;

    /// The suite's own version, or else a local repository's: never one from
    /// backports, which apt takes only when told to.
    fn package(&self, name: &DebName) -> Option<ArchivePackage> {
        self.candidates(name)
            .into_iter()
            .find(|package| package.origin != Origin::Backports)
    }
}

/// What is known of a suite as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suite {
    /// `trixie`, `sid`: what the Release file calls `Codename`.
    pub codename: SuiteName,
    /// `stable`, `unstable`: what the Release file calls `Suite`.
    pub alias: Option<String>,
    /// The architecture whose packages these are, beside `all`.
    pub architecture: ArchName,
    /// The default Python, two segments: `3.13` (from the version of `python3`).
    pub python: Version,
    /// Every Python that extensions are built for, ascending (from the
    /// dependencies of `python3-all`); at least [`Suite::python`].
    pub supported: Vec<Version>,
    /// The newest date of the Release files of the suite, its updates and its
    /// security updates: how far these facts are up to date.
    pub date: Timestamp,
    /// Where these facts were kept.
    pub provenance: Provenance,
}

impl Suite {
    /// The facts of a suite whose table the caller makes: for amd64, with one Python, and
    /// without a date of its own.
    pub fn in_memory(codename: SuiteName, python: Version) -> Self {
        Self {
            codename,
            alias: None,
            architecture: ArchName::amd64(),
            supported: vec![python.clone()],
            python,
            date: Timestamp::UNIX_EPOCH,
            provenance: Provenance::Memory,
        }
    }

    /// Whole days from [`Suite::date`] to `now`; 0 if it is in the future.
    pub fn age_days(&self, now: Timestamp) -> u32 {
        let seconds = now.duration_since(self.date).as_secs();
        u32::try_from(seconds / 86_400).unwrap_or(0)
    }

    /// A finding if the facts are older than `limit` days at `now`.
    pub fn staleness(&self, now: Timestamp, limit: u32) -> Option<Finding> {
        let age = self.age_days(now);
        let (what, codename) = (self.provenance.describe(), &self.codename);
        (age > limit).then(|| {
            Finding::warning(
                "stale-archive",
                format!("{what} of {codename} is {age} days old"),
            )
            .with_origin(format!("{codename}/{}", self.architecture))
            .with_hint(format!("dh-pydeps update --suite {codename}"))
        })
    }
}

/// Where the facts of an [`Archive`] come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// The table that is built into the program: distributions, their packages
    /// and versions; no relations between packages, no path tables.
    Snapshot,
    /// The index that `dh-pydeps update` made.
    Index,
    /// A table made by the caller.
    Memory,
}

impl Provenance {
    /// The provenance as the subject of a sentence.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Snapshot => "the built-in snapshot",
            Self::Index => "the archive index",
            Self::Memory => "the table",
        }
    }
}

/// Which repository a package comes from. The order is the order of preference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    /// The suite itself.
    Suite,
    /// `CODENAME-updates`.
    Updates,
    /// `CODENAME-security`.
    Security,
    /// `CODENAME-backports`: installed only where it is asked for.
    Backports,
    /// A repository that is not Debian's, by the name its user gave it.
    Local(String),
}

impl Origin {
    /// Its word: `suite`, `updates`, `security`, `backports`, or a local repository's name.
    pub fn word(&self) -> &str {
        match self {
            Self::Suite => "suite",
            Self::Updates => "updates",
            Self::Security => "security",
            Self::Backports => "backports",
            Self::Local(name) => name,
        }
    }

    /// 0 for the suite with its updates and security, 1 for backports, 2 for
    /// local repositories. Within one tier the newest version wins; between the suite
    /// and local repositories [`Layered`] decides, by the same rule.
    pub fn tier(&self) -> u8 {
        match self {
            Self::Suite | Self::Updates | Self::Security => 0,
            Self::Backports => 1,
            Self::Local(_) => 2,
        }
    }
}

/// Whether an interpreter finds a distribution without being told where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PathClass {
    /// Directly in `usr/lib/python3/dist-packages`.
    Public,
    /// Directly in `usr/lib/python3.N/dist-packages` or in the standard library's
    /// own directory: found by that one interpreter.
    Versioned,
    /// Anywhere else: vendored, an application's own directory, another
    /// implementation, test data.
    Private,
}

/// One package's copy of a distribution, from a `*.dist-info` or `*.egg-info`
/// path in the suite's Contents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchiveDist {
    /// The distribution's normalised name.
    pub name: DistName,
    /// The version in the path, as written there: may be missing, and need not
    /// be a PEP 440 version.
    pub upstream: Option<String>,
    /// The package that ships it.
    pub package: DebName,
    /// The Debian version of `package` at `origin`, as Packages has it now.
    pub package_version: String,
    /// The Debian version of `package` in the repository whose Contents had the
    /// path; empty if that repository's Packages did not have the package. Where it
    /// differs from `package_version`, `upstream` may be out of date.
    pub described_version: String,
    /// The section of `package`, as in Packages: `python`, `non-free/python`.
    pub section: String,
    /// The metadata's path, without a leading `/`.
    pub path: String,
    /// Whether the interpreter finds it there.
    pub class: PathClass,
    /// Where `package_version` comes from.
    pub origin: Origin,
}

impl ArchiveDist {
    /// The key that orders several copies: backports last, public before private,
    /// section python before others, then by package and path.
    pub fn rank(&self) -> impl Ord + '_ {
        let python = self.section == "python" || self.section.ends_with("/python");
        (
            self.origin == Origin::Backports,
            self.class,
            !python,
            &self.package,
            &self.path,
            &self.upstream,
        )
    }
}

/// A binary package at one origin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArchivePackage {
    /// The package's name.
    pub name: DebName,
    /// Its Debian version.
    pub version: String,
    /// Its section.
    pub section: String,
    /// Where this version comes from.
    pub origin: Origin,
    /// The rest of its stanza. `None` in an archive of [`Provenance::Snapshot`],
    /// which does not know it.
    pub details: Option<PackageDetails>,
}

/// What Packages says of a package beyond name and version. Relations are the
/// raw text of the field (Policy 7.1), empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackageDetails {
    /// The source package's name.
    pub source: String,
    /// The source package's version.
    pub source_version: String,
    /// `all`, or the architecture.
    pub architecture: String,
    /// `Multi-Arch`: `allowed`, `foreign`, `same`; empty for `no`.
    pub multi_arch: String,
    /// `Provides`.
    pub provides: String,
    /// `Depends`.
    pub depends: String,
    /// `Pre-Depends`.
    pub pre_depends: String,
    /// `Breaks`.
    pub breaks: String,
    /// `Conflicts`.
    pub conflicts: String,
}

/// What Sources says of a source package. Relations are the raw text of the fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourcePackage {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// `Build-Depends`, `Build-Depends-Arch`, `Build-Depends-Indep`.
    pub build_depends: [String; 3],
    /// `Build-Conflicts`, `-Arch` and `-Indep` as one field.
    pub build_conflicts: String,
}

impl ArchivePackage {
    /// Whether one of these names stands in the relations for which
    /// [`Archive::naming`] is asked, perhaps as part of a longer name.
    pub fn names_any(&self, names: &[DebName]) -> bool {
        let Some(details) = &self.details else {
            return false;
        };
        let fields = [
            &details.pre_depends,
            &details.depends,
            &details.breaks,
            &details.conflicts,
        ];
        let named = |name: &DebName| fields.iter().any(|field| field.contains(name.as_str()));
        names.iter().any(named)
    }
}

/// A real package that provides some other name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Provider {
    /// The package that provides it.
    pub package: DebName,
    /// The version it provides, from `Provides: name (= version)`.
    pub version: Option<String>,
    /// Where that package comes from.
    pub origin: Origin,
}

/// The names in a `Provides` field with the versions they are provided at.
/// What is not a package name is left out.
pub fn parse_provides(field: &str) -> Vec<(DebName, Option<String>)> {
    field.split(',').filter_map(parse_provided).collect()
}

fn parse_provided(item: &str) -> Option<(DebName, Option<String>)> {
    let (name, rest) = match item.split_once('(') {
        Some((name, rest)) => (name, Some(rest)),
        None => (item, None),
    };
    let name = name.trim().split(':').next()?.parse().ok()?;
    let version = rest
        .and_then(|rest| rest.trim_end().strip_suffix(')'))
        .and_then(|rest| rest.trim().strip_prefix('='))
        .map(|version| version.trim().to_owned());
    Some((name, version))
}

/// Groups what each name is provided by; for implementations of [`Archive`].
pub fn index_provides<'a>(
    packages: impl IntoIterator<Item = &'a ArchivePackage>,
) -> BTreeMap<DebName, Vec<Provider>> {
    let mut index: BTreeMap<DebName, Vec<Provider>> = BTreeMap::new();
    for package in packages {
        let provides = package.details.as_ref().map_or("", |d| d.provides.as_str());
        for (name, version) in parse_provides(provides) {
            if name != package.name {
                index.entry(name).or_default().push(Provider {
                    package: package.name.clone(),
                    version,
                    origin: package.origin.clone(),
                });
            }
        }
    }
    index.values_mut().for_each(|list| {
        list.sort();
        list.dedup();
    });
    index
}
