//! The one HTTP client: TLS with the system's trust, proxies, credentials, redirects, retries,
//! and a cache on disk. Nothing else in the suite connects to anything.
//!
//! A [`Transport`] makes one exchange after the other; what a body means is for who asked.

mod auth;
pub mod cache;
mod dns_cache;
mod error;
mod tls;
mod transport;

pub use auth::{Credentials, Login};
pub use error::{HttpError, show};
pub use tls::Trust;
pub use transport::{Failure, Reply, Settings, Transport, status_error};
