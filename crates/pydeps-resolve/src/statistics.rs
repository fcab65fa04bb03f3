//! How much work a session did, in counts that do not depend on the machine.

use std::cell::Cell;
use std::ops::AddAssign;

/// How much a session has worked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SolverStatistics {
    /// Steps of the session.
    pub steps: usize,
    /// Runs of the solver.
    pub runs: usize,
    /// Versions that the solver asked for, those for the root of the tree not counted.
    pub decisions: usize,
    /// Releases whose requirements the solver read.
    pub releases: usize,
}

impl AddAssign for SolverStatistics {
    fn add_assign(&mut self, other: Self) {
        self.steps += other.steps;
        self.runs += other.runs;
        self.decisions += other.decisions;
        self.releases += other.releases;
    }
}

/// Changes the counts of a session.
pub(crate) fn count(
    statistics: &Cell<SolverStatistics>,
    change: impl FnOnce(&mut SolverStatistics),
) {
    let mut counts = statistics.get();
    change(&mut counts);
    statistics.set(counts);
}
