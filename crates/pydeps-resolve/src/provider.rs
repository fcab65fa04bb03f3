//! The world as the solver sees it.
//!
//! What is not known yet is collected on the way, and the first thing that cannot
//! be done without ends the attempt with [`Stop::Missing`].

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pep440_rs::Version;
use pubgrub::{Dependencies, DependencyProvider, PackageResolutionStatistics};
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::upstream::{Metadata, Project};
use version_ranges::Ranges;

use crate::budget::{Meter, Stop};
use crate::cache::{Edges, Memo};
use crate::candidates;
use crate::edges::{self, Edge};
use crate::known_index::{Request, Wanted, World};
use crate::node::Node;
use crate::origins::{Kind, Supply, unmet};
use crate::policy::Policy;
use crate::problem::{Problem, Root};

/// What outlives an attempt.
#[derive(Clone, Copy)]
pub(crate) struct Setting<'a> {
    pub(crate) problem: &'a Problem<'a>,
    pub(crate) world: &'a World,
    pub(crate) memo: &'a Memo,
    pub(crate) meter: &'a Meter,
    pub(crate) wanted: &'a RefCell<Wanted>,
}

/// One attempt's view.
pub(crate) struct Provider<'a> {
    pub(crate) problem: &'a Problem<'a>,
    pub(crate) world: &'a World,
    pub(crate) policy: Policy,
    pub(crate) setting: Setting<'a>,
    /// Whether what is asked for is not needed yet.
    ahead: Cell<bool>,
}

impl<'a> Provider<'a> {
    pub(crate) fn new(setting: Setting<'a>, policy: Policy) -> Self {
        let Setting { problem, world, .. } = setting;
        Self {
            problem,
            world,
            policy,
            setting,
            ahead: Cell::new(false),
        }
    }

    /// How a distribution may be had.
    pub(crate) fn supply(&self, name: &DistName) -> Rc<Supply> {
        self.setting.memo.supply(name, self.problem)
    }

    /// Whether there is nothing but packages to choose from.
    pub(crate) fn is_leaf(&self, name: &DistName) -> bool {
        self.supply(name).is_leaf()
    }

    /// The releases of a project that can be used, best first.
    pub(crate) fn candidates(&self, project: &Project) -> Rc<Vec<Version>> {
        self.setting.memo.candidates(project, self.problem)
    }

