//! From what was found in the chroot to a word. Pure.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use serde::Deserialize;

use super::answer::{Answer, Distribution};
use crate::say::brief;

/// What the scripts in the chroot found; `failed` instead of the rest if a step failed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Facts {
    pub(super) failed: Option<String>,
    /// Names in the archive of the chroot, with their versions.
    pub(super) debian: BTreeMap<String, String>,
    /// Name, version promised, version found.
    pub(super) differing: Vec<(String, String, String)>,
    pub(super) edges: Vec<Edge>,
    pub(super) python_refusals: Vec<String>,
    /// What Debian's own packages lack: name, requirement, what is wrong.
    pub(super) complaints: Vec<(String, String, String)>,
    /// Those that were not there before.
    pub(super) new_complaints: Vec<(String, String, String)>,
    pub(super) by_pip: BTreeSet<String>,
    pub(super) shadowed: Vec<String>,
    /// Distribution, module, what went wrong.
    pub(super) imports: Vec<(String, String, Option<String>)>,
    pub(super) uv: Uv,
}

/// A requirement that has to be met.
#[derive(Debug, Deserialize)]
pub(super) struct Edge {
    pub(super) from: String,
    pub(super) requirement: String,
    pub(super) wrong: Option<String>,
}

/// uv's pins, or why it has none.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Uv {
    pub(super) pins: Option<BTreeMap<String, String>>,
    pub(super) refusal: Option<String>,
    /// Without which distribution, and what is left to generate then.
    pub(super) fewer: Vec<(String, Vec<String>)>,
}

/// Imports that may fail, each with its reason.
#[derive(Debug, Default)]
pub(super) struct Exceptions(BTreeMap<(String, String), String>);

impl Exceptions {
    /// Reads lines of distribution, module and reason, separated by tabs.
    pub(super) fn parse(text: &str) -> Result<Self> {
        let mut found = BTreeMap::new();
        let lines = text.lines().enumerate();
        for (at, line) in lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')) {
            match line.split('\t').collect::<Vec<_>>()[..] {
                [name, module, reason] if !reason.is_empty() => {
                    found.insert((name.to_owned(), module.to_owned()), reason.to_owned());
                }
                _ => bail!("line {}: distribution, module, reason", at + 1),
            }
        }
        Ok(Self(found))
    }
}

/// The judge's word, with what speaks against the answer and what is worth knowing.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    pub(super) word: String,
    pub(super) problems: Vec<String>,
    pub(super) notes: Vec<String>,
}

/// Judges an answer by what was found.
pub(super) fn judge(answer: &Answer, facts: &Facts, exceptions: &Exceptions) -> Judgement {
    let problems = match (&facts.failed, answer.is_solution()) {
        (Some(failed), _) => vec![format!("it cannot be installed: {failed}")],
        (None, true) => problems(answer, facts, exceptions),
        (None, false) => denied(&facts.uv),
    };
    let word = match (problems.len(), answer.is_solution()) {
        (0, true) => "holds".to_owned(),
        (0, false) => "no solution, uv has none either".to_owned(),
        (count, _) => format!("FAILS ({count})"),
    };
    let notes = notes(answer, facts);
    Judgement {
        word,
        problems,
        notes,
    }
}

/// uv has to fail where the program found nothing.
fn denied(uv: &Uv) -> Vec<String> {
    match (&uv.pins, &uv.refusal) {
        (Some(pins), _) => vec![format!("no solution, but uv has one: {}", listed(pins))],
        (None, Some(refusal)) if refusal.contains("No solution found") => Vec::new(),
        (None, refusal) => {
            let said = refusal.as_deref().unwrap_or("nothing");
            vec![format!("uv gives no opinion, it says: {}", brief(said))]
        }
    }
}

fn problems(answer: &Answer, facts: &Facts, exceptions: &Exceptions) -> Vec<String> {
    let mut problems: Vec<_> = facts.edges.iter().filter_map(broken).collect();
    problems.extend(facts.python_refusals.iter().cloned());
    let new = facts.new_complaints.iter();
    problems.extend(new.map(|(name, requirement, wrong)| {
        format!("new: Debian's {name} needs {requirement}: {wrong}")
    }));
    let differing = facts.differing.iter();
    problems.extend(differing.map(|(name, promised, found)| {
        format!("{name}: {promised} is promised, {found} is there")
    }));
    problems.extend(counts(answer, facts));
    problems.extend(shadows(answer, facts));
    let imports = facts.imports.iter();
    problems.extend(imports.filter_map(|(name, module, wrong)| {
        let excused = exceptions.0.contains_key(&(name.clone(), module.clone()));
        let wrong = wrong.as_ref().filter(|_| !excused)?;
        Some(format!("import {module} (of {name}): {wrong}"))
    }));
    problems.extend(second_opinion(answer, &facts.uv));
    problems
}

