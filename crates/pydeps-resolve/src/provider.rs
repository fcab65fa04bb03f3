//! The dependency provider of PubGrub: Debian first, then the package index.
//!
//! The provider requests what it does not know yet. The first page or file that a run
//! cannot do without ends the run with [`Stop::Missing`].

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;

use pep440_rs::Version;
use pubgrub::{Dependencies, DependencyProvider, PackageResolutionStatistics};
use pydeps_core::name::DistName;
use pydeps_core::upstream::{Metadata, Project};
use version_ranges::Ranges;

use crate::budget::{ConsultedReleases, Stop};
use crate::cache::SolverCache;
use crate::candidates;
use crate::edges::RequirementEdge;
use crate::known_index::{IndexRequest, IndexRequests, KnownIndex};
use crate::node::SolverNode;
use crate::origins::{OriginKind, Origins};
use crate::policy::Policy;
use crate::problem::ResolutionProblem;
use crate::statistics::{SolverStatistics, count};

/// What all runs of a session share.
#[derive(Clone, Copy)]
pub(crate) struct SolveContext<'a> {
    pub(crate) problem: &'a ResolutionProblem<'a>,
    pub(crate) index: &'a KnownIndex,
    pub(crate) cache: &'a SolverCache,
    pub(crate) consulted: &'a ConsultedReleases,
    pub(crate) requests: &'a RefCell<IndexRequests>,
    pub(crate) statistics: &'a Cell<SolverStatistics>,
}

/// The dependency provider of one run.
pub(crate) struct DebianProvider<'a> {
    pub(crate) problem: &'a ResolutionProblem<'a>,
    pub(crate) index: &'a KnownIndex,
    pub(crate) policy: Policy,
    pub(crate) context: SolveContext<'a>,
    /// Whether the run can do without what it requests now.
    is_prefetching: Cell<bool>,
}

impl<'a> DebianProvider<'a> {
    /// The provider of a run under a policy.
    pub(crate) fn new(context: SolveContext<'a>, policy: Policy) -> Self {
        Self {
            problem: context.problem,
            index: context.index,
            policy,
            context,
            is_prefetching: Cell::new(false),
        }
    }

    /// The origins of a distribution.
    pub(crate) fn origins(&self, name: &DistName) -> Rc<Origins> {
        self.context.cache.origins(name, self.problem)
    }

    /// Whether the suite has the distribution and the index is no origin of it.
    pub(crate) fn is_leaf(&self, name: &DistName) -> bool {
        self.origins(name).is_leaf()
    }

    /// Whether the run may take a version of this kind.
    pub(crate) fn admits(&self, name: &DistName, origins: &Origins, kind: OriginKind) -> bool {
        let has_offers = !origins.offers.is_empty();
        origins.is_bundled() || self.policy.admits(name, kind, has_offers)
    }

    /// The releases of a project that the solver may choose, newest first.
    pub(crate) fn candidates(&self, project: &Project) -> Rc<Vec<Version>> {
        self.context.cache.candidates(project, self.problem)
    }