    /// A project from the index; asks for it if it is not known yet.
    pub(crate) fn project(&self, name: &DistName) -> Result<Option<&'a Project>, Stop> {
        self.world.project(name).ok_or_else(|| {
            self.want(Request::Project(name.clone()));
            Stop::Missing
        })
    }

    fn want(&self, request: Request) {
        let mut wanted = self.setting.wanted.borrow_mut();
        let list = match self.ahead.get() {
            true => &mut wanted.soon,
            false => &mut wanted.now,
        };
        list.insert(request);
    }

    /// What is asked for in `look` is not needed yet.
    pub(crate) fn early<T>(&self, look: impl FnOnce() -> T) -> T {
        let before = self.ahead.replace(true);
        let seen = look();
        self.ahead.set(before);
        seen
    }

    pub(crate) fn want_soon(&self, request: Request) {
        self.setting.wanted.borrow_mut().soon.insert(request);
    }

    /// A release's metadata, or why there is none; asks for it if it is not known.
    fn metadata(
        &self,
        name: &DistName,
        version: &Version,
    ) -> Result<Result<&'a Metadata, String>, Stop> {
        match self.world.metadata(name, version) {
            Some(known) => Ok(known.map_err(|unavailable| unavailable.0.clone())),
            None => {
                self.want(Request::Metadata(name.clone(), version.clone()));
                self.look_ahead(name, version);
                Err(Stop::Missing)
            }
        }
    }

    /// The version that would be chosen in a range.
    pub(crate) fn choose(
        &self,
        name: &DistName,
        range: &Ranges<Version>,
    ) -> Result<Option<Version>, Stop> {
        let supply = self.supply(name);
        let choice = !supply.offers.is_empty();
        let admitted = |kind| supply.is_bundled() || self.policy.admits(name, kind, choice);
        let mut fixed = supply.fixed();
        let near = fixed.find(|(kind, version)| admitted(*kind) && range.contains(version));
        if let Some((_, version)) = near {
            return Ok(Some(version));
        }
        if !supply.index || !admitted(Kind::Index) {
            return Ok(None);
        }
        let Some(project) = self.project(name)? else {
            return Ok(self.placeholder(name));
        };
        let range = not_from(&supply, range);
        Ok(candidates::choose(
            project,
            &self.candidates(project),
            &range,
            self.problem.target,
            &|version| self.is_promising(name, version),
        ))
    }

    /// The releases in a range, best first, promising or not: so that the same ones are looked
    /// into whenever one leaps.
    pub(crate) fn in_question(&self, name: &DistName, range: &Ranges<Version>) -> Vec<Version> {
        let Some(project) = self.world.project(name).flatten() else {
            return Vec::new();
        };
        let range = not_from(&self.supply(name), range);
        let candidates = self.candidates(project);
        let inside = candidates.iter().filter(|version| range.contains(version));
        inside.cloned().collect()
    }

    fn is_promising(&self, name: &DistName, version: &Version) -> bool {
        !self.hopeless(name).is_some_and(|set| set.contains(version))
    }

    /// What stands for a distribution that nobody has, so that an attempt to which that
    /// is open can still show the rest of the tree.
    fn placeholder(&self, name: &DistName) -> Option<Version> {
        let open = self.policy.opened.contains(name);
        open.then(|| Version::new([0]))
    }

    /// Whether neither a suite nor an index has a distribution.
    pub(crate) fn is_nowhere(&self, name: &DistName) -> bool {
        let nothing = self.supply(name).fixed().next().is_none();
        nothing && matches!(self.world.project(name), Some(None))
    }

    /// The release in the index that tells of what a package is made of: that of its
    /// own version, or else the newest one before it.
    pub(crate) fn described_release(
        &self,
        name: &DistName,
        version: &Version,
    ) -> Result<Option<Version>, Stop> {
        let Some(project) = self.project(name)? else {
            return Ok(None);
        };
        let mut versions = project.releases.range(..=version);
        Ok(versions.next_back().map(|(version, _)| version.clone()))
    }

    /// The edges of a node at a version; `Err(reason)` inside if it cannot be had.
    pub(crate) fn edges(&self, node: &Node, version: &Version) -> Result<Rc<Edges>, Stop> {
        if let Some(name) = node.name() {
            let meter = self.setting.meter;
            if !self.supply(name).kind(version).is_package() {
                meter.consult(name, version, self.policy.metered)?;
            }
        }
        self.known_edges(node, version)
    }

    /// The edges of a node at a version, without counting it.
    pub(crate) fn known_edges(&self, node: &Node, version: &Version) -> Result<Rc<Edges>, Stop> {
        if let Some(known) = self.setting.memo.edges(node, version) {
            return Ok(known);
        }
        let edges = Rc::new(self.read_edges(node, version)?);
        self.setting.memo.remember(node, version, &edges);
        Ok(edges)
    }

    fn read_edges(&self, node: &Node, version: &Version) -> Result<Edges, Stop> {
        match node {
            Node::Roots => Ok(Ok(self.root_edges())),
            Node::Dist(name) | Node::Extra(name, _) if self.is_nowhere(name) => Ok(Ok(Vec::new())),
            Node::Dist(name) => match self.supply(name).kind(version) {
                Kind::Suite | Kind::Backports => Ok(Ok(Vec::new())),
                Kind::Rebuild => self.rebuild_edges(name, version),
                Kind::Index => self.dist_edges(name, version),
            },
            Node::Extra(name, extra) => self.extra_edges(name, extra, version),
        }
    }

    fn root_edges(&self) -> Vec<Edge> {
        let target = self.problem.target;
        let edges = self.problem.roots.iter().flat_map(|root| match root {
            Root::Requirement { requirement, .. } => {
                edges::base(std::slice::from_ref(requirement), target)
            }
            Root::Project {
                name,
                requires,
                extras,
                ..
            } => edges::project(name.as_ref(), requires, extras, target),
        });
        edges.collect()
    }

    fn dist_edges(&self, name: &DistName, version: &Version) -> Result<Edges, Stop> {
        let target = self.problem.target;
        Ok(self.metadata(name, version)?.and_then(|metadata| {
            if target.admits(metadata.requires_python.as_ref()) {
                Ok(edges::base(&metadata.requires_dist, target))
            } else {
                Err(python_reason(metadata, self.problem.suite, target.python()))
            }
        }))
    }

    /// What a newer suite's package needs when it is rebuilt: what its release says.
    fn rebuild_edges(&self, name: &DistName, version: &Version) -> Result<Edges, Stop> {
        let supply = self.supply(name);
        let unmet = supply.offer(version).map_or(&[][..], unmet);
        if !unmet.is_empty() {
            let (target, unmet) = (self.problem.suite, unmet.join("; "));
            return Ok(Err(format!("it cannot be rebuilt on {target}: {unmet}")));
        }
        let described = self.described_release(name, version)?;
        let known = match &described {
            Some(described) => self.metadata(name, described)?.is_ok(),
            None => false,
        };
        match described {
            Some(described) if known => self.dist_edges(name, &described),
            // The package is there all the same.
            _ => Ok(Ok(Vec::new())),
        }
    }

    fn extra_edges(
        &self,
        name: &DistName,
        extra: &ExtraName,
        version: &Version,
    ) -> Result<Edges, Stop> {
        let described = match self.supply(name).kind(version) {
            Kind::Index => Some(version.clone()),
            _ => self.described_release(name, version)?,
        };
        let Some(described) = described else {
            return Ok(Ok(Vec::new()));
        };
        let target = self.problem.target;
        let metadata = self.metadata(name, &described)?;
        Ok(metadata.map(|metadata| edges::extra(&metadata.requires_dist, extra, target)))
    }

    /// An edge as the solver's constraints.
    fn constraints(&self, from: &Node, edge: &Edge) -> Result<Vec<(Node, Ranges<Version>)>, Stop> {
        let name = &edge.name;
        if self.supply(name).ignored.is_some() {
            return Ok(Vec::new());
        }
        let range = self.range(edge);
        let range = match from {
            Node::Roots if self.is_root(name) => range.intersection(&self.reachable(edge)?),
            _ => self.in_window(name, range)?,
        };
        let extras = edge.extras.iter();
        let extras = extras.map(|extra| Node::Extra(name.clone(), extra.clone()));
        let nodes = std::iter::once(Node::Dist(name.clone())).chain(extras);
        Ok(nodes.map(|node| (node, range.clone())).collect())
    }

    /// The versions that meet a requirement, and the constraints.
    pub(crate) fn range(&self, edge: &Edge) -> Ranges<Version> {
        let supply = self.supply(&edge.name);
        let open = self.is_openable(&edge.name) && self.policy.opened.contains(&edge.name);
        if supply.is_unjudged() || open {
            return Ranges::full();
        }
        let own = match supply.is_relaxed() {
            true => Ranges::full(),
            false => edge.range.clone(),
        };
        let constraints = self.constraints_on(&edge.name).iter();
        constraints.fold(own, |range, (_, one)| range.intersection(&one.range))
    }

    /// What a node's releases require of another, without the window.
    pub(crate) fn required(
        &self,
        from: &Node,
        versions: &Ranges<Version>,
        to: &Node,
    ) -> Option<Ranges<Version>> {
        let wanted = to.name()?;
        let known = self.setting.memo.edges_of(from);
        let known = known
            .into_iter()
            .filter(|(version, _)| versions.contains(version));
        let mut all: Option<Ranges<Version>> = None;
        for (_, edges) in known {
            let edges = edges.as_ref().as_ref().map_or(&[][..], Vec::as_slice);
            for edge in edges.iter().filter(|edge| edge.name == *wanted) {
                let range = self.range(edge);
                all = Some(all.map_or(range.clone(), |all| all.union(&range)));
            }
        }
        all
    }

    /// The requirements of a node's releases on a distribution, as they were written.
    pub(crate) fn texts(
        &self,
        from: &Node,
        name: &DistName,
        versions: &Ranges<Version>,
    ) -> Vec<String> {
        let known = self.setting.memo.edges_of(from).into_iter();
        let known = known.filter(|(version, _)| versions.contains(version));
        let mut texts = BTreeSet::new();
        for (_, edges) in known {
            let edges = edges.as_ref().as_ref().map_or(&[][..], Vec::as_slice);
            let edges = edges.iter().filter(|edge| edge.name == *name);
            texts.extend(edges.map(|edge| edge.text.clone()));
        }
        texts.into_iter().collect()
    }

    /// Whether requirements on a distribution can be let through: not on what was asked
    /// for and has to come from the index.
    pub(crate) fn is_openable(&self, name: &DistName) -> bool {
        !self.is_root(name) || self.is_leaf(name) || self.is_nowhere(name)
    }

    /// The constraints on a distribution, with the places where they were written.
    pub(crate) fn constraints_on(&self, name: &DistName) -> &'a [(String, Edge)] {
        self.setting.memo.constraints_on(name)
    }

    /// The constraints of all edges. Everything that is missing for one is asked for.
    fn all_constraints(
        &self,
        node: &Node,
        edges: &[Edge],
    ) -> Result<Vec<(Node, Ranges<Version>)>, Stop> {
        let mut all = Vec::new();
        let mut stop = None;
        for edge in edges {
            match self.constraints(node, edge) {
                Ok(some) => all.extend(some),
                Err(one) => stop = Some(one),
            }
        }
        stop.map_or(Ok(all), Err)
    }

    /// Whether it was asked for by name.
    pub(crate) fn is_root(&self, name: &DistName) -> bool {
        self.problem.roots.iter().any(|root| match root {
            Root::Requirement { requirement, .. } => requirement.name == *name,
            Root::Project { .. } => false,
        })
    }
}

