//! The summary of a build.

use std::collections::BTreeSet;

use pydeps_core::build_summary::{Built, Cycle, Row, Summary, Tags};
use pydeps_core::finding::Finding;

use super::page::Page;
use super::style::{BAD, GOOD};
use super::table::{Cell, lines};

/// One line for each source package: what became of it, how long it took, its log.
pub fn text(summary: &Summary) -> Page {
    let rows: Vec<[Cell; 6]> = summary
        .rows
        .iter()
        .map(|(name, row)| cells(name, row))
        .collect();
    lines(&rows).into_iter().collect()
}

fn cells(name: &str, row: &Row) -> [Cell; 6] {
    match row {
        Row::Tried(built) => {
            let style = if built.good { GOOD } else { BAD };
            [
                Cell::plain(name),
                Cell::plain(&built.version),
                Cell::styled(result(built), style),
                Cell::plain(time(built.seconds)),
                Cell::plain(judged(built)),
                Cell::plain(built.log.display().to_string()),
            ]
        }
        Row::Skipped {
            version,
            needs,
            absent,
        } => {
            let why = needed(needs, absent);
            [
                Cell::plain(name),
                Cell::plain(version),
                Cell::styled(format!("not tried, {why}"), BAD),
                Cell::plain(""),
                Cell::plain(""),
                Cell::plain(""),
            ]
        }
    }
}

/// What something needs that is not built, and what has no source package even.
pub(crate) fn needed(needs: &BTreeSet<String>, absent: &BTreeSet<String>) -> String {
    let list = |names: &BTreeSet<String>| {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        names.join(", ")
    };
    let lacking = match absent.len() {
        0 => return format!("needs {}", list(needs)),
        1 => format!("needs {}, which has no source package", list(absent)),
        _ => format!("needs {}, which have no source packages", list(absent)),
    };
    match needs.is_empty() {
        true => lacking,
        false => format!("{lacking}; needs {}", list(needs)),
    }
}

fn result(built: &Built) -> String {
    match (built.good, built.before) {
        (true, true) => "built before".to_owned(),
        (true, false) => "built".to_owned(),
        (false, _) => built.reason.clone().unwrap_or_else(|| "failed".to_owned()),
    }
}

fn time(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, 0..5) => "< 5 s".to_owned(),
        (0, seconds) => format!("{seconds} s"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

/// What lintian and autopkgtest say.
fn judged(built: &Built) -> String {
    let lintian = built.lintian.as_ref().map(tags);
    let tests = built
        .autopkgtest
        .as_ref()
        .map(|word| format!("autopkgtest: {word}"));
    let words: Vec<String> = lintian.into_iter().chain(tests).collect();
    words.join(", ")
}

fn tags(tags: &Tags) -> String {
    let Tags {
        errors, warnings, ..
    } = tags;
    format!("lintian: {errors} E, {warnings} W")
}

/// A circle, and how to cut it.
pub fn circle(cycle: &Cycle) -> Finding {
    let way: Vec<&str> = cycle
        .sources
        .iter()
        .chain(cycle.sources.first())
        .map(String::as_str)
        .collect();
    let message = format!("these need each other to be built: {}", way.join(" → "));
    let hint = match &cycle.cut {
        Some((source, profile)) => format!(
            "dh-pydeps build {source} --profile {profile} does without the next one; build the others then, and {source} again without the profile"
        ),
        None => {
            "mark what is needed for tests only with <!nocheck> in debian/control of one of them"
                .to_owned()
        }
    };
    Finding::error("build-circle", message).with_hint(hint)
}
