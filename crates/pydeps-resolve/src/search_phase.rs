//! The stages of a resolution, and what is kept of each.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

use pydeps_core::outcome::Minimality;

use crate::budget::Stop;
use crate::choices::Trials;
use crate::explain::ConflictSentence;
use crate::policy::{InfeasibleReleases, Policy, StepBack, Waived};
use crate::problem::Budget;
use crate::search::UnsatCore;
use crate::verdict::Solution;

/// How many releases may be looked into, at least, for what comes nearest.
const NEAREST: usize = 512;

/// A search with an allowance of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SearchPhase {
    /// For the least that has to be let through.
    Nearest,
    /// For less than everything let through.
    Nearer,
    /// For the fewest packages.
    Fewest,
    /// For fewer packages.
    Fewer,
}

impl SearchPhase {
    /// How many releases it may look into, after so many for an answer with so many
    /// distributions. What comes nearest is the answer, not a better one.
    pub(crate) fn allowance(self, budget: Budget, consulted: usize, distributions: usize) -> usize {
        match self {
            Self::Nearest | Self::Nearer => budget.alone().max(NEAREST),
            Self::Fewest | Self::Fewer => budget.beyond(consulted, distributions),
        }
    }
}

/// What a session is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// An answer with its reasons, and what comes nearest where there is none.
    Answer,
    /// Verdicts alone: nothing says why something is not the newest.
    Trial,
    /// Verdicts where everything can be had; else nothing is looked for.
    AllOrNothing,
}

/// What is known already.
#[derive(Default)]
pub(crate) struct SessionProgress<'a> {
    pub(crate) first: RefCell<Option<Rc<FirstSolution>>>,
    pub(crate) best: RefCell<Option<Rc<BestSolution>>>,
    /// Whether it is known from the start that something has to be opened.
    pub(crate) in_conflict: bool,
    pub(crate) conflict: RefCell<Option<Vec<ConflictSentence>>>,
    pub(crate) waiver_cores: RefCell<Vec<UnsatCore>>,
    pub(crate) build_cores: RefCell<Vec<UnsatCore>>,
    pub(crate) phases_begun: RefCell<BTreeSet<SearchPhase>>,
    pub(crate) trials: RefCell<Trials<'a>>,
}

/// The newest roots that can be had.
pub(crate) struct FirstSolution {
    pub(crate) solution: Solution,
    pub(crate) step_back: StepBack,
    pub(crate) waived: Waived,
    /// Why nothing can be had without letting something through.
    pub(crate) conflict: Vec<ConflictSentence>,
    /// What was found to be hopeless.
    pub(crate) infeasible: Rc<InfeasibleReleases>,
}

impl FirstSolution {
    /// Nothing, and why.
    pub(crate) fn none(conflict: Vec<ConflictSentence>) -> Self {
        Self {
            solution: Solution::new(),
            step_back: StepBack::Window,
            waived: Waived::All,
            conflict,
            infeasible: Rc::default(),
        }
    }
}

/// The fewest packages for these roots.
pub(crate) struct BestSolution {
    pub(crate) solution: Solution,
    pub(crate) policy: Policy,
    pub(crate) minimality: Option<Minimality>,
    /// What was learned on the way.
    pub(crate) cores: Vec<UnsatCore>,
}

/// What was worked out before, or is now.
pub(crate) fn get_or_compute<T>(
    known: &RefCell<Option<Rc<T>>>,
    work_out: impl FnOnce() -> Result<T, Stop>,
) -> Result<Rc<T>, Stop> {
    if let Some(known) = &*known.borrow() {
        return Ok(Rc::clone(known));
    }
    let found = Rc::new(work_out()?);
    *known.borrow_mut() = Some(Rc::clone(&found));
    Ok(found)
}