    /// A project of the index, `None` if no index has it. Requests it if it is not known.
    pub(crate) fn require_project(&self, name: &DistName) -> Result<Option<&'a Project>, Stop> {
        self.index.project(name).ok_or_else(|| {
            self.request(IndexRequest::Project(name.clone()));
            Stop::Missing
        })
    }

    fn request(&self, request: IndexRequest) {
        let mut requests = self.context.requests.borrow_mut();
        if self.is_prefetching.get() {
            requests.prefetch.insert(request);
        } else {
            requests.required.insert(request);
        }
    }

    /// Calls `look` in such a way that what it requests is prefetched and not required.
    pub(crate) fn prefetching<T>(&self, look: impl FnOnce() -> T) -> T {
        let before = self.is_prefetching.replace(true);
        let seen = look();
        self.is_prefetching.set(before);
        seen
    }

    /// Requests something that the run can do without for now.
    pub(crate) fn prefetch(&self, request: IndexRequest) {
        self.context.requests.borrow_mut().prefetch.insert(request);
    }

    /// The metadata of a release, or why they cannot be read. Requests them if they are not
    /// known.
    pub(crate) fn require_metadata(
        &self,
        name: &DistName,
        version: &Version,
    ) -> Result<Result<&'a Metadata, String>, Stop> {
        match self.index.metadata(name, version) {
            Some(known) => Ok(known.map_err(|unavailable| unavailable.0.clone())),
            None => {
                self.request(IndexRequest::Metadata(name.clone(), version.clone()));
                self.prefetch_next(name, version);
                Err(Stop::Missing)
            }
        }
    }

    /// The version that the run prefers among those in a range that are feasible.
    pub(crate) fn choose(
        &self,
        name: &DistName,
        range: &Ranges<Version>,
        is_feasible: &dyn Fn(&Version) -> bool,
    ) -> Result<Option<Version>, Stop> {
        let origins = self.origins(name);
        for (kind, version) in origins.fixed() {
            if range.contains(version) && self.admits(name, &origins, kind) && is_feasible(version)
            {
                return Ok(Some(version.clone()));
            }
        }
        if !origins.index || !self.admits(name, &origins, OriginKind::Index) {
            return Ok(None);
        }
        let Some(project) = self.require_project(name)? else {
            return Ok(self.placeholder_version(name));
        };
        Ok(candidates::choose(
            project,
            &self.candidates(project),
            &index_range(&origins, range),
            self.problem.target,
            is_feasible,
        ))
    }

    /// The version that the run prefers in a range, after it has read and left out the
    /// infeasible ones.
    fn newest_feasible(
        &self,
        node: &SolverNode,
        name: &DistName,
        range: &Ranges<Version>,
    ) -> Result<Option<Version>, Stop> {
        let stop = Cell::new(None);
        let is_feasible = |version: &Version| {
            if self.origins(name).kind(version).is_package() {
                return true;
            }
            match self.consult_edges(node, version) {
                Ok(edges) => !self.is_infeasible(&edges),
                Err(reason) => {
                    stop.set(Some(reason));
                    true
                }
            }
        };
        let version = self.choose(name, range, &is_feasible)?;
        stop.take().map_or(Ok(version), Err)
    }

    /// The candidates of the index in a range, newest first, feasible or not. The same
    /// releases are probed whenever the solver gallops back over the range.
    pub(crate) fn candidates_in(&self, name: &DistName, range: &Ranges<Version>) -> Vec<Version> {
        let Some(project) = self.index.project(name).flatten() else {
            return Vec::new();
        };
        let range = index_range(&self.origins(name), range);
        let mut candidates = self.candidates(project).to_vec();
        candidates.retain(|version| range.contains(version));
        candidates
    }

    /// The newest candidate of the index, if it is newer than a version.
    pub(crate) fn newer_candidate(&self, name: &DistName, version: &Version) -> Option<Version> {
        let project = self.index.project(name).flatten()?;
        let candidates = self.candidates(project);
        let newest = candidates.first();
        newest.filter(|newest| *newest > version).cloned()
    }

    /// A version for a distribution that does not exist, if requirements on it are waived:
    /// so that the run shows the rest of the tree.
    fn placeholder_version(&self, name: &DistName) -> Option<Version> {
        let is_waived = self.policy.waived.contains(name);
        is_waived.then(|| Version::new([0]))
    }

    /// Whether neither a suite nor an index has the distribution.
    pub(crate) fn exists_nowhere(&self, name: &DistName) -> bool {
        let no_package = self.origins(name).fixed().next().is_none();
        no_package && matches!(self.index.project(name), Some(None))
    }

    /// The release of the index whose metadata describe a package of this version: the
    /// release of the same version, or else the newest one before it.
    pub(crate) fn release_with_metadata(
        &self,
        name: &DistName,
        version: &Version,
    ) -> Result<Option<Version>, Stop> {
        let Some(project) = self.require_project(name)? else {
            return Ok(None);
        };
        let mut versions = project.releases.range(..=version);
        Ok(versions.next_back().map(|(version, _)| version.clone()))
    }

    /// The dependencies of one edge: on the distribution and on each required extra.
    fn edge_dependencies(
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
        let nodes = SolverNode::of_edge(edge);
        Ok(nodes.map(|node| (node, range.clone())).collect())
    }

    /// The versions that meet a requirement and the constraints under the policy.
    pub(crate) fn range(&self, edge: &RequirementEdge) -> Ranges<Version> {
        if self.is_waived(&edge.name) {
            return Ranges::full();
        }
        self.unwaived_range(edge)
    }

    /// The versions that meet a requirement and the constraints.
    pub(crate) fn unwaived_range(&self, edge: &RequirementEdge) -> Ranges<Version> {
        let name = &edge.name;
        let origins = self.origins(name);
        if origins.is_unjudged() {
            return Ranges::full();
        }
        let mut range = if origins.is_relaxed() {
            Ranges::full()
        } else {
            edge.range.clone()
        };
        for (_, constraint) in self.constraints_on(name) {
            range = range.intersection(&constraint.range);
        }
        range
    }

    /// Whether the policy waives the requirements on the distribution.
    pub(crate) fn is_waived(&self, name: &DistName) -> bool {
        self.policy.waived.contains(name) && self.is_waivable(name)
    }

    /// Whether requirements on the distribution can be waived: not on a root that comes
    /// from the index.
    pub(crate) fn is_waivable(&self, name: &DistName) -> bool {
        !self.is_root(name) || self.is_leaf(name) || self.exists_nowhere(name)
    }

    /// The constraints on a distribution, each with the place where it is written.
    pub(crate) fn constraints_on(&self, name: &DistName) -> &'a [(String, RequirementEdge)] {
        self.context.cache.constraints_on(name)
    }

    /// The dependencies of all edges. Requests everything that any of them lacks.
    fn dependencies(
        &self,
        node: &SolverNode,
        edges: &[RequirementEdge],
    ) -> Result<BTreeMap<SolverNode, Ranges<Version>>, Stop> {
        let mut dependencies: BTreeMap<SolverNode, Ranges<Version>> = BTreeMap::new();
        let mut result = Ok(());
        for edge in edges {
            match self.edge_dependencies(node, edge) {
                Ok(own) => {
                    for (other, range) in own {
                        let known = dependencies.entry(other).or_insert_with(Ranges::full);
                        *known = known.intersection(&range);
                    }
                }
                Err(stop) => result = Err(stop),
            }
        }
        result.map(|()| dependencies)
    }

    /// Whether the user requests the distribution by name.
    pub(crate) fn is_root(&self, name: &DistName) -> bool {
        let mut roots = self.problem.roots.iter();
        roots.any(|root| root.requirement().is_some_and(|r| r.name == *name))
    }
}

