//! Brute force over small random universes. It tries every assignment of versions, shares
//! no code with the solver, and must agree with it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::choices::decision;
use super::scenario::resolve;
use crate::{Action, Distribution, Minimality, Resolution, Verdict};

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];
const VERSIONS: [&str; 3] = ["1.1", "1.2", "1.3"];
/// Each with the versions of [`VERSIONS`] that it admits.
const SPECIFIERS: [(&str, [bool; 3]); 6] = [
    ("", [true, true, true]),
    (">=1.2", [false, true, true]),
    ("<1.3", [true, true, false]),
    ("==1.1", [true, false, false]),
    ("!=1.2", [true, false, true]),
    (">1.3", [false, false, false]),
];

/// A requirement: the index of a name and of a specifier.
type RequirementIndex = (usize, usize);

/// The versions of one name.
#[derive(Clone, Debug)]
enum OracleOffer {
    /// The suite has this version.
    Suite(usize),
    /// The index has these versions, each with what it requires.
    Index(Vec<(usize, Vec<RequirementIndex>)>),
}

/// Universes in which most requirements can be met.
fn roomy() -> impl Strategy<Value = Vec<OracleOffer>> {
    universe(0..3, 2)
}

/// Universes in which many requirements contradict each other.
fn tight() -> impl Strategy<Value = Vec<OracleOffer>> {
    universe(2..4, 3)
}

fn universe(count: std::ops::Range<usize>, weight: u32) -> impl Strategy<Value = Vec<OracleOffer>> {
    let need = (0..NAMES.len(), 0..SPECIFIERS.len());
    let needs = prop::collection::vec(need, count);
    let releases = prop::collection::vec(prop::option::weighted(0.8, needs), 3).prop_map(|list| {
        let there = list.into_iter().enumerate();
        OracleOffer::Index(there.filter_map(|(at, needs)| Some((at, needs?))).collect())
    });
    let suite = (0..VERSIONS.len()).prop_map(OracleOffer::Suite);
    prop::collection::vec(prop_oneof![weight => releases, 1 => suite], NAMES.len())
}

/// The universe in the language of scenarios. The first name is the root.
fn scenario(universe: &[OracleOffer]) -> String {
    let mut lines = vec![format!("root {}", NAMES[0])];
    for (name, offer) in NAMES.iter().zip(universe) {
        match offer {
            OracleOffer::Suite(version) => {
                lines.push(format!("suite {name} {}", VERSIONS[*version]));
            }
            OracleOffer::Index(releases) => {
                lines.extend(releases.iter().map(|(version, needs)| {
                    let needs: Vec<String> = needs
                        .iter()
                        .map(|(other, specifier)| {
                            format!("{}{}", NAMES[*other], SPECIFIERS[*specifier].0)
                        })
                        .collect();
                    format!(
                        "index {name} {} : {}",
                        VERSIONS[*version],
                        needs.join(" ; ")
                    )
                }));
            }
        }
    }
    lines.join("\n")
}

/// The versions of names, both by index.
type Assignment = BTreeMap<usize, usize>;

/// The version of a name that has none.
const NOTHING: usize = 99;

