//! The oldest pytest that a project lets its tests be run by, where a suite's is older.

use pep440_rs::Version;
use toml_edit::{DocumentMut, Item};

use super::document::{remove, table};
use super::{Change, Facts, told};

/// Where pytest reads it; what is given on the command line has no say in it.
const PLACE: [&str; 4] = ["tool", "pytest", "ini_options", "minversion"];

/// Drops the bound: tests that do need a newer one fail by themselves, and are left out.
pub(super) fn edit(document: &mut DocumentMut, facts: &Facts<'_>) -> Option<Change> {
    let options = table(document, &PLACE[..3])?;
    let asked: Version = options.get(PLACE[3]).and_then(Item::as_str)?.parse().ok()?;
    facts.version("pytest").filter(|own| *own < asked)?;
    remove(document, &PLACE)?;
    let pytest = facts.spelled("pytest");
    let reason = format!("{pytest} is older than {asked}, and would refuse to run any test");
    Some(Change {
        name: "any-pytest.patch",
        subject: "Run the tests by the pytest that there is",
        findings: told(&reason),
        reason,
    })
}
