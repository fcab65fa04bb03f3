//! Answers for programs. The manual pages document the schema, which has a version; a change
//! that may break a reader raises it.
//!
//! A document is a view of the values of the core. Where the core's own serialization is that
//! of another file (a lock writes other keys and leaves out what is empty), the view is a
//! remote derive: it lists fields, and nothing is copied.

mod build;
mod elf;
mod mapping;
mod relation;
mod release;
mod resolution;

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::archive::Suite;
use pydeps_core::name::{ArchName, SuiteName};
use serde::Serialize;

pub use build::build;
pub use elf::elf;
pub use mapping::mappings;
pub use relation::relations;
pub use release::releases;
pub use resolution::{graph, resolution, why};

/// The version of the schema.
const VERSION: u32 = 1;

/// The fields that a document about a suite begins with.
#[derive(Serialize)]
#[serde(remote = "Suite")]
struct Header {
    #[serde(getter = "version")]
    version: u32,
    #[serde(rename = "suite")]
    codename: SuiteName,
    architecture: ArchName,
    python: Version,
    #[serde(rename = "archive_date")]
    date: Timestamp,
}

fn version(_: &Suite) -> u32 {
    VERSION
}

fn print(document: &impl Serialize) -> String {
    serde_json::to_string_pretty(document).expect("plain values")
}
