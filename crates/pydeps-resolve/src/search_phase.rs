//! The phases of a resolution, and what each of them has found.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use pydeps_core::outcome::Minimality;

use crate::budget::{Budget, Stop};
use crate::choices::Trials;
use crate::explain::ConflictSentence;
use crate::policy::{Policy, StepBack, Waived};
use crate::search::UnsatCore;
use crate::verdict::Solution;

/// How many releases the search for the fewest waivers may read, at least.
const WAIVER_BUDGET: usize = 512;

/// A search with a budget of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SearchPhase {
    /// The fewest waivers.
    FewestWaivers,
    /// Fewer waivers, from a solution that waives everything.
    FewerWaivers,
    /// The fewest packages to build.
    FewestBuilds,
    /// Fewer packages to build than in the first solution.
    FewerBuilds,
}

impl SearchPhase {
    /// How many releases the search may read after `consulted` for a solution of
    /// `distributions`. Without the fewest waivers there is no answer, so that search may
    /// read more.
    pub(crate) fn budget(self, budget: Budget, consulted: usize, distributions: usize) -> usize {
        match self {
            Self::FewestWaivers | Self::FewerWaivers => budget.alone().max(WAIVER_BUDGET),
            Self::FewestBuilds | Self::FewerBuilds => budget.beyond(consulted, distributions),
        }
    }
}

/// What a session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// An answer with reasons; where there is no solution, the one with the fewest waivers.
    Answer,
    /// An answer without the reasons why a release is not the newest.
    Trial,
    /// An answer without reasons, and without distributions if there is no solution.
    AllOrNothing,
}

/// What a session has found so far.
#[derive(Default)]
pub(crate) struct SessionProgress<'a> {
    pub(crate) first: RefCell<Option<Rc<FirstSolution>>>,
    pub(crate) best: RefCell<Option<Rc<BestSolution>>>,
    /// Whether another session has shown that there is no solution without waivers.
    pub(crate) has_conflict: bool,
    /// Why there is no solution without waivers, once that is known.
    pub(crate) conflict: RefCell<Option<Vec<ConflictSentence>>>,
    pub(crate) waiver_cores: RefCell<Vec<UnsatCore>>,
    pub(crate) build_cores: RefCell<Vec<UnsatCore>>,
    pub(crate) phases_begun: RefCell<BTreeSet<SearchPhase>>,
    pub(crate) trials: RefCell<Trials<'a>>,
}

/// The first solution, which decides about the releases of the roots.
pub(crate) struct FirstSolution {
    pub(crate) solution: Solution,
    pub(crate) step_back: StepBack,
    pub(crate) waived: Waived,
    /// Why there is no solution without waivers.
    pub(crate) conflict: Vec<ConflictSentence>,
}

impl FirstSolution {
    /// No solution, and why.
    pub(crate) fn none(conflict: Vec<ConflictSentence>) -> Self {
        Self {
            solution: Solution::new(),
            step_back: StepBack::Window,
            waived: Waived::All,
            conflict,
        }
    }
}

/// The solution with the fewest packages for the releases of the roots.
pub(crate) struct BestSolution {
    pub(crate) solution: Solution,
    pub(crate) policy: Policy,
    pub(crate) minimality: Option<Minimality>,
    /// The cores that the search for it has found.
    pub(crate) cores: Vec<UnsatCore>,
}

/// The value if it is known, or else computes and keeps it.
pub(crate) fn get_or_compute<T>(
    known: &RefCell<Option<Rc<T>>>,
    compute: impl FnOnce() -> Result<T, Stop>,
) -> Result<Rc<T>, Stop> {
    if let Some(known) = &*known.borrow() {
        return Ok(Rc::clone(known));
    }
    let value = Rc::new(compute()?);
    *known.borrow_mut() = Some(Rc::clone(&value));
    Ok(value)
}
