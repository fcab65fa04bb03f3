//! The world as the solver sees it.
//!
//! What is not known yet is collected on the way, and the first thing that cannot
//! be done without ends the attempt with [`Missing`].

use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pep440_rs::Version;
use pubgrub::{Dependencies, DependencyProvider, PackageResolutionStatistics};
use pydeps_core::mapping::{Answer, Mapping};
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::upstream::{Metadata, Project};
use version_ranges::Ranges;

use crate::candidates;
use crate::expand::{self, Edge};
use crate::memo::{Edges, Memo};
use crate::node::Node;
use crate::problem::{Problem, Root};
use crate::world::{Request, World};

/// How many releases are asked for ahead, at most.
const AHEAD: usize = 16;

/// What the attempt could not go on without.
#[derive(Debug, thiserror::Error)]
#[error("metadata is missing")]
pub(crate) struct Missing;

/// Whether the versions of the suite bind those who require them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binding {
    /// A requirement that the suite's version does not meet is a conflict.
    Strict,
    /// It is let through, to be judged afterwards.
    Lenient,
}

/// How far a floating root may step back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// As far as the options' window says.
    Window,
    /// To any release of the same major version.
    Major,
    /// Not at all.
    Newest,
}

/// One attempt's view.
pub(crate) struct Provider<'a> {
    pub(crate) problem: Problem<'a>,
    pub(crate) world: &'a World,
    pub(crate) binding: Binding,
    pub(crate) reach: Reach,
    memo: &'a Memo,
    wanted: RefCell<BTreeSet<Request>>,
}

impl<'a> Provider<'a> {
    pub(crate) fn new(
        problem: Problem<'a>,
        world: &'a World,
        memo: &'a Memo,
        binding: Binding,
        reach: Reach,
    ) -> Self {
        Self {
            problem,
            world,
            binding,
            reach,
            memo,
            wanted: RefCell::default(),
        }
    }

    /// What the last attempt asked for.
    pub(crate) fn wanted(&self) -> Vec<Request> {
        self.wanted.take().into_iter().collect()
    }

    /// What the suite says of a distribution. A private copy satisfies nobody.
    pub(crate) fn answer(&self, name: &DistName) -> Rc<Answer> {
        self.memo.answer(name, self.problem.lookup)
    }

    /// The suite's package, if the distribution is a leaf.
    pub(crate) fn leaf(&self, name: &DistName) -> Option<Mapping> {
        match &*self.answer(name) {
            Answer::Mapped(mapping) => Some(mapping.clone()),
            _ => None,
        }
    }

    pub(crate) fn is_leaf(&self, name: &DistName) -> bool {
        matches!(&*self.answer(name), Answer::Mapped(_))
    }

    fn ignored(&self, name: &DistName) -> bool {
        matches!(&*self.answer(name), Answer::Ignored(_))
    }

    /// The releases of a project that can be used, best first.
    pub(crate) fn candidates(&self, project: &Project) -> Rc<Vec<Version>> {
        self.memo.candidates(project, &self.problem)
    }

