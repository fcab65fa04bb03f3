//! A resolution as a tree, and upside down; who needs a distribution.

use std::fmt::Write as _;

use pydeps_core::archive::Suite;
use pydeps_core::outcome::Distribution;

use super::resolution::{behind, color, verdict, what};
use super::style::TextStyle;
use crate::graph::Visit;

/// The walk as a tree with branches.
pub fn text(visits: &[Visit<'_>], style: TextStyle) -> String {
    let mut branches: Vec<bool> = Vec::new();
    let mut lines = Vec::new();
    for visit in visits {
        branches.truncate(visit.depth);
        let above = branches.iter().skip(1);
        let mut line: String = above
            .map(|last| if *last { "    " } else { "│   " })
            .collect();
        if visit.depth > 0 {
            line.push_str(if visit.last {
                "└── "
            } else {
                "├── "
            });
        }
        branches.push(visit.last);
        line.push_str(&node(visit, style));
        lines.push(line);
    }
    lines.join("\n")
}

fn node(visit: &Visit<'_>, style: TextStyle) -> String {
    let Some(row) = visit.distribution else {
        return visit.name.to_owned();
    };
    let version = row
        .version
        .as_ref()
        .map_or_else(String::new, |v| format!(" {v}"));
    let verdict = style.paint(color(row), verdict(row));
    let package = row
        .package
        .as_ref()
        .map_or_else(String::new, |p| format!(", {p}"));
    let mark = if visit.repeated { " (*)" } else { "" };
    format!("{}{version} ({verdict}{package}){mark}", visit.name)
}

/// The verdict on one distribution, what says so, and those who ask for it.
pub fn why(row: &Distribution, visits: &[Visit<'_>], suite: &Suite, style: TextStyle) -> String {
    let mut out = String::new();
    let version = row
        .version
        .as_ref()
        .map_or_else(String::new, |v| format!(" {v}"));
    let (verdict, what) = (style.paint(color(row), verdict(row)), what(row, suite));
    _ = write!(out, "{}{version}: {verdict}, {what}", row.name);
    if let Some(evidence) = &row.evidence {
        _ = write!(out, " ({})", evidence.describe());
    }
    for visit in visits.iter().skip(1) {
        _ = write!(out, "\n{}{}", "  ".repeat(visit.depth), asker(visit));
    }
    for line in &row.because {
        let first = line == &row.because[0];
        let heading = if first { "\nWithout it:" } else { "" };
        _ = write!(out, "{heading}\n  - {line}");
    }
    if let Some(line) = behind(row) {
        _ = write!(out, "\n{line}");
    }
    out
}

fn asker(visit: &Visit<'_>) -> String {
    let Some(by) = visit.requirement else {
        return visit.name.to_owned();
    };
    let version = visit.distribution.and_then(|row| row.version.as_ref());
    let version = version.map_or_else(String::new, |v| format!(" {v}"));
    let unmet = if by.met { "" } else { ", which is not met" };
    let mark = if visit.repeated { " (*)" } else { "" };
    format!(
        "{}{version} asks for {}{unmet}{mark}",
        by.name, by.requirement
    )
}
