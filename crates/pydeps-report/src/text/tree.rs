//! A resolution as a tree, and upside down; who needs a distribution.

use pydeps_core::archive::Suite;
use pydeps_core::outcome::Distribution;

use super::page::{Line, Page};
use super::resolution::{behind, color, verdict, what};
use crate::graph::Visit;

/// The walk as a tree with branches.
pub fn text(visits: &[Visit<'_>]) -> Page {
    let mut branches: Vec<bool> = Vec::new();
    let mut page = Page::default();
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
        page.push(node(Line::from(line), visit));
    }
    page
}

/// The line with what stands at a branch.
fn node(branch: Line, visit: &Visit<'_>) -> Line {
    let Some(row) = visit.distribution else {
        return branch.plain(visit.name);
    };
    let version = row
        .version
        .as_ref()
        .map_or_else(String::new, |v| format!(" {v}"));
    let package = row
        .package
        .as_ref()
        .map_or_else(String::new, |p| format!(", {p}"));
    let mark = if visit.repeated { " (*)" } else { "" };
    branch
        .plain(&format!("{}{version} (", visit.name))
        .painted(color(row), verdict(row))
        .plain(&format!("{package}){mark}"))
}

/// The verdict on one distribution, what says so, and those who ask for it.
pub fn why(row: &Distribution, visits: &[Visit<'_>], suite: &Suite) -> Page {
    let version = row
        .version
        .as_ref()
        .map_or_else(String::new, |v| format!(" {v}"));
    let mut heading = Line::from(format!("{}{version}: ", row.name))
        .painted(color(row), verdict(row))
        .plain(&format!(", {}", what(row, suite)));
    if let Some(evidence) = &row.evidence {
        heading = heading.plain(&format!(" ({})", evidence.describe()));
    }
    let mut page = Page::from_iter([heading]);
    for visit in visits.iter().skip(1) {
        page.push(format!("{}{}", "  ".repeat(visit.depth), asker(visit)));
    }
    if !row.because.is_empty() {
        page.push("Without it:");
    }
    page.extend(row.because.iter().map(|line| format!("  - {line}")));
    page.extend(behind(row));
    page
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
