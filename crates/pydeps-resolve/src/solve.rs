//! One attempt at a resolution.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pubgrub::PubGrubError;
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;

use crate::build_order::build_order;
use crate::explain::{Tree, explain};
use crate::memo::Memo;
use crate::node::Node;
use crate::outcome::{Action, Distribution, Resolution};
use crate::problem::{Problem, Root};
use crate::provider::{Binding, Missing, Provider, Reach};
use crate::steps_back;
use crate::verdict::{self, Solution, Walk};
use crate::world::{Request, World};

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// It cannot go on without these; step again with a [`World`] that has them.
    Need(Vec<Request>),
    /// The answer.
    Done(Resolution),
}

/// A resolution under way: keeps what does not have to be worked out again.
pub struct Session<'a> {
    problem: Problem<'a>,
    memo: Memo,
}

impl<'a> Session<'a> {
    /// Begins with a problem.
    pub fn new(problem: Problem<'a>) -> Self {
        Self {
            problem,
            memo: Memo::new(&problem),
        }
    }

    /// Resolves as far as the world is known. The answer depends on the problem and on
    /// what the world knows, and on nothing else.
    pub fn step(&self, world: &World) -> Step {
        let mut explained = None;
        for reach in [Reach::Window, Reach::Major] {
            let provider = self.provider(world, Binding::Strict, reach);
            match attempt(&provider) {
                Attempt::Missing => return Step::Need(provider.wanted()),
                Attempt::Solved(solution) => return self.finish(&provider, &solution, Vec::new()),
                Attempt::Impossible(tree) => explained = Some(explain(&tree, &provider)),
            }
        }
        let lenient = self.provider(world, Binding::Lenient, Reach::Window);
        match attempt(&lenient) {
            Attempt::Missing => Step::Need(lenient.wanted()),
            Attempt::Solved(solution) => {
                self.finish(&lenient, &solution, explained.unwrap_or_default())
            }
            Attempt::Impossible(tree) => {
                self.finish(&lenient, &Solution::new(), explain(&tree, &lenient))
            }
        }
    }

    fn provider<'s>(&'s self, world: &'s World, binding: Binding, reach: Reach) -> Provider<'s> {
        Provider::new(self.problem, world, &self.memo, binding, reach)
    }

    fn finish(&self, provider: &Provider<'_>, solution: &Solution, conflict: Vec<String>) -> Step {
        match self.resolution(provider, solution, conflict) {
            Ok(resolution) => Step::Done(resolution),
            Err(Missing) => Step::Need(provider.wanted()),
        }
    }

    /// Projects at hand that do not work with the target's Python.
    fn wrong_pythons(&self) -> impl Iterator<Item = String> + '_ {
        let Problem { suite, target, .. } = self.problem;
        self.problem.roots.iter().filter_map(move |root| {
            let Root::Project {
                requires_python, ..
            } = root
            else {
                return None;
            };
            let wanted = requires_python
                .as_ref()
                .filter(|w| !target.admits(Some(w)))?;
            let (label, python) = (root.label(), target.python());
            Some(format!(
                "{label} needs Python {wanted}, and {suite} has {python}"
            ))
        })
    }

    fn resolution(
        &self,
        provider: &Provider<'_>,
        solution: &Solution,
        conflict: Vec<String>,
    ) -> Result<Resolution, Missing> {
        let walk = verdict::walk(provider, solution)?;
        let distributions = verdict::distributions(provider, solution, &walk);
        let (build_order, cycles) = build_order(&needs(&distributions, &walk));
        let roots = steps_back::roots(provider, solution, &self.memo)?;
        let mut findings = walk.findings;
        findings.extend(cycles.iter().map(|names| cycle_finding(names)));
        findings.extend(steps_back::not_needed(provider));
        findings.extend(steps_back::findings(provider, &roots));
        findings.sort();
        findings.dedup();
        Ok(Resolution {
            roots,
            distributions,
            build_order,
            conflict: self.wrong_pythons().chain(conflict).collect(),
            findings,
        })
    }
}

pub(crate) enum Attempt {
    Solved(Solution),
    Impossible(Tree),
    Missing,
}

pub(crate) fn attempt(provider: &Provider<'_>) -> Attempt {
    match pubgrub::resolve(provider, Node::Roots, Version::new([0])) {
        Ok(solution) => Attempt::Solved(solution.into_iter().collect()),
        Err(PubGrubError::NoSolution(tree)) => Attempt::Impossible(tree),
        Err(_) => Attempt::Missing,
    }
}

fn cycle_finding(names: &[DistName]) -> Finding {
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    Finding::warning(
        "cycle",
        format!("these require each other: {}", names.join(", ")),
    )
    .with_hint("build one of them without its tests first")
}

/// What each generated distribution needs of the others.
fn needs(distributions: &[Distribution], walk: &Walk) -> BTreeMap<DistName, BTreeSet<DistName>> {
    let generated = distributions
        .iter()
        .filter(|d| d.action == Some(Action::Generate));
    let mut needs: BTreeMap<DistName, BTreeSet<DistName>> = generated
        .map(|d| (d.name.clone(), BTreeSet::new()))
        .collect();
    for (from, _, edge) in &walk.edges {
        if !needs.contains_key(&edge.name) {
            continue;
        }
        if let Some(list) = from.name().and_then(|name| needs.get_mut(name)) {
            list.insert(edge.name.clone());
        }
    }
    needs
}
