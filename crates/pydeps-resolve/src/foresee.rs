//! What is asked for before it is needed, so that few answers are waited for one after the
//! other. None of it changes an answer.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;

use pep440_rs::Version;
use pydeps_core::name::DistName;
use version_ranges::Ranges;

use crate::memo::Edges;
use crate::node::Node;
use crate::provider::Provider;
use crate::world::Request;

/// How many releases are asked for ahead, at most.
const AHEAD: usize = 8;

/// What was asked for ahead so often in vain is not asked for ahead again.
const IN_VAIN: usize = 2;

impl Provider<'_> {
    /// Where one release after the other was looked into, as many more will be: asks for
    /// those too, so that a long way back takes few rounds.
    pub(crate) fn look_ahead(&self, name: &DistName, version: &Version) {
        let Some(project) = self.world.project(name).flatten() else {
            return;
        };
        let candidates = self.candidates(project);
        let known = |version: &&Version| self.world.metadata(name, version).is_some();
        let (newer, rest) = match candidates.iter().position(|one| one == version) {
            Some(at) => (&candidates[..at], &candidates[at + 1..]),
            None => return,
        };
        let steps = newer.iter().rev().take_while(known).count().min(AHEAD);
        let next = rest.iter().take(steps).filter(|version| !known(version));
        next.for_each(|next| self.want_soon(Request::Metadata(name.clone(), next.clone())));
    }

    /// Asks early for what will most likely be needed.
    pub(crate) fn foresee(&self, name: &DistName, range: &Ranges<Version>) {
        let supply = self.supply(name);
        if supply.is_leaf() || self.is_nowhere(name) {
            return;
        }
        if let Ok(Some(version)) = self.early(|| self.choose(name, range)) {
            let known = self.world.metadata(name, &version).is_some();
            let vain = self.world.count(name) >= self.setting.meter.count(name) + IN_VAIN;
            if !known && !vain && !supply.kind(&version).is_package() {
                self.want_soon(Request::Metadata(name.clone(), version));
            }
        }
    }

    /// Walks from the roots over the newest of everything, and asks for what is not known of
    /// it; up to where something is in the way, as then the tree will be another one.
    pub(crate) fn scout(&self) {
        let mut ranges: BTreeMap<DistName, Ranges<Version>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut queue = VecDeque::from([Node::Roots]);
        while let Some(node) = queue.pop_front() {
            let Some(edges) = self.early(|| self.newest_edges(&node, &ranges)) else {
                continue;
            };
            let edges = edges.as_ref().as_ref().map_or(&[][..], Vec::as_slice);
            if !self.blocked(edges).is_empty() {
                return;
            }
            for edge in edges {
                let known = ranges.entry(edge.name.clone()).or_insert_with(Ranges::full);
                *known = known.intersection(&self.range(edge));
                let extras = edge.extras.iter();
                let extras = extras.map(|extra| Node::Extra(edge.name.clone(), extra.clone()));
                let nodes = std::iter::once(Node::Dist(edge.name.clone())).chain(extras);
                queue.extend(nodes.filter(|node| seen.insert(node.clone())));
            }
        }
    }

    /// The edges of the newest release in a range; `None` if it has to be asked for, or if
    /// it is a package.
    fn newest_edges(
        &self,
        node: &Node,
        ranges: &BTreeMap<DistName, Ranges<Version>>,
    ) -> Option<Rc<Edges>> {
        let Some(name) = node.name() else {
            return self.known_edges(node, &Version::new([0])).ok();
        };
        let supply = self.supply(name);
        if supply.is_leaf() || supply.ignored.is_some() || self.is_nowhere(name) {
            return None;
        }
        let version = self.choose(name, ranges.get(name)?).ok()??;
        if supply.kind(&version).is_package() {
            return None;
        }
        if self.world.metadata(name, &version).is_some() {
            return self.known_edges(node, &version).ok();
        }
        self.want_soon(Request::Metadata(name.clone(), version));
        None
    }
}
