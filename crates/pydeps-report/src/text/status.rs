//! Where a session stands, as text.

use std::collections::BTreeMap;

use pydeps_core::build_summary::BuildStatus;
use pydeps_core::decision::{Decision, Decisions};
use pydeps_core::lock::Lock;
use pydeps_core::name::DistName;
use pydeps_core::outcome::{Distribution, Resolution};

use super::page::{Line, Page};
use super::resolution::{heading, summary, what};
use super::table::{Cell, lines};

/// How far what is to be built has come.
pub type BuildStatuses = BTreeMap<DistName, BuildStatus>;

/// What the lock has, what is open, decided in `decisions_file`, and to be built.
pub fn text(
    lock: &Lock,
    (decided, decisions_file): (&Decisions, &str),
    statuses: &BuildStatuses,
) -> Page {
    let (suite, resolution) = (lock.suite(), lock.resolution());
    let mut out = Page::from_iter([heading(&suite, &resolution)]);
    out.push(summary(&suite, &resolution));
    out.extend(open(&resolution));
    out.extend(to_build(&resolution, lock, statuses));
    out.extend(decided_lines(decided, decisions_file));
    out.push(next(&resolution, statuses));
    out
}

fn open(resolution: &Resolution) -> Vec<String> {
    let mut lines: Vec<String> = resolution.open().map(one_open).collect();
    if !lines.is_empty() {
        lines.insert(0, "Open:".to_owned());
    }
    lines
}

fn one_open(row: &Distribution) -> String {
    let unmet = row.required_by.iter().filter(|by| !by.met);
    let askers: Vec<String> = unmet
        .map(|by| format!("{} asks for {}", by.name, by.requirement))
        .collect();
    format!("  {}: {}", row.name, askers.join("; "))
}

/// What is to be built, in order.
fn to_build(resolution: &Resolution, lock: &Lock, statuses: &BuildStatuses) -> Vec<Line> {
    let suite = lock.suite();
    let order = resolution.build_order.iter().flatten();
    let rows = order.filter_map(|name| resolution.get(name));
    let cells = rows.map(|row| {
        let version = row.version.as_ref();
        let version = version.map_or_else(String::new, ToString::to_string);
        [
            Cell::plain(format!("{} {version}", row.name)),
            Cell::plain(what(row, &suite)),
            Cell::plain(statuses.get(&row.name).map_or("", BuildStatus::words)),
        ]
    });
    let table = lines(&cells.collect::<Vec<_>>());
    if table.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::from("To build, in this order:")];
    lines.extend(table);
    lines.extend(reasons(
        "Refused by `dh-pydeps generate`:",
        statuses,
        |status| match status {
            BuildStatus::Refused(reason) => Some(reason),
            _ => None,
        },
    ));
    lines.extend(reasons(
        "Failed in `dh-pydeps build`:",
        statuses,
        |status| match status {
            BuildStatus::Failed(reason) => Some(reason),
            _ => None,
        },
    ));
    lines
}

/// Why these have come no further.
fn reasons(
    heading: &str,
    statuses: &BuildStatuses,
    reason: impl Fn(&BuildStatus) -> Option<&String>,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for (name, status) in statuses {
        if let Some(reason) = reason(status) {
            lines.push(Line::from(format!("  {name}: {reason}")));
        }
    }
    if !lines.is_empty() {
        lines.insert(0, Line::from(heading));
    }
    lines
}

fn decided_lines(decided: &Decisions, file: &str) -> Vec<String> {
    if decided.is_empty() {
        return Vec::new();
    }
    let line = |(name, decision): (&DistName, &Decision)| {
        let reason = decision.reason.as_ref();
        let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
        format!("  {name}: {}{reason}", decision.choice.word())
    };
    std::iter::once(format!("Decided in {file}:"))
        .chain(decided.iter().map(line))
        .collect()
}

/// What to do next.
fn next(resolution: &Resolution, statuses: &BuildStatuses) -> &'static str {
    if resolution.open().next().is_some() || !resolution.conflict.is_empty() {
        return "Next: `dh-pydeps resolve --interactive` shows what can be decided.";
    }
    let any = |is: fn(&BuildStatus) -> bool| statuses.values().any(is);
    if any(|status| matches!(status, BuildStatus::Refused(_))) {
        return "Next: see to what is refused, or decide on another way for it with `dh-pydeps resolve --interactive`; then `dh-pydeps generate`.";
    }
    if any(|status| *status == BuildStatus::NotGenerated) {
        return "Next: `dh-pydeps generate`, then `dh-pydeps build`.";
    }
    if any(|status| matches!(status, BuildStatus::Failed(_))) {
        return "Next: see to what failed, by its log; then `dh-pydeps build`.";
    }
    match any(|status| *status == BuildStatus::Generated) {
        true => "Next: `dh-pydeps build`.",
        false => "Nothing is left to do.",
    }
}
