//! The cheapest answer, found from below.
//!
//! One begins with paying nothing. Each attempt that fails shows a set of prices of
//! which one has to be paid (a core); the cheapest set that has something of every core
//! is what is tried next. The first attempt that succeeds is the cheapest, for whatever
//! is cheaper misses a core. (The method is known as implicit hitting sets.)

use pep440_rs::Version;
use pubgrub::PubGrubError;

use crate::budget::Stop;
use crate::explain::{ConflictSentence, Derivation, explain};
use crate::hitting_set;
use crate::node::SolverNode;
use crate::policy::{Cost, Costs, Policy};
use crate::provider::{DebianProvider, SolveContext};
use crate::unsat_core::core;
use crate::verdict::Solution;

/// What an attempt came to.
pub(crate) enum SolveOutcome {
    /// Versions for everything.
    Solved(Solution),
    /// Why there are none.
    NoSolution(Derivation),
    /// It would have cost more than the budget.
    BudgetReached,
}

/// Tries a policy.
pub(crate) fn solve(provider: &DebianProvider<'_>) -> Result<SolveOutcome, Stop> {
    match pubgrub::resolve(provider, SolverNode::Roots, Version::new([0])) {
        Ok(solution) => Ok(SolveOutcome::Solved(solution.into_iter().collect())),
        Err(PubGrubError::NoSolution(tree)) => Ok(SolveOutcome::NoSolution(tree)),
        Err(
            PubGrubError::ErrorChoosingVersion { source, .. }
            | PubGrubError::ErrorRetrievingDependencies { source, .. }
            | PubGrubError::ErrorInShouldCancel(source),
        ) => match source {
            Stop::Budget => Ok(SolveOutcome::BudgetReached),
            Stop::Missing => Err(Stop::Missing),
        },
    }
}

/// Prices of which one has to be paid, and why.
#[derive(Clone, Debug)]
pub(crate) struct UnsatCore {
    pub(crate) costs: Costs,
    pub(crate) because: Vec<ConflictSentence>,
}

/// Where a search ended.
pub(crate) enum CheapestSolution {
    /// At the cheapest answer.
    Cheapest(Solution, Costs),
    /// There is none at any price.
    NoSolution,
    /// It was not worth going on.
    BudgetReached,
}

/// More attempts than this are not made.
const ATTEMPTS: usize = 1_000;

/// The cheapest answer of those that `policy` allows. What was learned is added to
/// `cores`, with which the search can be taken up again.
pub(crate) fn cheapest(
    context: SolveContext<'_>,
    policy: &dyn Fn(&Costs) -> Policy,
    cores: &mut Vec<UnsatCore>,
) -> Result<CheapestSolution, Stop> {
    while cores.len() < ATTEMPTS {
        let known: Vec<Costs> = cores.iter().map(|core| core.costs.clone()).collect();
        let Some(costs) = hitting_set::cheapest(&known) else {
            return Ok(CheapestSolution::BudgetReached);
        };
        let provider = DebianProvider::new(context, policy(&costs));
        match solve(&provider)? {
            SolveOutcome::Solved(solution) => {
                return Ok(CheapestSolution::Cheapest(solution, costs));
            }
            SolveOutcome::BudgetReached => return Ok(CheapestSolution::BudgetReached),
            SolveOutcome::NoSolution(tree) => {
                let costs = core(&tree, &provider)?;
                if costs.is_empty() {
                    return Ok(CheapestSolution::NoSolution);
                }
                let because = explain(&tree, &provider);
                cores.push(UnsatCore { costs, because });
            }
        }
    }
    Ok(CheapestSolution::BudgetReached)
}

/// Leaves out one price after the other. What could not be left out of a larger set
/// cannot be left out of a smaller one, so that once through is enough. Also says whether
/// every price was tried.
pub(crate) fn minimize(
    context: SolveContext<'_>,
    policy: &dyn Fn(&Costs) -> Policy,
    start: (Solution, Costs),
    build_costs: &dyn Fn(&Solution) -> Costs,
) -> Result<(Solution, Costs, bool), Stop> {
    let (mut solution, mut costs) = start;
    let mut complete = true;
    let order: Vec<Cost> = costs.iter().cloned().collect();
    for cost in order {
        if !costs.contains(&cost) {
            continue;
        }
        let mut fewer = costs.clone();
        fewer.remove(&cost);
        let provider = DebianProvider::new(context, policy(&fewer));
        match solve(&provider)? {
            SolveOutcome::Solved(found) => {
                costs = build_costs(&found).intersection(&fewer).cloned().collect();
                solution = found;
            }
            SolveOutcome::NoSolution(_) => {}
            SolveOutcome::BudgetReached => complete = false,
        }
    }
    Ok((solution, costs, complete))
}
