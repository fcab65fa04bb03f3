//! Where a session stands, as text.

use std::collections::BTreeMap;

use pydeps_core::build_summary::Standing;
use pydeps_core::decision::{Decision, Decisions};
use pydeps_core::lock::Lock;
use pydeps_core::name::DistName;
use pydeps_core::outcome::{Distribution, Resolution};

use super::TextStyle;
use super::resolution::{heading, summary, what};
use super::table::{Cell, lines};

/// How far what is to be built has come, and why it has come no further.
pub type Standings = BTreeMap<DistName, (Standing, Option<String>)>;

/// What the lock has, what is open, decided in `decisions_file`, and to be built.
pub fn text(
    lock: &Lock,
    (decided, decisions_file): (&Decisions, &str),
    standings: &Standings,
    style: TextStyle,
) -> String {
    let (suite, resolution) = (lock.suite(), lock.resolution());
    let mut out = vec![
        heading(&suite, &resolution, style),
        summary(&suite, &resolution),
    ];
    out.extend(open(&resolution));
    out.extend(to_build(&resolution, lock, standings, style));
    out.extend(decided_lines(decided, decisions_file));
    out.push(next(&resolution, standings).to_owned());
    out.join("\n")
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
fn to_build(
    resolution: &Resolution,
    lock: &Lock,
    standings: &Standings,
    style: TextStyle,
) -> Vec<String> {
    let suite = lock.suite();
    let order = resolution.build_order.iter().flatten();
    let rows = order.filter_map(|name| resolution.get(name));
    let cells = rows.map(|row| {
        let version = row.version.as_ref();
        let version = version.map_or_else(String::new, ToString::to_string);
        [
            Cell::plain(format!("{} {version}", row.name)),
            Cell::plain(what(row, &suite)),
            Cell::plain(standings.get(&row.name).map_or("", standing)),
        ]
    });
    let table = lines(&cells.collect::<Vec<_>>(), style);
    if table.is_empty() {
        return Vec::new();
    }
    let mut lines = vec!["To build, in this order:".to_owned()];
    lines.extend(table);
    lines.extend(troubles(
        "Refused by `dh-pydeps generate`:",
        Standing::NotGenerated,
        standings,
    ));
    lines.extend(troubles(
        "Failed in `dh-pydeps build`:",
        Standing::Failed,
        standings,
    ));
    lines
}

/// Why these have come no further.
fn troubles(heading: &str, of: Standing, standings: &Standings) -> Vec<String> {
    let told = standings.iter().filter_map(|(name, (standing, trouble))| {
        let trouble = trouble.as_ref().filter(|_| *standing == of)?;
        Some(format!("  {name}: {trouble}"))
    });
    let told: Vec<String> = told.collect();
    let heading = (!told.is_empty()).then(|| heading.to_owned());
    heading.into_iter().chain(told).collect()
}

fn standing((standing, trouble): &(Standing, Option<String>)) -> &'static str {
    match (standing, trouble) {
        (Standing::NotGenerated, Some(_)) => "refused",
        _ => standing.words(),
    }
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
fn next(resolution: &Resolution, standings: &Standings) -> &'static str {
    if resolution.open().next().is_some() || !resolution.conflict.is_empty() {
        return "Next: `dh-pydeps resolve --interactive` shows what can be decided.";
    }
    let any = |of| standings.values().any(|(standing, _)| *standing == of);
    let refused = !troubles("", Standing::NotGenerated, standings).is_empty();
    match (any(Standing::NotGenerated), any(Standing::Generated)) {
        _ if refused => {
            "Next: see to what is refused, or decide on another way for it with `dh-pydeps resolve --interactive`; then `dh-pydeps generate`."
        }
        (true, _) => "Next: `dh-pydeps generate`, then `dh-pydeps build`.",
        _ if any(Standing::Failed) => {
            "Next: see to what failed, by its log; then `dh-pydeps build`."
        }
        (false, true) => "Next: `dh-pydeps build`.",
        (false, false) => "Nothing is left to do.",
    }
}
