//! Steps back over many releases, looking into few of them.
//!
//! A project that once asks for something that cannot be met goes on asking for it from
//! then on. So one leaps back, four times as far each time, until the obstacle is gone, and
//! halves the last leap to find the newest release without it. What was leapt over is not
//! lost: it is tried where nothing else is left.

use std::collections::BTreeSet;

use pep440_rs::Version;
use pydeps_core::name::DistName;
use version_ranges::Ranges;

use crate::budget::Stop;
use crate::node::SolverNode;
use crate::origins::OriginKind;
use crate::provider::DebianProvider;

/// What is in the way of a release: names; none where nothing is.
type UnmetNames = BTreeSet<DistName>;

impl DebianProvider<'_> {
    /// The release to try in a range of which `newest` is the newest: that one, if nothing
    /// is in its way, if it was asked for, or if all that there are have something in the
    /// way.
    pub(crate) fn gallop_back(
        &self,
        name: &DistName,
        range: &Ranges<Version>,
        newest: Version,
    ) -> Result<Version, Stop> {
        let exact = range.as_singleton().is_some() || self.is_root(name);
        if exact || self.origins(name).kind(&newest) != OriginKind::Index {
            return Ok(newest);
        }
        if self.obstacles(name, &newest)?.is_empty() {
            return Ok(newest);
        }
        let all = self.candidates_in(name, range);
        self.check_budget(name, &all, probe_count(all.len()))?;
        let free = first_unobstructed(all.len(), &mut |at| self.obstacles(name, &all[at]))?;
        if free.is_none() {
            // Now one after the other, to the last.
            self.check_budget(name, &all, all.len())?;
        }
        Ok(free.map_or(newest, |at| all[at].clone()))
    }

    /// Ends what looks into more of these releases than the budget allows before it begins,
    /// rather than halfway.
    fn check_budget(&self, name: &DistName, all: &[Version], wanted: usize) -> Result<(), Stop> {
        let consulted = self.context.consulted;
        let unknown = all
            .iter()
            .filter(|version| !consulted.has(name, version))
            .count();
        let dear = self.policy.budgeted && wanted.min(unknown) > consulted.left();
        if dear { Err(Stop::Budget) } else { Ok(()) }
    }

    /// What a release asks for and cannot have, whatever else is chosen.
    fn obstacles(&self, name: &DistName, version: &Version) -> Result<UnmetNames, Stop> {
        let edges = self.edges(&SolverNode::Dist(name.clone()), version)?;
        Ok(match edges.as_ref() {
            Ok(edges) => {
                let unsatisfiable = self.unsatisfiable(edges).into_keys();
                unsatisfiable
                    .filter_map(|node| node.name().cloned())
                    .collect()
            }
            // Its own Python.
            Err(_) => [name.clone()].into(),
        })
    }
}

/// How many of so many releases are looked into if one leaps over all of them.
fn probe_count(length: usize) -> usize {
    length.checked_ilog2().map_or(0, |log| log as usize + 2)
}

/// The first place of a list, newest first, where nothing is in the way; `None` if none
/// was met.
fn first_unobstructed(
    length: usize,
    obstacles: &mut dyn FnMut(usize) -> Result<UnmetNames, Stop>,
) -> Result<Option<usize>, Stop> {
    let (mut at, mut step) = (0, 1);
    while at < length {
        let here = obstacles(at)?;
        if here.is_empty() {
            return Ok(Some(at));
        }
        if at + 1 == length {
            break;
        }
        let next = (at + step).min(length - 1);
        if obstacles(next)?.is_disjoint(&here) {
            at = bisect_obstruction(at, next, &here, obstacles)?;
            step = 1;
        } else {
            at = next;
            step *= 4;
        }
    }
    Ok(None)
}

/// Where obstacles end that are there at `from` and not at `to`.
fn bisect_obstruction(
    mut from: usize,
    mut to: usize,
    here: &UnmetNames,
    obstacles: &mut dyn FnMut(usize) -> Result<UnmetNames, Stop>,
) -> Result<usize, Stop> {
    while to - from > 1 {
        let middle = from.midpoint(to);
        match obstacles(middle)?.is_disjoint(here) {
            true => to = middle,
            false => from = middle,
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
