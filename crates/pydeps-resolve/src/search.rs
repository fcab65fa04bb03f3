//! The cheapest answer, found from below.
//!
//! One begins with paying nothing. Each attempt that fails shows a set of prices of
//! which one has to be paid (a core); the cheapest set that has something of every core
//! is what is tried next. The first attempt that succeeds is the cheapest, for whatever
//! is cheaper misses a core. (The method is known as implicit hitting sets.)

use pep440_rs::Version;
use pubgrub::PubGrubError;

use crate::budget::Stop;
use crate::explain::{Sentence, Tree, explain};
use crate::hitting_set;
use crate::node::Node;
use crate::policy::{Policy, Price, Prices};
use crate::provider::{Provider, Setting};
use crate::unsat_core::core;
use crate::verdict::Solution;

/// What an attempt came to.
pub(crate) enum Attempt {
    /// Versions for everything.
    Solved(Solution),
    /// Why there are none.
    Impossible(Tree),
    /// It would have cost more than the budget.
    TooFar,
}

/// Tries a policy.
pub(crate) fn attempt(provider: &Provider<'_>) -> Result<Attempt, Stop> {
    match pubgrub::resolve(provider, Node::Roots, Version::new([0])) {
        Ok(solution) => Ok(Attempt::Solved(solution.into_iter().collect())),
        Err(PubGrubError::NoSolution(tree)) => Ok(Attempt::Impossible(tree)),
        Err(
            PubGrubError::ErrorChoosingVersion { source, .. }
            | PubGrubError::ErrorRetrievingDependencies { source, .. }
            | PubGrubError::ErrorInShouldCancel(source),
        ) => match source {
            Stop::Budget => Ok(Attempt::TooFar),
            Stop::Missing => Err(Stop::Missing),
        },
    }
}

/// Prices of which one has to be paid, and why.
#[derive(Clone, Debug)]
pub(crate) struct Core {
    pub(crate) prices: Prices,
    pub(crate) because: Vec<Sentence>,
}

/// Where a search ended.
pub(crate) enum Found {
    /// At the cheapest answer.
    Cheapest(Solution, Prices),
    /// There is none at any price.
    Hopeless,
    /// It was not worth going on.
    TooFar,
}

/// More attempts than this are not made.
const ATTEMPTS: usize = 1_000;

/// The cheapest answer of those that `policy` allows. What was learned is added to
/// `cores`, with which the search can be taken up again.
pub(crate) fn cheapest(
    setting: Setting<'_>,
    policy: &dyn Fn(&Prices) -> Policy,
    cores: &mut Vec<Core>,
) -> Result<Found, Stop> {
    while cores.len() < ATTEMPTS {
        let known: Vec<Prices> = cores.iter().map(|core| core.prices.clone()).collect();
        let Some(prices) = hitting_set::cheapest(&known) else {
            return Ok(Found::TooFar);
        };
        let provider = Provider::new(setting, policy(&prices));
        match attempt(&provider)? {
            Attempt::Solved(solution) => return Ok(Found::Cheapest(solution, prices)),
            Attempt::TooFar => return Ok(Found::TooFar),
            Attempt::Impossible(tree) => {
                let prices = core(&tree, &provider)?;
                if prices.is_empty() {
                    return Ok(Found::Hopeless);
                }
                let because = explain(&tree, &provider);
                cores.push(Core { prices, because });
            }
        }
    }
    Ok(Found::TooFar)
}

/// Leaves out one price after the other. What could not be left out of a larger set
/// cannot be left out of a smaller one, so that once through is enough. Also says whether
/// every price was tried.
pub(crate) fn shrink(
    setting: Setting<'_>,
    policy: &dyn Fn(&Prices) -> Policy,
    start: (Solution, Prices),
    paid_by: &dyn Fn(&Solution) -> Prices,
) -> Result<(Solution, Prices, bool), Stop> {
    let (mut solution, mut prices) = start;
    let mut complete = true;
    let order: Vec<Price> = prices.iter().cloned().collect();
    for price in order {
        if !prices.contains(&price) {
            continue;
        }
        let mut fewer = prices.clone();
        fewer.remove(&price);
        let provider = Provider::new(setting, policy(&fewer));
        match attempt(&provider)? {
            Attempt::Solved(found) => {
                prices = paid_by(&found).intersection(&fewer).cloned().collect();
                solution = found;
            }
            Attempt::Impossible(_) => {}
            Attempt::TooFar => complete = false,
        }
    }
    Ok((solution, prices, complete))
}
