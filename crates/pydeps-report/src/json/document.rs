//! What all documents have in common.

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::archive::Suite;
use pydeps_core::name::{ArchName, SuiteName};
use serde::Serialize;

/// The version of the schema.
pub(super) const VERSION: u32 = 1;

/// The fields that a document about a suite begins with.
#[derive(Serialize)]
#[serde(remote = "Suite")]
pub(super) struct Header {
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

/// A document as text.
pub(super) fn print(document: &impl Serialize) -> String {
    serde_json::to_string_pretty(document).expect("plain values")
}
