//! `Requires-Python`: of core metadata, of `[project]`, of an index page.

use std::str::FromStr;

use pep440_rs::VersionSpecifiers;
use pydeps_core::requirement;

/// Reads a `requires-python`, with repairs; the second value says what was wrong.
pub fn read(text: &str) -> (Option<VersionSpecifiers>, Option<String>) {
    if let Ok(specifiers) = VersionSpecifiers::from_str(text) {
        return (Some(specifiers), None);
    }
    let repaired = requirement::repair_specifiers(text)
        .and_then(|better| Some((VersionSpecifiers::from_str(&better).ok()?, better)));
    match repaired {
        Some((specifiers, better)) => (
            Some(specifiers),
            Some(format!("requires-python `{text}` was read as `{better}`")),
        ),
        None => (
            None,
            Some(format!(
                "requires-python `{text}` cannot be read; it is ignored"
            )),
        ),
    }
}
