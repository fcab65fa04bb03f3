//! Requirements that no choice of the solver can meet. The solver runs faster if it sees
//! these alone.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::name::DistName;
use version_ranges::Ranges;

use crate::budget::Stop;
use crate::edges::RequirementEdge;
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::policy::InfeasibleReleases;
use crate::provider::DebianProvider;

impl DebianProvider<'_> {
    /// The dependencies of those edges that no choice of the solver can meet.
    pub(crate) fn unsatisfiable(
        &self,
        edges: &[RequirementEdge],
    ) -> BTreeMap<SolverNode, Ranges<Version>> {
        let mut unsatisfiable = BTreeMap::new();
        for edge in edges {
            if self.is_disallowed(&edge.name) || self.conflicts_with_suite(edge) {
                unsatisfiable.insert(SolverNode::Dist(edge.name.clone()), self.range(edge));
            }
        }
        unsatisfiable
    }

    /// Whether the distribution is a leaf, and no package of it meets the requirement.
    fn conflicts_with_suite(&self, edge: &RequirementEdge) -> bool {
        let origins = self.origins(&edge.name);
        if !origins.is_leaf() || origins.ignored.is_some() || origins.is_bundled() {
            return false;
        }
        let range = self.range(edge);
        origins.fixed().all(|(_, version)| !range.contains(version))
    }

    /// Whether the policy allows no origin of the distribution.
    fn is_disallowed(&self, name: &DistName) -> bool {
        if self.policy.allowed.is_none() {
            return false;
        }
        let origins = self.origins(name);
        let mut kinds = origins
            .fixed()
            .map(|(kind, _)| kind)
            .chain([OriginKind::Index]);
        origins.ignored.is_none() && kinds.all(|kind| !self.admits(name, &origins, kind))
    }

    /// The releases of a distribution that the policy knows to be infeasible.
    pub(crate) fn infeasible(&self, name: &DistName) -> Option<&BTreeSet<Version>> {
        self.policy.infeasible.get(name)
    }
}

/// The releases read so far that the target's Python or the suite's packages exclude.
pub(crate) fn infeasible(provider: &DebianProvider<'_>) -> Result<InfeasibleReleases, Stop> {
    let mut infeasible = InfeasibleReleases::new();
    for (name, version) in provider.context.consulted.releases() {
        let node = SolverNode::Dist(name.clone());
        let is_infeasible = match provider.consult_edges(&node, &version)?.as_ref() {
            Ok(edges) => edges.iter().any(|edge| provider.conflicts_with_suite(edge)),
            Err(_) => true,
        };
        if is_infeasible {
            infeasible.entry(name).or_default().insert(version);
        }
    }
    Ok(infeasible)
}