/// A range without the versions that do not come from the index.
fn not_from(supply: &Supply, range: &Ranges<Version>) -> Ranges<Version> {
    supply.fixed().fold(range.clone(), |range, (_, version)| {
        range.intersection(&Ranges::singleton(version).complement())
    })
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
    type Err = Stop;

    /// Roots first and in the order of their names, so that they get the newest version
    /// that can be had; then what the suite has, where there is nothing to choose; then
    /// what is contested.
    fn prioritize(
        &self,
        node: &Node,
        range: &Ranges<Version>,
        statistics: &PackageResolutionStatistics,
    ) -> Self::Priority {
        let (class, contested) = match node {
            Node::Roots => (4, 0),
            _ if node.name().is_some_and(|name| self.is_root(name)) => (3, 0),
            _ if node.name().is_some_and(|name| self.is_leaf(name)) => (2, 0),
            _ => (1, statistics.conflict_count()),
        };
        if let Some(name) = node.name() {
            self.foresee(name, range);
        }
        (class, contested, Reverse(node.clone()))
    }

    fn choose_version(
        &self,
        node: &Node,
        range: &Ranges<Version>,
    ) -> Result<Option<Version>, Stop> {
        match node.name() {
            None => Ok(Some(Version::new([0]))),
            Some(name) => match self.choose(name, range)? {
                Some(newest) => self.leap(name, range, newest).map(Some),
                None => Ok(None),
            },
        }
    }

    fn get_dependencies(
        &self,
        node: &Node,
        version: &Version,
    ) -> Result<Dependencies<Node, Ranges<Version>, String>, Stop> {
        let edges = self.edges(node, version)?;
        let edges = match edges.as_ref() {
            Ok(edges) => edges,
            Err(reason) => return Ok(Dependencies::Unavailable(reason.clone())),
        };
        let blocked = self.blocked(edges);
        if *node != Node::Roots && !blocked.is_empty() {
            return Ok(Dependencies::Available(blocked.into_iter().collect()));
        }
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
