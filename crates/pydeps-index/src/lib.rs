//! Python package index client: what projects, releases and requirements there are.
//!
//! [`Config::gather`] finds out where the indexes are; a [`Client`] asks them. The
//! other modules are parsers from bytes to values, of use on their own:
//! [`simple`] pages, [`metadata`], [`sdist`]s, [`project_file`]s, [`setup_cfg`],
//! [`requirements_txt`], [`lock`]s; a [`source_tree`] or a [`dist_file`] brings them together.
//!
//! Everything foreign is limited in size, nothing foreign is executed, and what
//! cannot be read is a finding, not silence.

mod addresses;
mod auth;
pub mod cache;
mod client;
mod compact;
pub mod config;
pub mod dist_file;
mod error;
pub mod filename;
mod hash;
mod http;
mod local;
pub mod lock;
pub mod metadata;
mod pages;
mod parallel;
pub mod project_file;
pub mod requirements_txt;
pub mod sdist;
pub mod setup_cfg;
pub mod simple;
pub mod source_tree;
mod tls;
mod wheel;

pub use auth::{Credentials, Login};
pub use client::{Answer, Client, Crew, Question};
pub use config::{Config, ConfigError, Env, Options};
pub use error::{Error, show};
pub use http::Settings;
pub use pydeps_core::requirement;
pub use tls::Trust;
