//! Results that depend on the problem or on one fetched page alone, and so hold for the
//! whole resolution.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use pep440_rs::Version;
use pydeps_core::name::DistName;
use pydeps_core::target::Applies;
use pydeps_core::upstream::Project;
use version_ranges::Ranges;

use crate::candidates;
use crate::edges::{NodeEdges, RequirementEdge, constraint_edge, requirement_edge};
use crate::node::SolverNode;
use crate::origins::Origins;
use crate::problem::ResolutionProblem;

/// Pairs of a requirement's range and the window in it.
type WindowsByRange = Vec<(Ranges<Version>, Ranges<Version>)>;

/// The origins of distributions, the usable releases of projects, the edges of releases.
#[derive(Default)]
pub(crate) struct SolverCache {
    origins: RefCell<BTreeMap<DistName, Rc<Origins>>>,
    edges: RefCell<BTreeMap<SolverNode, BTreeMap<Version, Rc<NodeEdges>>>>,
    windows: RefCell<BTreeMap<DistName, WindowsByRange>>,
    candidates: RefCell<BTreeMap<DistName, Rc<Vec<Version>>>>,
    constraints: BTreeMap<DistName, Vec<(String, RequirementEdge)>>,
}

impl SolverCache {
    /// A cache with the constraints of the problem.
    pub(crate) fn new(problem: &ResolutionProblem<'_>) -> Self {
        let mut constraints: BTreeMap<DistName, Vec<(String, RequirementEdge)>> = BTreeMap::new();
        for (requirement, origin) in &problem.constraints {
            if problem.target.applies(&requirement.marker, &[]) != Applies::Never {
                let mut edge = requirement_edge(requirement);
                edge.constraint = true;
                let own = constraints.entry(requirement.name.clone()).or_default();
                own.push((origin.clone(), edge));
            }
        }
        for (name, decision) in &problem.decisions {
            if !decision.version.is_empty() {
                let edge = constraint_edge(name, &decision.version);
                let own = constraints.entry(name.clone()).or_default();
                own.push((decision.origin.clone(), edge));
            }
        }
        Self {
            constraints,
            ..Self::default()
        }
    }

    /// The origins of a distribution.
    pub(crate) fn origins(&self, name: &DistName, problem: &ResolutionProblem<'_>) -> Rc<Origins> {
        let compute = || {
            let decision = problem.decisions.get(name);
            Origins::new((problem.lookup)(name), (problem.offers)(name), decision)
        };
        get_or_insert(&self.origins, name, compute)
    }

    /// The releases of a project that the solver may choose, newest first.
    pub(crate) fn candidates(
        &self,
        project: &Project,
        problem: &ResolutionProblem<'_>,
    ) -> Rc<Vec<Version>> {
        let compute = || candidates::candidates(project, problem.target, &problem.options);
        get_or_insert(&self.candidates, &project.name, compute)
    }

    /// The constraints on a distribution, each with the place where it is written.
    pub(crate) fn constraints_on(&self, name: &DistName) -> &[(String, RequirementEdge)] {
        self.constraints.get(name).map_or(&[], Vec::as_slice)
    }

    /// The window in the range of a requirement.
    pub(crate) fn window(
        &self,
        name: &DistName,
        range: &Ranges<Version>,
        compute: impl FnOnce() -> Ranges<Version>,
    ) -> Ranges<Version> {
        if let Some(known) = self.windows.borrow().get(name) {
            if let Some((_, window)) = known.iter().find(|(of, _)| of == range) {
                return window.clone();
            }
        }
        let window = compute();
        let mut windows = self.windows.borrow_mut();
        let own = windows.entry(name.clone()).or_default();
        own.push((range.clone(), window.clone()));
        window
    }

    /// The edges of a node at a version, if they are in the cache.
    pub(crate) fn edges(&self, node: &SolverNode, version: &Version) -> Option<Rc<NodeEdges>> {
        let edges = self.edges.borrow();
        edges.get(node)?.get(version).map(Rc::clone)
    }

    /// The edges of every version of a node that are in the cache, by version.
    pub(crate) fn edges_by_version(&self, node: &SolverNode) -> Vec<(Version, Rc<NodeEdges>)> {
        let edges = self.edges.borrow();
        let own = edges.get(node).into_iter().flatten();
        own.map(|(version, edges)| (version.clone(), Rc::clone(edges)))
            .collect()
    }

    /// Adds the edges of a node at a version.
    pub(crate) fn insert_edges(&self, node: &SolverNode, version: &Version, edges: &Rc<NodeEdges>) {
        let mut known = self.edges.borrow_mut();
        let own = known.entry(node.clone()).or_default();
        own.insert(version.clone(), Rc::clone(edges));
    }
}

fn get_or_insert<T>(
    known: &RefCell<BTreeMap<DistName, Rc<T>>>,
    name: &DistName,
    compute: impl FnOnce() -> T,
) -> Rc<T> {
    if let Some(value) = known.borrow().get(name) {
        return Rc::clone(value);
    }
    let value = Rc::new(compute());
    known.borrow_mut().insert(name.clone(), Rc::clone(&value));
    value
}
