//! What can go wrong between an index and an answer.

use pep440_rs::Version;
use pydeps_core::diagnostic::{Blame, Diagnostic};
use pydeps_core::name::DistName;
use pydeps_http::{Failure, HttpError};
use pydeps_python::ReadError;

/// Why a question to an index has no answer. URLs are shown without credentials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Nothing came over the network.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// A page, but not one of a package index: a login page, say.
    #[error(
        "{url}: expected a page of a package index, got {got}; check the address of the index, \
         and whether it wants a login (~/.netrc)"
    )]
    NotAnIndex {
        /// What was asked for, after redirects.
        url: String,
        /// What came instead.
        got: String,
    },
    /// An index page that cannot be parsed.
    #[error("{url}: cannot read the index page: {reason}; check the address of the index")]
    BadPage {
        /// The page.
        url: String,
        /// Why not.
        reason: String,
    },
    /// The bytes are not those that the index promised.
    #[error(
        "{url}: {algorithm} is {actual}, but the index says {expected}; something changed it on \
         the way: try again, then ask whoever runs the index"
    )]
    Hash {
        /// The file.
        url: String,
        /// Which digest.
        algorithm: String,
        /// As the index has it.
        expected: String,
        /// As received.
        actual: String,
    },
    /// A file that has to be verified comes without a digest that is strong enough.
    #[error("{url}: the index gives no sha256, sha384 or sha512 to verify it by")]
    NoHash {
        /// The file.
        url: String,
    },
    /// A file of a release cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The release is not there, or has no wheel and no sdist.
    #[error("{name} {version}: the index offers no wheel and no sdist")]
    NoFile {
        /// The distribution.
        name: DistName,
        /// The release.
        version: Version,
    },
    /// Something with a local file; the error names it.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Error {
    /// Whether asking for something else would fail for the same reason, so that
    /// the whole run should stop: no network, no trust, no permission.
    pub fn is_fatal(&self) -> bool {
        match self {
            Self::Http(error) => error.is_fatal(),
            Self::Read(_) | Self::NoFile { .. } | Self::NoHash { .. } => false,
            Self::NotAnIndex { .. } | Self::BadPage { .. } | Self::Hash { .. } | Self::Io(_) => {
                true
            }
        }
    }
}

impl Diagnostic for Error {
    fn blame(&self) -> Blame {
        match self {
            Self::Http(error) => error.blame(),
            _ => Blame::Environment,
        }
    }
}

impl From<Error> for Failure<Error> {
    fn from(error: Error) -> Self {
        Self::of(error)
    }
}
