//! One attempt at a resolution.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pubgrub::PubGrubError;
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::relation::contains;

use crate::build_order::build_order;
use crate::candidates;
use crate::explain::{self, Tree};
use crate::node::Node;
use crate::outcome::{Action, Distribution, Resolution, RootOutcome};
use crate::problem::{Problem, Root};
use crate::provider::{Binding, Missing, Provider};
use crate::verdict::{self, Solution, Walk};
use crate::world::{Request, World};

/// What an attempt came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// It cannot go on without these; ask again with a [`World`] that has them.
    Need(Vec<Request>),
    /// The answer.
    Done(Resolution),
}

/// Resolves as far as the world is known. The answer depends on the problem and on
/// what the world knows, and on nothing else.
pub fn solve(problem: Problem<'_>, world: &World) -> Step {
    let strict = Provider::new(problem, world, Binding::Strict);
    match attempt(&strict) {
        Attempt::Missing => Step::Need(strict.wanted()),
        Attempt::Solved(solution) => finish(&strict, &solution, Vec::new()),
        Attempt::Impossible(tree) => {
            let conflict = explain::explain(&tree, &strict);
            let lenient = Provider::new(problem, world, Binding::Lenient);
            match attempt(&lenient) {
                Attempt::Missing => Step::Need(lenient.wanted()),
                Attempt::Solved(solution) => finish(&lenient, &solution, conflict),
                Attempt::Impossible(tree) => {
                    let conflict = explain::explain(&tree, &lenient);
                    finish(&lenient, &Solution::new(), conflict)
                }
            }
        }
    }
}

enum Attempt {
    Solved(Solution),
    Impossible(Tree),
    Missing,
}

fn attempt(provider: &Provider<'_>) -> Attempt {
    match pubgrub::resolve(provider, Node::Roots, Version::new([0])) {
        Ok(solution) => Attempt::Solved(solution.into_iter().collect()),
        Err(PubGrubError::NoSolution(tree)) => Attempt::Impossible(tree),
        Err(_) => Attempt::Missing,
    }
}

fn finish(provider: &Provider<'_>, solution: &Solution, conflict: Vec<String>) -> Step {
    match resolution(provider, solution, conflict) {
        Ok(resolution) => Step::Done(resolution),
        Err(Missing) => Step::Need(provider.wanted()),
    }
}

fn resolution(
    provider: &Provider<'_>,
    solution: &Solution,
    conflict: Vec<String>,
) -> Result<Resolution, Missing> {
    let walk = verdict::walk(provider, solution)?;
    let distributions = verdict::distributions(provider, solution, &walk);
    let (build_order, cycles) = build_order(&needs(&distributions, &walk));
    let mut findings = walk.findings;
    findings.extend(cycles.iter().map(|names| cycle_finding(names)));
    findings.sort();
    findings.dedup();
    Ok(Resolution {
        roots: roots(provider, solution)?,
        distributions,
        build_order,
        conflict,
        findings,
    })
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

fn roots(provider: &Provider<'_>, solution: &Solution) -> Result<Vec<RootOutcome>, Missing> {
    let roots = provider.problem.roots.iter();
    roots
        .map(|root| root_outcome(provider, solution, root))
        .collect()
}

fn root_outcome(
    provider: &Provider<'_>,
    solution: &Solution,
    root: &Root,
) -> Result<RootOutcome, Missing> {
    let name = match root {
        Root::Requirement { requirement, .. } => &requirement.name,
        Root::Project { name, version, .. } => {
            return Ok(RootOutcome {
                label: root.label(),
                name: name.clone(),
                version: version.as_ref().and_then(|version| version.parse().ok()),
                newest: None,
                stepped_back: Vec::new(),
            });
        }
    };
    let version = solution.get(&Node::Dist(name.clone())).cloned();
    let newest = version
        .as_ref()
        .and_then(|version| newer(provider, name, version));
    let stepped_back = match &newest {
        Some(newest) => obstacles(provider, name, newest)?,
        None => Vec::new(),
    };
    Ok(RootOutcome {
        label: root.label(),
        name: Some(name.clone()),
        version,
        newest,
        stepped_back,
    })
}

/// The release that a floating root would have had.
fn newer(provider: &Provider<'_>, name: &DistName, version: &Version) -> Option<Version> {
    if provider.leaf(name).is_some() {
        return None;
    }
    let project = provider.world.project(name).flatten()?;
    let (target, options) = (provider.problem.target, provider.problem.options);
    let candidates = candidates::candidates(project, target, options);
    candidates
        .first()
        .filter(|newest| *newest > version)
        .cloned()
}

/// What the suite does not meet of a release's own requirements.
fn obstacles(
    provider: &Provider<'_>,
    name: &DistName,
    version: &Version,
) -> Result<Vec<String>, Missing> {
    let node = Node::Dist(name.clone());
    let edges = match provider.edges(&node, version)? {
        Ok(edges) => edges,
        Err(reason) => return Ok(vec![reason]),
    };
    let unmet = edges.iter().filter_map(|edge| {
        let leaf = provider.leaf(&edge.name)?;
        let has = leaf.upstream?;
        let unmet = !contains(&edge.specifiers, &has);
        let suite = provider.problem.suite;
        unmet.then(|| format!("it needs {}, and {suite} has {has}", edge.text))
    });
    Ok(unmet.collect())
}
