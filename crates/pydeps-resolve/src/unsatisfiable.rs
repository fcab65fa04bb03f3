//! What cannot be had whatever else is chosen: to see it early saves most of the work.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::name::DistName;
use version_ranges::Ranges;

use crate::budget::Stop;
use crate::edges::Edge;
use crate::node::Node;
use crate::origins::Kind;
use crate::policy::Hopeless;
use crate::provider::Provider;

impl Provider<'_> {
    /// The requirements that cannot be met whatever else is chosen. Where there are any,
    /// they are enough; the others would only cost time.
    pub(crate) fn blocked(&self, edges: &[Edge]) -> BTreeMap<Node, Ranges<Version>> {
        let hopeless = |edge: &&Edge| self.is_unpaid(&edge.name) || self.is_misfit(edge);
        let blocked = edges.iter().filter(hopeless);
        let constraint = |edge: &Edge| (Node::Dist(edge.name.clone()), self.range(edge));
        blocked.map(constraint).collect()
    }

    /// Whether there are packages only, and none in a version that is required.
    fn is_misfit(&self, edge: &Edge) -> bool {
        let supply = self.supply(&edge.name);
        if !supply.is_leaf() || supply.ignored.is_some() || supply.is_bundled() {
            return false;
        }
        let range = self.range(edge);
        let fits = supply.fixed().any(|(_, version)| range.contains(&version));
        !fits
    }

    /// Whether nothing that a distribution could come from is paid for.
    fn is_unpaid(&self, name: &DistName) -> bool {
        if self.policy.paid.is_none() {
            return false;
        }
        let supply = self.supply(name);
        let choice = !supply.offers.is_empty();
        let mut kinds = supply.fixed().map(|(kind, _)| kind).chain([Kind::Index]);
        supply.ignored.is_none()
            && !supply.is_bundled()
            && !kinds.any(|kind| self.policy.admits(name, kind, choice))
    }

    /// The releases of a distribution that are known to be hopeless.
    pub(crate) fn hopeless(&self, name: &DistName) -> Option<&BTreeSet<Version>> {
        self.policy.hopeless.get(name)
    }
}

/// Of the releases that an effort has looked into, those that ask for what the packages
/// that are there do not meet.
pub(crate) fn hopeless(provider: &Provider<'_>) -> Result<Hopeless, Stop> {
    let mut hopeless = Hopeless::new();
    for (name, version) in provider.setting.meter.consulted() {
        let node = Node::Dist(name.clone());
        let edges = provider.edges(&node, &version)?;
        let misfit = match edges.as_ref() {
            Ok(edges) => edges.iter().any(|edge| provider.is_misfit(edge)),
            Err(_) => true,
        };
        if misfit {
            hopeless.entry(name).or_default().insert(version);
        }
    }
    Ok(hopeless)
}
