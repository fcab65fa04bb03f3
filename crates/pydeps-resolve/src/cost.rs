//! What an answer costs: requirements to waive and packages to build.

use std::collections::BTreeSet;

use pydeps_core::name::DistName;
use pydeps_core::relation::contains;

use crate::budget::Stop;
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::policy::Policy;
use crate::provider::{DebianProvider, SolveContext};
use crate::unsat_core::waive_cost;
use crate::verdict::{self, Solution};

/// One item of the cost of an answer. The order is from the dearest class to the cheapest.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Cost {
    /// Requirements on the distribution, which the index has, do not bind.
    WaiveIndex(DistName),
    /// Requirements on the distribution, which the suite has in another version or which
    /// does not exist, do not bind: somebody has to decide.
    WaiveGiven(DistName),
    /// A package of the distribution has to be built.
    Build(DistName),
    /// The package has to be generated from the index, although another origin offers it.
    Generate(DistName),
    /// The answer takes the package of backports instead of the suite's.
    Backports(DistName),
}

/// The number of classes of [`Cost`].
pub(crate) const CLASSES: usize = 5;

/// The cost of an answer.
pub(crate) type Costs = BTreeSet<Cost>;

impl Cost {
    /// The class of the cost, from 0 for the dearest to `CLASSES - 1`. One item of a class
    /// is dearer than any number of items of the later classes.
    pub(crate) fn class(&self) -> usize {
        match self {
            Self::WaiveIndex(_) => 0,
            Self::WaiveGiven(_) => 1,
            Self::Build(_) => 2,
            Self::Generate(_) => 3,
            Self::Backports(_) => 4,
        }
    }

    /// Whether the cost is a requirement that does not bind.
    pub(crate) fn is_waiver(&self) -> bool {
        matches!(self, Self::WaiveIndex(_) | Self::WaiveGiven(_))
    }

    /// The distribution that the cost is about.
    pub(crate) fn name(&self) -> &DistName {
        match self {
            Self::WaiveIndex(name)
            | Self::WaiveGiven(name)
            | Self::Build(name)
            | Self::Generate(name)
            | Self::Backports(name) => name,
        }
    }
}

/// The number of packages to build among the costs.
pub(crate) fn count_builds(costs: &Costs) -> usize {
    let is_build = |cost: &&Cost| matches!(cost, Cost::Build(_));
    costs.iter().filter(is_build).count()
}

/// What a solution builds or takes from backports.
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

/// The waivers of a solution: one for each distribution with a version that does not meet
/// a requirement on it. [`Stop::Missing`] if metadata are not known yet.
pub(crate) fn waived_costs(
    provider: &DebianProvider<'_>,
    solution: &Solution,
) -> Result<Costs, Stop> {
    let walk = verdict::walk(provider, solution)?;
    let mut costs = Costs::new();
    for (_, _, edge) in &walk.edges {
        let node = SolverNode::Dist(edge.name.clone());
        let Some(version) = solution.get(&node) else {
            continue;
        };
        if !provider.is_waivable(&edge.name) {
            continue;
        }
        let judged = !provider.origins(&edge.name).is_unjudged();
        let mut constraints = provider.constraints_on(&edge.name).iter();
        if judged && !contains(&edge.specifiers, version)
            || constraints.any(|(_, constraint)| !constraint.range.contains(version))
            || provider.exists_nowhere(&edge.name)
        {
            costs.extend(waive_cost(&node, provider));
        }
    }
    Ok(costs)
}
