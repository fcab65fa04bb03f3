//! What all documents have in common.

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::archive::Suite;
use pydeps_core::name::{ArchName, SuiteName};
use pydeps_core::printable::Printable;
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
pub(super) fn print(document: &impl Serialize) -> Printable {
    Printable::json(&serde_json::to_string_pretty(document).expect("plain values"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_steers_no_terminal_and_says_the_same() {
        let text = "\u{9b}31m \u{202e}x\u{2066} \x1b[2J \u{7f} ä\n";
        let printed = print(&[text]);
        assert_eq!(printed, Printable::lines(printed.as_str()));
        let read: Vec<String> = serde_json::from_str(printed.as_str()).unwrap();
        assert_eq!(read, [text]);
    }
}
