//! What is asked for before it is needed, so that few answers are waited for one after the
//! other. None of it changes an answer.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use pep440_rs::Version;
use pydeps_core::name::DistName;
use version_ranges::Ranges;

use crate::cache::EdgesOrReason;
use crate::known_index::IndexRequest;
use crate::node::SolverNode;
use crate::problem::ResolutionRoot;
use crate::provider::DebianProvider;

/// How many releases are asked for ahead, at most: of what is walked back over one by one.
const AHEAD: usize = 8;

/// What was asked for ahead so often in vain is not asked for ahead again.
const IN_VAIN: usize = 1;

impl DebianProvider<'_> {
    /// Where one release after the other was looked into, as many more will be: asks for
    /// those too, so that a long way back takes few rounds.
    pub(crate) fn prefetch_next(&self, name: &DistName, version: &Version) {
        let in_proof = self.policy.allowed.is_some();
        match (in_proof, self.is_root(name)) {
            (true, _) => {
                self.prefetch_older(name, version, AHEAD.min(self.context.consulted.left()));
            }
            (false, true) => self.prefetch_older(name, version, self.problem.options.ahead),
            (false, false) => self.prefetch_pinned_by_roots(name),
        }
    }

    /// Asks for the releases after this one: as many as were walked over, at most `most`.
    fn prefetch_older(&self, name: &DistName, version: &Version, most: usize) {
        let Some(project) = self.world.project(name).flatten() else {
            return;
        };
        let candidates = self.candidates(project);
        let Some(at) = candidates.iter().position(|one| one == version) else {
            return;
        };
        let known = |version: &&Version| self.world.metadata(name, version).is_some();
        let (newer, rest) = (&candidates[..at], &candidates[at + 1..]);
        let steps = newer.iter().rev().take_while(known).count().min(most);
        let next = rest.iter().take(steps).filter(|version| !known(version));
        next.for_each(|next| self.prefetch(IndexRequest::Metadata(name.clone(), next.clone())));
    }

    /// A root that steps back takes along what its releases pin: asks for those of `name`
    /// that the next releases will want, where it is not the first time.
    fn prefetch_pinned_by_roots(&self, name: &DistName) {
        if self.context.consulted.count(name) < 2 {
            return;
        }
        for root in self
            .problem
            .roots
            .iter()
            .filter_map(ResolutionRoot::requirement)
        {
            for next in self.next_known_releases(&root.name) {
                if let Some(pinned) = self.pinned_by(&root.name, &next, name) {
                    self.prefetch(IndexRequest::Metadata(name.clone(), pinned));
                }
            }
        }
    }

    /// The known releases that a root comes to next.
    fn next_known_releases(&self, root: &DistName) -> Vec<Version> {
        let known = |version: &&Version| self.world.metadata(root, version).is_some();
        let consulted = |version: &&Version| self.context.consulted.has(root, version);
        let project = self.world.project(root).flatten();
        let candidates = project.map(|project| self.candidates(project));
        let next = candidates
            .iter()
            .flat_map(|all| all.iter().skip_while(consulted));
        next.take_while(known)
            .take(self.problem.options.ahead)
            .cloned()
            .collect()
    }

    /// The release of `name` that a root's release asks for exactly, if it is not known yet.
    fn pinned_by(&self, root: &DistName, version: &Version, name: &DistName) -> Option<Version> {
        let edges = self
            .edges_uncounted(&SolverNode::Dist(root.clone()), version)
            .ok()?;
        let edge = edges
            .as_ref()
            .as_ref()
            .ok()?
            .iter()
            .find(|edge| edge.name == *name)?;
        let pinned = self.range(edge).as_singleton()?.clone();
        let released = self.world.project(name)??.releases.contains_key(&pinned);
        let known = self.world.metadata(name, &pinned).is_some();
        (released && !known).then_some(pinned)
    }

    /// Whether a root has stepped back: what the newest of the rest would ask for was asked
    /// early then, and most of it will not be that.
    fn is_stepping_back(&self) -> bool {
        let roots = self
            .problem
            .roots
            .iter()
            .filter_map(ResolutionRoot::requirement);
        let mut counts = roots.map(|root| self.context.consulted.count(&root.name));
        counts.any(|count| count > 1)
    }

    /// Asks early for what will most likely be needed.
    pub(crate) fn prefetch_candidate(&self, name: &DistName, range: &Ranges<Version>) {
        let origins = self.origins(name);
        if origins.is_leaf() || self.exists_nowhere(name) {
            return;
        }
        if self.is_stepping_back() && range.as_singleton().is_none() {
            return;
        }
        if let Ok(Some(version)) = self.early(|| self.choose(name, range)) {
            let known = self.world.metadata(name, &version).is_some();
            let vain = self.world.count(name) >= self.context.consulted.count(name) + IN_VAIN;
            if !known && !vain && !origins.kind(&version).is_package() {
                self.prefetch(IndexRequest::Metadata(name.clone(), version));
            }
        }
    }

    /// Walks from the roots over the newest of everything, and asks for what is not known of
    /// it; up to where something is in the way, as then the tree will be another one.
    pub(crate) fn prefetch_newest_tree(&self) {
        let mut ranges: BTreeMap<DistName, Ranges<Version>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut queue = VecDeque::from([SolverNode::Roots]);
        while let Some(node) = queue.pop_front() {
            let Some(edges) = self.early(|| self.newest_edges(&node, &ranges)) else {
                continue;
            };
            let edges = edges.as_ref().as_ref().map_or(&[][..], Vec::as_slice);
            if !self.unsatisfiable(edges).is_empty() {
                return;
            }
            for edge in edges {
                let known = ranges.entry(edge.name.clone()).or_insert_with(Ranges::full);
                *known = known.intersection(&self.range(edge));
                let extras = edge.extras.iter();
                let extras =
                    extras.map(|extra| SolverNode::Extra(edge.name.clone(), extra.clone()));
                let nodes = std::iter::once(SolverNode::Dist(edge.name.clone())).chain(extras);
                queue.extend(nodes.filter(|node| seen.insert(node.clone())));
            }
        }
    }

    /// The edges of the newest release in a range; `None` if it has to be asked for, or if
    /// it is a package.
    fn newest_edges(
        &self,
        node: &SolverNode,
        ranges: &BTreeMap<DistName, Ranges<Version>>,
    ) -> Option<Rc<EdgesOrReason>> {
        let Some(name) = node.name() else {
            return self.edges_uncounted(node, &Version::new([0])).ok();
        };
        let origins = self.origins(name);
        if origins.is_leaf() || origins.ignored.is_some() || self.exists_nowhere(name) {
            return None;
        }
        let version = self.choose(name, ranges.get(name)?).ok()??;
        if origins.kind(&version).is_package() {
            return None;
        }
        if self.world.metadata(name, &version).is_some() {
            return self.edges_uncounted(node, &version).ok();
        }
        self.prefetch(IndexRequest::Metadata(name.clone(), version));
        None
    }
}
