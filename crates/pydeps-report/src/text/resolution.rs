//! A resolved tree as text: what has to be done first, then what Debian has.

use anstyle::Style;
use pydeps_core::archive::{Origin, Suite};
use pydeps_core::licence::Freedom;
use pydeps_core::name::DistName;
use pydeps_core::outcome::{
    Action, COMMAND_LINE, Distribution, Minimality, Requirer, Resolution, RootOutcome, Verdict, Way,
};

use super::page::{Line, Page};
use super::style::{BAD, GOOD, WORK};
use super::table::{Cell, lines};
use pydeps_core::source::Source;

const BOLD: Style = Style::new().bold();

/// How much of a licence's name is shown, in characters.
const LICENCE: usize = 40;

/// How many of those who ask for a distribution are named.
const ASKERS: usize = 3;

/// The whole answer. What may be decided belongs into `decisions_file`.
pub fn text(suite: &Suite, resolution: &Resolution, decisions_file: &str) -> Page {
    let mut out = Page::from_iter([heading(suite, resolution)]);
    out.extend(resolution.roots.iter().flat_map(steps_back));
    out.extend(resolution.distributions.iter().filter_map(behind));
    out.push("");
    out.extend(lines(&rows(resolution, suite)));
    out.push("");
    out.push(summary(suite, resolution));
    out.extend(build_order(resolution));
    out.extend(conflict(resolution));
    out.extend(choices(resolution, decisions_file));
    out
}

pub(super) fn heading(suite: &Suite, resolution: &Resolution) -> Line {
    let roots: Vec<String> = resolution
        .roots
        .iter()
        .map(|root| root_name(root, resolution))
        .collect();
    let roots = if roots.len() > ASKERS {
        format!("{} requirements", roots.len())
    } else {
        roots.join(", ")
    };
    let date = suite.date.strftime("%Y-%m-%d");
    Line::default()
        .painted(BOLD, &roots)
        .plain(" on ")
        .painted(BOLD, &suite.codename)
        .plain(&format!(
            " ({}, Python {}, archive of {date})",
            suite.architecture, suite.python
        ))
}

/// A root with its version, or as it was asked for where that cannot be had.
fn root_name(root: &RootOutcome, resolution: &Resolution) -> String {
    let row = root.name.as_ref().and_then(|name| resolution.get(name));
    let open = row.is_some_and(|row| row.action.is_none());
    match (&root.name, &root.version) {
        (Some(name), Some(version)) if !open => format!("{name} {version}"),
        _ => root.label.clone(),
    }
}

fn steps_back(root: &RootOutcome) -> Vec<String> {
    let (Some(name), Some(version), Some(newest)) = (&root.name, &root.version, &root.newest)
    else {
        return Vec::new();
    };
    let heading = format!("{name} {version}, not the newest {newest}");
    match root.stepped_back.as_slice() {
        [] => vec![heading + "."],
        reasons => vec![format!("{heading}: {}.", reasons.join("; "))],
    }
}

/// A dependency that is not at its newest release although its requirers would take that.
pub(super) fn behind(d: &Distribution) -> Option<String> {
    let (version, newest) = (d.version.as_ref()?, d.newest.as_ref()?);
    let reasons = d.stepped_back.join("; ");
    let saved = d.saves.map(|saved| format!("saves {}", packages(saved)));
    let parts: Vec<String> = saved
        .into_iter()
        .chain((!reasons.is_empty()).then_some(reasons))
        .collect();
    (!parts.is_empty()).then(|| {
        format!(
            "{} {version}, not the newest {newest}: {}.",
            d.name,
            parts.join(": ")
        )
    })
}

fn packages(count: usize) -> String {
    match count {
        1 => "1 package".to_owned(),
        count => format!("{count} packages"),
    }
}

/// What has to be decided, then what has to be built in that order, then the rest.
fn rows(resolution: &Resolution, suite: &Suite) -> Vec<[Cell; 4]> {
    let order: Vec<_> = resolution.build_order.iter().flatten().collect();
    let place = |d: &Distribution| order.iter().position(|name| **name == d.name);
    let mut all: Vec<&Distribution> = resolution.distributions.iter().collect();
    all.sort_by_key(|d| {
        (
            d.action.is_some(),
            d.verdict != Verdict::Missing,
            place(d),
            &d.name,
        )
    });
    all.into_iter().map(|d| row(d, suite)).collect()
}

