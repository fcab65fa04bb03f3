//! Unsatisfiable cores: sets of costs of which every solution has at least one.

use pep440_rs::Version;
use version_ranges::Ranges;

use crate::budget::Stop;
use crate::cost::{Cost, Costs};
use crate::facts::{Derivation, Fact, facts};
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::policy::Waived;
use crate::provider::DebianProvider;

/// The costs of which every solution has at least one, from the derivation of a failed
/// run. Empty if there is no solution at any cost.
pub(crate) fn unsat_core(
    derivation: &Derivation,
    provider: &DebianProvider<'_>,
) -> Result<Costs, Stop> {
    let mut costs = Costs::new();
    for fact in facts(derivation, provider) {
        match fact {
            Fact::NoVersions { node, range } => {
                costs.extend(disallowed_costs(&node, &range, provider));
                costs.extend(allowed_waiver(&node, provider)?);
            }
            Fact::Need { to, range, .. } if range != Ranges::full() => {
                costs.extend(allowed_waiver(&to, provider)?);
            }
            Fact::Need { .. } | Fact::Unusable { .. } => {}
        }
    }
    Ok(costs)
}

/// The costs that may give a node a version in a range.
fn disallowed_costs(
    node: &SolverNode,
    range: &Ranges<Version>,
    provider: &DebianProvider<'_>,
) -> Costs {
    let Some(name) = node.name() else {
        return Costs::new();
    };
    let origins = provider.origins(name);
    let inside = origins
        .fixed()
        .filter(|(_, version)| range.contains(version));
    let mut kinds: Vec<OriginKind> = inside.map(|(kind, _)| kind).collect();
    kinds.extend(origins.index.then_some(OriginKind::Index));
    kinds.retain(|kind| !provider.admits(name, &origins, *kind));
    let build = Cost::Build(name.clone());
    let allowed = provider.policy.allowed.as_ref();
    let cost = |kind: OriginKind| match kind {
        OriginKind::Suite | OriginKind::Backports => Cost::Backports(name.clone()),
        OriginKind::Index if allowed.is_some_and(|allowed| allowed.contains(&build)) => {
            Cost::Generate(name.clone())
        }
        OriginKind::Rebuild | OriginKind::Index => build.clone(),
    };
    kinds.into_iter().map(cost).collect()
}

/// The waiver for a node, if the search considers waivers and has not taken this one.
fn allowed_waiver(node: &SolverNode, provider: &DebianProvider<'_>) -> Result<Option<Cost>, Stop> {
    let Some(name) = node.name() else {
        return Ok(None);
    };
    let considered = matches!(provider.policy.waived, Waived::Some(_))
        && provider.policy.allowed.is_none()
        && !provider.policy.waived.contains(name)
        && provider.is_waivable(name);
    if !considered {
        return Ok(None);
    }
    if !provider.is_leaf(name) {
        // The class of the waiver depends on whether the index has the project.
        provider.require_project(name)?;
    }
    Ok(waive_cost(node, provider))
}

/// The cost of waiving the requirements on a node.
pub(crate) fn waive_cost(node: &SolverNode, provider: &DebianProvider<'_>) -> Option<Cost> {
    let name = node.name()?;
    let is_given = provider.is_leaf(name) || provider.exists_nowhere(name);
    Some(if is_given {
        Cost::WaiveGiven(name.clone())
    } else {
        Cost::WaiveIndex(name.clone())
    })
}
