//! The dependency graph of a resolution, and walks over it in both directions.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::name::DistName;
use pydeps_core::outcome::{Distribution, Requirer, Resolution};

/// One step of a walk.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit<'a> {
    /// The depth; 0 for the start.
    pub depth: usize,
    /// The name of a distribution, or the place where the user requests something.
    pub name: &'a str,
    /// The distribution; `None` for a place.
    pub distribution: Option<&'a Distribution>,
    /// The requirement of the step above on this one, or in an inverse walk of this one on
    /// the step above.
    pub requirement: Option<&'a Requirer>,
    /// Whether the walk was here before and goes no deeper.
    pub repeated: bool,
    /// Whether this is the last step below the step above.
    pub last: bool,
}

/// The dependency graph of a resolution, sorted by name.
pub struct ResolutionGraph<'a> {
    rows: BTreeMap<&'a str, &'a Distribution>,
    needs: BTreeMap<&'a str, Vec<(&'a str, &'a Requirer)>>,
    needed_by: BTreeMap<&'a str, Vec<(&'a str, &'a Requirer)>>,
}

impl<'a> ResolutionGraph<'a> {
    /// The graph of a resolution.
    pub fn new(resolution: &'a Resolution) -> Self {
        let rows = resolution.distributions.iter();
        let mut graph = Self {
            rows: rows.map(|row| (row.name.as_ref(), row)).collect(),
            needs: BTreeMap::new(),
            needed_by: BTreeMap::new(),
        };
        for row in &resolution.distributions {
            for by in row.required_by.iter().filter(|by| !by.constraint) {
                let from = without_extra(&by.name);
                let to = row.name.as_ref();
                graph.needs.entry(from).or_default().push((to, by));
                graph.needed_by.entry(to).or_default().push((from, by));
            }
        }
        graph
    }

    /// Every edge: the requirer, the required distribution, and the requirement.
    pub fn edges(&self) -> impl Iterator<Item = (&'a str, &'a str, &'a Requirer)> + '_ {
        let lists = self.needs.iter();
        lists.flat_map(|(from, list)| list.iter().map(|(to, by)| (*from, *to, *by)))
    }

    /// The walk from the user's requests down to everything that they need.
    pub fn down(&self) -> Vec<Visit<'a>> {
        let starts = self
            .needs
            .keys()
            .filter(|name| !self.rows.contains_key(**name));
        self.walk(starts.copied().collect(), &self.needs)
    }

    /// The walk from the distributions that need nothing up to those that need them.
    pub fn inverse(&self) -> Vec<Visit<'a>> {
        let ends = self.needed_by.keys();
        let ends = ends.filter(|name| !self.needs.contains_key(**name));
        self.walk(ends.copied().collect(), &self.needed_by)
    }

    /// The walk from one distribution up to those that need it.
    pub fn up(&self, name: &'a DistName) -> Vec<Visit<'a>> {
        self.walk(vec![name.as_ref()], &self.needed_by)
    }

    fn walk(
        &self,
        starts: Vec<&'a str>,
        edges: &BTreeMap<&'a str, Vec<(&'a str, &'a Requirer)>>,
    ) -> Vec<Visit<'a>> {
        let mut visits: Vec<Visit<'a>> = Vec::new();
        let mut seen = BTreeSet::new();
        let mut stack: Vec<(usize, &str, Option<&Requirer>, bool)> = Vec::new();
        for name in starts.into_iter().rev() {
            stack.push((0, name, None, true));
        }
        while let Some((depth, name, requirement, last)) = stack.pop() {
            let below = edges.get(name).map_or(&[][..], Vec::as_slice);
            let repeated = !seen.insert(name) && !below.is_empty();
            visits.push(Visit {
                depth,
                name,
                distribution: self.rows.get(name).copied(),
                requirement,
                repeated,
                last,
            });
            if repeated {
                continue;
            }
            for (at, (name, by)) in below.iter().enumerate().rev() {
                stack.push((depth + 1, *name, Some(*by), at + 1 == below.len()));
            }
        }
        visits
    }
}

fn without_extra(name: &str) -> &str {
    name.split('[').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use pydeps_core::outcome::Verdict;

    use super::*;
    use crate::testing;

    /// A tree with a cycle: who requires what, `NAME <- ASKER…` a line.
    fn resolution() -> Resolution {
        let rows = [
            ("app", &["lib[x]", "the command line"][..]),
            ("base", &["app", "lib"]),
            ("lib", &["app", "app"]),
        ];
        let rows = rows.map(|(name, by)| testing::distribution(name, Verdict::Missing, by));
        testing::resolution(rows)
    }

    /// The walk as indented names, `*` where it was walked before.
    fn draw(visits: &[Visit<'_>]) -> String {
        let line = |visit: &Visit<'_>| {
            let mark = if visit.repeated { " *" } else { "" };
            format!("{}{}{mark}", "  ".repeat(visit.depth), visit.name)
        };
        visits.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn walks_down_and_up() {
        let resolution = resolution();
        let graph = ResolutionGraph::new(&resolution);
        assert_eq!(
            draw(&graph.down()),
            "the command line\n  app\n    base\n    lib\n      app *\n      base\n    lib *"
        );
        let base = "base".parse().unwrap();
        assert_eq!(
            draw(&graph.up(&base)),
            "base\n  app\n    lib\n      app *\n      app *\n    the command line\n  lib *"
        );
        assert_eq!(graph.edges().count(), 6);
    }
}
