//! Steps back over many releases and reads few of them.
//!
//! A release with a requirement that cannot be met is mostly preceded by others with the
//! same requirement. So the search gallops back, four times as far each time, until the
//! requirement is gone, and bisects the last stretch for the newest release without it.
//! The solver still tries the releases in between where no other is left.

use std::collections::BTreeSet;

use pep440_rs::Version;
use pydeps_core::name::DistName;
use version_ranges::Ranges;

use crate::budget::Stop;
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::provider::DebianProvider;

/// The distributions whose versions exclude a release; empty if none does.
type UnmetNames = BTreeSet<DistName>;

impl DebianProvider<'_> {
    /// The release to try in a range with this newest release: the newest without an unmet
    /// requirement, as far as the gallop finds one. `None` for a root, for a range of one
    /// version, and where every release that was read has an unmet requirement.
    pub(crate) fn gallop_back(
        &self,
        node: &SolverNode,
        name: &DistName,
        range: &Ranges<Version>,
        newest: Version,
    ) -> Result<Option<Version>, Stop> {
        let is_fixed = range.as_singleton().is_some() || self.is_root(name);
        if is_fixed || self.origins(name).kind(&newest) != OriginKind::Index {
            return Ok(None);
        }
        if self.unmet_names(node, name, &newest)?.is_empty() {
            return Ok(Some(newest));
        }
        let all = self.candidates_in(name, range);
        self.check_budget(name, &all, probe_count(all.len()))?;
        let found =
            first_unobstructed(all.len(), &mut |at| self.unmet_names(node, name, &all[at]))?;
        if found.is_none() {
            // The solver will now read every release.
            self.check_budget(name, &all, all.len())?;
        }
        Ok(found.map(|at| all[at].clone()))
    }

    /// [`Stop::Budget`] if reading `count` of these releases would exceed the budget, so
    /// that the run ends before it reads the first of them.
    fn check_budget(
        &self,
        name: &DistName,
        releases: &[Version],
        count: usize,
    ) -> Result<(), Stop> {
        let consulted = self.context.consulted;
        let is_unread = |version: &&Version| !consulted.contains(name, version);
        let unread = releases.iter().filter(is_unread).count();
        if self.policy.budgeted && count.min(unread) > consulted.left() {
            return Err(Stop::Budget);
        }
        Ok(())
    }

    /// What a release requires and no choice of the solver can meet.
    fn unmet_names(
        &self,
        node: &SolverNode,
        name: &DistName,
        version: &Version,
    ) -> Result<UnmetNames, Stop> {
        let edges = self.consult_edges(node, version)?;
        if edges.edges.is_err() {
            // The release excludes the target's Python.
            return Ok([name.clone()].into());
        }
        Ok(self.unsatisfiable(&edges).into_keys().cloned().collect())
    }
}

/// About how many releases of so many a gallop reads.
fn probe_count(length: usize) -> usize {
    length.checked_ilog2().map_or(0, |log| log as usize + 2)
}

/// The index of the first release, newest first, without unmet names; `None` if the gallop
/// meets none.
fn first_unobstructed(
    length: usize,
    unmet_names: &mut dyn FnMut(usize) -> Result<UnmetNames, Stop>,
) -> Result<Option<usize>, Stop> {
    let (mut at, mut step) = (0, 1);
    while at < length {
        let here = unmet_names(at)?;
        if here.is_empty() {
            return Ok(Some(at));
        }
        if at + 1 == length {
            break;
        }
        let next = (at + step).min(length - 1);
        if unmet_names(next)?.is_disjoint(&here) {
            at = bisect_obstruction(at, next, &here, unmet_names)?;
            step = 1;
        } else {
            at = next;
            step *= 4;
        }
    }
    Ok(None)
}

/// The first index from `from` to `to` without any of the names `here`, which `from` has
/// and `to` has not.
fn bisect_obstruction(
    mut from: usize,
    mut to: usize,
    here: &UnmetNames,
    unmet_names: &mut dyn FnMut(usize) -> Result<UnmetNames, Stop>,
) -> Result<usize, Stop> {
    while to - from > 1 {
        let middle = from.midpoint(to);
        if unmet_names(middle)?.is_disjoint(here) {
            to = middle;
        } else {
            from = middle;
        }
    }
    Ok(to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A letter for each release, newest first, says what is in its way: `.` is nothing.
    fn look(releases: &str) -> (Option<usize>, usize) {
        let releases: Vec<char> = releases.chars().collect();
        let mut seen = BTreeSet::new();
        let found = first_unobstructed(releases.len(), &mut |at| {
            seen.insert(at);
            let names = [releases[at]].into_iter().filter(|letter| *letter != '.');
            Ok(names
                .map(|name| name.to_string().parse().unwrap())
                .collect())
        });
        (found.unwrap(), seen.len())
    }

    #[track_caller]
    fn check(releases: &str, expect: Option<usize>, looked_into: usize) {
        assert_eq!(look(releases), (expect, looked_into), "{releases}");
    }

    #[test]
    fn few_are_looked_into() {
        check("", None, 0);
        check(".", Some(0), 1);
        check("a.", Some(1), 2);
        check("aaaaa", None, 3);
        check("aab.", Some(3), 4);
        check(
            &format!("{}{}", "a".repeat(86), ".".repeat(72)),
            Some(86),
            12,
        );
        check(
            &format!("{}{}..", "a".repeat(40), "b".repeat(40)),
            Some(80),
            18,
        );
    }

    #[test]
    fn what_is_leapt_over_is_taken_for_the_same() {
        check("aa.aa..", Some(5), 5);
    }

    proptest! {
        /// Where obstacles come once and stay, the newest release without any is found.
        #[test]
        fn stretches(lengths in prop::collection::vec(1_usize..40, 0..4), free in 0_usize..5) {
            let stretch = |(length, letter): (&usize, char)| letter.to_string().repeat(*length);
            let bad: String = lengths.iter().zip('a'..).map(stretch).collect();
            let (found, _) = look(&format!("{bad}{}", ".".repeat(free)));
            prop_assert_eq!(found, (free > 0).then_some(bad.len()));
        }
    }
}