    /// A project from the index; asks for it if it is not known yet.
    fn project(&self, name: &DistName) -> Result<Option<&'a Project>, Missing> {
        self.world.project(name).ok_or_else(|| {
            self.want(Request::Project(name.clone()));
            Missing
        })
    }

    fn want(&self, request: Request) {
        self.wanted.borrow_mut().insert(request);
    }

    /// A release's metadata, or why there is none; asks for it if it is not known.
    fn metadata(
        &self,
        name: &DistName,
        version: &Version,
    ) -> Result<Result<&'a Metadata, String>, Missing> {
        match self.world.metadata(name, version) {
            Some(known) => Ok(known.map_err(|unavailable| unavailable.0.clone())),
            None => {
                self.want(Request::Metadata(name.clone(), version.clone()));
                self.look_ahead(name, version);
                Err(Missing)
            }
        }
    }

    /// A root that has stepped back so many times will step back as many times more:
    /// asks for those releases too, so that a long way back takes few rounds.
    fn look_ahead(&self, name: &DistName, version: &Version) {
        let Ok(Some(project)) = self.project(name) else {
            return;
        };
        let candidates = self.candidates(project);
        let Some(at) = candidates.iter().position(|candidate| candidate == version) else {
            return;
        };
        let steps = if self.is_root(name) { at.min(AHEAD) } else { 0 };
        for next in candidates.iter().skip(at + 1).take(steps) {
            if self.world.metadata(name, next).is_none() {
                self.want(Request::Metadata(name.clone(), next.clone()));
            }
        }
    }

    /// The version that would be chosen in a range.
    fn choose(&self, name: &DistName, range: &Ranges<Version>) -> Result<Option<Version>, Missing> {
        if let Answer::Mapped(mapping) = &*self.answer(name) {
            let version = leaf_version(mapping);
            return Ok(range.contains(&version).then_some(version));
        }
        let target = self.problem.target;
        Ok(match self.project(name)? {
            Some(project) => candidates::choose(project, &self.candidates(project), range, target),
            None => self.placeholder(),
        })
    }

    /// What stands for a distribution that nobody has, so that a lenient attempt
    /// can still show the rest of the tree.
    fn placeholder(&self) -> Option<Version> {
        (self.binding == Binding::Lenient).then(|| Version::new([0]))
    }

    /// Whether neither the suite nor an index has a distribution.
    pub(crate) fn is_nowhere(&self, name: &DistName) -> bool {
        !self.is_leaf(name) && matches!(self.world.project(name), Some(None))
    }

    /// Asks early for what will most likely be needed.
    fn foresee(&self, name: &DistName, range: &Ranges<Version>) {
        if !self.is_leaf(name) && !self.is_nowhere(name) {
            if let Ok(Some(version)) = self.choose(name, range) {
                _ = self.metadata(name, &version);
            }
        }
    }

    /// The release in the index whose metadata tells of a leaf's extras: that of the
    /// suite's version, or else the newest one before it.
    pub(crate) fn described_release(&self, mapping: &Mapping) -> Result<Option<Version>, Missing> {
        let Some(project) = self.project(&mapping.distribution)? else {
            return Ok(None);
        };
        let version = leaf_version(mapping);
        let mut versions = project.releases.range(..=&version);
        Ok(versions.next_back().map(|(version, _)| version.clone()))
    }

    /// The edges of a node at a version; `Err(reason)` inside if it cannot be had.
    pub(crate) fn edges(&self, node: &Node, version: &Version) -> Result<Rc<Edges>, Missing> {
        if let Some(known) = self.memo.edges(node, version) {
            return Ok(known);
        }
        let edges = Rc::new(self.read_edges(node, version)?);
        self.memo.remember(node, version, &edges);
        Ok(edges)
    }

    fn read_edges(&self, node: &Node, version: &Version) -> Result<Edges, Missing> {
        match node {
            Node::Roots => Ok(Ok(self.root_edges())),
            Node::Dist(name) if self.is_leaf(name) => Ok(Ok(Vec::new())),
            Node::Dist(name) | Node::Extra(name, _) if self.is_nowhere(name) => Ok(Ok(Vec::new())),
            Node::Dist(name) => self.dist_edges(name, version),
            Node::Extra(name, extra) => self.extra_edges(name, extra, version),
        }
    }

    fn root_edges(&self) -> Vec<Edge> {
        let target = self.problem.target;
        let edges = self.problem.roots.iter().flat_map(|root| match root {
            Root::Requirement { requirement, .. } => {
                expand::base(std::slice::from_ref(requirement), target)
            }
            Root::Project {
                name,
                requires,
                extras,
                ..
            } => expand::project(name.as_ref(), requires, extras, target),
        });
        edges.collect()
    }

    fn dist_edges(&self, name: &DistName, version: &Version) -> Result<Edges, Missing> {
        let target = self.problem.target;
        Ok(self.metadata(name, version)?.and_then(|metadata| {
            if target.admits(metadata.requires_python.as_ref()) {
                Ok(expand::base(&metadata.requires_dist, target))
            } else {
                Err(python_reason(metadata, self.problem.suite, target.python()))
            }
        }))
    }

    fn extra_edges(
        &self,
        name: &DistName,
        extra: &ExtraName,
        version: &Version,
    ) -> Result<Edges, Missing> {
        let described = match self.leaf(name) {
            Some(mapping) => self.described_release(&mapping)?,
            None => Some(version.clone()),
        };
        let Some(described) = described else {
            return Ok(Ok(Vec::new()));
        };
        let target = self.problem.target;
        let metadata = self.metadata(name, &described)?;
        Ok(metadata.map(|metadata| expand::extra(&metadata.requires_dist, extra, target)))
    }

    /// An edge as the solver's constraints.
    fn constraints(&self, edge: &Edge) -> Vec<(Node, Ranges<Version>)> {
        if self.ignored(&edge.name) {
            return Vec::new();
        }
        let range = self.range(edge);
        let name = &edge.name;
        let extras = edge.extras.iter();
        let extras = extras.map(|extra| Node::Extra(name.clone(), extra.clone()));
        let nodes = std::iter::once(Node::Dist(name.clone())).chain(extras);
        nodes.map(|node| (node, range.clone())).collect()
    }

    fn range(&self, edge: &Edge) -> Ranges<Version> {
        let answer = self.answer(&edge.name);
        let leaf = match &*answer {
            Answer::Mapped(mapping) => Some(mapping),
            _ => None,
        };
        let unjudged = leaf.is_some_and(|leaf| leaf.upstream.is_none());
        let given = leaf.is_some() || self.is_nowhere(&edge.name);
        if unjudged || (given && self.binding == Binding::Lenient) {
            return Ranges::full();
        }
        let constraints = self.constraints_on(&edge.name).iter();
        constraints.fold(edge.range.clone(), |range, (_, one)| {
            range.intersection(&one.range)
        })
    }

    /// The constraints on a distribution, with the places where they were written.
    pub(crate) fn constraints_on(&self, name: &DistName) -> &'a [(String, Edge)] {
        self.memo.constraints_on(name)
    }

    /// The versions that a root may take: all, unless it floats.
    fn reachable(&self, edge: &Edge) -> Result<Ranges<Version>, Missing> {
        let constrained = !self.constraints_on(&edge.name).is_empty();
        if self.is_leaf(&edge.name) || !edge.specifiers.is_empty() || constrained {
            return Ok(Ranges::full());
        }
        let Some(project) = self.project(&edge.name)? else {
            return Ok(Ranges::full());
        };
        let candidates = self.candidates(project);
        let options = self.problem.options;
        Ok(candidates::within(
            project,
            &candidates,
            options,
            self.reach,
        ))
    }

    /// The constraints of all edges. Everything that is missing for one is asked for.
    fn all_constraints(
        &self,
        node: &Node,
        edges: &[Edge],
    ) -> Result<Vec<(Node, Ranges<Version>)>, Missing> {
        let mut all = Vec::new();
        let mut missing = false;
        for edge in edges {
            let reach = match node {
                Node::Roots => self.reachable(edge),
                _ => Ok(Ranges::full()),
            };
            match reach {
                Ok(reach) => all.extend(
                    self.constraints(edge)
                        .into_iter()
                        .map(|(node, range)| (node, range.intersection(&reach))),
                ),
                Err(Missing) => missing = true,
            }
        }
        if missing { Err(Missing) } else { Ok(all) }
    }
}

