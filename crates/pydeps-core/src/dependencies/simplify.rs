//! Relations without those that others imply.

use std::collections::{BTreeMap, BTreeSet};

use crate::deb_version::DebVersion;

/// Drops a package without bounds beside one with bounds, and of several lower bounds on the
/// same package all but the highest. Clauses with alternatives stay.
pub fn simplify(relations: &mut BTreeSet<String>) {
    let mut highest: BTreeMap<String, Option<DebVersion>> = BTreeMap::new();
    for relation in &*relations {
        let Some((package, bound)) = bounded(relation) else {
            continue;
        };
        let known = highest.entry(package.to_owned()).or_default();
        *known = known.take().max(lower(bound));
    }
    relations.retain(|relation| match bounded(relation) {
        Some((package, bound)) => match (lower(bound), highest.get(package)) {
            (Some(low), Some(Some(high))) => low >= *high,
            _ => true,
        },
        None => !highest.contains_key(relation),
    });
}

/// A package and its bound, where there is one and no alternative.
fn bounded(relation: &str) -> Option<(&str, &str)> {
    let (package, bound) = relation.strip_suffix(')')?.split_once(" (")?;
    (!relation.contains('|')).then_some((package, bound))
}

fn lower(bound: &str) -> Option<DebVersion> {
    bound.strip_prefix(">= ")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_imply() {
        let check = |relations: &str, expect: &str| {
            let mut set = relations.split(", ").map(str::to_owned).collect();
            simplify(&mut set);
            assert_eq!(Vec::from_iter(set).join(", "), expect);
        };
        check("a, a (>= 1)", "a (>= 1)");
        check("a (>= 1.10), a (>= 1.9), b", "a (>= 1.10), b");
        check(
            "a (<< 2), a (<< 3), a (>= 1)",
            "a (<< 2), a (<< 3), a (>= 1)",
        );
        check("a, a (<< 1) | a (>= 2)", "a, a (<< 1) | a (>= 2)");
        check("a (= ${source:Version}), a", "a (= ${source:Version})");
        check(
            "a (>= ${source:Version}), a (>= 1)",
            "a (>= ${source:Version}), a (>= 1)",
        );
    }
}
