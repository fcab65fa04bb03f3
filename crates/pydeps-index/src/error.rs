//! What can go wrong between an index and an answer.

use pep440_rs::Version;
use pydeps_core::diagnostic::{Blame, Diagnostic};
use pydeps_core::name::DistName;
use pydeps_python::ReadError;
use url::Url;

/// Why a question to an index has no answer. URLs are shown without credentials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server answered with an error status.
    #[error("{url}: the server answered {status}{}", status_hint(*.status))]
    Status {
        /// What was asked for.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// Offline, and the cache does not have it.
    #[error(
        "{url} is not in the cache, and --offline forbids fetching it; run once without --offline"
    )]
    Offline {
        /// What was asked for.
        url: String,
    },
    /// No connection, or it broke.
    #[error("{url}: {reason}; check the network and the proxy variables (HTTPS_PROXY, NO_PROXY)")]
    Connection {
        /// What was asked for.
        url: String,
        /// What the network said.
        reason: String,
    },
    /// The server's certificate does not lead to a trusted root.
    #[error(
        "{url}: the server's certificate is not trusted ({reason}); if a private authority \
         signed it, name its PEM file with --cert, in PIP_CERT or SSL_CERT_FILE"
    )]
    Untrusted {
        /// What was asked for.
        url: String,
        /// What the TLS library said.
        reason: String,
    },
    /// The file of trusted certificates cannot be used.
    #[error("{path}: no certificate can be read from it ({reason}); name a PEM file")]
    Certificates {
        /// The file or directory.
        path: String,
        /// Why not.
        reason: String,
    },
    /// The proxy's address cannot be used.
    #[error("the proxy address `{proxy}` cannot be used; give http://HOST:PORT")]
    Proxy {
        /// The address, without credentials.
        proxy: String,
    },
    /// More redirects than are sensible, or one that leads nowhere.
    #[error("{url}: too many redirects, or one without a usable target; check the address")]
    Redirect {
        /// Where it began.
        url: String,
    },
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
    /// The transfer ended too early.
    #[error("{url}: the transfer ended early ({reason}) again and again; try later")]
    Incomplete {
        /// The file.
        url: String,
        /// What the network said.
        reason: String,
    },
    /// More bytes than any honest answer has.
    #[error("{url}: larger than {limit} bytes")]
    TooLarge {
        /// The file or the member.
        url: String,
        /// The limit.
        limit: u64,
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
        !matches!(
            self,
            Self::Read(_)
                | Self::NoFile { .. }
                | Self::NoHash { .. }
                | Self::TooLarge { .. }
                | Self::Status {
                    status: 404 | 410,
                    ..
                }
        )
    }
}

impl Diagnostic for Error {
    /// What the user has named wrongly is not the fault of the network.
    fn blame(&self) -> Blame {
        match self {
            Self::Certificates { .. } | Self::Proxy { .. } => Blame::Input,
            _ => Blame::Environment,
        }
    }
}

fn status_hint(status: u16) -> &'static str {
    match status {
        401 | 403 => "; if it wants credentials, put them into ~/.netrc (or NETRC)",
        407 => "; the proxy wants credentials: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT",
        429 => " (too many requests) again and again; wait, or use fewer connections",
        500..=599 => " again and again; try later",
        _ => "",
    }
}

/// A URL as it may be shown: without user, password and fragment.
pub fn show(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    // Fails only for URLs that cannot have credentials in the first place.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.into()
}
