//! Warnings about requested versions that were never released.

use pydeps_core::finding::Finding;
use pydeps_core::relation::contains;

use crate::budget::Stop;
use crate::edges::{RequirementEdge, requirement_edge};
use crate::problem::ResolutionRoot;
use crate::provider::DebianProvider;

/// A warning for each requested requirement that no release meets, neither in the suite
/// nor in the index.
pub(crate) fn findings(provider: &DebianProvider<'_>) -> Result<Vec<Finding>, Stop> {
    let mut findings = Vec::new();
    for root in &provider.problem.roots {
        let ResolutionRoot::Requirement {
            requirement,
            origin,
        } = root
        else {
            continue;
        };
        let edge = requirement_edge(requirement);
        if !edge.specifiers.is_empty() && !is_met_without_index(provider, &edge) {
            let finding = no_such_release(provider, &edge)?;
            findings.extend(finding.map(|finding| finding.with_origin(origin)));
        }
    }
    Ok(findings)
}

/// Whether a package or a decision meets the requirement.
fn is_met_without_index(provider: &DebianProvider<'_>, edge: &RequirementEdge) -> bool {
    let origins = provider.origins(&edge.name);
    let mut fixed = origins.fixed();
    origins.ignored.is_some()
        || origins.is_relaxed()
        || origins.is_unjudged()
        || fixed.any(|(_, version)| edge.range.contains(version))
}

fn no_such_release(
    provider: &DebianProvider<'_>,
    edge: &RequirementEdge,
) -> Result<Option<Finding>, Stop> {
    let Some(project) = provider.require_project(&edge.name)? else {
        return Ok(None);
    };
    let mut releases = project.releases.keys();
    if releases.any(|version| contains(&edge.specifiers, version)) {
        return Ok(None);
    }
    let candidates = provider.candidates(project);
    let newest = candidates.first().or(project.releases.keys().next_back());
    Ok(newest.map(|newest| {
        let text = format!("there is no release {}", edge.text);
        let hint = format!("the newest is {} {newest}", edge.name);
        Finding::warning("no-such-release", text).with_hint(hint)
    }))
}
