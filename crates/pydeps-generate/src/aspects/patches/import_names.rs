//! Names to import (PEP 794), for setuptools that refuses fields that it does not know.

use toml_edit::DocumentMut;

use super::document::{is_static, table};
use super::{Change, Facts, told};
use crate::aspects::build_backend::age::{Word, since};

/// The fields.
const FIELDS: [&str; 2] = ["import-names", "import-namespaces"];

/// Drops the fields: nothing in Debian reads them, and the modules are what they are.
pub(super) fn edit(document: &mut DocumentMut, facts: &Facts<'_>) -> Option<Change> {
    let bound = since("setuptools", Word::ImportNames);
    if !facts.is_older("setuptools", bound.as_ref()) {
        return None;
    }
    let project = table(document, &["project"])?;
    let dropped: Vec<_> = FIELDS
        .iter()
        .filter_map(|field| project.remove(field))
        .collect();
    FIELDS.iter().for_each(|field| is_static(document, field));
    let setuptools = facts.spelled("setuptools");
    let reason = format!(
        "{setuptools} fails on the names to import (PEP 794); nothing reads them in Debian"
    );
    (!dropped.is_empty()).then(|| Change {
        name: "drop-import-names.patch",
        subject: "Drop the names to import",
        findings: told(&reason),
        reason,
    })
}
