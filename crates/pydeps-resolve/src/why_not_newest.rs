//! Why something that has to be built is not at its newest release, and what that saves.

use pep440_rs::Version;
use pydeps_core::name::DistName;

use crate::budget::Stop;
use crate::explain::{explain, texts};
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::policy::{Cost, Costs, Policy};
use crate::provider::{DebianProvider, SolveContext};
use crate::root_outcome::obstacles;
use crate::search::{CheapestSolution, SolveOutcome, cheapest, solve};
use crate::search_phase::BestSolution;
use crate::verdict::{Solution, Walk};
use pydeps_core::outcome::Distribution;

/// Fills in what is known of a row that is built and not the newest.
pub(crate) fn explain_distribution(
    context: SolveContext<'_>,
    best: &BestSolution,
    walk: &Walk,
    row: &mut Distribution,
) -> Result<(), Stop> {
    let provider = DebianProvider::new(context, best.policy.clone());
    let Some(newest) = newer(&provider, row) else {
        return Ok(());
    };
    row.newest = Some(newest.clone());
    if provider.is_root(&row.name) {
        // The outcome of the root says why.
        return Ok(());
    }
    row.stepped_back = bounds(&provider, walk, &row.name, &newest);
    if row.stepped_back.is_empty() && best.minimality.is_some() {
        (row.stepped_back, row.saves) = cost_of_newest(context, best, &row.name, &newest)?;
    }
    Ok(())
}

/// The newest release, if it is another one.
fn newer(provider: &DebianProvider<'_>, row: &Distribution) -> Option<Version> {
    let version = row.version.as_ref()?;
    if provider.origins(&row.name).kind(version) != OriginKind::Index {
        return None;
    }
    let project = provider.world.project(&row.name).flatten()?;
    let candidates = provider.candidates(project);
    let newest = candidates.first();
    newest.filter(|newest| *newest > version).cloned()
}

/// Who does not ask for the newest release.
fn bounds(
    provider: &DebianProvider<'_>,
    walk: &Walk,
    name: &DistName,
    newest: &Version,
) -> Vec<String> {
    let excluding = walk
        .edges
        .iter()
        .filter(|(_, _, edge)| edge.name == *name && !edge.range.contains(newest));
    let mut lines: Vec<String> = excluding
        .map(|(_, label, edge)| format!("{label} asks for {}", edge.text))
        .collect();
    let constraints = provider.constraints_on(name).iter();
    let excluding = constraints.filter(|(_, edge)| !edge.range.contains(newest));
    lines.extend(excluding.map(|(origin, edge)| format!("{origin} asks for {}", edge.text)));
    lines.sort();
    lines.dedup();
    lines
}

/// What the newest release would take: what cannot be, or how many packages more.
fn cost_of_newest(
    context: SolveContext<'_>,
    best: &BestSolution,
    name: &DistName,
    newest: &Version,
) -> Result<(Vec<String>, Option<usize>), Stop> {
    let free = Policy {
        allowed: None,
        ..with(&best.policy, name, newest)
    };
    let provider = DebianProvider::new(context, free);
    let mut reasons = match obstacles(&provider, name, newest) {
        Err(Stop::Budget) => return Ok((Vec::new(), None)),
        reasons => reasons?,
    };
    if !reasons.is_empty() {
        return Ok((reasons, None));
    }
    match solve(&provider)? {
        SolveOutcome::NoSolution(tree) => return Ok((texts(explain(&tree, &provider)), None)),
        SolveOutcome::BudgetReached => return Ok((Vec::new(), None)),
        SolveOutcome::Solved(_) => {}
    }
    let policy = |costs: &Costs| Policy {
        allowed: Some(costs.clone()),
        ..with(&best.policy, name, newest)
    };
    let mut cores = best.cores.clone();
    let CheapestSolution::Cheapest(_, costs) = cheapest(context, &policy, &mut cores)? else {
        return Ok((Vec::new(), None));
    };
    reasons.extend(lacking(&provider, &best.solution, name, newest)?);
    let before = best.policy.allowed.as_ref().map_or(0, count_builds);
    Ok((
        reasons,
        count_builds(&costs)
            .checked_sub(before)
            .filter(|saved| *saved > 0),
    ))
}

/// The policy with one more version settled.
fn with(policy: &Policy, name: &DistName, version: &Version) -> Policy {
    let mut policy = policy.clone();
    policy.fixed.insert(name.clone(), version.clone());
    policy.budgeted = true;
    policy
}

/// How many packages have to be built.
pub(crate) fn count_builds(costs: &Costs) -> usize {
    let build = |cost: &&Cost| matches!(cost, Cost::Build(_));
    costs.iter().filter(build).count()
}

/// What a release needs that neither the suite has nor the answer builds.
fn lacking(
    provider: &DebianProvider<'_>,
    solution: &Solution,
    name: &DistName,
    version: &Version,
) -> Result<Vec<String>, Stop> {
    let edges = provider.edges(&SolverNode::Dist(name.clone()), version)?;
    let edges = edges.as_ref().as_ref().map_or(&[][..], Vec::as_slice);
    let suite = provider.problem.suite;
    let lacking = edges.iter().filter(|edge| {
        !provider.is_leaf(&edge.name)
            && !solution.contains_key(&SolverNode::Dist(edge.name.clone()))
    });
    Ok(lacking
        .map(|edge| format!("it needs {}, which {suite} lacks", edge.text))
        .collect())
}
