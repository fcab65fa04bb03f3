//! Names, versions, relations and the mapping from Python distributions to
//! Debian packages.
//!
//! Everything here is a function from values to values: no file, environment,
//! process, clock or network. The tables that a decision needs (the archive, the
//! aliases, the overrides) are parameters, so that every decision can be tested
//! with a table of a few lines.

pub mod alias;
pub mod archive;
pub mod build_summary;
pub mod clause;
pub mod deb_version;
pub mod decision;
pub mod dependencies;
pub mod diagnostic;
pub mod finding;
pub mod generic;
pub mod licence;
pub mod lock;
pub mod mapping;
pub mod marker;
pub mod name;
pub mod offer;
pub mod outcome;
pub mod overrides;
pub mod printable;
pub mod purpose;
pub mod rebuild;
pub mod relate;
pub mod relation;
pub mod requirement;
pub mod requires_txt;
pub mod reverse;
pub mod shell;
pub mod source;
pub mod spelling;
pub mod stock;
pub mod target;
pub mod tree;
pub mod upstream;
pub mod wrap;
