//! What a failed attempt shows: one of these prices has to be paid.

use pubgrub::External;
use version_ranges::Ranges;

use crate::budget::Stop;
use crate::explain::{Derivation, facts};
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::policy::{Cost, Costs, Waived};
use crate::provider::DebianProvider;

/// The prices of which at least one has to be paid, as the attempt failed without them.
/// Empty if nothing helps.
pub(crate) fn core(tree: &Derivation, provider: &DebianProvider<'_>) -> Result<Costs, Stop> {
    let mut costs = Costs::new();
    for fact in facts(tree) {
        match fact {
            External::NoVersions(node, _) => {
                costs.extend(disallowed_costs(node, provider));
                costs.extend(open(node, provider)?);
            }
            External::FromDependencyOf(_, _, node, range) if *range != Ranges::full() => {
                costs.extend(open(node, provider)?);
            }
            External::FromDependencyOf(..) | External::NotRoot(..) | External::Custom(..) => {}
        }
    }
    Ok(costs)
}

/// What would have given a node more versions.
fn disallowed_costs(node: &SolverNode, provider: &DebianProvider<'_>) -> Costs {
    let Some(name) = node.name() else {
        return Costs::new();
    };
    let origins = provider.origins(name);
    let choice = !origins.offers.is_empty();
    let mut kinds: Vec<OriginKind> = origins.fixed().map(|(kind, _)| kind).collect();
    kinds.extend(origins.index.then_some(OriginKind::Index));
    kinds.retain(|kind| !origins.is_bundled() && !provider.policy.admits(name, *kind, choice));
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

/// That requirements on it are let through, where that is for sale.
fn open(node: &SolverNode, provider: &DebianProvider<'_>) -> Result<Option<Cost>, Stop> {
    let Some(name) = node.name() else {
        return Ok(None);
    };
    let for_sale = matches!(provider.policy.waived, Waived::Some(_))
        && provider.policy.allowed.is_none()
        && !provider.policy.waived.contains(name)
        && provider.is_waivable(name);
    if !for_sale {
        return Ok(None);
    }
    if !provider.is_leaf(name) {
        // What nobody has is let through more cheaply: that has to be known.
        provider.project(name)?;
    }
    Ok(waive_cost(node, provider))
}

/// The price of letting requirements on a distribution through.
pub(crate) fn waive_cost(node: &SolverNode, provider: &DebianProvider<'_>) -> Option<Cost> {
    let name = node.name()?;
    let given = provider.is_leaf(name) || provider.exists_nowhere(name);
    Some(match given {
        true => Cost::WaiveGiven(name.clone()),
        false => Cost::WaiveIndex(name.clone()),
    })
}