fn row(d: &Distribution, suite: &Suite) -> [Cell; 4] {
    let version = d
        .version
        .as_ref()
        .map_or_else(String::new, |v| format!(" {v}"));
    [
        Cell::styled(verdict(d), color(d)),
        Cell::plain(format!("{}{version}", d.name)),
        Cell::plain(what(d, suite)),
        Cell::plain(askers(d)),
    ]
}

pub(crate) fn verdict(d: &Distribution) -> &'static str {
    match (d.action, d.verdict) {
        (Some(Action::Ignore), _) => "ignored",
        (Some(Action::Replace), _) => "replaced",
        (Some(Action::Bundle), _) => "bundled",
        (_, Verdict::Satisfied) => "satisfied",
        (_, Verdict::TooOld) => "too old",
        (_, Verdict::TooNew) => "too new",
        (_, Verdict::Missing) => "missing",
    }
}

pub(super) fn color(d: &Distribution) -> Style {
    match d.action {
        Some(Action::Use | Action::Ignore) => GOOD,
        Some(_) => WORK,
        None => BAD,
    }
}

pub(super) fn what(d: &Distribution, suite: &Suite) -> String {
    let package = || {
        let package = d.package.as_ref().map(ToString::to_string);
        let version = d.package_version.as_deref().unwrap_or("");
        let text = format!("{} {version}", package.unwrap_or_default());
        text.trim_end().to_owned()
    };
    match d.action {
        Some(Action::Generate) => to_be_packaged(d),
        Some(Action::Backport) => format!("to be rebuilt from {}: {}", d.origin.word(), package()),
        Some(Action::Replace) => format!("to be packaged, in place of {}", package()),
        Some(Action::Bundle) => "to be put into the application's own directory".to_owned(),
        Some(Action::Ignore) => "left out, as decided".to_owned(),
        Some(Action::Relax) => format!("{}, relaxed", package()),
        Some(Action::Use) if d.origin == Source::Package(Origin::Backports) => {
            format!("{} (backports)", package())
        }
        Some(Action::Use) => package(),
        None if d.package.is_some() => package(),
        None if d.origin == Source::Index => "no release fits".to_owned(),
        None => format!("neither in {} nor in the index", suite.codename),
    }
}

fn to_be_packaged(d: &Distribution) -> String {
    let unstable = d.unstable.as_ref();
    let notes: Vec<String> = unstable
        .map(|package| format!("sid: {package}"))
        .into_iter()
        .chain(d.licence.as_deref().map(|text| licence(text, d.freedom)))
        .collect();
    match notes.is_empty() {
        true => "to be packaged".to_owned(),
        false => format!("to be packaged ({})", notes.join("; ")),
    }
}

/// Who asks for it; with the requirement, where that is what is wrong.
fn askers(d: &Distribution) -> String {
    let unmet: Vec<&Requirer> = d.required_by.iter().filter(|by| !by.met).collect();
    if d.action.is_none() && !unmet.is_empty() {
        let wanted = unmet
            .iter()
            .map(|by| format!("{} asks for {}", by.name, by.requirement));
        return wanted.collect::<Vec<_>>().join("; ");
    }
    let mut names: Vec<&str> = d.required_by.iter().map(|by| by.name.as_str()).collect();
    names.dedup();
    if names == [COMMAND_LINE] {
        return "as asked".to_owned();
    }
    let more = names.len().saturating_sub(ASKERS);
    let mut text = names[..names.len() - more].join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    format!("for {text}")
}

/// Each distribution counts once, by what becomes of it.
pub(super) fn summary(suite: &Suite, resolution: &Resolution) -> String {
    let all = resolution.distributions.len();
    let rows = || resolution.distributions.iter();
    let acts = |action| rows().filter(|d| d.action == Some(action)).count();
    let open = |verdict| resolution.open().filter(|d| d.verdict == verdict).count();
    let mut parts = vec![format!("{} in {}", acts(Action::Use), suite.codename)];
    for (number, what) in [
        (acts(Action::Relax), "relaxed"),
        (resolution.to_build().count(), "to be packaged"),
        (acts(Action::Bundle), "to be bundled"),
        (acts(Action::Ignore), "left out"),
        (open(Verdict::TooOld), "too old"),
        (open(Verdict::TooNew), "too new"),
        (open(Verdict::Missing), "not to be had"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {what}"));
        }
    }
    let noun = if all == 1 {
        "distribution"
    } else {
        "distributions"
    };
    format!("{all} {noun}: {}.", parts.join(", "))
}

