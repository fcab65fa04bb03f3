//! What is worked out once for a problem, whatever else becomes known: the suite's
//! answers, the usable releases of projects, the requirements of releases.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use pep440_rs::Version;
use pydeps_core::name::DistName;
use pydeps_core::target::Applies;
use pydeps_core::upstream::Project;
use version_ranges::Ranges;

use crate::candidates;
use crate::edges::{self, RequirementEdge};
use crate::node::SolverNode;
use crate::origins::Origins;
use crate::problem::ResolutionProblem;

/// A node's requirements at a version, or why it cannot be had.
pub(crate) type EdgesOrReason = Result<Vec<RequirementEdge>, String>;

/// Ranges, each with the window in it.
type WindowsByRange = Vec<(Ranges<Version>, Ranges<Version>)>;

/// What has been worked out once and does not change: the suite's answers, and the
/// usable releases of projects.
#[derive(Default)]
pub(crate) struct SolverCache {
    origins: RefCell<BTreeMap<DistName, Rc<Origins>>>,
    edges: RefCell<BTreeMap<SolverNode, BTreeMap<Version, Rc<EdgesOrReason>>>>,
    windows: RefCell<BTreeMap<DistName, WindowsByRange>>,
    candidates: RefCell<BTreeMap<DistName, Rc<Vec<Version>>>>,
    constraints: BTreeMap<DistName, Vec<(String, RequirementEdge)>>,
}

impl SolverCache {
    /// What can be worked out before anything is known.
    pub(crate) fn new(problem: &ResolutionProblem<'_>) -> Self {
        let mut constraints: BTreeMap<DistName, Vec<(String, RequirementEdge)>> = BTreeMap::new();
        for (requirement, origin) in &problem.constraints {
            if problem.target.applies(&requirement.marker, &[]) != Applies::Never {
                let mut edge = edges::edge(requirement);
                edge.constraint = true;
                let edge = (origin.clone(), edge);
                let all = constraints.entry(requirement.name.clone());
                all.or_default().push(edge);
            }
        }
        for (name, decision) in &problem.decisions {
            if !decision.version.is_empty() {
                let edge = edges::versions(name, &decision.version);
                let all = constraints.entry(name.clone());
                all.or_default().push((decision.origin.clone(), edge));
            }
        }
        Self {
            constraints,
            ..Self::default()
        }
    }

    /// How a distribution may be had.
    pub(crate) fn origins(&self, name: &DistName, problem: &ResolutionProblem<'_>) -> Rc<Origins> {
        let mut known_origins = self.origins.borrow_mut();
        if let Some(known) = known_origins.get(name) {
            return Rc::clone(known);
        }
        let decision = problem.decisions.get(name);
        let (answer, offers) = ((problem.lookup)(name), (problem.offers)(name));
        let origins = Rc::new(Origins::new(answer, offers, decision));
        known_origins.insert(name.clone(), Rc::clone(&origins));
        origins
    }

    /// The releases of a project that can be used, best first.
    pub(crate) fn candidates(
        &self,
        project: &Project,
        problem: &ResolutionProblem<'_>,
    ) -> Rc<Vec<Version>> {
        if let Some(known) = self.candidates.borrow().get(&project.name) {
            return Rc::clone(known);
        }
        let usable = candidates::candidates(project, problem.target, &problem.options);
        let usable = Rc::new(usable);
        let mut candidates = self.candidates.borrow_mut();
        candidates.insert(project.name.clone(), Rc::clone(&usable));
        usable
    }

    /// The constraints on a distribution, with the places where they were written.
    pub(crate) fn constraints_on(&self, name: &DistName) -> &[(String, RequirementEdge)] {
        self.constraints.get(name).map_or(&[], Vec::as_slice)
    }

    /// The window in a range, worked out once.
    pub(crate) fn window(
        &self,
        name: &DistName,
        range: &Ranges<Version>,
        work_out: impl FnOnce() -> Ranges<Version>,
    ) -> Ranges<Version> {
        let known = |list: &WindowsByRange| {
            let mut list = list.iter();
            list.find(|(of, _)| of == range)
                .map(|(_, window)| window.clone())
        };
        if let Some(window) = self.windows.borrow().get(name).and_then(known) {
            return window;
        }
        let window = work_out();
        let mut windows = self.windows.borrow_mut();
        let list = windows.entry(name.clone()).or_default();
        list.push((range.clone(), window.clone()));
        window
    }

    /// A node's edges, if they were remembered.
    pub(crate) fn edges(&self, node: &SolverNode, version: &Version) -> Option<Rc<EdgesOrReason>> {
        let known = self.edges.borrow();
        known.get(node)?.get(version).map(Rc::clone)
    }

    /// All edges of a node that were remembered, by version.
    pub(crate) fn edges_of(&self, node: &SolverNode) -> Vec<(Version, Rc<EdgesOrReason>)> {
        let known = self.edges.borrow();
        let own = known.get(node).into_iter().flatten();
        own.map(|(version, edges)| (version.clone(), Rc::clone(edges)))
            .collect()
    }

    /// Remembers a node's edges.
    pub(crate) fn insert_edges(
        &self,
        node: &SolverNode,
        version: &Version,
        edges: &Rc<EdgesOrReason>,
    ) {
        let mut known = self.edges.borrow_mut();
        let own = known.entry(node.clone()).or_default();
        own.insert(version.clone(), Rc::clone(edges));
    }
}
