//! Requirements that no choice of the solver can meet, and releases that have one. The
//! solver leaves such releases out, many of them at once.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;

use pep440_rs::Version;
use pydeps_core::name::DistName;
use version_ranges::Ranges;

use crate::edges::{NodeEdges, RequirementEdge};
use crate::facts::{Fact, exactly};
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::provider::DebianProvider;

/// Requirements that no choice of the solver can meet: the required distributions with the
/// versions that would do.
type Unsatisfiable<'e> = BTreeMap<&'e DistName, Cow<'e, Ranges<Version>>>;

impl DebianProvider<'_> {
    /// The requirements on leaves that no package meets, whatever the policy waives.
    pub(crate) fn suite_conflicts(
        &self,
        edges: &[RequirementEdge],
    ) -> Vec<(DistName, Ranges<Version>)> {
        let mut conflicts = Vec::new();
        for edge in edges {
            let origins = self.origins(&edge.name);
            if !origins.is_leaf() || origins.ignored.is_some() || origins.is_bundled() {
                continue;
            }
            let range = self.unwaived_range(edge);
            if origins.fixed().all(|(_, version)| !range.contains(version)) {
                conflicts.push((edge.name.clone(), range));
            }
        }
        conflicts
    }

    /// The distributions that no choice of the solver can provide as required under the
    /// policy, each with the range that would do.
    pub(crate) fn unsatisfiable<'e>(&self, edges: &'e NodeEdges) -> Unsatisfiable<'e> {
        let mut unsatisfiable = BTreeMap::new();
        for (name, range) in &edges.suite_conflicts {
            if !self.is_waived(name) {
                unsatisfiable.insert(name, Cow::Borrowed(range));
            }
        }
        if self.policy.allowed.is_some() {
            for edge in edges.list() {
                if self.is_disallowed(&edge.name) {
                    unsatisfiable.insert(&edge.name, Cow::Owned(self.range(edge)));
                }
            }
        }
        unsatisfiable
    }

    /// Whether the solver cannot take a version with these edges.
    pub(crate) fn is_infeasible(&self, edges: &NodeEdges) -> bool {
        let is_unwaived = |(name, _): &(DistName, _)| !self.is_waived(name);
        edges.edges.is_err()
            || edges.suite_conflicts.iter().any(is_unwaived)
            || self.policy.allowed.is_some()
                && edges
                    .list()
                    .iter()
                    .any(|edge| self.is_disallowed(&edge.name))
    }

    /// Whether the policy allows no origin of the distribution.
    fn is_disallowed(&self, name: &DistName) -> bool {
        let origins = self.origins(name);
        let mut kinds = origins
            .fixed()
            .map(|(kind, _)| kind)
            .chain([OriginKind::Index]);
        origins.ignored.is_none() && kinds.all(|kind| !self.admits(name, &origins, kind))
    }

    /// Why the releases of a node in a range are known to be infeasible: facts with as few
    /// required distributions as a greedy choice gives.
    pub(crate) fn infeasibility_facts(
        &self,
        node: &SolverNode,
        range: &Ranges<Version>,
    ) -> Vec<Fact> {
        let Some(name) = node.name() else {
            return Vec::new();
        };
        let mut facts = Vec::new();
        let mut read = Vec::new();
        for version in self.context.consulted.versions(name) {
            if range.contains(&version) {
                let edges = self.context.cache.edges(node, &version);
                read.extend(edges.map(|edges| (version, edges)));
            }
        }
        let mut infeasible: Vec<(&Version, Unsatisfiable<'_>)> = Vec::new();
        for (version, edges) in &read {
            match &edges.edges {
                Err(reason) => facts.push(Fact::Unusable {
                    node: node.clone(),
                    range: Ranges::singleton(version.clone()),
                    reason: reason.clone(),
                }),
                Ok(_) => infeasible.push((version, self.unsatisfiable(edges))),
            }
        }
        let mut unexplained: Vec<&Unsatisfiable<'_>> =
            infeasible.iter().map(|(_, set)| set).collect();
        while let Some(required) = most_frequent_name(&unexplained) {
            let (mut versions, mut range) = (Vec::new(), Ranges::empty());
            for (version, set) in &infeasible {
                let Some(own) = set.get(required) else {
                    continue;
                };
                versions.push((*version).clone());
                if !own.subset_of(&range) {
                    range = range.union(own);
                }
            }
            unexplained.retain(|set| !set.contains_key(required));
            let to = SolverNode::Dist(required.clone());
            facts.push(Fact::Need {
                from: node.clone(),
                versions: exactly(versions),
                to: to.clone(),
                range: range.clone(),
            });
            facts.push(Fact::NoVersions { node: to, range });
        }
        facts
    }
}

/// The name that is in most of the sets, the first of several; `None` if the sets are empty.
fn most_frequent_name<'e>(sets: &[&Unsatisfiable<'e>]) -> Option<&'e DistName> {
    let mut counts: BTreeMap<&DistName, usize> = BTreeMap::new();
    for name in sets.iter().flat_map(|set| set.keys().copied()) {
        *counts.entry(name).or_default() += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(name, count)| (*count, Reverse(*name)));
    most.map(|(name, _)| name)
}
