//! The search for the cheapest answer, from below.
//!
//! The search begins with a policy that allows no cost. Each run that fails shows an
//! unsatisfiable core: a set of costs of which every solution has at least one. The next
//! run allows the cheapest set with a cost of every core. The first run that succeeds
//! gives the cheapest answer, as any cheaper set misses a core. (The literature calls this
//! the implicit hitting set method.)

use pep440_rs::Version;
use pubgrub::PubGrubError;
use pydeps_core::outcome::Minimality;

use crate::budget::Stop;
use crate::cost::Costs;
use crate::explain::{ConflictSentence, explain};
use crate::facts::Derivation;
use crate::hitting_set;
use crate::node::SolverNode;
use crate::policy::Policy;
use crate::provider::{DebianProvider, SolveContext};
use crate::statistics::count;
use crate::unsat_core::unsat_core;
use crate::verdict::Solution;

/// The outcome of one run.
pub(crate) enum SolveOutcome {
    /// A version for every node.
    Solved(Solution),
    /// Why there is no solution.
    NoSolution(Derivation),
    /// The budget is spent.
    BudgetReached,
}

/// Runs the solver under the policy of the provider. [`Stop::Missing`] if the run has
/// requested something that it needs.
pub(crate) fn solve(provider: &DebianProvider<'_>) -> Result<SolveOutcome, Stop> {
    count(provider.context.statistics, |counts| counts.runs += 1);
    match pubgrub::resolve(provider, SolverNode::Roots, Version::new([0])) {
        Ok(solution) => Ok(SolveOutcome::Solved(solution.into_iter().collect())),
        Err(PubGrubError::NoSolution(derivation)) => Ok(SolveOutcome::NoSolution(derivation)),
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

/// Costs of which every solution has at least one, and why.
#[derive(Clone, Debug)]
pub(crate) struct UnsatCore {
    pub(crate) costs: Costs,
    pub(crate) because: Vec<ConflictSentence>,
}

/// The outcome of a search.
pub(crate) enum CheapestSolution {
    /// The cheapest solution and its cost.
    Found(Solution, Costs),
    /// There is no solution at any cost.
    NoSolution,
    /// The budget is spent, or the search takes too many runs.
    BudgetReached,
}

/// A search gives up after this many cores.
const MAX_CORES: usize = 1_000;

/// The cheapest solution. `policy` makes the policy that allows a set of costs. The search
/// appends what it learns to `cores`; a later search with them goes on where it stopped.
pub(crate) fn cheapest(
    context: SolveContext<'_>,
    policy: &dyn Fn(&Costs) -> Policy,
    cores: &mut Vec<UnsatCore>,
) -> Result<CheapestSolution, Stop> {
    while cores.len() < MAX_CORES {
        let known: Vec<Costs> = cores.iter().map(|core| core.costs.clone()).collect();
        let Some(costs) = hitting_set::cheapest(&known) else {
            return Ok(CheapestSolution::BudgetReached);
        };
        let provider = DebianProvider::new(context, policy(&costs));
        match solve(&provider)? {
            SolveOutcome::Solved(solution) => {
                return Ok(CheapestSolution::Found(solution, costs));
            }
            SolveOutcome::BudgetReached => return Ok(CheapestSolution::BudgetReached),
            SolveOutcome::NoSolution(derivation) => {
                let costs = unsat_core(&derivation, &provider)?;
                if costs.is_empty() {
                    return Ok(CheapestSolution::NoSolution);
                }
                let because = explain(&derivation, &provider);
                cores.push(UnsatCore { costs, because });
            }
        }
    }
    Ok(CheapestSolution::BudgetReached)
}

/// Removes costs from a solution's, one after the other, as long as there is a solution
/// without them. One pass is enough: what is necessary in a larger set is necessary in a
/// smaller one. `cost_of` is the cost of a solution. The result is irreducible unless the
/// budget was spent.
pub(crate) fn minimize(
    context: SolveContext<'_>,
    policy: &dyn Fn(&Costs) -> Policy,
    mut solution: Solution,
    cost_of: &dyn Fn(&Solution) -> Costs,
) -> Result<(Solution, Costs, Minimality), Stop> {
    let mut costs = cost_of(&solution);
    let mut minimality = Minimality::Irreducible;
    for cost in costs.clone() {
        let mut fewer = costs.clone();
        if !fewer.remove(&cost) {
            continue;
        }
        let provider = DebianProvider::new(context, policy(&fewer));
        match solve(&provider)? {
            SolveOutcome::Solved(found) => {
                costs = cost_of(&found).intersection(&fewer).cloned().collect();
                solution = found;
            }
            SolveOutcome::NoSolution(_) => {}
            SolveOutcome::BudgetReached => minimality = Minimality::BudgetReached,
        }
    }
    Ok((solution, costs, minimality))
}
