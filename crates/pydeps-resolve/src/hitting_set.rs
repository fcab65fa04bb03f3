//! The cheapest set that has something of every set in a list.

use std::collections::BTreeSet;

use crate::policy::{CLASSES, Price, Prices};

/// More branches than this are not looked at.
const BRANCHES: usize = 50_000;

/// How many prices of each class, dearest class first.
type Cost = [usize; CLASSES];

/// The cheapest set that meets every core; among equals the one that is found first in
/// the order of names. `None` if that would take too long to find out.
pub(crate) fn cheapest(cores: &[BTreeSet<Price>]) -> Option<Prices> {
    let all: BTreeSet<&Price> = cores.iter().flatten().collect();
    let all: Vec<&Price> = all.into_iter().collect();
    let mut search = Search::new(cores, &all);
    search.branch();
    let best = search.best.map(|(_, best)| best).unwrap_or_default();
    let best = best.into_iter().map(|price| all[price].clone());
    (search.branches <= BRANCHES).then(|| best.collect())
}

/// Prices are numbers here, in their order.
struct Search {
    /// The smallest first: the fewest branches.
    cores: Vec<Vec<usize>>,
    /// The class of each price.
    classes: Vec<usize>,
    /// The cores that have a price.
    cores_of: Vec<Vec<usize>>,
    chosen: Vec<usize>,
    cost: Cost,
    /// How many of each core's prices are chosen.
    met: Vec<usize>,
    /// Prices of which every set was looked at.
    done: Vec<bool>,
    best: Option<(Cost, Vec<usize>)>,
    branches: usize,
}

impl Search {
    fn new(cores: &[BTreeSet<Price>], all: &[&Price]) -> Self {
        let place = |price: &Price| all.binary_search(&price).ok();
        let numbers = |core: &BTreeSet<Price>| core.iter().filter_map(place).collect();
        let mut cores: Vec<Vec<usize>> = cores.iter().map(numbers).collect();
        cores.sort_by_key(Vec::len);
        let mut cores_of = vec![Vec::new(); all.len()];
        for (at, core) in cores.iter().enumerate() {
            core.iter().for_each(|price| cores_of[*price].push(at));
        }
        Self {
            classes: all.iter().map(|price| price.class()).collect(),
            chosen: Vec::new(),
            cost: Cost::default(),
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
        let prices: Vec<usize> = self.left(core).collect();
        for &price in &prices {
            self.choose(price);
            self.branch();
            self.unchoose(price);
            self.done[price] = true;
        }
        prices.iter().for_each(|price| self.done[*price] = false);
    }

    /// The cores of which nothing is chosen.
    fn open(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.cores.len()).filter(|core| self.met[*core] == 0)
    }

    /// The prices of a core that may still be chosen.
    fn left(&self, core: usize) -> impl Iterator<Item = usize> + '_ {
        let prices = self.cores[core].iter().copied();
        prices.filter(|price| !self.done[*price])
    }

    fn choose(&mut self, price: usize) {
        self.chosen.push(price);
        self.cost[self.classes[price]] += 1;
        self.cores_of[price]
            .iter()
            .for_each(|core| self.met[*core] += 1);
    }

    fn unchoose(&mut self, price: usize) {
        self.chosen.pop();
        self.cost[self.classes[price]] -= 1;
        self.cores_of[price]
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
            if self.left(core).any(|price| used[price]) {
                continue;
            }
            let Some(class) = self.left(core).map(|price| self.classes[price]).max() else {
                return true;
            };
            least[class] += 1;
            self.left(core).for_each(|price| used[price] = true);
        }
        least >= *best
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// `a` is a package to build, `!a` an open question, `~a` one from backports.
    fn price(word: &str) -> Price {
        match (word.strip_prefix('!'), word.strip_prefix('~')) {
            (Some(name), _) => Price::Open(name.parse().unwrap()),
            (_, Some(name)) => Price::Backports(name.parse().unwrap()),
            _ => Price::Build(word.parse().unwrap()),
        }
    }

    #[track_caller]
    fn check(cores: &[&str], expect: &str) {
        let set = |text: &str| text.split_whitespace().map(price).collect::<Prices>();
        let cores: Vec<Prices> = cores.iter().map(|core| set(core)).collect();
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

    fn cost(prices: &Prices) -> Cost {
        let mut cost = Cost::default();
        prices.iter().for_each(|price| cost[price.class()] += 1);
        cost
    }

    const WORDS: [&str; 8] = ["a", "b", "c", "d", "~a", "~b", "!a", "!c"];

    proptest! {
        /// Nothing cheaper meets every core, as trying every set shows.
        #[test]
        fn brute_force_agrees(
            cores in prop::collection::vec(prop::collection::btree_set(0..WORDS.len(), 1..5), 0..9)
        ) {
            let prices = |set: &BTreeSet<usize>| -> Prices {
                set.iter().map(|at| price(WORDS[*at])).collect()
            };
            let cores: Vec<Prices> = cores.iter().map(prices).collect();
            let meets = |set: &Prices| cores.iter().all(|core| !core.is_disjoint(set));
            let sets = (0..1_usize << WORDS.len()).map(|bits| {
                let chosen = (0..WORDS.len()).filter(|at| bits & (1 << at) != 0);
                prices(&chosen.collect())
            });
            let least = sets.filter(|set| meets(set)).map(|set| cost(&set)).min();
            let found = cheapest(&cores).unwrap();
            prop_assert!(meets(&found));
            prop_assert_eq!(Some(cost(&found)), least);
        }
    }
}
