//! Classifiers that hatchling may not know yet.

use toml_edit::{DocumentMut, Item};

use super::document::table;
use super::{Change, Facts, told};
use crate::aspects::build_backend::age::{Word, since};

/// Drops the classifiers where they would be compared with a list of the suite's age. They
/// serve searches on the index; nothing in a Debian system reads them.
pub(super) fn edit(document: &mut DocumentMut, facts: &Facts<'_>) -> Option<Change> {
    let bound = since("hatchling", Word::Classifier);
    if !facts.is_older("hatchling", bound.as_ref()) {
        return None;
    }
    let project = table(document, &["project"])?;
    let classifiers = project.get("classifiers").and_then(Item::as_array)?;
    if classifiers.is_empty() {
        return None;
    }
    project.remove("classifiers");
    let hatchling = facts.spelled("hatchling");
    let reason = format!(
        "{hatchling} fails where a classifier is younger than its list; nothing reads them in Debian"
    );
    Some(Change {
        name: "drop-classifiers.patch",
        subject: "Drop the classifiers",
        findings: told(&reason),
        reason,
    })
}
