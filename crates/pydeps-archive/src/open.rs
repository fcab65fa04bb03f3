//! The archive of a suite, from the best that this machine has.

use crate::apt::KNOWN_SUITES;
use std::path::Path;

use pydeps_core::archive::{Archive, ArchiveDist, ArchivePackage, Provider, Suite};
use pydeps_core::diagnostic::{Blame, Diagnostic};
use pydeps_core::finding::Finding;
use pydeps_core::name::{DebName, DistName};

use crate::index::{ArchiveIndex, IndexError};
use crate::snapshot::{self, Snapshot};
use pydeps_host::paths;

#[cfg(test)]
mod tests;

/// A suite's archive, opened.
#[derive(Debug)]
pub enum OpenArchive {
    /// The index that `update` has made.
    Index(Box<ArchiveIndex>),
    /// The table that is built into the program.
    Snapshot(Snapshot<'static>),
}

/// There is nothing to answer from.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The index is damaged or of another format.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// There is neither an index of the suite nor a snapshot.
    #[error("nothing is known of the suite {suite} on {architecture}; there is: {}", known.join(", "))]
    Unknown {
        /// The suite.
        suite: String,
        /// The architecture.
        architecture: String,
        /// What there is.
        known: Vec<String>,
    },
}

impl Diagnostic for OpenError {
    fn blame(&self) -> Blame {
        match self {
            Self::Unknown { .. } => Blame::Input,
            Self::Index(_) => Blame::Environment,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Unknown { suite, .. } => {
                let update = format!("dh-pydeps update --suite {suite}");
                let mut suites = KNOWN_SUITES.split([',', ';']).map(str::trim);
                Some(match suites.any(|known| known == suite) {
                    true => update,
                    false => format!(
                        "check its spelling (Debian's are {KNOWN_SUITES}); `{update}` fetches \
                         another one"
                    ),
                })
            }
            Self::Index(_) => None,
        }
    }
}

/// Opens a suite, by codename or alias: its index in the cache directory, else its
/// snapshot. A damaged index is an error; nothing else stands in for it.
pub fn open(suite: &str, architecture: &str, cache: &Path) -> Result<OpenArchive, OpenError> {
    if let Some(index) = open_index(suite, architecture, cache)? {
        return Ok(OpenArchive::Index(Box::new(index)));
    }
    let unknown = || OpenError::Unknown {
        suite: suite.to_owned(),
        architecture: architecture.to_owned(),
        known: known(architecture, cache),
    };
    snapshot::built_in(suite)
        .map(OpenArchive::Snapshot)
        .ok_or_else(unknown)
}

fn open_index(
    suite: &str,
    architecture: &str,
    cache: &Path,
) -> Result<Option<ArchiveIndex>, IndexError> {
    let path = paths::index_file(cache, suite, architecture);
    if path.exists() {
        return ArchiveIndex::open(&path).map(Some);
    }
    let others = codenames(architecture, cache).into_iter();
    let mut opened = others.filter_map(|codename| {
        ArchiveIndex::open(&paths::index_file(cache, &codename, architecture)).ok()
    });
    Ok(opened.find(|index| index.suite().alias.as_deref() == Some(suite)))
}

/// The codenames that there are indexes of, ascending.
pub fn codenames(architecture: &str, cache: &Path) -> Vec<String> {
    let suffix = format!("-{architecture}.idx");
    let entries = fs_err::read_dir(cache.join("archive"))
        .into_iter()
        .flatten()
        .flatten();
    let names = entries.filter_map(|entry| {
        Some(
            entry
                .file_name()
                .to_str()?
                .strip_suffix(&suffix)?
                .to_owned(),
        )
    });
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// Each suite once: an index is better than what is built in.
fn known(architecture: &str, cache: &Path) -> Vec<String> {
    let mut indexes = codenames(architecture, cache);
    let built_in = snapshot::built_in_suites().map(str::to_owned);
    let built_in: Vec<String> = built_in.filter(|name| !indexes.contains(name)).collect();
    indexes.extend(built_in);
    indexes
}

impl OpenArchive {
    /// The index, for what only an index has: path tables, its own findings.
    pub fn index(&self) -> Option<&ArchiveIndex> {
        match self {
            Self::Index(index) => Some(index),
            Self::Snapshot(_) => None,
        }
    }

    /// What is to be told of this archive's answers: what was noticed when its index
    /// was made, or that it is a snapshot of another architecture.
    pub fn findings(&self, architecture: &str) -> Vec<Finding> {
        let suite = self.suite();
        match self {
            Self::Index(index) => index.facts().findings.clone(),
            Self::Snapshot(_) if suite.architecture == architecture => Vec::new(),
            Self::Snapshot(_) => vec![
                Finding::warning(
                    "other-architecture",
                    format!(
                        "the built-in snapshot of {} is of {}, not of {architecture}",
                        suite.codename, suite.architecture
                    ),
                )
                .with_hint(format!("dh-pydeps update --suite {}", suite.codename)),
            ],
        }
    }

    fn archive(&self) -> &dyn Archive {
        match self {
            Self::Index(index) => index.as_ref(),
            Self::Snapshot(snapshot) => snapshot,
        }
    }
}

impl Archive for OpenArchive {
    fn suite(&self) -> &Suite {
        self.archive().suite()
    }

    fn distribution(&self, name: &DistName) -> Vec<ArchiveDist> {
        self.archive().distribution(name)
    }

    fn candidates(&self, name: &DebName) -> Vec<ArchivePackage> {
        self.archive().candidates(name)
    }

    fn providers(&self, name: &DebName) -> Vec<Provider> {
        self.archive().providers(name)
    }

    fn naming(&self, names: &[DebName]) -> Option<Vec<ArchivePackage>> {
        self.archive().naming(names)
    }
}