/// Appends every assignment that extends `chosen` and meets `needs`. Any version of an open
/// name meets them.
fn solutions(
    universe: &[OracleOffer],
    open: &[usize],
    needs: &[RequirementIndex],
    chosen: &Assignment,
    found: &mut Vec<Assignment>,
) {
    let Some(((name, specifier), rest)) = needs.split_first() else {
        found.push(chosen.clone());
        return;
    };
    let admits = |version: usize| open.contains(name) || SPECIFIERS[*specifier].1[version];
    if let Some(version) = chosen.get(name) {
        if admits(*version) {
            solutions(universe, open, rest, chosen, found);
        }
        return;
    }
    let none = Vec::new();
    let offers: Vec<(usize, &Vec<RequirementIndex>)> = match &universe[*name] {
        OracleOffer::Suite(version) => vec![(*version, &none)],
        OracleOffer::Index(releases) if releases.is_empty() && open.contains(name) => {
            vec![(NOTHING, &none)]
        }
        OracleOffer::Index(releases) => releases
            .iter()
            .map(|(version, needs)| (*version, needs))
            .collect(),
    };
    for (version, more) in offers.into_iter().filter(|(version, _)| admits(*version)) {
        let mut chosen = chosen.clone();
        chosen.insert(*name, version);
        let own = |need: &&RequirementIndex| need.0 != *name;
        let needs: Vec<RequirementIndex> = rest
            .iter()
            .chain(more.iter().filter(own))
            .copied()
            .collect();
        solutions(universe, open, &needs, &chosen, found);
    }
}

fn all_solutions(universe: &[OracleOffer], open: &[usize]) -> Vec<Assignment> {
    let mut found = Vec::new();
    solutions(universe, open, &[(0, 0)], &Assignment::new(), &mut found);
    found
}

/// How many names of an assignment have to be built.
fn builds(universe: &[OracleOffer], chosen: &Assignment) -> usize {
    let built = |name: &&usize| matches!(universe[**name], OracleOffer::Index(_));
    chosen.keys().filter(built).count()
}

/// Whether there is no choice of versions.
fn is_given(offer: &OracleOffer) -> bool {
    match offer {
        OracleOffer::Suite(_) => true,
        OracleOffer::Index(releases) => releases.is_empty(),
    }
}

/// The cost of waiving requirements on these names: first the number of those that the
/// index has.
fn cost(universe: &[OracleOffer], open: &[usize]) -> (usize, usize) {
    let given = open
        .iter()
        .filter(|name| is_given(&universe[**name]))
        .count();
    (open.len() - given, given)
}

/// The least cost of waivers. The root cannot be waived where there is a choice.
fn least_open(universe: &[OracleOffer]) -> Option<(usize, usize)> {
    let subsets = (0..1_usize << NAMES.len()).map(|bits| {
        let names = (0..NAMES.len()).filter(|name| bits & (1 << name) != 0);
        names.collect::<Vec<usize>>()
    });
    let allowed = subsets.filter(|open| !open.contains(&0) || is_given(&universe[0]));
    let feasible = allowed.filter(|open| !all_solutions(universe, open).is_empty());
    feasible.map(|open| cost(universe, &open)).min()
}

fn index_of(list: &[&str], text: &str) -> usize {
    list.iter().position(|x| *x == text).unwrap_or(NOTHING)
}

