//! Why a request has no answer.

use pydeps_core::diagnostic::{Blame, Diagnostic};
use url::Url;

/// Why a request has no answer. URLs are shown without credentials.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
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
    /// Something with a local file; the error names it.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl HttpError {
    /// Whether asking for something else would fail for the same reason, so that
    /// the whole run should stop: no network, no trust, no permission.
    pub fn is_fatal(&self) -> bool {
        !matches!(
            self,
            Self::TooLarge { .. }
                | Self::Status {
                    status: 404 | 410,
                    ..
                }
        )
    }
}

impl Diagnostic for HttpError {
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