/// The version that a leaf has for the solver, which compares public versions.
pub(crate) fn leaf_version(mapping: &Mapping) -> Version {
    let version = mapping
        .upstream
        .clone()
        .unwrap_or_else(|| Version::new([0]));
    version.without_local()
}

fn python_reason(metadata: &Metadata, suite: &str, python: &Version) -> String {
    let wanted = metadata.requires_python.as_ref();
    let wanted = wanted.map_or_else(String::new, ToString::to_string);
    format!("it needs Python {wanted}, and {suite} has {python}")
}

impl DependencyProvider for Provider<'_> {
    type P = Node;
    type V = Version;
    type VS = Ranges<Version>;
    type Priority = (u8, u32, Reverse<Node>);
    type M = String;
    type Err = Missing;

    /// Roots first, so that they get the newest version that can be had; then what
    /// the suite has, where there is nothing to choose; then what is contested.
    fn prioritize(
        &self,
        node: &Node,
        range: &Ranges<Version>,
        statistics: &PackageResolutionStatistics,
    ) -> Self::Priority {
        let class = match node {
            Node::Roots => 4,
            _ if node.name().is_some_and(|name| self.is_root(name)) => 3,
            _ if node.name().is_some_and(|name| self.is_leaf(name)) => 2,
            _ => 1,
        };
        if let Some(name) = node.name() {
            self.foresee(name, range);
        }
        (class, statistics.conflict_count(), Reverse(node.clone()))
    }

    fn choose_version(
        &self,
        node: &Node,
        range: &Ranges<Version>,
    ) -> Result<Option<Version>, Missing> {
        match node.name() {
            None => Ok(Some(Version::new([0]))),
            Some(name) => self.choose(name, range),
        }
    }

    fn get_dependencies(
        &self,
        node: &Node,
        version: &Version,
    ) -> Result<Dependencies<Node, Ranges<Version>, String>, Missing> {
        let edges = self.edges(node, version)?;
        let edges = match edges.as_ref() {
            Ok(edges) => edges,
            Err(reason) => return Ok(Dependencies::Unavailable(reason.clone())),
        };
        let mut all: BTreeMap<Node, Ranges<Version>> = BTreeMap::new();
        if let Node::Extra(name, _) = node {
            all.insert(Node::Dist(name.clone()), Ranges::singleton(version.clone()));
        }
        for (other, range) in self.all_constraints(node, edges)? {
            let known = all.entry(other).or_insert_with(Ranges::full);
            *known = known.intersection(&range);
        }
        if let Node::Dist(_) = node {
            // A distribution may name itself to pull in one of its extras.
            all.remove(node);
        }
        Ok(Dependencies::Available(all.into_iter().collect()))
    }
}

impl Provider<'_> {
    fn is_root(&self, name: &DistName) -> bool {
        self.problem.roots.iter().any(|root| match root {
            Root::Requirement { requirement, .. } => requirement.name == *name,
            Root::Project { .. } => false,
        })
    }
}
