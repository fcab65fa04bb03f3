//! What became of releases.

use crate::release_outcome::ReleaseOutcome;
use pydeps_core::printable::Printable;

use super::document::{VERSION, print};

/// What became of releases that were to be packaged for a suite.
pub fn releases(suite: &str, outcomes: &[ReleaseOutcome]) -> Printable {
    print(&serde_json::json!({ "version": VERSION, "suite": suite, "packages": outcomes }))
}