/// The universe reduced to the facts that an explanation mentions: who needs whom, and
/// what the suite has.
fn only_mentioned(universe: &[OracleOffer], facts: &[String]) -> Vec<OracleOffer> {
    let pairs: Vec<(usize, usize)> = facts
        .iter()
        .filter_map(|fact| {
            let (from, to) = fact.split_once(" needs ")?;
            let first = |text: &str| index_of(&NAMES, text.split(' ').next().unwrap());
            Some((first(from), first(to)))
        })
        .collect();
    let named = |need: &RequirementIndex, name: usize| pairs.contains(&(name, need.0));
    let cut = |(name, offer): (usize, &OracleOffer)| match offer {
        OracleOffer::Suite(version) => OracleOffer::Suite(*version),
        OracleOffer::Index(releases) => OracleOffer::Index(
            releases
                .iter()
                .map(|(version, needs)| {
                    let kept = needs.iter().filter(|need| named(need, name)).copied();
                    (*version, kept.collect())
                })
                .collect(),
        ),
    };
    universe.iter().enumerate().map(cut).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// The answer is feasible if there is a solution, has the newest root and the fewest
    /// packages.
    #[test]
    fn brute_force_agrees(universe in prop_oneof![roomy(), tight()]) {
        let text = scenario(&universe);
        let found = all_solutions(&universe, &[]);
        let (resolution, _) = resolve(&format!("plain\n{text}"));
        prop_assert_eq!(resolution.conflict.is_empty(), !found.is_empty(), "{}", text);
        let Some(newest) = found.iter().map(|chosen| chosen[&0]).max() else {
            return Ok(());
        };
        let root = resolution.distributions.iter().find(|d| d.name.as_ref() == NAMES[0]).unwrap();
        prop_assert_eq!(root.version.clone(), Some(VERSIONS[newest].parse().unwrap()), "{}", text);
        let answer: Assignment = resolution.distributions.iter().map(|d| {
            let version = d.version.as_ref().unwrap().to_string();
            (index_of(&NAMES, d.name.as_ref()), index_of(&VERSIONS, &version))
        }).collect();
        prop_assert!(found.contains(&answer), "{}\n{:?}", text, answer);
        let fewest = found
            .iter()
            .filter(|chosen| chosen[&0] == newest)
            .map(|chosen| builds(&universe, chosen))
            .min();
        prop_assert_eq!(Some(resolution.to_build().count()), fewest, "{}", text);
        prop_assert_eq!(resolution.minimality, Some(Minimality::Proven), "{}", text);
    }

    /// Where there is no solution, the answer has the fewest waivers, and the explanation
    /// alone is a contradiction.
    #[test]
    fn the_nearest_is_the_nearest(universe in tight()) {
        if !all_solutions(&universe, &[]).is_empty() {
            return Ok(());
        }
        let text = scenario(&universe);
        let (resolution, _) = resolve(&format!("plain\n{text}"));
        let index = |d: &Distribution| index_of(&NAMES, d.name.as_ref());
        let open: Vec<usize> = resolution.open().map(index).collect();
        if let Some(least) = least_open(&universe) {
            prop_assert_eq!(cost(&universe, &open), least, "{}", text);
        }
        let mentioned = only_mentioned(&universe, &resolution.conflict);
        prop_assert!(all_solutions(&mentioned, &[]).is_empty(), "{}\n{:#?}", text, resolution.conflict);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Each choice leaves less open, or less to build.
    #[test]
    fn choices_do_what_they_say(universe in tight()) {
        let text = scenario(&universe);
        let (before, _) = resolve(&text);
        let open = |resolution: &Resolution| resolution.open().count();
        for way in &before.choices {
            let (after, _) = resolve(&format!("plain\n{text}\n{}", decision(way)));
            let built = (open(&after) == 0).then(|| after.to_build().count());
            prop_assert_eq!(built, way.to_build, "{}\n{}", text, way.line);
            let better = match open(&before) {
                0 => open(&after) == 0 && built.unwrap_or(0) < before.to_build().count(),
                number => open(&after) < number,
            };
            prop_assert!(better, "{}\n{}", text, way.line);
        }
    }

    /// Where there is no solution, there is an explanation, and every distribution still has
    /// its verdict.
    #[test]
    fn a_conflict_is_told(universe in prop_oneof![roomy(), tight()]) {
        let (resolution, _) = resolve(&format!("plain\n{}", scenario(&universe)));
        for distribution in &resolution.distributions {
            let open = distribution.action.is_none();
            let missing = distribution.verdict == Verdict::Missing;
            prop_assert_eq!(distribution.action == Some(Action::Generate), missing && !open);
            prop_assert!(!open || !resolution.conflict.is_empty());
        }
    }

    /// A distribution that nothing requires changes nothing.
    #[test]
    fn strangers_do_not_matter(universe in prop_oneof![roomy(), tight()]) {
        let text = format!("plain\n{}", scenario(&universe));
        let more = format!("{text}\nsuite stranger 1\nindex other 1.0 : a\nindex other 2.0 : e>=1.2");
        prop_assert_eq!(resolve(&text).0, resolve(&more).0);
    }
}
