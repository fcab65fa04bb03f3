//! Why there is no new index.

use std::io;
use std::path::PathBuf;

use pydeps_core::archive::Origin;
use pydeps_core::diagnostic::{Blame, Diagnostic};

use crate::apt::{Failure, KNOWN_SUITES, NoSource};
use crate::index::{BuildError, PackagesError, ReleaseError};
use pydeps_core::name::InvalidArchName;
use pydeps_host::atomic::WriteError;
use pydeps_host::process::ProcessError;

/// There is no new index; an old one is as it was.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// apt is not installed.
    #[error("apt-get is not installed: an archive index is made with apt")]
    NoApt,
    /// There is no source to derive the suite's from.
    #[error(transparent)]
    NoSource(#[from] NoSource),
    /// The cache directory cannot be written to.
    #[error("the cache directory {path} cannot be used: {source}")]
    Cache {
        /// The directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The keyring to check a repository with is not installed.
    #[error("{suite}: {}: {path}", Failure::Keyring)]
    NoKeyring {
        /// The suite.
        suite: String,
        /// The keyring.
        path: String,
    },
    /// apt could not fetch the suite.
    #[error("{suite}: {failure}{}", Details(details))]
    Fetch {
        /// The suite.
        suite: String,
        /// What happened.
        failure: Failure,
        /// What apt said.
        details: Vec<String>,
    },
    /// The repository lacks a list that is required.
    #[error("{suite}: the mirror has no {what} of this suite for {architecture}")]
    Missing {
        /// The suite.
        suite: String,
        /// `Packages`, `Contents`, `Sources` or `Release`.
        what: &'static str,
        /// The architecture.
        architecture: String,
    },
    /// dpkg names no architecture.
    #[error("dpkg --print-architecture: {0}")]
    Architecture(#[from] InvalidArchName),
    /// A command failed.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A Release file cannot be read.
    #[error("{path}: {source}")]
    Release {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ReleaseError,
    },
    /// A Packages or Sources file cannot be read.
    #[error("{path}: {source}")]
    Stanzas {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: PackagesError,
    },
    /// The lists do not make an index.
    #[error("{suite}: {source}")]
    Build {
        /// The suite.
        suite: String,
        /// What is wrong.
        source: BuildError,
    },
    /// The index that is there is of a later state of the archive.
    #[error(
        "{suite}: what was fetched ({}, {fetched}) is older than the index {path} ({kept}), which stays",
        describe(origin)
    )]
    Older {
        /// The suite.
        suite: String,
        /// The repository that is older.
        origin: Origin,
        /// The index.
        path: PathBuf,
        /// The date of the Release file that it was made of.
        kept: String,
        /// The date of the one that was fetched.
        fetched: String,
    },
    /// The index file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

fn describe(origin: &Origin) -> &'static str {
    match origin {
        Origin::Suite | Origin::Local(_) => "the suite itself",
        Origin::Updates => "its updates",
        Origin::Security => "its security updates",
        Origin::Backports => "its backports",
    }
}

struct Details<'a>(&'a [String]);

impl std::fmt::Display for Details<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0
            .iter()
            .take(8)
            .try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl UpdateError {
    /// What went wrong, in one line, without the suite.
    pub(super) fn cause(&self) -> String {
        match self {
            Self::Fetch {
                failure, details, ..
            } => match details.first() {
                Some(detail) => format!("{failure} ({detail})"),
                None => failure.to_string(),
            },
            Self::Missing {
                what, architecture, ..
            } => format!("the mirror has no {what} of it for {architecture}"),
            Self::NoKeyring { path, .. } => format!("{}: {path}", Failure::Keyring),
            other => other.to_string(),
        }
    }
}

impl Diagnostic for UpdateError {
    fn blame(&self) -> Blame {
        Blame::Environment
    }

    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NoApt => {
                "run `dh-pydeps update` in a Debian container, or copy an index file from a machine with apt"
            }
            Self::NoSource(_) => "name a Debian mirror with --mirror",
            Self::Cache { .. } => "set XDG_CACHE_HOME to a directory that can be written to",
            Self::NoKeyring { .. } => Failure::Keyring.hint()?,
            Self::Fetch {
                failure: Failure::Unknown,
                ..
            } => {
                return Some(format!(
                    "known suites: {KNOWN_SUITES}; --mirror names another mirror"
                ));
            }
            Self::Fetch { failure, .. } => failure.hint()?,
            Self::Older { .. } => {
                "the mirror may lag behind: try later, or another one; --force takes it all the same"
            }
            Self::Missing { .. } => {
                "--architecture and --component say what to look for, --mirror where"
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}
