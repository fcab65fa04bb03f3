//! Licence expressions and lists of licence files (PEP 639), for backends that are older.

use toml_edit::{DocumentMut, Item};

use super::document::{array, is_static, make_table, remove, table, texts, wrap};
use super::{Change, Facts, told};
use crate::aspects::build_backend::age::{Word, since};

/// Says the licence as PEP 621 did, where the suite's backend knows no other way. The list of
/// files moves to where the backend has its own, or goes: debian/copyright takes its place.
pub(super) fn edit(document: &mut DocumentMut, facts: &Facts<'_>) -> Option<Change> {
    let old = |word| {
        let is_old = |name: &&String| facts.is_older(name, since(name, word).as_ref());
        facts.backends.iter().find(is_old)
    };
    let expression = old(Word::Expression).filter(|_| is_expression(document));
    let files = old(Word::Files).filter(|_| is_list(document));
    let backend = expression.or(files)?;
    if expression.is_some() {
        let project = table(document, &["project"])?;
        wrap(project.get_mut("license")?.as_value_mut()?, "text");
    }
    move_files(document, backend);
    let reason = format!(
        "{} does not know the licence fields of PEP 639",
        facts.spelled(backend)
    );
    Some(Change {
        name: "licence-fields.patch",
        subject: "Name the licence in the older way",
        findings: told(&reason),
        reason,
    })
}

fn is_expression(document: &mut DocumentMut) -> bool {
    let licence = table(document, &["project"]).and_then(|project| project.get("license"));
    licence.is_some_and(Item::is_str)
}

fn is_list(document: &mut DocumentMut) -> bool {
    let files = table(document, &["project"]).and_then(|project| project.get("license-files"));
    files.is_some_and(Item::is_array)
}

fn move_files(document: &mut DocumentMut, backend: &str) {
    is_static(document, "license-files");
    if !is_list(document) {
        return;
    }
    match backend {
        "hatchling" => {
            let project = table(document, &["project"]);
            let files = project.and_then(|project| project.get_mut("license-files"));
            if let Some(files) = files.and_then(Item::as_value_mut) {
                wrap(files, "globs");
            }
        }
        "setuptools" => {
            let files = remove(document, &["project", "license-files"]);
            let own = make_table(document, &["tool", "setuptools"]);
            if let Some(own) = own.filter(|own| !own.contains_key("license-files")) {
                let files = texts(files.as_ref());
                own.insert("license-files", Item::Value(array(&files)));
            }
        }
        _ => _ = remove(document, &["project", "license-files"]),
    }
}
