//! The names of the packages, for setuptools that would take debian/ for one of them.

use toml_edit::{DocumentMut, Item};

use super::document::{array, make_table};
use super::{Change, Facts, told};
use crate::settings::Settings;

/// Before it knew wheels, setuptools took `debian` for one of the project's packages where
/// it looks for them itself, and refused to choose. The patch says which they are.
pub(super) fn edit(document: &mut DocumentMut, facts: &Facts<'_>) -> Option<Change> {
    let backend = facts.build.backend.as_deref().unwrap_or("setuptools");
    let looks = !facts.conventions.wheel_in_setuptools
        && backend.starts_with("setuptools")
        && facts.modules.root.is_empty();
    if !looks || is_named(facts.settings) {
        return None;
    }
    let (packages, files) = parts(facts);
    if files.is_empty() {
        let find = make_table(document, &["tool", "setuptools", "packages", "find"])?;
        let packages: Vec<String> = packages.iter().map(|name| format!("{name}*")).collect();
        find.insert("include", Item::Value(array(&packages)));
    } else {
        let own = make_table(document, &["tool", "setuptools"])?;
        own.insert("py-modules", Item::Value(array(&files)));
    }
    let reason = "setuptools would take debian/ for one of them".to_owned();
    Some(Change {
        name: "name-packages.patch",
        subject: "Name the packages",
        findings: told(&reason),
        reason,
    })
}

/// The packages, and the modules that are files.
fn parts(facts: &Facts<'_>) -> (Vec<String>, Vec<String>) {
    let modules = facts.modules;
    let all = modules.names.iter().chain(&modules.stubs).cloned();
    let tree = &facts.release.tree;
    all.partition(|name| tree.has_directory(&name.replace('.', "/")))
}

/// Whether the project says which packages it has.
fn is_named(settings: &Settings) -> bool {
    let tables: [&[&str]; 2] = [
        &["tool", "setuptools", "packages"],
        &["tool", "setuptools", "py-modules"],
    ];
    let by_script = ["packages", "py_modules"];
    tables.iter().any(|place| settings.item(place).is_some())
        || by_script
            .iter()
            .any(|key| settings.cfg("options", key).is_some())
        || by_script.iter().any(|key| settings.setup_py.mentions(key))
}
