//! `debian/control` of three sides, field by field, without touching what nobody changed.

use std::collections::BTreeSet;
use std::str::FromStr as _;

use deb822_lossless::{Deb822, IndentPattern, Paragraph};
use pydeps_core::finding::Finding;

/// The fields that are lists of relations, merged item by item.
const LISTS: [&str; 11] = [
    "Build-Depends",
    "Build-Depends-Indep",
    "Build-Depends-Arch",
    "Depends",
    "Pre-Depends",
    "Recommends",
    "Suggests",
    "Breaks",
    "Conflicts",
    "Replaces",
    "Provides",
];

/// The person's text with what has changed from the base to the new one; `None` where one
/// of them cannot be read.
pub fn merge(base: &str, person: &str, new: &str) -> Option<(String, Vec<Finding>)> {
    let [base, new] = [base, new].map(|text| Deb822::from_str(text).ok());
    let (base, new) = (base?, new?);
    let merged = Deb822::from_str(person).ok()?;
    let mut findings = Vec::new();
    for wanted in new.paragraphs() {
        let (kind, name) = identity(&wanted)?;
        let old = base.paragraphs().find(|one| of_kind(one, kind));
        let own = merged
            .paragraphs()
            .find(|one| one.get(kind).as_deref() == Some(name.as_str()));
        let own = own.or_else(|| merged.paragraphs().find(|one| of_kind(one, kind)));
        let (Some(old), Some(mut own)) = (old, own) else {
            findings.push(lost(kind, &name));
            continue;
        };
        paragraph(&old, &mut own, &wanted, &mut findings);
    }
    Some((merged.to_string(), findings))
}

/// `Source` or `Package`, and the name.
fn identity(paragraph: &Paragraph) -> Option<(&'static str, String)> {
    let field = |key: &'static str| Some((key, paragraph.get(key)?));
    field("Source").or_else(|| field("Package"))
}

fn of_kind(paragraph: &Paragraph, kind: &str) -> bool {
    paragraph.contains_key(kind)
}

fn paragraph(old: &Paragraph, own: &mut Paragraph, new: &Paragraph, findings: &mut Vec<Finding>) {
    let keys: BTreeSet<String> = old.keys().chain(new.keys()).collect();
    for key in keys {
        let (was, is, own_value) = (old.get(&key), new.get(&key), own.get(&key));
        if was == is || own_value == is {
            continue;
        }
        if own_value == was {
            match is {
                Some(value) => set(own, &key, &value),
                None => own.remove(&key),
            }
        } else if is_list(&key) {
            let sides = [was, own_value, is].map(Option::unwrap_or_default);
            let (value, clashes) = list(&sides);
            set(own, &key, &value);
            findings.extend(
                clashes
                    .into_iter()
                    .map(|(own, new)| clash(&key, &own, &new)),
            );
        } else {
            let [own, new] = [own_value, is].map(|value| first_line(value.as_deref()));
            findings.push(clash(&key, &own, &new));
        }
    }
}

fn is_list(key: &str) -> bool {
    LISTS.contains(&key)
}

/// A list has one item on each line; whether the first stands beside the field's name is
/// as it was. A value that cannot stand in a field is left out: none of ours is such.
fn set(paragraph: &mut Paragraph, key: &str, value: &str) {
    let indent = IndentPattern::Fixed(1);
    let value = match is_list(key) {
        true => items(value).join(",\n") + ",",
        false => value.to_owned(),
    };
    let _ = paragraph.try_set_with_forced_indent(key, &value, &indent, None);
}

fn first_line(value: Option<&str>) -> String {
    let line = value.and_then(|value| value.lines().next());
    line.unwrap_or("nothing").to_owned()
}

/// The items of a list of relations.
fn items(value: &str) -> Vec<String> {
    let plain = |item: &str| item.split_whitespace().collect::<Vec<_>>().join(" ");
    let items = value.split(',').map(plain);
    items
        .filter(|item| !item.is_empty() && !item.starts_with('#'))
        .collect()
}

/// What the person added and removed, done to the new list. Where both changed what they
/// say of one package, the person's stays; the pairs are returned.
fn list(sides: &[String; 3]) -> (String, Vec<(String, String)>) {
    let [base, person, new] = [0, 1, 2].map(|at| items(&sides[at]));
    let added: Vec<&String> = person.iter().filter(|item| !base.contains(item)).collect();
    let removed = |item: &String| base.contains(item) && !person.contains(item);
    let mut merged: Vec<String> = new.iter().filter(|item| !removed(item)).cloned().collect();
    let mut clashes = Vec::new();
    for item in added {
        let same = |other: &String| package(other) == package(item) && !base.contains(other);
        if let Some(at) = merged.iter().position(|other| other != item && same(other)) {
            let other = std::mem::replace(&mut merged[at], item.clone());
            clashes.push((item.clone(), other));
        } else if !merged.contains(item) {
            merged.push(item.clone());
        }
    }
    (merged.join(", "), clashes)
}

