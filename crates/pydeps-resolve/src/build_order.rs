//! The order in which packages can be built.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::name::DistName;

/// Groups of names; each needs only names of earlier groups. The names of a cycle form one
/// group, which the second list has, too.
pub(crate) fn build_order(
    needs: &BTreeMap<DistName, BTreeSet<DistName>>,
) -> (Vec<Vec<DistName>>, Vec<Vec<DistName>>) {
    let (mut groups, mut cycles) = (Vec::new(), Vec::new());
    let mut left: BTreeSet<&DistName> = needs.keys().collect();
    while !left.is_empty() {
        let blocked = |name: &&&DistName| {
            needs[**name]
                .iter()
                .any(|need| need != **name && left.contains(need))
        };
        let ready: Vec<DistName> = left
            .iter()
            .filter(|name| !blocked(name))
            .map(|name| (*name).clone())
            .collect();
        let group = if ready.is_empty() {
            let cycle = first_cycle(needs, &left);
            cycles.push(cycle.clone());
            cycle
        } else {
            ready
        };
        left.retain(|name| !group.contains(name));
        groups.push(group);
    }
    (groups, cycles)
}

/// A smallest set that needs nothing outside itself: the names that one name needs
/// directly or not, for the name that needs fewest.
fn first_cycle(
    needs: &BTreeMap<DistName, BTreeSet<DistName>>,
    left: &BTreeSet<&DistName>,
) -> Vec<DistName> {
    let reached = left.iter().map(|name| closure(name, needs, left));
    let smallest = reached.min_by_key(|set| (set.len(), set.first().cloned()));
    smallest.unwrap_or_default().into_iter().collect()
}

fn closure(
    name: &DistName,
    needs: &BTreeMap<DistName, BTreeSet<DistName>>,
    left: &BTreeSet<&DistName>,
) -> BTreeSet<DistName> {
    let mut seen = BTreeSet::from([name.clone()]);
    let mut queue = vec![name];
    while let Some(name) = queue.pop() {
        for need in needs[name].iter().filter(|need| left.contains(need)) {
            if seen.insert(need.clone()) {
                queue.push(need);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a: b c` says that a needs b and c.
    #[track_caller]
    fn check(lines: &[&str], expect: &str, expect_cycles: &str) {
        let name = |text: &str| text.parse::<DistName>().unwrap();
        let needs = lines.iter().map(|line| {
            let (from, to) = line.split_once(':').unwrap();
            (name(from), to.split_whitespace().map(name).collect())
        });
        let (groups, cycles) = build_order(&needs.collect());
        assert_eq!(
            (show(&groups), show(&cycles)),
            (expect.to_owned(), expect_cycles.to_owned())
        );
    }

    fn show(groups: &[Vec<DistName>]) -> String {
        let words = |group: &Vec<DistName>| {
            let names: Vec<String> = group.iter().map(ToString::to_string).collect();
            names.join(" ")
        };
        groups.iter().map(words).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn needs_come_first() {
        check(&[], "", "");
        check(&["a: b c", "b: c", "c:"], "c | b | a", "");
        check(&["a:", "b:", "c: a"], "a b | c", "");
        check(&["a: a elsewhere"], "a", "");
    }

    #[test]
    fn cycles_are_groups() {
        check(&["a: b", "b: a", "c: a"], "a b | c", "a b");
        check(&["a: b", "b: c", "c: b d", "d:"], "d | b c | a", "b c");
    }
}
