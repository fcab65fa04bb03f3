//! What a solution costs.

use pydeps_core::relation::contains;

use crate::budget::Stop;
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::policy::{Cost, Costs, Policy};
use crate::provider::{DebianProvider, SolveContext};
use crate::unsat_core::waive_cost;
use crate::verdict::{self, Solution};

/// What has to be built for a solution, or taken from backports.
pub(crate) fn build_costs(context: SolveContext<'_>, solution: &Solution) -> Costs {
    let provider = DebianProvider::new(context, Policy::default());
    let mut costs = Costs::new();
    for (node, version) in solution {
        let SolverNode::Dist(name) = node else {
            continue;
        };
        let origins = provider.origins(name);
        if origins.is_bundled() {
            continue;
        }
        let build = Cost::Build(name.clone());
        match origins.kind(version) {
            OriginKind::Suite => {}
            OriginKind::Backports => costs.extend([Cost::Backports(name.clone())]),
            OriginKind::Rebuild => costs.extend([build]),
            OriginKind::Index if origins.offers.is_empty() => costs.extend([build]),
            OriginKind::Index => costs.extend([build, Cost::Generate(name.clone())]),
        }
    }
    costs
}

/// The distributions whose version somebody does not ask for.
pub(crate) fn waived_costs(
    provider: &DebianProvider<'_>,
    solution: &Solution,
) -> Result<Costs, Stop> {
    let walk = verdict::walk(provider, solution)?;
    let mut costs = Costs::new();
    for (_, _, edge) in &walk.edges {
        let node = SolverNode::Dist(edge.name.clone());
        let Some(version) = solution
            .get(&node)
            .filter(|_| provider.is_waivable(&edge.name))
        else {
            continue;
        };
        let origins = provider.origins(&edge.name);
        let unmet = !origins.is_unjudged() && !contains(&edge.specifiers, version);
        let constraints = provider.constraints_on(&edge.name).iter();
        let unmet = unmet
            || constraints
                .into_iter()
                .any(|(_, one)| !one.range.contains(version));
        if unmet || provider.exists_nowhere(&edge.name) {
            costs.extend(waive_cost(&node, provider));
        }
    }
    Ok(costs)
}