fn package(item: &str) -> &str {
    item.split([' ', '(', '|', ':', '<']).next().unwrap_or(item)
}

/// Why a text is no debian/control: `None` if it is one.
pub fn unreadable(text: &str) -> Option<String> {
    let control = match Deb822::from_str(text) {
        Ok(control) => control,
        Err(error) => return Some(error.to_string().trim().replace('\n', "; ")),
    };
    let lacks = |kind: &str| !control.paragraphs().any(|one| of_kind(&one, kind));
    let kind = ["Source", "Package"].into_iter().find(|kind| lacks(kind))?;
    Some(format!("no paragraph has a field {kind}"))
}

fn clash(key: &str, own: &str, new: &str) -> Finding {
    let message = format!(
        "debian/control: {key} says `{own}`, which was changed by hand, and stays; generated is `{new}`"
    );
    Finding::warning("edited-by-hand", message).with_hint(format!(
        "write `{new}` into debian/control if it suits, else leave it: you are not asked again"
    ))
}

fn lost(kind: &str, name: &str) -> Finding {
    let message = format!(
        "debian/control has no paragraph for {kind}: {name} any more; what is generated for it is left out"
    );
    Finding::warning("edited-by-hand", message).with_hint("add the paragraph if it is needed")
}

/// How the dependencies of two controls differ: `+ item (Field)` and `- item (Field)`.
pub fn differences(old: &str, new: &str) -> Vec<String> {
    let all = |text: &str| -> BTreeSet<(String, String)> {
        let Ok(control) = Deb822::from_str(text) else {
            return BTreeSet::new();
        };
        let fields = control
            .paragraphs()
            .flat_map(|one| one.items().collect::<Vec<_>>());
        let lists = fields.filter(|(key, _)| is_list(key));
        lists
            .flat_map(|(key, value)| {
                items(&value)
                    .into_iter()
                    .map(move |item| (key.clone(), item))
            })
            .collect()
    };
    let (old, new) = (all(old), all(new));
    let gone = old
        .difference(&new)
        .map(|(key, item)| format!("- {item} ({key})"));
    let come = new
        .difference(&old)
        .map(|(key, item)| format!("+ {item} ({key})"));
    gone.chain(come).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "Source: a\nMaintainer: x\nBuild-Depends:\n b,\n c (>= 1),\n\nPackage: p\nArchitecture: all\nDepends:\n ${misc:Depends},\n d,\nDescription: s\n long\n";

    #[track_caller]
    fn check(person: &str, new: &str, expect: &str, codes: usize) {
        let (merged, findings) = merge(BASE, person, new).unwrap();
        assert_eq!(merged, expect);
        assert_eq!(findings.len(), codes, "{findings:?}");
    }

    #[test]
    fn fields() {
        let person = BASE.replace("Maintainer: x\n", "# mine\nMaintainer: y\n");
        check(&person, BASE, &person, 0);
        let new = BASE.replace("Architecture: all", "Architecture: any");
        check(&person, &new, &person.replace(": all", ": any"), 0);
        let other = BASE.replace("Maintainer: x", "Maintainer: z");
        check(&person, &other, &person, 1);
        let renewed = BASE.replace(
            "Description: s\n long\n",
            "Description: t\n long\n .\n more\n",
        );
        check(BASE, &renewed, &renewed, 0);
    }

    #[test]
    fn what_cannot_be_read() {
        assert_eq!(unreadable(BASE), None);
        let reason = |text: &str| unreadable(text).unwrap_or_default();
        assert_eq!(reason("Source: a\n"), "no paragraph has a field Package");
        assert_eq!(reason(""), "no paragraph has a field Source");
        assert!(!reason("nonsense\n\nSource a\n").is_empty());
    }

    #[test]
    fn lists() {
        let person = BASE
            .replace(" d,\n", " d,\n mine (>= 2),\n")
            .replace(" b,\n", "");
        let new = BASE.replace(" d,\n", " d (>= 3),\n e,\n");
        let expect = person.replace(" d,\n mine (>= 2),\n", " d (>= 3),\n e,\n mine (>= 2),\n");
        check(&person, &new, &expect, 0);
        let person = BASE.replace(" c (>= 1),\n", " c (>= 5),\n");
        let new = BASE.replace(" c (>= 1),\n", " c (>= 2),\n");
        check(&person, &new, &person, 1);
    }

    #[test]
    fn what_differs() {
        let new = BASE.replace(" d,\n", " d (>= 3),\n");
        assert_eq!(
            differences(BASE, &new),
            ["- d (Depends)", "+ d (>= 3) (Depends)"]
        );
    }
}
