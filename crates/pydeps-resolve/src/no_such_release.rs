//! Versions that were asked for and that nobody has ever released.

use pydeps_core::finding::Finding;
use pydeps_core::relation::contains;

use crate::budget::Stop;
use crate::edges::{self, RequirementEdge};
use crate::problem::ResolutionRoot;
use crate::provider::DebianProvider;

/// A warning for each requirement that was asked for and that no release meets, neither in
/// the suite nor in the index.
pub(crate) fn findings(provider: &DebianProvider<'_>) -> Result<Vec<Finding>, Stop> {
    let roots = provider.problem.roots.iter();
    let mut findings = Vec::new();
    for root in roots {
        let ResolutionRoot::Requirement {
            requirement,
            origin,
        } = root
        else {
            continue;
        };
        let edge = edges::edge(requirement);
        if !edge.specifiers.is_empty() && !is_near(provider, &edge) {
            let finding = unreleased(provider, &edge)?;
            findings.extend(finding.map(|finding| finding.with_origin(origin)));
        }
    }
    Ok(findings)
}

/// Whether the suite has it, or another origin that was asked; or nobody has to.
fn is_near(provider: &DebianProvider<'_>, edge: &RequirementEdge) -> bool {
    let origins = provider.origins(&edge.name);
    let near = || {
        origins
            .fixed()
            .any(|(_, version)| edge.range.contains(&version))
    };
    origins.ignored.is_some() || origins.is_relaxed() || origins.is_unjudged() || near()
}

fn unreleased(
    provider: &DebianProvider<'_>,
    edge: &RequirementEdge,
) -> Result<Option<Finding>, Stop> {
    let Some(project) = provider.project(&edge.name)? else {
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
