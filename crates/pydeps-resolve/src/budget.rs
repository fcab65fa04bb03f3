//! The budget of a resolution, counted in releases whose metadata the solver reads, and
//! the reasons why a solver run stops early.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::name::DistName;

/// How many releases the solver may read to find a better answer than the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// As many as bring the total to twice the number of distributions of the first
    /// answer, or to [`Budget::SMALL`] if that is more.
    Fitting,
    /// This many beyond those that the first answer took.
    Releases(usize),
}

impl Budget {
    /// As many releases as take seconds and not minutes to fetch.
    pub const SMALL: usize = 64;

    /// How many more releases the solver may read after it has read `consulted` for an
    /// answer of `distributions`.
    pub(crate) fn beyond(self, consulted: usize, distributions: usize) -> usize {
        match self {
            Self::Fitting => Self::SMALL.max(2 * distributions).saturating_sub(consulted),
            Self::Releases(more) => more,
        }
    }

    /// How many releases the solver may read for a search that has no first answer.
    pub(crate) fn alone(self) -> usize {
        self.beyond(0, 0)
    }
}

/// Why a solver run stops before it has a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    /// The run needs pages or metadata that it has requested.
    #[error("metadata is missing")]
    Missing,
    /// The run would read more releases than the budget allows.
    #[error("the budget is spent")]
    Budget,
}

/// The releases whose requirements the solver has read, and how many it may read.
///
/// It counts what the solver reads and not what the caller fetches. So the count does not
/// depend on the order in which answers arrive, and the budget always ends at the same
/// release.
#[derive(Debug, Default)]
pub(crate) struct ConsultedReleases {
    by_name: RefCell<BTreeMap<DistName, BTreeSet<Version>>>,
    total: Cell<usize>,
    limit: Cell<usize>,
}

impl ConsultedReleases {
    /// Sets the limit to `more` releases beyond those read so far.
    pub(crate) fn allow(&self, more: usize) {
        self.limit.set(self.total.get() + more);
    }

    /// The number of releases read so far.
    pub(crate) fn total(&self) -> usize {
        self.total.get()
    }

    /// The number of releases that may still be read.
    pub(crate) fn left(&self) -> usize {
        self.limit.get().saturating_sub(self.total.get())
    }

    /// The releases of `name` read so far, the oldest first.
    pub(crate) fn versions(&self, name: &DistName) -> Vec<Version> {
        let by_name = self.by_name.borrow();
        by_name.get(name).into_iter().flatten().cloned().collect()
    }

    /// The number of releases of `name` read so far.
    pub(crate) fn count(&self, name: &DistName) -> usize {
        self.by_name.borrow().get(name).map_or(0, BTreeSet::len)
    }

    /// Whether the release has been read.
    pub(crate) fn contains(&self, name: &DistName, version: &Version) -> bool {
        let by_name = self.by_name.borrow();
        by_name.get(name).is_some_and(|own| own.contains(version))
    }

    /// Counts a release, once. [`Stop::Budget`] if it is a new one, `budgeted` holds and
    /// the limit is reached.
    pub(crate) fn consult(
        &self,
        name: &DistName,
        version: &Version,
        budgeted: bool,
    ) -> Result<(), Stop> {
        if self.contains(name, version) {
            return Ok(());
        }
        if budgeted && self.left() == 0 {
            return Err(Stop::Budget);
        }
        let mut by_name = self.by_name.borrow_mut();
        let own = by_name.entry(name.clone()).or_default();
        own.insert(version.clone());
        self.total.set(self.total.get() + 1);
        Ok(())
    }
}
