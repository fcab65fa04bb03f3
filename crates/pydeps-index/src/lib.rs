//! Python package index client: what projects, releases and requirements there are.
//!
//! [`Config::gather`] finds out where the indexes are; a [`Client`] asks them. The
//! other modules are parsers from bytes to values, of use on their own:
//! [`simple`] pages, [`metadata`], [`sdist`]s, [`project_file`]s, [`requirements_txt`].
//!
//! Everything foreign is limited in size, nothing foreign is executed, and what
//! cannot be read is a finding, not silence.

mod addresses;
mod auth;
pub mod cache;
mod client;
mod compact;
pub mod config;
mod error;
pub mod filename;
mod hash;
mod http;
mod local;
pub mod metadata;
mod pages;
mod parallel;
pub mod project_file;
pub mod requirement;
pub mod requirements_txt;
pub mod sdist;
pub mod simple;
mod tls;
mod wheel;

pub use auth::{Credentials, Login};
pub use client::{Answer, Client, Crew, Question};
pub use config::{Config, ConfigError, Env, Options};
pub use error::{Error, show};
pub use http::Settings;
pub use tls::Trust;
