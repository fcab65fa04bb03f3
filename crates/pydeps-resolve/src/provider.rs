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

use crate::budget::{ConsultedReleases, Stop};
use crate::cache::{EdgesOrReason, SolverCache};
use crate::candidates;
use crate::edges::{self, RequirementEdge};
use crate::known_index::{IndexRequest, IndexRequests, KnownIndex};
use crate::node::SolverNode;
use crate::origins::{OriginKind, Origins, unmet};
use crate::policy::Policy;
use crate::problem::{ResolutionProblem, ResolutionRoot};

/// What outlives an attempt.
#[derive(Clone, Copy)]
pub(crate) struct SolveContext<'a> {
    pub(crate) problem: &'a ResolutionProblem<'a>,
    pub(crate) world: &'a KnownIndex,
    pub(crate) cache: &'a SolverCache,
    pub(crate) consulted: &'a ConsultedReleases,
    pub(crate) wanted: &'a RefCell<IndexRequests>,
}

/// One attempt's view.
pub(crate) struct DebianProvider<'a> {
    pub(crate) problem: &'a ResolutionProblem<'a>,
    pub(crate) world: &'a KnownIndex,
    pub(crate) policy: Policy,
    pub(crate) context: SolveContext<'a>,
    /// Whether what is asked for is not needed yet.
    ahead: Cell<bool>,
}

impl<'a> DebianProvider<'a> {
    pub(crate) fn new(context: SolveContext<'a>, policy: Policy) -> Self {
        let SolveContext { problem, world, .. } = context;
        Self {
            problem,
            world,
            policy,
            context,
            ahead: Cell::new(false),
        }
    }

    /// How a distribution may be had.
    pub(crate) fn origins(&self, name: &DistName) -> Rc<Origins> {
        self.context.cache.origins(name, self.problem)
    }

    /// Whether there is nothing but packages to choose from.
    pub(crate) fn is_leaf(&self, name: &DistName) -> bool {
        self.origins(name).is_leaf()
    }

    /// The releases of a project that can be used, best first.
    pub(crate) fn candidates(&self, project: &Project) -> Rc<Vec<Version>> {
        self.context.cache.candidates(project, self.problem)
    }

