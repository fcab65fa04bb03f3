//! Brute force over small random universes: it tries every assignment of versions,
//! shares no code with the solver, and must agree with it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::world::resolve;
use crate::{Action, Verdict};

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

/// A requirement: the place of a name and of a specifier.
type Need = (usize, usize);

/// What there is of one name.
#[derive(Clone, Debug)]
enum Offer {
    /// The suite has this version.
    Suite(usize),
    /// The index has these versions, each with what it requires.
    Index(Vec<(usize, Vec<Need>)>),
}

fn universe() -> impl Strategy<Value = Vec<Offer>> {
    let need = (0..NAMES.len(), 0..SPECIFIERS.len());
    let needs = prop::collection::vec(need, 0..3);
    let releases = prop::collection::vec(prop::option::weighted(0.8, needs), 3).prop_map(|list| {
        let there = list.into_iter().enumerate();
        Offer::Index(there.filter_map(|(at, needs)| Some((at, needs?))).collect())
    });
    let suite = (0..VERSIONS.len()).prop_map(Offer::Suite);
    prop::collection::vec(prop_oneof![2 => releases, 1 => suite], NAMES.len())
}

/// The universe in the language of scenarios; the first name is asked for.
fn scenario(universe: &[Offer]) -> String {
    let mut lines = vec![format!("root {}", NAMES[0])];
    for (name, offer) in NAMES.iter().zip(universe) {
        match offer {
            Offer::Suite(version) => lines.push(format!("suite {name} {}", VERSIONS[*version])),
            Offer::Index(releases) => lines.extend(releases.iter().map(|(version, needs)| {
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
            })),
        }
    }
    lines.join("\n")
}

/// The versions that are chosen for names, by their places.
type Chosen = BTreeMap<usize, usize>;

/// Every way to meet what is still needed, on top of what is chosen.
fn solutions(universe: &[Offer], needs: &[Need], chosen: &Chosen, found: &mut Vec<Chosen>) {
    let Some(((name, specifier), rest)) = needs.split_first() else {
        found.push(chosen.clone());
        return;
    };
    let admits = |version: usize| SPECIFIERS[*specifier].1[version];
    if let Some(version) = chosen.get(name) {
        if admits(*version) {
            solutions(universe, rest, chosen, found);
        }
        return;
    }
    let none = Vec::new();
    let offers: Vec<(usize, &Vec<Need>)> = match &universe[*name] {
        Offer::Suite(version) => vec![(*version, &none)],
        Offer::Index(releases) => releases
            .iter()
            .map(|(version, needs)| (*version, needs))
            .collect(),
    };
    for (version, more) in offers.into_iter().filter(|(version, _)| admits(*version)) {
        let mut chosen = chosen.clone();
        chosen.insert(*name, version);
        let own = |need: &&Need| need.0 != *name;
        let needs: Vec<Need> = rest
            .iter()
            .chain(more.iter().filter(own))
            .copied()
            .collect();
        solutions(universe, &needs, &chosen, found);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    /// Feasible or not, the root's version, and that the answer holds.
    #[test]
    fn brute_force_agrees(universe in universe()) {
        let text = scenario(&universe);
        let mut found = Vec::new();
        solutions(&universe, &[(0, 0)], &Chosen::new(), &mut found);
        let (resolution, _) = resolve(&text);
        prop_assert_eq!(resolution.conflict.is_empty(), !found.is_empty(), "{}", text);
        let Some(newest) = found.iter().map(|chosen| chosen[&0]).max() else {
            return Ok(());
        };
        let root = resolution.distributions.iter().find(|d| d.name.as_ref() == NAMES[0]).unwrap();
        prop_assert_eq!(root.version.clone(), Some(VERSIONS[newest].parse().unwrap()), "{}", text);
        let answer: Chosen = resolution.distributions.iter().map(|d| {
            let version = d.version.as_ref().unwrap().to_string();
            let place = |list: &[&str], text: &str| list.iter().position(|x| *x == text).unwrap();
            (place(&NAMES, d.name.as_ref()), place(&VERSIONS, &version))
        }).collect();
        prop_assert!(found.contains(&answer), "{}\n{:?}", text, answer);
    }

    /// Where there is no solution, each fact of the explanation is one of the universe,
    /// and every distribution still has its verdict.
    #[test]
    fn a_conflict_is_told(universe in universe()) {
        let (resolution, _) = resolve(&scenario(&universe));
        for distribution in &resolution.distributions {
            let open = distribution.action.is_none();
            let missing = distribution.verdict == Verdict::Missing;
            prop_assert_eq!(distribution.action == Some(Action::Generate), missing && !open);
            prop_assert!(!open || !resolution.conflict.is_empty());
        }
    }

    /// What nobody requires changes nothing.
    #[test]
    fn strangers_do_not_matter(universe in universe()) {
        let text = scenario(&universe);
        let more = format!("{text}\nsuite stranger 1\nindex other 1.0 : a\nindex other 2.0 : e>=1.2");
        prop_assert_eq!(resolve(&text).0, resolve(&more).0);
    }
}
