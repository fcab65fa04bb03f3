//! Long descriptions that hatch-fancy-pypi-readme puts together, for suites without it.

use toml_edit::{DocumentMut, Item};

use super::document::{is_static, remove, table, take_requirement_out, texts};
use super::{Change, Facts, told};

const PLUGIN: &str = "hatch-fancy-pypi-readme";

/// Leaves the long description out. It is for the page on the index; the package's own comes
/// from PKG-INFO, where it was put together when the sdist was made.
pub(super) fn edit(document: &mut DocumentMut, facts: &Facts<'_>) -> Option<Change> {
    let asked = facts.backends.iter().any(|name| name == PLUGIN);
    let dynamic = table(document, &["project"])?.get("dynamic");
    let is_open = texts(dynamic).iter().any(|field| field == "readme");
    let hook = ["tool", "hatch", "metadata", "hooks", "fancy-pypi-readme"];
    let is_hook = table(document, &hook).is_some();
    if !asked || facts.has(PLUGIN) || !(is_open && is_hook) {
        return None;
    }
    is_static(document, "readme");
    remove(document, &hook);
    let requires = table(document, &["build-system"])?.get_mut("requires");
    take_requirement_out(requires.and_then(Item::as_array_mut)?, PLUGIN);
    let reason = format!(
        "{} has no {PLUGIN}, which only makes the page on the index",
        facts.suite.name
    );
    Some(Change {
        name: "drop-readme.patch",
        subject: "Leave the long description out",
        findings: told(&reason),
        reason,
    })
}