    /// A project from the index; asks for it if it is not known yet.
    pub(crate) fn project(&self, name: &DistName) -> Result<Option<&'a Project>, Stop> {
        self.world.project(name).ok_or_else(|| {
            self.want(IndexRequest::Project(name.clone()));
            Stop::Missing
        })
    }

    fn want(&self, request: IndexRequest) {
        let mut wanted = self.context.wanted.borrow_mut();
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

    pub(crate) fn prefetch(&self, request: IndexRequest) {
        self.context.wanted.borrow_mut().soon.insert(request);
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
                self.want(IndexRequest::Metadata(name.clone(), version.clone()));
                self.prefetch_next(name, version);
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
        let origins = self.origins(name);
        let choice = !origins.offers.is_empty();
        let admitted = |kind| origins.is_bundled() || self.policy.admits(name, kind, choice);
        let mut fixed = origins.fixed();
        let near = fixed.find(|(kind, version)| admitted(*kind) && range.contains(version));
        if let Some((_, version)) = near {
            return Ok(Some(version));
        }
        if !origins.index || !admitted(OriginKind::Index) {
            return Ok(None);
        }
        let Some(project) = self.project(name)? else {
            return Ok(self.placeholder_version(name));
        };
        let range = index_range(&origins, range);
        Ok(candidates::choose(
            project,
            &self.candidates(project),
            &range,
            self.problem.target,
            &|version| self.is_feasible(name, version),
        ))
    }

    /// The releases in a range, best first, promising or not: so that the same ones are looked
    /// into whenever one leaps.
    pub(crate) fn candidates_in(&self, name: &DistName, range: &Ranges<Version>) -> Vec<Version> {
        let Some(project) = self.world.project(name).flatten() else {
            return Vec::new();
        };
        let range = index_range(&self.origins(name), range);
        let candidates = self.candidates(project);
        let inside = candidates.iter().filter(|version| range.contains(version));
        inside.cloned().collect()
    }

    fn is_feasible(&self, name: &DistName, version: &Version) -> bool {
        !self
            .infeasible(name)
            .is_some_and(|set| set.contains(version))
    }

    /// What stands for a distribution that nobody has, so that an attempt to which that
    /// is open can still show the rest of the tree.
    fn placeholder_version(&self, name: &DistName) -> Option<Version> {
        let open = self.policy.waived.contains(name);
        open.then(|| Version::new([0]))
    }

    /// Whether neither a suite nor an index has a distribution.
    pub(crate) fn exists_nowhere(&self, name: &DistName) -> bool {
        let nothing = self.origins(name).fixed().next().is_none();
        nothing && matches!(self.world.project(name), Some(None))
    }

    /// The release in the index that tells of what a package is made of: that of its
    /// own version, or else the newest one before it.
    pub(crate) fn release_with_metadata(
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
    pub(crate) fn edges(
        &self,
        node: &SolverNode,
        version: &Version,
    ) -> Result<Rc<EdgesOrReason>, Stop> {
        if let Some(name) = node.name() {
            let consulted = self.context.consulted;
            if !self.origins(name).kind(version).is_package() {
                consulted.consult(name, version, self.policy.budgeted)?;
            }
        }
        self.edges_uncounted(node, version)
    }

    /// The edges of a node at a version, without counting it.
    pub(crate) fn edges_uncounted(
        &self,
        node: &SolverNode,
        version: &Version,
    ) -> Result<Rc<EdgesOrReason>, Stop> {
        if let Some(known) = self.context.cache.edges(node, version) {
            return Ok(known);
        }
        let edges = Rc::new(self.compute_edges(node, version)?);
        self.context.cache.insert_edges(node, version, &edges);
        Ok(edges)
    }

    fn compute_edges(&self, node: &SolverNode, version: &Version) -> Result<EdgesOrReason, Stop> {
        match node {
            SolverNode::Roots => Ok(Ok(self.root_edges())),
            SolverNode::Dist(name) | SolverNode::Extra(name, _) if self.exists_nowhere(name) => {
                Ok(Ok(Vec::new()))
            }
            SolverNode::Dist(name) => match self.origins(name).kind(version) {
                OriginKind::Suite | OriginKind::Backports => Ok(Ok(Vec::new())),
                OriginKind::Rebuild => self.rebuild_edges(name, version),
                OriginKind::Index => self.dist_edges(name, version),
            },
            SolverNode::Extra(name, extra) => self.extra_edges(name, extra, version),
        }
    }

    fn root_edges(&self) -> Vec<RequirementEdge> {
        let target = self.problem.target;
        let edges = self.problem.roots.iter().flat_map(|root| match root {
            ResolutionRoot::Requirement { requirement, .. } => {
                edges::base(std::slice::from_ref(requirement), target)
            }
            ResolutionRoot::Project {
                name,
                requires,
                extras,
                ..
            } => edges::project(name.as_ref(), requires, extras, target),
        });
        edges.collect()
    }

    fn dist_edges(&self, name: &DistName, version: &Version) -> Result<EdgesOrReason, Stop> {
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
    fn rebuild_edges(&self, name: &DistName, version: &Version) -> Result<EdgesOrReason, Stop> {
        let origins = self.origins(name);
        let unmet = origins.offer(version).map_or(&[][..], unmet);
        if !unmet.is_empty() {
            let (target, unmet) = (self.problem.suite, unmet.join("; "));
            return Ok(Err(format!("it cannot be rebuilt on {target}: {unmet}")));
        }
        let described = self.release_with_metadata(name, version)?;
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
    ) -> Result<EdgesOrReason, Stop> {
        let described = match self.origins(name).kind(version) {
            OriginKind::Index => Some(version.clone()),
            _ => self.release_with_metadata(name, version)?,
        };
        let Some(described) = described else {
            return Ok(Ok(Vec::new()));
        };
        let target = self.problem.target;
        let metadata = self.metadata(name, &described)?;
        Ok(metadata.map(|metadata| edges::extra(&metadata.requires_dist, extra, target)))
    }

    /// An edge as the solver's constraints.
    fn constraints(
        &self,
        from: &SolverNode,
        edge: &RequirementEdge,
    ) -> Result<Vec<(SolverNode, Ranges<Version>)>, Stop> {
        let name = &edge.name;
        if self.origins(name).ignored.is_some() {
            return Ok(Vec::new());
        }
        let range = self.range(edge);
        let range = match from {
            SolverNode::Roots if self.is_root(name) => range.intersection(&self.root_window(edge)?),
            _ => self.in_window(name, range)?,
        };
        let extras = edge.extras.iter();
        let extras = extras.map(|extra| SolverNode::Extra(name.clone(), extra.clone()));
        let nodes = std::iter::once(SolverNode::Dist(name.clone())).chain(extras);
        Ok(nodes.map(|node| (node, range.clone())).collect())
    }

    /// The versions that meet a requirement, and the constraints.
    pub(crate) fn range(&self, edge: &RequirementEdge) -> Ranges<Version> {
        let origins = self.origins(&edge.name);
        let open = self.is_waivable(&edge.name) && self.policy.waived.contains(&edge.name);
        if origins.is_unjudged() || open {
            return Ranges::full();
        }
        let own = match origins.is_relaxed() {
            true => Ranges::full(),
            false => edge.range.clone(),
        };
        let constraints = self.constraints_on(&edge.name).iter();
        constraints.fold(own, |range, (_, one)| range.intersection(&one.range))
    }

    /// What a node's releases require of another, without the window.
    pub(crate) fn required(
        &self,
        from: &SolverNode,
        versions: &Ranges<Version>,
        to: &SolverNode,
    ) -> Option<Ranges<Version>> {
        let wanted = to.name()?;
        let known = self.context.cache.edges_of(from);
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
        from: &SolverNode,
        name: &DistName,
        versions: &Ranges<Version>,
    ) -> Vec<String> {
        let known = self.context.cache.edges_of(from).into_iter();
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
    pub(crate) fn is_waivable(&self, name: &DistName) -> bool {
        !self.is_root(name) || self.is_leaf(name) || self.exists_nowhere(name)
    }

    /// The constraints on a distribution, with the places where they were written.
    pub(crate) fn constraints_on(&self, name: &DistName) -> &'a [(String, RequirementEdge)] {
        self.context.cache.constraints_on(name)
    }

    /// The constraints of all edges. Everything that is missing for one is asked for.
    fn dependencies(
        &self,
        node: &SolverNode,
        edges: &[RequirementEdge],
    ) -> Result<Vec<(SolverNode, Ranges<Version>)>, Stop> {
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
            ResolutionRoot::Requirement { requirement, .. } => requirement.name == *name,
            ResolutionRoot::Project { .. } => false,
        })
    }
}

