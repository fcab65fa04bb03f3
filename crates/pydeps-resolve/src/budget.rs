//! Why an attempt could not go on, and how much it has looked into.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

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
pub(crate) struct ConsultedReleases {
    consulted: RefCell<BTreeMap<DistName, BTreeSet<Version>>>,
    total: Cell<usize>,
    limit: Cell<usize>,
}

impl ConsultedReleases {
    /// Allows so many more from here on.
    pub(crate) fn allow(&self, more: usize) {
        self.limit.set(self.total.get() + more);
    }

    /// How many releases so far.
    pub(crate) fn total(&self) -> usize {
        self.total.get()
    }

    /// How many more are allowed.
    pub(crate) fn left(&self) -> usize {
        self.limit.get().saturating_sub(self.total.get())
    }

    /// Every release so far.
    pub(crate) fn consulted(&self) -> Vec<(DistName, Version)> {
        let consulted = self.consulted.borrow();
        let all = consulted.iter().flat_map(|(name, versions)| {
            let versions = versions.iter();
            versions.map(|version| (name.clone(), version.clone()))
        });
        all.collect()
    }

    /// How many releases of a distribution.
    pub(crate) fn count(&self, name: &DistName) -> usize {
        self.consulted.borrow().get(name).map_or(0, BTreeSet::len)
    }

    /// Whether a release was looked into.
    pub(crate) fn has(&self, name: &DistName, version: &Version) -> bool {
        let consulted = self.consulted.borrow();
        consulted.get(name).is_some_and(|own| own.contains(version))
    }

    /// Counts a release.
    pub(crate) fn consult(
        &self,
        name: &DistName,
        version: &Version,
        budgeted: bool,
    ) -> Result<(), Stop> {
        let mut consulted = self.consulted.borrow_mut();
        let known = consulted.get(name).is_some_and(|own| own.contains(version));
        if known {
            return Ok(());
        }
        if budgeted && self.total.get() >= self.limit.get() {
            return Err(Stop::Budget);
        }
        consulted
            .entry(name.clone())
            .or_default()
            .insert(version.clone());
        self.total.set(self.total.get() + 1);
        Ok(())
    }
}
