//! The answer in a package's substvars.

use pydeps_core::dependencies::Dependencies;
use pydeps_core::finding::Finding;
use pydeps_core::name::DebName;
use pydeps_core::relate::Field;
use pydeps_debhelper::control::Package;
use pydeps_debhelper::substvars;

use super::messages;
use crate::failure::Failure;
use crate::pyelf;
use crate::run::Run;

/// The substvar of a field.
pub(crate) fn variable(field: Field) -> String {
    format!("pydeps:{}", field.name())
}

/// Writes the answer into the file.
pub(crate) fn write(run: &Run, package: &DebName, answer: &Dependencies) -> Result<(), Failure> {
    let mut text = run.substvars(package)?;
    for field in Field::BINARY {
        let name = variable(field);
        for item in answer.of(field) {
            text = substvars::add(&text, &name, item).map_err(Failure::no)?;
        }
        text = substvars::define(&text, &name);
    }
    run.write_substvars(package, &text)
}

/// Whether the file has the answer and no more; what differs is told. dh_pyelf_restore adds to
/// it what foreign files need.
pub(crate) fn compare(
    run: &Run,
    package: &DebName,
    answer: &Dependencies,
) -> Result<bool, Failure> {
    let text = run.substvars(package)?;
    let record = pyelf::Package::new(run, package).record()?;
    let needs = record.map(|record| record.needs).unwrap_or_default();
    let mut findings = Vec::new();
    for field in Field::BINARY {
        let found = substvars::get(&text, &variable(field));
        let wanted = answer.of(field).iter();
        let lacking = wanted.filter(|item| !found.contains(item.as_str()));
        findings.extend(lacking.map(|item| messages::lacking(field, item)));
        let is_known = |item: &str| answer.of(field).contains(item) || needs.contains(item);
        let stale = found.iter().filter(|item| !is_known(item));
        findings.extend(stale.map(|item| messages::stale(field, item, package)));
    }
    let findings = findings.into_iter();
    let findings: Vec<Finding> = findings.map(|f| f.with_origin(package.as_str())).collect();
    run.say.findings(&findings);
    Ok(findings.is_empty())
}

/// Relations that would be lost, as no field uses their variable.
pub(crate) fn unused(run: &Run, package: &DebName, answer: &Dependencies) -> Vec<Finding> {
    let lost = |field: &&Field| !answer.of(**field).is_empty() && is_unused(run, package, **field);
    let fields = Field::BINARY.iter().filter(lost);
    fields
        .map(|field| messages::unused(*field, answer.of(*field)))
        .collect()
}

/// Whether no field of a package uses a variable, and none takes it by itself.
pub(crate) fn is_unused(run: &Run, package: &DebName, field: Field) -> bool {
    let variable = format!("${{{}}}", variable(field));
    let uses = |stanza: &Package| {
        let mut relations = stanza.relations.iter();
        relations.any(|(_, text)| text.contains(&variable))
    };
    let stanza = run.package(package);
    !run.compat.merges_substvars() && stanza.is_some_and(|stanza| !uses(stanza))
}