/// A range without the versions that do not come from the index.
fn index_range(origins: &Origins, range: &Ranges<Version>) -> Ranges<Version> {
    origins.fixed().fold(range.clone(), |range, (_, version)| {
        range.intersection(&Ranges::singleton(version).complement())
    })
}

fn python_reason(metadata: &Metadata, suite: &str, python: &Version) -> String {
    let wanted = metadata.requires_python.as_ref();
    let wanted = wanted.map_or_else(String::new, ToString::to_string);
    format!("it needs Python {wanted}, and {suite} has {python}")
}

impl DependencyProvider for DebianProvider<'_> {
    type P = SolverNode;
    type V = Version;
    type VS = Ranges<Version>;
    type Priority = (u8, u32, Reverse<SolverNode>);
    type M = String;
    type Err = Stop;

    /// Roots first and in the order of their names, so that they get the newest version
    /// that can be had; then what the suite has, where there is nothing to choose; then
    /// what is contested.
    fn prioritize(
        &self,
        node: &SolverNode,
        range: &Ranges<Version>,
        statistics: &PackageResolutionStatistics,
    ) -> Self::Priority {
        let (class, contested) = match node {
            SolverNode::Roots => (4, 0),
            _ if node.name().is_some_and(|name| self.is_root(name)) => (3, 0),
            _ if node.name().is_some_and(|name| self.is_leaf(name)) => (2, 0),
            _ => (1, statistics.conflict_count()),
        };
        if let Some(name) = node.name() {
            self.prefetch_candidate(name, range);
        }
        (class, contested, Reverse(node.clone()))
    }

    fn choose_version(
        &self,
        node: &SolverNode,
        range: &Ranges<Version>,
    ) -> Result<Option<Version>, Stop> {
        match node.name() {
            None => Ok(Some(Version::new([0]))),
            Some(name) => match self.choose(name, range)? {
                Some(newest) => self.gallop_back(name, range, newest).map(Some),
                None => Ok(None),
            },
        }
    }

    fn get_dependencies(
        &self,
        node: &SolverNode,
        version: &Version,
    ) -> Result<Dependencies<SolverNode, Ranges<Version>, String>, Stop> {
        let edges = self.edges(node, version)?;
        let edges = match edges.as_ref() {
            Ok(edges) => edges,
            Err(reason) => return Ok(Dependencies::Unavailable(reason.clone())),
        };
        let unsatisfiable = self.unsatisfiable(edges);
        if *node != SolverNode::Roots && !unsatisfiable.is_empty() {
            return Ok(Dependencies::Available(unsatisfiable.into_iter().collect()));
        }
        let mut all: BTreeMap<SolverNode, Ranges<Version>> = BTreeMap::new();
        if let SolverNode::Extra(name, _) = node {
            all.insert(
                SolverNode::Dist(name.clone()),
                Ranges::singleton(version.clone()),
            );
        }
        for (other, range) in self.dependencies(node, edges)? {
            let known = all.entry(other).or_insert_with(Ranges::full);
            *known = known.intersection(&range);
        }
        if let SolverNode::Dist(_) = node {
            // A distribution may name itself to pull in one of its extras.
            all.remove(node);
        }
        Ok(Dependencies::Available(all.into_iter().collect()))
    }
}
