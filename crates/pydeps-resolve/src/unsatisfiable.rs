//! What cannot be had whatever else is chosen: to see it early saves most of the work.

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
    /// The requirements that cannot be met whatever else is chosen. Where there are any,
    /// they are enough; the others would only cost time.
    pub(crate) fn unsatisfiable(
        &self,
        edges: &[RequirementEdge],
    ) -> BTreeMap<SolverNode, Ranges<Version>> {
        let infeasible = |edge: &&RequirementEdge| {
            self.is_disallowed(&edge.name) || self.conflicts_with_suite(edge)
        };
        let unsatisfiable = edges.iter().filter(infeasible);
        let constraint =
            |edge: &RequirementEdge| (SolverNode::Dist(edge.name.clone()), self.range(edge));
        unsatisfiable.map(constraint).collect()
    }

    /// Whether there are packages only, and none in a version that is required.
    fn conflicts_with_suite(&self, edge: &RequirementEdge) -> bool {
        let origins = self.origins(&edge.name);
        if !origins.is_leaf() || origins.ignored.is_some() || origins.is_bundled() {
            return false;
        }
        let range = self.range(edge);
        let fits = origins.fixed().any(|(_, version)| range.contains(&version));
        !fits
    }

    /// Whether nothing that a distribution could come from is paid for.
    fn is_disallowed(&self, name: &DistName) -> bool {
        if self.policy.allowed.is_none() {
            return false;
        }
        let origins = self.origins(name);
        let choice = !origins.offers.is_empty();
        let mut kinds = origins
            .fixed()
            .map(|(kind, _)| kind)
            .chain([OriginKind::Index]);
        origins.ignored.is_none()
            && !origins.is_bundled()
            && !kinds.any(|kind| self.policy.admits(name, kind, choice))
    }

    /// The releases of a distribution that are known to be hopeless.
    pub(crate) fn infeasible(&self, name: &DistName) -> Option<&BTreeSet<Version>> {
        self.policy.infeasible.get(name)
    }
}

/// Of the releases that an effort has looked into, those that ask for what the packages
/// that are there do not meet.
pub(crate) fn infeasible(provider: &DebianProvider<'_>) -> Result<InfeasibleReleases, Stop> {
    let mut infeasible = InfeasibleReleases::new();
    for (name, version) in provider.context.consulted.consulted() {
        let node = SolverNode::Dist(name.clone());
        let edges = provider.edges(&node, &version)?;
        let misfit = match edges.as_ref() {
            Ok(edges) => edges.iter().any(|edge| provider.conflicts_with_suite(edge)),
            Err(_) => true,
        };
        if misfit {
            infeasible.entry(name).or_default().insert(version);
        }
    }
    Ok(infeasible)
}
