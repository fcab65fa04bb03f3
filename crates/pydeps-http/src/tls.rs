//! Whose certificates are trusted.

use std::path::PathBuf;

use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::error::HttpError;

/// Where the trusted root certificates are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Where the system keeps them.
    #[default]
    System,
    /// A bundle in PEM, or a directory of them: pip's `cert`, or `SSL_CERT_FILE`.
    Bundle(PathBuf),
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR`, at least one of them.
    Paths(Option<PathBuf>, Option<PathBuf>),
}

/// The TLS configuration that trusts these.
pub(crate) fn config(trust: &Trust) -> Result<TlsConfig, HttpError> {
    let (loaded, place) = match trust {
        Trust::System => (
            rustls_native_certs::load_native_certs(),
            "the system".to_owned(),
        ),
        Trust::Bundle(path) => {
            let loaded = if path.is_dir() {
                rustls_native_certs::load_certs_from_paths(None, Some(path))
            } else {
                rustls_native_certs::load_certs_from_paths(Some(path), None)
            };
            (loaded, path.display().to_string())
        }
        Trust::Paths(file, directory) => (
            rustls_native_certs::load_certs_from_paths(file.as_deref(), directory.as_deref()),
            "SSL_CERT_FILE, SSL_CERT_DIR".to_owned(),
        ),
    };
    if loaded.certs.is_empty() {
        let reasons: Vec<String> = loaded.errors.iter().map(ToString::to_string).collect();
        return Err(HttpError::Certificates {
            path: place,
            reason: match reasons.is_empty() {
                true => "it has none".to_owned(),
                false => reasons.join("; "),
            },
        });
    }
    let certificates: Vec<_> = loaded
        .certs
        .iter()
        .map(|der| Certificate::from_der(der.as_ref()).to_owned())
        .collect();
    let roots = RootCerts::new_with_certs(&certificates);
    Ok(TlsConfig::builder().root_certs(roots).build())
}
