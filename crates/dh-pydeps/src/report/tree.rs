//! A resolution as a tree, upside down, and for Graphviz.

use std::fmt::Write as _;

use pydeps_core::archive::Suite;
use pydeps_resolve::{Distribution, Resolution, ResolutionGraph, Visit};

use super::resolution::{behind, style, verdict, what};
use crate::ui::Ui;

/// The walk as a tree with branches.
pub(crate) fn text(visits: &[Visit<'_>], ui: &Ui) -> String {
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
        line.push_str(&node(visit, ui));
        lines.push(line);
    }
    lines.join("\n")
}

fn node(visit: &Visit<'_>, ui: &Ui) -> String {
    let Some(row) = visit.distribution else {
        return visit.name.to_owned();
    };
    let version = row
        .version
        .as_ref()
        .map_or_else(String::new, |v| format!(" {v}"));
    let verdict = ui.style(style(row), verdict(row));
    let package = row
        .package
        .as_ref()
        .map_or_else(String::new, |p| format!(", {p}"));
    let mark = if visit.repeated { " (*)" } else { "" };
    format!("{}{version} ({verdict}{package}){mark}", visit.name)
}

/// The verdict on one distribution, what says so, and those who ask for it.
pub(crate) fn why(row: &Distribution, visits: &[Visit<'_>], suite: &Suite, ui: &Ui) -> String {
    let mut out = String::new();
    let version = row
        .version
        .as_ref()
        .map_or_else(String::new, |v| format!(" {v}"));
    let (verdict, what) = (ui.style(style(row), verdict(row)), what(row, suite));
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

/// The graph in Graphviz's language.
pub(crate) fn dot(graph: &ResolutionGraph<'_>, resolution: &Resolution) -> String {
    let mut out = String::from("digraph requirements {\n  rankdir=LR;\n  node [shape=box];\n");
    for row in &resolution.distributions {
        let version = row
            .version
            .as_ref()
            .map_or_else(String::new, ToString::to_string);
        let label = format!("{}\\n{version}\\n{}", row.name, verdict(row));
        _ = writeln!(
            out,
            "  {} [label={}];",
            quoted(row.name.as_ref()),
            quoted(&label)
        );
    }
    for (from, to, by) in graph.edges() {
        let style = if by.met { "" } else { " [color=red]" };
        _ = writeln!(out, "  {} -> {}{style};", quoted(from), quoted(to));
    }
    out.push('}');
    out
}

/// A string of Graphviz's language. Names and verdicts have no backslash but that of
/// a line break.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}