fn broken(edge: &Edge) -> Option<String> {
    let wrong = edge.wrong.as_ref()?;
    Some(format!("{} needs {}: {wrong}", edge.from, edge.requirement))
}

/// What pip installed is what the answer generates, and the build order has all of it.
fn counts(answer: &Answer, facts: &Facts) -> Vec<String> {
    let named: BTreeSet<&str> = answer.generated().map(|row| row.name.as_str()).collect();
    let by_pip = facts.by_pip.iter().map(String::as_str).collect();
    let ordered: BTreeSet<&str> = answer
        .build_order
        .iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let mut problems = Vec::new();
    if named != by_pip {
        let odd: Vec<_> = named.symmetric_difference(&by_pip).copied().collect();
        problems.push(format!(
            "only named or only installed by pip: {}",
            odd.join(", ")
        ));
    }
    if named != ordered {
        let odd: Vec<_> = named.symmetric_difference(&ordered).copied().collect();
        problems.push(format!(
            "only generated or only in the build order: {}",
            odd.join(", ")
        ));
    }
    problems
}

fn shadows(answer: &Answer, facts: &Facts) -> Vec<String> {
    let replaced: BTreeSet<&str> = answer
        .generated()
        .filter(|row| row.replaces())
        .map(|row| row.name.as_str())
        .collect();
    let shadowed = facts.shadowed.iter();
    shadowed
        .filter(|name| !replaced.contains(name.as_str()))
        .map(|name| format!("{name} shadows a Debian package, and is not to replace it"))
        .collect()
}

/// uv, held to the answer's pins, has to come to the same set.
fn second_opinion(answer: &Answer, uv: &Uv) -> Option<String> {
    let Some(pins) = &uv.pins else {
        let said = uv.refusal.as_deref().unwrap_or("nothing");
        return Some(format!("uv does not accept it: {}", brief(said)));
    };
    let ours: BTreeSet<String> = answer.generated().filter_map(Distribution::pin).collect();
    let theirs: BTreeSet<String> = pins.iter().map(|(n, v)| format!("{n}=={v}")).collect();
    let odd: Vec<_> = ours.symmetric_difference(&theirs).cloned().collect();
    (!odd.is_empty()).then(|| format!("uv's set differs: {}", odd.join(", ")))
}

fn notes(answer: &Answer, facts: &Facts) -> Vec<String> {
    let complaints = facts.complaints.iter();
    let mut notes: Vec<_> = complaints
        .map(|(name, requirement, wrong)| {
            format!("note: within Debian, {name} needs {requirement}: {wrong}")
        })
        .collect();
    let refusal = facts.uv.refusal.as_deref().unwrap_or_default();
    if refusal.contains("building from source is disabled") {
        notes.push("note: uv left out releases that have no wheel".to_owned());
    }
    notes.extend(facts.uv.fewer.iter().map(|(name, rest)| {
        let (count, rest) = (rest.len(), rest.join(" "));
        format!("note: without {name} uv needs {count} (whatever their age): {rest}")
    }));
    notes.extend(
        answer
            .distributions
            .iter()
            .filter_map(|row| moved_on(row, facts)),
    );
    notes
}

/// The archive may have changed between the program's index and the chroot.
fn moved_on(row: &Distribution, facts: &Facts) -> Option<String> {
    let (package, said) = (row.package.as_ref()?, row.package_version.as_ref()?);
    let have = facts.debian.get(package).filter(|have| *have != said)?;
    let (package, name) = (package, &row.name);
    Some(format!(
        "note: {name}: {package} is {have} in the chroot, the answer says {said}"
    ))
}

fn listed(pins: &BTreeMap<String, String>) -> String {
    let pins: Vec<_> = pins
        .iter()
        .map(|(name, version)| format!("{name}=={version}"))
        .collect();
    pins.join(" ")
}
