//! A resolution as a graph, and its walks: who needs what, and what is needed by whom.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::name::DistName;

use pydeps_core::outcome::{Distribution, Requirer, Resolution};

/// One step of a walk.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit<'a> {
    /// How deep it is; 0 for the start.
    pub depth: usize,
    /// The distribution, or the place where something was asked for.
    pub name: &'a str,
    /// The distribution's row; `None` for a place.
    pub distribution: Option<&'a Distribution>,
    /// The requirement that leads from the step above to this one, or, in an inverse
    /// walk, from this one to the step above.
    pub requirement: Option<&'a Requirer>,
    /// Whether it was walked before and is not entered again.
    pub repeated: bool,
    /// Whether it is the last one below the step above.
    pub last: bool,
}

/// The edges of a resolution in both directions, sorted.
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

    /// Every edge: who needs it, what, and how it was written.
    pub fn edges(&self) -> impl Iterator<Item = (&'a str, &'a str, &'a Requirer)> + '_ {
        let from_each = |(from, list): (&&'a str, &Vec<_>)| {
            let from = *from;
            let to_each = |(to, by): &(&'a str, &'a Requirer)| (from, *to, *by);
            list.iter().map(to_each).collect::<Vec<_>>()
        };
        self.needs.iter().flat_map(from_each)
    }

    /// From the places where something was asked for down to what is needed.
    pub fn down(&self) -> Vec<Visit<'a>> {
        let starts = self
            .needs
            .keys()
            .filter(|name| !self.rows.contains_key(**name));
        self.walk(starts.copied().collect(), &self.needs)
    }

    /// From what needs nothing itself up to those who need it.
    pub fn inverse(&self) -> Vec<Visit<'a>> {
        let ends = self.needed_by.keys();
        let ends = ends.filter(|name| !self.needs.contains_key(**name));
        self.walk(ends.copied().collect(), &self.needed_by)
    }

    /// From one distribution up to those who need it.
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
        let start = |name| (0, name, None, true);
        let mut stack: Vec<(usize, &str, Option<&Requirer>, bool)> =
            starts.into_iter().rev().map(start).collect();
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
            if !repeated {
                let count = below.len();
                let next = below.iter().enumerate().rev();
                stack.extend(
                    next.map(|(at, (name, by))| (depth + 1, *name, Some(*by), at + 1 == count)),
                );
            }
        }
        visits
    }
}

fn without_extra(name: &str) -> &str {
    name.split('[').next().unwrap_or(name)
}