/// What there is to build, whether it could be less, and in which order it is built.
fn build_order(resolution: &Resolution) -> Option<String> {
    let group = |group: &Vec<DistName>| {
        let names: Vec<String> = group.iter().map(ToString::to_string).collect();
        names.join(", ")
    };
    let groups: Vec<String> = resolution.build_order.iter().map(group).collect();
    let order = groups.join("; then ");
    let count = packages(resolution.to_build().count());
    let fewest = match resolution.minimality {
        Some(Minimality::Proven) => " (proven minimal)",
        Some(Minimality::Irreducible) => " (irreducible: none can be left out)",
        Some(Minimality::BudgetReached) => {
            " (budget reached: fewer may do, a larger --budget tells)"
        }
        None => "",
    };
    let how = match groups.len() {
        1 => "",
        _ => ", in this order",
    };
    (!groups.is_empty())
        .then(|| format!("{count} to build and to keep secure{fewest}{how}: {order}."))
}

fn conflict(resolution: &Resolution) -> Vec<Line> {
    if resolution.conflict.is_empty() {
        return Vec::new();
    }
    let heading = "Not everything that was asked for can be had together:";
    let mut lines = vec![Line::default().painted(BAD, heading)];
    let facts = resolution.conflict.iter();
    lines.extend(facts.map(|fact| Line::from(format!("  - {fact}"))));
    lines
}

/// What may be decided: lines to copy, each with what comes of it above.
fn choices(resolution: &Resolution, file: &str) -> Vec<String> {
    if resolution.choices.is_empty() {
        return Vec::new();
    }
    let now = resolution.to_build().count();
    let choice = |way: &Way| {
        let mut lines = vec![
            format!("  # {}", effect(way, now)),
            format!("  {}", way.line),
        ];
        for also in &way.also {
            lines.push(format!("  # together with: {}", also.effect));
            lines.push(format!("  {}", also.line));
        }
        lines
    };
    let heading = format!("What can be decided, under [decisions] in {file}:");
    let mut lines = vec![heading];
    lines.extend(resolution.choices.iter().flat_map(choice));
    let tried = |name: &DistName| resolution.choices.iter().any(|way| way.name == *name);
    let open = resolution.open().map(|row| &row.name);
    let rest: Vec<String> = open
        .filter(|name| !tried(name))
        .map(ToString::to_string)
        .collect();
    if !rest.is_empty() {
        lines.push(format!(
            "Nothing was found that helps with {} alone.",
            rest.join(", ")
        ));
    }
    lines
}

/// What comes of a way, and how many packages there are to build then, where that differs
/// from `now`.
pub fn effect(way: &Way, now: usize) -> String {
    match way.to_build.filter(|count| *count != now) {
        None => way.effect.clone(),
        Some(count) => format!(
            "{}; {} to build instead of {now}",
            way.effect,
            packages(count)
        ),
    }
}

/// What has changed since the lock in `file`.
pub fn changes(file: &str, changes: &[String]) -> Page {
    let lines = changes.iter().map(|change| format!("  - {change}"));
    let heading = format!("Changed since {file} was written:");
    std::iter::once(heading).chain(lines).collect()
}

/// Where there is more to build than what was asked for, an older release of that may
/// take less; or where that was looked for, that none does.
pub fn cheaper(resolution: &Resolution, looked_for: bool) -> Option<String> {
    let floating = |root: &&RootOutcome| {
        let name = root
            .name
            .as_ref()
            .filter(|name| resolution.get(name).is_some());
        name.map(ToString::to_string).as_deref() == Some(root.label.as_str())
    };
    let root = resolution.roots.iter().find(floating)?;
    let costly = resolution.to_build().count() > resolution.roots.len();
    let done = resolution.minimality.is_some() && resolution.conflict.is_empty();
    let name = root.name.as_ref()?;
    let found = !resolution.choices.is_empty();
    (costly && done && !found).then(|| match looked_for {
        true => format!("No older {name} that may be taken takes fewer packages."),
        false => format!("An older {name} may take fewer packages: --cheaper looks for one."),
    })
}

/// A licence's name, not its text.
fn licence(text: &str, freedom: Option<Freedom>) -> String {
    let flag = match freedom {
        Some(Freedom::NonFree) => "NON-FREE: ",
        _ => "",
    };
    let line = text.lines().map(str::trim).find(|line| !line.is_empty());
    // Classifiers are read from their ends: `OSI Approved :: MIT License`.
    let names = line.unwrap_or_default().split("; ");
    let names = names.map(|name| name.rsplit(" :: ").next().unwrap_or(name));
    let line = names.collect::<Vec<_>>().join("; ");
    let short: String = line.chars().take(LICENCE).collect();
    match short.len() < line.len() {
        true => format!("{flag}{short}…"),
        false => format!("{flag}{short}"),
    }
}
