//! What differs between two answers to the same question, in words.

use std::collections::BTreeMap;

use super::Lock;
use crate::name::{DebName, DistName};
use crate::outcome::{Action, Distribution, Verdict};

/// What is different in `new`, a line each: suite, distributions by name, and whether
/// everything can be had now. Empty if nothing is that matters.
pub fn changes(old: &Lock, new: &Lock) -> Vec<String> {
    let mut lines: Vec<String> = suite(old, new).into_iter().collect();
    let before = by_name(old);
    let after = by_name(new);
    let mut names: Vec<&DistName> = before.keys().chain(after.keys()).copied().collect();
    names.sort_unstable();
    names.dedup();
    for name in names {
        lines.extend(match (before.get(name), after.get(name)) {
            (Some(old), Some(new)) => changed(old, new),
            (Some(_), None) => Some(format!("{name} is no longer needed")),
            (None, Some(new)) => Some(format!("{name} is needed: {}", state(new))),
            (None, None) => None,
        });
    }
    lines.extend(feasible(old, new));
    lines
}

fn by_name(lock: &Lock) -> BTreeMap<&DistName, &Distribution> {
    let rows = lock.distributions.iter();
    rows.map(|row| (&row.name, row)).collect()
}

fn suite(old: &Lock, new: &Lock) -> Option<String> {
    let name = |lock: &Lock| format!("{} ({})", lock.suite, lock.architecture);
    let (old, new) = (name(old), name(new));
    (old != new).then(|| format!("the suite is {new}, was {old}"))
}

fn changed(old: &Distribution, new: &Distribution) -> Option<String> {
    let (before, after) = (state(old), state(new));
    (before != after).then(|| format!("{}: {after}; was {before}", new.name))
}

/// What becomes of a distribution, short.
fn state(row: &Distribution) -> String {
    let version = row.version.as_ref();
    let version = version.map_or_else(String::new, |version| format!("{version} "));
    let package = row.package.as_ref().map_or("Debian", DebName::as_str);
    match row.action {
        Some(Action::Use) => format!("{version}from {package}"),
        Some(Action::Relax) => format!("{version}from {package}, relaxed"),
        Some(Action::Backport) => format!("{version}to be rebuilt from {}", row.origin.word()),
        Some(Action::Replace) => format!("{version}in place of {package}"),
        Some(Action::Generate) => format!("{version}to be packaged"),
        Some(Action::Bundle) => format!("{version}bundled"),
        Some(Action::Ignore) => "left out".to_owned(),
        None => format!("{version}open ({})", verdict(row.verdict)),
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Satisfied => "satisfied",
        Verdict::TooOld => "too old",
        Verdict::TooNew => "too new",
        Verdict::Missing => "missing",
    }
}

fn feasible(old: &Lock, new: &Lock) -> Option<String> {
    match (old.conflict.is_empty(), new.conflict.is_empty()) {
        (true, false) => Some("not everything can be had together any more".to_owned()),
        (false, true) => Some("everything can be had together now".to_owned()),
        _ => None,
    }
}
