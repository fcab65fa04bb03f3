//! The cheapest set that has something of every set in a list.

use std::collections::BTreeSet;

use crate::policy::{CLASSES, Price, Prices};

/// More branches than this are not looked at.
const BRANCHES: usize = 50_000;

/// How many prices of each class, dearest class first.
type Cost = [usize; CLASSES];

fn cost(prices: &Prices) -> Cost {
    let mut cost = Cost::default();
    for price in prices {
        cost[price.class()] += 1;
    }
    cost
}

/// The cheapest set that meets every core; among equals the one that is found first in
/// the order of names. `None` if that would take too long to find out.
pub(crate) fn cheapest(cores: &[BTreeSet<Price>]) -> Option<Prices> {
    let mut search = Search {
        cores,
        best: None,
        branches: 0,
    };
    search.branch(&mut Prices::new());
    (search.branches <= BRANCHES).then_some(search.best.unwrap_or_default())
}

struct Search<'a> {
    cores: &'a [BTreeSet<Price>],
    best: Option<Prices>,
    branches: usize,
}

impl Search<'_> {
    fn branch(&mut self, chosen: &mut Prices) {
        self.branches += 1;
        let dear = |best: &Prices| cost(chosen) >= cost(best);
        if self.branches > BRANCHES || self.best.as_ref().is_some_and(dear) {
            return;
        }
        let open = self.cores.iter().filter(|core| core.is_disjoint(chosen));
        // The smallest first: the fewest branches.
        let Some(core) = open.min_by_key(|core| core.len()) else {
            self.best = Some(chosen.clone());
            return;
        };
        for price in core {
            chosen.insert(price.clone());
            self.branch(chosen);
            chosen.remove(price);
        }
    }
}

#[cfg(test)]
mod tests {
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
}
