//! A resolved tree as text: what has to be done first, then what Debian has.

use anstyle::{AnsiColor, Style};
use pydeps_core::archive::Suite;
use pydeps_resolve::{Action, Distribution, Requirer, Resolution, RootOutcome, Verdict};

use super::table::{Cell, lines};
use crate::ui::Ui;

const GOOD: Style = AnsiColor::Green.on_default();
const WORK: Style = AnsiColor::Yellow.on_default();
const BAD: Style = AnsiColor::Red.on_default();
const BOLD: Style = Style::new().bold();

/// How many of those who ask for a distribution are named.
const ASKERS: usize = 3;

/// The whole answer.
pub(crate) fn text(suite: &Suite, resolution: &Resolution, ui: &Ui) -> String {
    let mut out = vec![heading(suite, resolution, ui)];
    out.extend(resolution.roots.iter().flat_map(steps_back));
    out.push(String::new());
    out.extend(lines(&rows(resolution, suite), ui));
    out.push(String::new());
    out.push(summary(suite, resolution));
    out.extend(build_order(resolution));
    out.extend(conflict(resolution, ui));
    out.join("\n")
}

fn heading(suite: &Suite, resolution: &Resolution, ui: &Ui) -> String {
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
    format!(
        "{} on {} ({}, Python {}, archive of {date})",
        ui.style(BOLD, &roots),
        ui.style(BOLD, &suite.codename),
        suite.architecture,
        suite.python
    )
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
        Cell::styled(verdict(d), style(d)),
        Cell::plain(format!("{}{version}", d.name)),
        Cell::plain(what(d, suite)),
        Cell::plain(askers(d)),
    ]
}

pub(super) fn verdict(d: &Distribution) -> &'static str {
    match (d.action, d.verdict) {
        (Some(Action::Ignore), _) => "ignored",
        (_, Verdict::Satisfied) => "satisfied",
        (_, Verdict::TooOld) => "too old",
        (_, Verdict::TooNew) => "too new",
        (_, Verdict::Missing) => "missing",
    }
}

pub(super) fn style(d: &Distribution) -> Style {
    match d.action {
        Some(Action::Use | Action::Ignore) => GOOD,
        Some(Action::Generate) => WORK,
        None => BAD,
    }
}

pub(super) fn what(d: &Distribution, suite: &Suite) -> String {
    match (d.action, &d.package) {
        (Some(Action::Generate), _) => match &d.unstable {
            Some(package) => format!("to be packaged (sid: {package})"),
            None => "to be packaged".to_owned(),
        },
        (Some(Action::Ignore), _) => "by override".to_owned(),
        (_, Some(package)) => {
            let version = d.package_version.as_deref().unwrap_or("");
            format!("{package} {version}").trim_end().to_owned()
        }
        (_, None) if d.origin == "index" => "no release fits".to_owned(),
        (_, None) => format!("neither in {} nor in the index", suite.codename),
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
    if names == [crate::roots::COMMAND_LINE] {
        return "as asked".to_owned();
    }
    let more = names.len().saturating_sub(ASKERS);
    let mut text = names[..names.len() - more].join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    format!("for {text}")
}

fn summary(suite: &Suite, resolution: &Resolution) -> String {
    let all = resolution.distributions.len();
    let count = |verdict| resolution.count(verdict);
    let mut parts = vec![format!(
        "{} in {}",
        count(Verdict::Satisfied),
        suite.codename
    )];
    let to_package = resolution.build_order.iter().flatten().count();
    for (number, what) in [
        (to_package, "to be packaged"),
        (count(Verdict::TooOld), "too old"),
        (count(Verdict::TooNew), "too new"),
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

fn build_order(resolution: &Resolution) -> Option<String> {
    let group = |group: &Vec<pydeps_core::name::DistName>| {
        let names: Vec<String> = group.iter().map(ToString::to_string).collect();
        names.join(", ")
    };
    let groups: Vec<String> = resolution.build_order.iter().map(group).collect();
    (!groups.is_empty()).then(|| format!("Build in this order: {}.", groups.join("; then ")))
}

fn conflict(resolution: &Resolution, ui: &Ui) -> Vec<String> {
    if resolution.conflict.is_empty() {
        return Vec::new();
    }
    let heading = ui.style(
        BAD,
        "Not everything that was asked for can be had together:",
    );
    let facts = resolution.conflict.iter().map(|fact| format!("  - {fact}"));
    std::iter::once(heading).chain(facts).collect()
}
