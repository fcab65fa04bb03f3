//! The minimum-cost hitting set: the cheapest set of costs with at least one of every core.

use std::collections::BTreeSet;

use crate::cost::{CLASSES, Cost, Costs};

/// The search gives up after this many branches.
const BRANCHES: usize = 50_000;

/// The number of costs of each class, the dearest class first.
type CostVector = [usize; CLASSES];

/// The cheapest set with at least one cost of every core; among equals the first in the
/// order of names. `None` if the search takes too many branches.
pub(crate) fn cheapest(cores: &[BTreeSet<Cost>]) -> Option<Costs> {
    let all: BTreeSet<&Cost> = cores.iter().flatten().collect();
    let all: Vec<&Cost> = all.into_iter().collect();
    let mut search = HittingSetSearch::new(cores, &all);
    search.branch();
    if search.branches > BRANCHES {
        return None;
    }
    let (_, best) = search.best.unwrap_or_default();
    Some(best.into_iter().map(|cost| all[cost].clone()).collect())
}

/// A branch and bound search. Costs are numbers here, in their order.
struct HittingSetSearch {
    /// The cores, the smallest first, which gives the fewest branches.
    cores: Vec<Vec<usize>>,
    /// The class of each cost.
    classes: Vec<usize>,
    /// The cores that contain each cost.
    cores_of: Vec<Vec<usize>>,
    chosen: Vec<usize>,
    chosen_cost: CostVector,
    /// How many costs of each core are chosen.
    hits: Vec<usize>,
    /// The costs of which the search has tried every set.
    done: Vec<bool>,
    best: Option<(CostVector, Vec<usize>)>,
    branches: usize,
}

impl HittingSetSearch {
    fn new(cores: &[BTreeSet<Cost>], all: &[&Cost]) -> Self {
        let number = |cost: &Cost| all.binary_search(&cost).ok();
        let numbers = |core: &BTreeSet<Cost>| core.iter().filter_map(number).collect();
        let mut cores: Vec<Vec<usize>> = cores.iter().map(numbers).collect();
        cores.sort_by_key(Vec::len);
        let mut cores_of = vec![Vec::new(); all.len()];
        for (at, core) in cores.iter().enumerate() {
            for &cost in core {
                cores_of[cost].push(at);
            }
        }
        Self {
            classes: all.iter().map(|cost| cost.class()).collect(),
            chosen: Vec::new(),
            chosen_cost: CostVector::default(),
            hits: vec![0; cores.len()],
            done: vec![false; all.len()],
            best: None,
            branches: 0,
            cores,
            cores_of,
        }
    }

    fn branch(&mut self) {
        self.branches += 1;
        if self.branches > BRANCHES || self.exceeds_best() {
            return;
        }
        let Some(core) = self.unhit_cores().next() else {
            self.best = Some((self.chosen_cost, self.chosen.clone()));
            return;
        };
        let costs: Vec<usize> = self.untried(core).collect();
        for &cost in &costs {
            self.choose(cost);
            self.branch();
            self.unchoose(cost);
            self.done[cost] = true;
        }
        for cost in costs {
            self.done[cost] = false;
        }
    }

    /// The cores of which no cost is chosen.
    fn unhit_cores(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.cores.len()).filter(|core| self.hits[*core] == 0)
    }

    /// The costs of a core that the search may still choose.
    fn untried(&self, core: usize) -> impl Iterator<Item = usize> + '_ {
        let costs = self.cores[core].iter().copied();
        costs.filter(|cost| !self.done[*cost])
    }

    fn choose(&mut self, cost: usize) {
        self.chosen.push(cost);
        self.chosen_cost[self.classes[cost]] += 1;
        for core in &self.cores_of[cost] {
            self.hits[*core] += 1;
        }
    }

    fn unchoose(&mut self, cost: usize) {
        self.chosen.pop();
        self.chosen_cost[self.classes[cost]] -= 1;
        for core in &self.cores_of[cost] {
            self.hits[*core] -= 1;
        }
    }

    /// Whether every set that contains the chosen costs costs at least as much as the best
    /// one. The lower bound: disjoint cores cost at least the cheapest of each.
    fn exceeds_best(&self) -> bool {
        let Some((best, _)) = &self.best else {
            return false;
        };
        let mut lower_bound = self.chosen_cost;
        let mut used = vec![false; self.classes.len()];
        for core in self.unhit_cores() {
            if self.untried(core).any(|cost| used[cost]) {
                continue;
            }
            let Some(class) = self.untried(core).map(|cost| self.classes[cost]).max() else {
                return true;
            };
            lower_bound[class] += 1;
            for cost in self.untried(core) {
                used[cost] = true;
            }
        }
        lower_bound >= *best
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `a` is a package to build, `!a` an open question, `~a` one from backports.
    fn cost(word: &str) -> Cost {
        match (word.strip_prefix('!'), word.strip_prefix('~')) {
            (Some(name), _) => Cost::WaiveGiven(name.parse().unwrap()),
            (_, Some(name)) => Cost::Backports(name.parse().unwrap()),
            _ => Cost::Build(word.parse().unwrap()),
        }
    }

    #[track_caller]
    fn check(cores: &[&str], expect: &str) {
        let set = |text: &str| text.split_whitespace().map(cost).collect::<Costs>();
        let cores: Vec<Costs> = cores.iter().map(|core| set(core)).collect();
        assert_eq!(cheapest(&cores), Some(set(expect)));
    }

    #[test]
    fn the_fewest() {
        check(&[], "");
        check(&["a"], "a");
        check(&["a b", "b c", "c d"], "a c");
        check(&["a b", "a c", "b c d"], "a b");
        check(&["a b c", "b d", "c d"], "b c");
    }

    #[test]
    fn the_cheapest() {
        check(&["a ~b ~c"], "~b");
        check(&["a ~b", "a ~c"], "~b ~c");
        check(&["!a b", "!a c", "!a d"], "b c d");
    }

    fn cost_vector(costs: &Costs) -> CostVector {
        let mut vector = CostVector::default();
        for cost in costs {
            vector[cost.class()] += 1;
        }
        vector
    }

    const WORDS: [&str; 8] = ["a", "b", "c", "d", "~a", "~b", "!a", "!c"];

    proptest! {
        /// Nothing cheaper meets every core, as trying every set shows.
        #[test]
        fn brute_force_agrees(
            cores in prop::collection::vec(prop::collection::btree_set(0..WORDS.len(), 1..5), 0..9)
        ) {
            let costs = |set: &BTreeSet<usize>| -> Costs {
                set.iter().map(|at| cost(WORDS[*at])).collect()
            };
            let cores: Vec<Costs> = cores.iter().map(costs).collect();
            let meets = |set: &Costs| cores.iter().all(|core| !core.is_disjoint(set));
            let sets = (0..1_usize << WORDS.len()).map(|bits| {
                let chosen = (0..WORDS.len()).filter(|at| bits & (1 << at) != 0);
                costs(&chosen.collect())
            });
            let least = sets.filter(|set| meets(set)).map(|set| cost_vector(&set)).min();
            let found = cheapest(&cores).unwrap();
            prop_assert!(meets(&found));
            prop_assert_eq!(Some(cost_vector(&found)), least);
        }
    }
}
