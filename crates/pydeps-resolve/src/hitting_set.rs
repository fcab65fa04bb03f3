//! The cheapest set that has something of every set in a list.

use std::collections::BTreeSet;

use crate::policy::{CLASSES, Cost, Costs};

/// More branches than this are not looked at.
const BRANCHES: usize = 50_000;

/// How many prices of each class, dearest class first.
type CostVector = [usize; CLASSES];

/// The cheapest set that meets every core; among equals the one that is found first in
/// the order of names. `None` if that would take too long to find out.
pub(crate) fn cheapest(cores: &[BTreeSet<Cost>]) -> Option<Costs> {
    let all: BTreeSet<&Cost> = cores.iter().flatten().collect();
    let all: Vec<&Cost> = all.into_iter().collect();
    let mut search = HittingSetSearch::new(cores, &all);
    search.branch();
    let best = search.best.map(|(_, best)| best).unwrap_or_default();
    let best = best.into_iter().map(|cost| all[cost].clone());
    (search.branches <= BRANCHES).then(|| best.collect())
}

/// Prices are numbers here, in their order.
struct HittingSetSearch {
    /// The smallest first: the fewest branches.
    cores: Vec<Vec<usize>>,
    /// The class of each price.
    classes: Vec<usize>,
    /// The cores that have a price.
    cores_of: Vec<Vec<usize>>,
    chosen: Vec<usize>,
    cost: CostVector,
    /// How many of each core's prices are chosen.
    met: Vec<usize>,
    /// Prices of which every set was looked at.
    done: Vec<bool>,
    best: Option<(CostVector, Vec<usize>)>,
    branches: usize,
}

impl HittingSetSearch {
    fn new(cores: &[BTreeSet<Cost>], all: &[&Cost]) -> Self {
        let place = |cost: &Cost| all.binary_search(&cost).ok();
        let numbers = |core: &BTreeSet<Cost>| core.iter().filter_map(place).collect();
        let mut cores: Vec<Vec<usize>> = cores.iter().map(numbers).collect();
        cores.sort_by_key(Vec::len);
        let mut cores_of = vec![Vec::new(); all.len()];
        for (at, core) in cores.iter().enumerate() {
            core.iter().for_each(|cost| cores_of[*cost].push(at));
        }
        Self {
            classes: all.iter().map(|cost| cost.class()).collect(),
            chosen: Vec::new(),
            cost: CostVector::default(),
            met: vec![0; cores.len()],
            done: vec![false; all.len()],
            best: None,
            branches: 0,
            cores,
            cores_of,
        }
    }

    fn branch(&mut self) {
        self.branches += 1;
        if self.branches > BRANCHES || self.is_dear() {
            return;
        }
        let Some(core) = self.open().next() else {
            self.best = Some((self.cost, self.chosen.clone()));
            return;
        };
        let costs: Vec<usize> = self.left(core).collect();
        for &cost in &costs {
            self.choose(cost);
            self.branch();
            self.unchoose(cost);
            self.done[cost] = true;
        }
        costs.iter().for_each(|cost| self.done[*cost] = false);
    }

    /// The cores of which nothing is chosen.
    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.cores.len()).filter(|core| self.met[*core] == 0)
    }

    /// The prices of a core that may still be chosen.
    fn left(&self, core: usize) -> impl Iterator<Item = usize> + '_ {
        let costs = self.cores[core].iter().copied();
        costs.filter(|cost| !self.done[*cost])
    }

    fn choose(&mut self, cost: usize) {
        self.chosen.push(cost);
        self.cost[self.classes[cost]] += 1;
        self.cores_of[cost]
            .iter()
            .for_each(|core| self.met[*core] += 1);
    }

    fn unchoose(&mut self, cost: usize) {
        self.chosen.pop();
        self.cost[self.classes[cost]] -= 1;
        self.cores_of[cost]
            .iter()
            .for_each(|core| self.met[*core] -= 1);
    }

    /// Whether nothing cheaper than the best can come of what is chosen: cores that have no
    /// price in common cost at least the cheapest of each.
    fn is_dear(&self) -> bool {
        let Some((best, _)) = &self.best else {
            return false;
        };
        let mut least = self.cost;
        let mut used = vec![false; self.classes.len()];
        for core in self.open() {
            if self.left(core).any(|cost| used[cost]) {
                continue;
            }
            let Some(class) = self.left(core).map(|cost| self.classes[cost]).max() else {
                return true;
            };
            least[class] += 1;
            self.left(core).for_each(|cost| used[cost] = true);
        }
        least >= *best
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
