//! Real specifiers, and their shapes on other versions.
//!
//! A shape is a specifier set without its versions. Put on a distribution, each
//! operator gets the distribution's version or one of its neighbours.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::{Prerelease, PrereleaseKind, Version, VersionSpecifiers};

const REAL: &str = include_str!("../data/real-specifiers.tsv");

/// Operators, `==*` and `!=*` for prefix matches.
pub(crate) type Shape = Vec<String>;

/// The real specifier sets by distribution.
pub(crate) fn real() -> BTreeMap<&'static str, Vec<VersionSpecifiers>> {
    let mut all: BTreeMap<&str, Vec<VersionSpecifiers>> = BTreeMap::new();
    for line in REAL.lines().filter(|line| !line.starts_with('#')) {
        let (name, specifiers) = line.split_once('\t').unwrap();
        let specifiers = specifiers.parse().unwrap();
        all.entry(name).or_default().push(specifiers);
    }
    all
}

/// Every shape that occurs; those of one operator first, and all of those.
pub(crate) fn shapes() -> (Vec<String>, Vec<Shape>) {
    let shapes: BTreeSet<Shape> = real().values().flatten().map(shape).collect();
    let own = ["==", "===", "!=", ">=", "<=", ">", "<", "~=", "==*", "!=*"];
    let single: BTreeSet<String> = shapes.iter().flatten().cloned().collect();
    let unknown: Vec<_> = single
        .iter()
        .filter(|op| !own.contains(&op.as_str()))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let several = shapes.into_iter().filter(|shape| shape.len() > 1).collect();
    (own.map(str::to_owned).to_vec(), several)
}

fn shape(specifiers: &VersionSpecifiers) -> Shape {
    let operator = |specifier: &pep440_rs::VersionSpecifier| {
        let text = specifier.to_string();
        let operator = text
            .trim_end_matches(|c: char| !"=!<>~".contains(c))
            .to_owned();
        let end = text.find(|c: char| !"=!<>~".contains(c)).unwrap();
        let star = if text.ends_with(".*") { "*" } else { "" };
        assert_eq!(operator, text[..end]);
        operator + star
    };
    specifiers.iter().map(operator).collect()
}

/// One clause; `None` if the operator cannot have that version.
pub(crate) fn clause(operator: &str, version: &Version) -> Option<String> {
    match operator.strip_suffix('*') {
        Some(operator) => Some(format!("{operator}{}.*", version.only_release())),
        None if operator == "~=" && version.release().len() < 2 => None,
        None => Some(format!("{operator}{version}")),
    }
}

/// A version and those that a requirement on it is likely to name.
pub(crate) fn neighbours(version: &Version) -> Vec<Version> {
    let public = version.clone().without_local();
    let release = public.release().to_vec();
    let with = |numbers: Vec<u64>| Version::new(numbers).with_epoch(public.epoch());
    let own = with(release.clone());
    let mut all = BTreeSet::from([public.to_string(), own.to_string()]);
    let mut add = |version: Version| _ = all.insert(version.to_string());
    for at in 0..release.len() {
        add(with(release[..=at].to_vec()));
        let mut higher = release.clone();
        higher[at] += 1;
        add(with(higher[..=at].to_vec()));
        add(with(higher));
        let mut lower = release.clone();
        lower[at] = lower[at].saturating_sub(1);
        add(with(lower));
    }
    add(with([release.as_slice(), &[0]].concat()));
    let trimmed = release.strip_suffix(&[0]).filter(|rest| !rest.is_empty());
    trimmed
        .into_iter()
        .for_each(|rest| add(with(rest.to_vec())));
    let candidate = Prerelease {
        kind: PrereleaseKind::Rc,
        number: 1,
    };
    add(own.clone().with_pre(Some(candidate)));
    add(own.clone().with_dev(Some(0)));
    add(own.with_post(Some(1)));
    all.iter().map(|text| text.parse().unwrap()).collect()
}
