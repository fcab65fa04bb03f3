//! Why a distribution to build is not at its newest release, and how many packages that
//! saves.

use pep440_rs::Version;
use pydeps_core::name::DistName;
use pydeps_core::outcome::Distribution;

use crate::budget::Stop;
use crate::cost::{Costs, count_builds};
use crate::explain::{explain, texts};
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::policy::Policy;
use crate::provider::{DebianProvider, SolveContext};
use crate::root_outcome::unmet_requirements;
use crate::search::{CheapestSolution, SolveOutcome, cheapest, solve};
use crate::search_phase::BestSolution;
use crate::verdict::{Solution, Walk};

/// Fills in `newest`, `stepped_back` and `saves` of a distribution to build that is not at
/// its newest release. [`Stop::Missing`] if metadata are not known yet.
pub(crate) fn explain_distribution(
    context: SolveContext<'_>,
    best: &BestSolution,
    walk: &Walk,
    row: &mut Distribution,
) -> Result<(), Stop> {
    let provider = DebianProvider::new(context, best.policy.clone());
    let Some(version) = &row.version else {
        return Ok(());
    };
    if provider.origins(&row.name).kind(version) != OriginKind::Index {
        return Ok(());
    }
    let Some(newest) = provider.newer_candidate(&row.name, version) else {
        return Ok(());
    };
    row.newest = Some(newest.clone());
    if provider.is_root(&row.name) {
        // The outcome of the root has the reasons.
        return Ok(());
    }
    row.stepped_back = excluding_requirements(&provider, walk, &row.name, &newest);
    if row.stepped_back.is_empty() && best.minimality.is_some() {
        (row.stepped_back, row.saves) = cost_of_newest(context, best, &row.name, &newest)?;
    }
    Ok(())
}

/// A sentence for each requirement and constraint that excludes the newest release.
fn excluding_requirements(
    provider: &DebianProvider<'_>,
    walk: &Walk,
    name: &DistName,
    newest: &Version,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (_, label, edge) in &walk.edges {
        if edge.name == *name && !edge.range.contains(newest) {
            lines.push(format!("{label} asks for {}", edge.text));
        }
    }
    for (origin, constraint) in provider.constraints_on(name) {
        if !constraint.range.contains(newest) {
            lines.push(format!("{origin} asks for {}", constraint.text));
        }
    }
    lines.sort();
    lines.dedup();
    lines
}

/// Why there is no solution with the newest release, or else how many packages more the
/// cheapest one builds and what for.
fn cost_of_newest(
    context: SolveContext<'_>,
    best: &BestSolution,
    name: &DistName,
    newest: &Version,
) -> Result<(Vec<String>, Option<usize>), Stop> {
    let allow_all = Policy {
        allowed: None,
        ..with_pin(&best.policy, name, newest)
    };
    let provider = DebianProvider::new(context, allow_all);
    match unmet_requirements(&provider, name, newest) {
        Err(Stop::Budget) => return Ok((Vec::new(), None)),
        Err(stop) => return Err(stop),
        Ok(unmet) if unmet.is_empty() => {}
        Ok(unmet) => return Ok((unmet, None)),
    }
    match solve(&provider)? {
        SolveOutcome::NoSolution(derivation) => {
            return Ok((texts(explain(&derivation, &provider)), None));
        }
        SolveOutcome::BudgetReached => return Ok((Vec::new(), None)),
        SolveOutcome::Solved(_) => {}
    }
    let policy = |costs: &Costs| Policy {
        allowed: Some(costs.clone()),
        ..with_pin(&best.policy, name, newest)
    };
    let mut cores = best.cores.clone();
    let CheapestSolution::Found(_, costs) = cheapest(context, &policy, &mut cores)? else {
        return Ok((Vec::new(), None));
    };
    let reasons = missing_requirements(&provider, &best.solution, name, newest)?;
    let before = best.policy.allowed.as_ref().map_or(0, count_builds);
    let saves = count_builds(&costs).checked_sub(before);
    Ok((reasons, saves.filter(|saves| *saves > 0)))
}

/// The policy with one more version pinned, within the budget.
fn with_pin(policy: &Policy, name: &DistName, version: &Version) -> Policy {
    let mut policy = policy.clone();
    policy.pinned.insert(name.clone(), version.clone());
    policy.budgeted = true;
    policy
}

/// A sentence for each requirement of a release on a distribution that neither the suite
/// has nor the solution builds.
fn missing_requirements(
    provider: &DebianProvider<'_>,
    solution: &Solution,
    name: &DistName,
    version: &Version,
) -> Result<Vec<String>, Stop> {
    let edges = provider.consult_edges(&SolverNode::Dist(name.clone()), version)?;
    let suite = provider.problem.suite;
    let is_missing = |name: &DistName| {
        !provider.is_leaf(name) && !solution.contains_key(&SolverNode::Dist(name.clone()))
    };
    let mut lines = Vec::new();
    for edge in edges.list() {
        if is_missing(&edge.name) {
            lines.push(format!("it needs {}, which {suite} lacks", edge.text));
        }
    }
    Ok(lines)
}
