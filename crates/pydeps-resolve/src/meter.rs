//! Why an attempt could not go on, and how much it has looked into.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use pep440_rs::Version;
use pydeps_core::name::DistName;

/// Why an attempt could not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Stop {
    /// Facts are missing; they were asked for.
    #[error("metadata is missing")]
    Missing,
    /// It would take more releases than it is worth.
    #[error("the budget is spent")]
    Budget,
}

/// How many releases the attempts have looked into.
///
/// What is counted is what the solver consulted, not what was fetched: the count is the
/// same in whatever order answers arrive, so that the budget ends at the same place.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    consulted: RefCell<BTreeSet<(DistName, Version)>>,
    limit: Cell<usize>,
}

impl Meter {
    /// Allows so many more from here on.
    pub(crate) fn allow(&self, more: usize) {
        self.limit.set(self.consulted.borrow().len() + more);
    }

    /// Every release so far.
    pub(crate) fn consulted(&self) -> Vec<(DistName, Version)> {
        self.consulted.borrow().iter().cloned().collect()
    }

    /// Counts a release.
    pub(crate) fn consult(
        &self,
        name: &DistName,
        version: &Version,
        metered: bool,
    ) -> Result<(), Stop> {
        let mut consulted = self.consulted.borrow_mut();
        let key = (name.clone(), version.clone());
        if metered && consulted.len() >= self.limit.get() && !consulted.contains(&key) {
            return Err(Stop::Budget);
        }
        consulted.insert(key);
        Ok(())
    }
}
