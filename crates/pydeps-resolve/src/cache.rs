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
use crate::edges::{self, Edge};
use crate::node::Node;
use crate::origins::Supply;
use crate::problem::Problem;

/// A node's requirements at a version, or why it cannot be had.
pub(crate) type Edges = Result<Vec<Edge>, String>;

/// Ranges, each with the window in it.
type Windows = Vec<(Ranges<Version>, Ranges<Version>)>;

/// What has been worked out once and does not change: the suite's answers, and the
/// usable releases of projects.
#[derive(Default)]
pub(crate) struct Memo {
    supplies: RefCell<BTreeMap<DistName, Rc<Supply>>>,
    edges: RefCell<BTreeMap<Node, BTreeMap<Version, Rc<Edges>>>>,
    windows: RefCell<BTreeMap<DistName, Windows>>,
    candidates: RefCell<BTreeMap<DistName, Rc<Vec<Version>>>>,
    constraints: BTreeMap<DistName, Vec<(String, Edge)>>,
}

impl Memo {
    /// What can be worked out before anything is known.
    pub(crate) fn new(problem: &Problem<'_>) -> Self {
        let mut constraints: BTreeMap<DistName, Vec<(String, Edge)>> = BTreeMap::new();
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
    pub(crate) fn supply(&self, name: &DistName, problem: &Problem<'_>) -> Rc<Supply> {
        let mut supplies = self.supplies.borrow_mut();
        if let Some(known) = supplies.get(name) {
            return Rc::clone(known);
        }
        let decision = problem.decisions.get(name);
        let (answer, offers) = ((problem.lookup)(name), (problem.offers)(name));
        let supply = Rc::new(Supply::new(answer, offers, decision));
        supplies.insert(name.clone(), Rc::clone(&supply));
        supply
    }

    /// The releases of a project that can be used, best first.
    pub(crate) fn candidates(&self, project: &Project, problem: &Problem<'_>) -> Rc<Vec<Version>> {
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
    pub(crate) fn constraints_on(&self, name: &DistName) -> &[(String, Edge)] {
        self.constraints.get(name).map_or(&[], Vec::as_slice)
    }

    /// The window in a range, worked out once.
    pub(crate) fn window(
        &self,
        name: &DistName,
        range: &Ranges<Version>,
        work_out: impl FnOnce() -> Ranges<Version>,
    ) -> Ranges<Version> {
        let known = |list: &Windows| {
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
    pub(crate) fn edges(&self, node: &Node, version: &Version) -> Option<Rc<Edges>> {
        let known = self.edges.borrow();
        known.get(node)?.get(version).map(Rc::clone)
    }

    /// All edges of a node that were remembered, by version.
    pub(crate) fn edges_of(&self, node: &Node) -> Vec<(Version, Rc<Edges>)> {
        let known = self.edges.borrow();
        let own = known.get(node).into_iter().flatten();
        own.map(|(version, edges)| (version.clone(), Rc::clone(edges)))
            .collect()
    }

    /// Remembers a node's edges.
    pub(crate) fn remember(&self, node: &Node, version: &Version, edges: &Rc<Edges>) {
        let mut known = self.edges.borrow_mut();
        let own = known.entry(node.clone()).or_default();
        own.insert(version.clone(), Rc::clone(edges));
    }
}
