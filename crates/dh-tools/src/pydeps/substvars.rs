//! The answer in a package's substvars.

use pydeps_core::finding::Finding;
use pydeps_core::name::DebName;
use pydeps_debhelper::control::Package;
use pydeps_debhelper::substvars;

use super::decide::{Answer, Field};
use super::told;
use crate::failure::Failure;
use crate::run::Run;

/// Writes the answer into the file.
pub(crate) fn write(run: &Run, package: &DebName, answer: &Answer) -> Result<(), Failure> {
    let mut text = run.substvars(package)?;
    for field in Field::ALL {
        let name = field.variable();
        for item in answer.of(field) {
            text = substvars::add(&text, &name, item).map_err(Failure::no)?;
        }
        text = substvars::define(&text, &name);
    }
    run.write_substvars(package, &text)
}

/// Whether the file has the answer; what it lacks is told. Others may have added to it.
pub(crate) fn compare(run: &Run, package: &DebName, answer: &Answer) -> Result<bool, Failure> {
    let text = run.substvars(package)?;
    let mut same = true;
    for field in Field::ALL {
        let name = field.variable();
        let found = substvars::get(&text, &name);
        let items = answer.of(field).iter();
        for item in items.filter(|item| !found.contains(item.as_str())) {
            same = false;
            run.say
                .error(&format!("{package}: ${{{name}}} lacks `{item}`"));
        }
    }
    Ok(same)
}

/// Relations that would be lost, as no field uses their variable.
pub(crate) fn unused(run: &Run, package: &DebName, answer: &Answer) -> Vec<Finding> {
    let stanza = run
        .package(package)
        .filter(|_| !run.compat.merges_substvars());
    let unused = |stanza: &Package, field: &Field| {
        let variable = format!("${{{}}}", field.variable());
        let used = stanza
            .relations
            .iter()
            .any(|(_, text)| text.contains(&variable));
        !answer.of(*field).is_empty() && !used
    };
    let fields = Field::ALL.iter();
    let fields = fields.filter(|field| stanza.is_some_and(|stanza| unused(stanza, field)));
    fields
        .map(|field| told::unused(*field, answer.of(*field)))
        .collect()
}