/// The range without the versions that another origin than the index has.
fn index_range(origins: &Origins, range: &Ranges<Version>) -> Ranges<Version> {
    let mut range = range.clone();
    for (_, version) in origins.fixed() {
        range = range.intersection(&Ranges::singleton(version.clone()).complement());
    }
    range
}

impl DependencyProvider for DebianProvider<'_> {
    type P = SolverNode;
    type V = Version;
    type VS = Ranges<Version>;
    type Priority = (u8, u32, Reverse<SolverNode>);
    type M = String;
    type Err = Stop;

    /// Roots come first, in the order of their names, so that they get the newest feasible
    /// version; then the leaves, which leave no choice; then what conflicts most.
    fn prioritize(
        &self,
        node: &SolverNode,
        range: &Ranges<Version>,
        statistics: &PackageResolutionStatistics,
    ) -> Self::Priority {
        let (class, conflicts) = match node.name() {
            None => (4, 0),
            Some(name) if self.is_root(name) => (3, 0),
            Some(name) if self.is_leaf(name) => (2, 0),
            Some(_) => (1, statistics.conflict_count()),
        };
        if let Some(name) = node.name() {
            self.prefetch_candidate(name, range);
        }
        (class, conflicts, Reverse(node.clone()))
    }

    fn choose_version(
        &self,
        node: &SolverNode,
        range: &Ranges<Version>,
    ) -> Result<Option<Version>, Stop> {
        let Some(name) = node.name() else {
            return Ok(Some(Version::new([0])));
        };
        count(self.context.statistics, |counts| counts.decisions += 1);
        let Some(newest) = self.choose(name, range, &|_| true)? else {
            return Ok(None);
        };
        if let Some(version) = self.gallop_back(node, name, range, newest)? {
            return Ok(Some(version));
        }
        self.newest_feasible(node, name, range)
    }

    fn get_dependencies(
        &self,
        node: &SolverNode,
        version: &Version,
    ) -> Result<Dependencies<SolverNode, Ranges<Version>, String>, Stop> {
        let edges = self.consult_edges(node, version)?;
        if let Err(reason) = &edges.edges {
            return Ok(Dependencies::Unavailable(reason.clone()));
        }
        let unsatisfiable = self.unsatisfiable(&edges);
        if *node != SolverNode::Roots && !unsatisfiable.is_empty() {
            let dependencies = unsatisfiable.into_iter();
            let dependencies = dependencies
                .map(|(name, range)| (SolverNode::Dist(name.clone()), range.into_owned()));
            return Ok(Dependencies::Available(dependencies.collect()));
        }
        let mut dependencies = self.dependencies(node, edges.list())?;
        match node {
            SolverNode::Roots => {}
            // A distribution may require itself with one of its extras.
            SolverNode::Dist(_) => _ = dependencies.remove(node),
            SolverNode::Extra(name, _) => {
                let own = Ranges::singleton(version.clone());
                let known = dependencies.entry(SolverNode::Dist(name.clone()));
                let range = known.or_insert_with(Ranges::full);
                *range = range.intersection(&own);
            }
        }
        Ok(Dependencies::Available(dependencies.into_iter().collect()))
    }
}
