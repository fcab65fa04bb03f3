//! Python package index client: what projects, releases and requirements there are.
//!
//! [`Config::gather`] finds out where the indexes are; a [`Client`] asks them. The
//! other modules are parsers from bytes to values, of use on their own:
//! [`simple`] pages; a [`source_tree`] or a [`dist_file`] brings together what `pydeps-python`
//! reads; [`unpack()`](unpack::unpack) makes a directory of an sdist.
//!
//! Everything foreign is limited in size, nothing foreign is executed, and what
//! cannot be read is a finding, not silence.

mod client;
mod compact;
pub mod config;
pub mod dist_file;
mod error;
mod hash;
mod local;
mod pages;
mod parallel;
mod ranges;
pub mod simple;
pub mod source_tree;
pub mod unpack;

pub use client::{Answer, Client, Crew, Question};
pub use config::{Config, ConfigError, Env, Options};
pub use error::Error;
pub use pydeps_http::{Credentials, HttpError, Login, Settings, Trust, show};
