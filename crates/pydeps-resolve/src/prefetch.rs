//! Requests what a run will probably require later, so that fewer requests wait for one
//! another. No answer depends on it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use pep440_rs::Version;
use pydeps_core::name::DistName;
use version_ranges::Ranges;

use crate::edges::NodeEdges;
use crate::known_index::IndexRequest;
use crate::node::SolverNode;
use crate::problem::ResolutionRoot;
use crate::provider::DebianProvider;

/// How many releases of one distribution are prefetched at a time, where the search for
/// fewer packages steps back over it.
const PREFETCH_IN_SEARCH: usize = 8;

/// How many releases of one distribution may be prefetched beyond those that the solver has
/// read, where a later choice may exclude them.
const UNREAD: usize = 1;

impl DebianProvider<'_> {
    /// Prefetches the releases that follow one that is missing, where the solver has
    /// stepped back over its newer ones.
    pub(crate) fn prefetch_next(&self, name: &DistName, version: &Version) {
        if self.policy.allowed.is_some() {
            let most = PREFETCH_IN_SEARCH.min(self.context.consulted.left());
            self.prefetch_older(name, version, most);
        } else if self.is_root(name) {
            self.prefetch_older(name, version, self.problem.options.prefetch);
        } else {
            self.prefetch_pinned_by_roots(name);
        }
    }

    /// Prefetches the releases before this one: as many as the solver has stepped back
    /// over, and at most `most`.
    fn prefetch_older(&self, name: &DistName, version: &Version, most: usize) {
        let Some(project) = self.index.project(name).flatten() else {
            return;
        };
        let candidates = self.candidates(project);
        let Some(at) = candidates.iter().position(|candidate| candidate == version) else {
            return;
        };
        let is_known = |version: &&Version| self.index.metadata(name, version).is_some();
        let newer = candidates[..at].iter().rev();
        let steps = newer.take_while(is_known).take(most).count();
        for older in candidates[at + 1..].iter().take(steps) {
            if !is_known(&older) {
                self.prefetch(IndexRequest::Metadata(name.clone(), older.clone()));
            }
        }
    }

    /// Prefetches the releases of `name` that the next releases of a stepping root pin,
    /// from the second time on.
    fn prefetch_pinned_by_roots(&self, name: &DistName) {
        if self.context.consulted.count(name) < 2 {
            return;
        }
        let roots = self.problem.roots.iter();
        for root in roots.filter_map(ResolutionRoot::requirement) {
            for next in self.next_known_releases(&root.name) {
                if let Some(pinned) = self.pinned_by(&root.name, &next, name) {
                    self.prefetch(IndexRequest::Metadata(name.clone(), pinned));
                }
            }
        }
    }

    /// The releases that a root steps back to next, as far as their metadata are known.
    fn next_known_releases(&self, root: &DistName) -> Vec<Version> {
        let Some(project) = self.index.project(root).flatten() else {
            return Vec::new();
        };
        let candidates = self.candidates(project);
        let next = candidates
            .iter()
            .skip_while(|version| self.context.consulted.contains(root, version));
        next.take_while(|version| self.index.metadata(root, version).is_some())
            .take(self.problem.options.prefetch)
            .cloned()
            .collect()
    }

    /// The release of `name` that a root's release pins, if its metadata are not known yet.
    fn pinned_by(&self, root: &DistName, version: &Version, name: &DistName) -> Option<Version> {
        let edges = self.edges(&SolverNode::Dist(root.clone()), version).ok()?;
        let mut edges = edges.list().iter();
        let edge = edges.find(|edge| edge.name == *name)?;
        let pinned = self.range(edge).as_singleton()?.clone();
        let is_released = self.index.project(name)??.releases.contains_key(&pinned);
        let is_known = self.index.metadata(name, &pinned).is_some();
        (is_released && !is_known).then_some(pinned)
    }

    /// Whether a root has stepped back. Then the newest releases of the rest of the tree
    /// were prefetched before, and most of them will not be taken.
    fn is_stepping_back(&self) -> bool {
        let mut roots = self
            .problem
            .roots
            .iter()
            .filter_map(ResolutionRoot::requirement);
        roots.any(|root| self.context.consulted.count(&root.name) > 1)
    }

    /// Prefetches the release of a distribution that the solver would choose in a range.
    pub(crate) fn prefetch_candidate(&self, name: &DistName, range: &Ranges<Version>) {
        let origins = self.origins(name);
        if origins.is_leaf() || self.exists_nowhere(name) {
            return;
        }
        if range.as_singleton().is_none() && self.is_stepping_back() {
            return;
        }
        let Ok(Some(version)) = self.prefetching(|| self.choose(name, range, &|_| true)) else {
            return;
        };
        let unread = self.index.count_metadata(name) >= self.context.consulted.count(name) + UNREAD;
        let is_known = self.index.metadata(name, &version).is_some();
        if !is_known && !unread && !origins.kind(&version).is_package() {
            self.prefetch(IndexRequest::Metadata(name.clone(), version));
        }
    }

    /// Walks from the roots over the newest releases of the tree and prefetches what is not
    /// known. It ends where a release conflicts with the suite, as the tree of another
    /// release will differ.
    pub(crate) fn prefetch_newest_tree(&self) {
        let mut ranges: BTreeMap<DistName, Ranges<Version>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut queue = VecDeque::from([SolverNode::Roots]);
        while let Some(node) = queue.pop_front() {
            let Some(edges) = self.prefetching(|| self.newest_edges(&node, &ranges)) else {
                continue;
            };
            if self.is_infeasible(&edges) {
                return;
            }
            for edge in edges.list() {
                let known = ranges.entry(edge.name.clone()).or_insert_with(Ranges::full);
                *known = known.intersection(&self.range(edge));
                let nodes = SolverNode::of_edge(edge);
                queue.extend(nodes.filter(|node| seen.insert(node.clone())));
            }
        }
    }

    /// The edges of the newest release of a node in its range; `None` if they are not known
    /// or if the newest version is a package.
    fn newest_edges(
        &self,
        node: &SolverNode,
        ranges: &BTreeMap<DistName, Ranges<Version>>,
    ) -> Option<Rc<NodeEdges>> {
        let Some(name) = node.name() else {
            return self.edges(node, &Version::new([0])).ok();
        };
        let origins = self.origins(name);
        if origins.is_leaf() || origins.ignored.is_some() || self.exists_nowhere(name) {
            return None;
        }
        let version = self.choose(name, ranges.get(name)?, &|_| true).ok()??;
        if origins.kind(&version).is_package() {
            return None;
        }
        if self.index.metadata(name, &version).is_some() {
            return self.edges(node, &version).ok();
        }
        self.prefetch(IndexRequest::Metadata(name.clone(), version));
        None
    }
}
