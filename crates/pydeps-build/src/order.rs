//! The order of builds: who needs whose packages. Pure.
//!
//! Before a build only its build dependencies are known. What its packages depend on is
//! known when they are there, and counts from then on: who builds with them waits for
//! that, too.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::build_summary::Cycle;
use pydeps_core::clause::{Atom, Clause};

use crate::source::Source;

/// What is to be made and has no source package yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Absent {
    /// Its name and version.
    pub release: String,
    /// The binary packages that it will have, as far as they are known.
    pub packages: Vec<String>,
}

#[cfg(test)]
mod tests;

/// Who needs whom.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// Binary package → the source package that builds it.
    builder: BTreeMap<String, String>,
    /// What building needs.
    build: BTreeMap<String, BTreeSet<String>>,
    /// What the packages of a source need once they are installed.
    run: BTreeMap<String, BTreeSet<String>>,
    /// What others may need and nobody can build, as it has no source package.
    absent: BTreeSet<String>,
    architecture: String,
    profiles: Vec<String>,
}

/// Profiles in which less is needed, and nothing that others use is lost: tests and
/// documentation (Policy 4.9.1, `DEB_BUILD_OPTIONS`).
const PROFILES: [&str; 2] = ["nocheck", "nodoc"];

impl Graph {
    /// The graph of source packages that are built for an architecture, with profiles.
    pub fn new<'a>(
        sources: impl IntoIterator<Item = &'a Source> + Clone,
        architecture: &str,
        profiles: &[&str],
    ) -> Self {
        let mut graph = Self {
            architecture: architecture.to_owned(),
            profiles: profiles.iter().map(|&one| one.to_owned()).collect(),
            ..Self::default()
        };
        for source in sources.clone() {
            for binary in &source.binaries {
                graph.builder.insert(binary.clone(), source.name.clone());
            }
        }
        for source in sources {
            graph.change(source);
        }
        graph
    }

    /// Who needs these cannot be built. A package that a source package builds is there.
    pub fn lack<'a>(&mut self, absent: &[Absent], sources: impl IntoIterator<Item = &'a Source>) {
        for one in absent {
            self.absent.insert(one.release.clone());
            for package in &one.packages {
                let builder = self.builder.entry(package.clone());
                builder.or_insert_with(|| one.release.clone());
            }
        }
        sources.into_iter().for_each(|source| self.change(source));
    }

    /// This is built, and need not wait for what nobody can build.
    pub fn is_there(&mut self, source: &str) {
        if let Some(needs) = self.build.get_mut(source) {
            needs.retain(|need| !self.absent.contains(need));
        }
    }

    /// Whether it has no source package.
    pub fn is_absent(&self, release: &str) -> bool {
        self.absent.contains(release)
    }

    /// Building a source package needs what it says now.
    pub fn change(&mut self, source: &Source) {
        let profiles: Vec<&str> = self.profiles.iter().map(String::as_str).collect();
        let usable = |atom: &Atom| atom.applies(&self.architecture, &profiles);
        let mut needs = self.needed(&source.needs, usable);
        // An earlier version of itself, which has to come from the suite.
        needs.remove(&source.name);
        self.build.insert(source.name.clone(), needs);
    }

    /// The sources that the first usable alternative of each clause comes from.
    fn needed(&self, clauses: &[Clause], usable: impl Fn(&Atom) -> bool) -> BTreeSet<String> {
        let first = |clause: &Clause| {
            let mut atoms = clause.alternatives.iter().filter(|atom| usable(atom));
            atoms.find_map(|atom| self.builder.get(atom.package.as_str()).cloned())
        };
        clauses.iter().filter_map(first).collect()
    }

    /// The packages of `source` depend on `clauses` when they are installed.
    pub fn learn(&mut self, source: &str, clauses: &[Clause]) {
        let needs = self.needed(clauses, |_| true);
        self.run.entry(source.to_owned()).or_default().extend(needs);
    }

    /// Whose packages have to be there when `source` is built, as far as it is known;
    /// itself among them if it is on a circle.
    pub fn closure(&self, source: &str) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut queue: Vec<&String> = self.build.get(source).into_iter().flatten().collect();
        while let Some(next) = queue.pop() {
            if reached.insert(next.clone()) {
                queue.extend(self.run.get(next).into_iter().flatten());
            }
        }
        reached
    }

    /// What of that there are source packages of.
    pub fn buildable(&self, source: &str) -> BTreeSet<String> {
        let mut needs = self.closure(source);
        needs.retain(|need| !self.is_absent(need));
        needs
    }

    /// What of this order cannot be built for want of source packages.
    pub fn hopeless(&self, order: &[String]) -> BTreeSet<String> {
        let mut without = self.absent.clone();
        for source in order {
            if !self.closure(source).is_disjoint(&without) {
                without.insert(source.clone());
            }
        }
        without
    }

    /// These and everything they need, in the order in which it can be built; what lies
    /// on a circle comes last, in the order of names.
    pub fn order(&self, wanted: &BTreeSet<String>) -> Vec<String> {
        let mut left = wanted.clone();
        let mut queue: Vec<String> = wanted.iter().cloned().collect();
        while let Some(next) = queue.pop() {
            let needs = self.buildable(&next);
            queue.extend(needs.into_iter().filter(|need| left.insert(need.clone())));
        }
        let mut order = Vec::new();
        while !left.is_empty() {
            let is_ready = |source: &&String| self.closure(source).is_disjoint(&left);
            let ready: Vec<String> = left.iter().filter(is_ready).cloned().collect();
            let next = match ready.as_slice() {
                [] => left.iter().cloned().collect(),
                _ => ready,
            };
            left.retain(|one| !next.contains(one));
            order.extend(next);
        }
        order
    }

    /// A circle among these, the shortest.
    pub fn cycle(&self, among: &BTreeSet<String>, sources: &[&Source]) -> Option<Cycle> {
        let circles = among.iter().filter_map(|start| self.way_back(start, among));
        let found = circles.min_by_key(Vec::len)?;
        let cut = PROFILES.iter().find_map(|profile| {
            let graph = Self::new(sources.iter().copied(), "all", &[profile]);
            let mut pairs = found.iter().zip(found.iter().cycle().skip(1));
            let open = |(from, to): &(&String, &String)| {
                self.build[*from].contains(*to) && !graph.build[*from].contains(*to)
            };
            pairs.find(open).map(|(from, _)| (from.clone(), *profile))
        });
        Some(Cycle {
            sources: found,
            cut,
        })
    }

    /// The shortest way from a source to itself.
    fn way_back(&self, start: &String, among: &BTreeSet<String>) -> Option<Vec<String>> {
        let mut ways = std::collections::VecDeque::from([vec![start.clone()]]);
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop_front() {
            let last = way.last()?;
            let run = self.run.get(last).filter(|_| way.len() > 1);
            let needs = self.build.get(last).into_iter().chain(run);
            for need in needs.flatten() {
                if need == start {
                    return Some(way);
                }
                if among.contains(need) && seen.insert(need.clone()) {
                    ways.push_back([way.as_slice(), std::slice::from_ref(need)].concat());
                }
            }
        }
        None
    }
}
