//! From the distributions in a package that was built to its dependencies.

use pydeps_core::dependencies::{Collector, Dependencies, Scope};
use pydeps_core::finding::Finding;
use pydeps_core::name::{DebName, ExtraName};
use pydeps_core::outcome::Distribution;
use pydeps_core::relate::Field;
use pydeps_host::built::BuiltDist;

use super::built::{Built, packaged};
use super::extras::Chosen;
use super::messages::unknown_extras;

/// The dependencies of a package, with these extras followed. `locked` is what the session has
/// locked.
pub(crate) fn package(
    package: &DebName,
    built: &Built,
    scope: Scope<'_>,
    locked: &[Distribution],
    chosen: &Chosen,
) -> Dependencies {
    let dists = built.tree(package);
    let mut findings = unknown_extras(dists, chosen);
    let mut collector = Collector::new(scope);
    for dist in dists {
        findings.extend(dist.findings.iter().cloned());
        findings.extend(for_another_python(dist, scope));
        findings.extend(not_as_locked(dist, locked));
        collector.require(&dist.requires, Field::Depends, dist.directory(), &dist.path);
        for field in Field::BINARY {
            let extras = chosen.of(&dist.name, field).into_iter();
            let extras: Vec<ExtraName> = extras.filter(|e| dist.extras.contains(e)).collect();
            collector.require_extras(&dist.name, packaged(dist), &extras, field, &dist.path);
        }
    }
    let mut answer = collector.finish();
    findings.append(&mut answer.findings);
    answer.findings = findings;
    answer
}

fn for_another_python(dist: &BuiltDist, scope: Scope<'_>) -> Option<Finding> {
    let wanted = dist.requires_python.as_ref();
    let wanted = wanted.filter(|wanted| !scope.target.admits(Some(wanted)))?;
    let (suite, has) = (scope.suite, scope.target.python());
    let text = format!("it requires Python {wanted}, and {suite} has {has}");
    let hint = "build it for another suite, or correct Requires-Python upstream or by a patch";
    let finding = Finding::error("python", text).with_hint(hint);
    Some(finding.with_origin(&dist.path))
}

/// What was built has to be what was locked.
fn not_as_locked(dist: &BuiltDist, locked: &[Distribution]) -> Option<Finding> {
    let locked = locked.iter().find(|locked| locked.name == dist.name)?;
    let (locked, built) = (locked.version.as_ref()?, dist.version.as_ref()?);
    if locked == built {
        return None;
    }
    let text = format!("{} {built} was built, and {locked} is locked", dist.name);
    let hint = "resolve again: dh-pydeps resolve; or build the version in debian/pydeps.lock";
    let finding = Finding::error("not-as-locked", text).with_hint(hint);
    Some(finding.with_origin(&dist.path))
}

#[cfg(test)]
mod tests;
