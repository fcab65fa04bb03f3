//! A resolution's graph in Graphviz's language.

use std::fmt::Write as _;

use pydeps_core::outcome::Resolution;
use pydeps_core::printable::Printable;

use crate::graph::ResolutionGraph;
use crate::text::resolution::verdict;

/// The graph in Graphviz's language.
pub fn dot(graph: &ResolutionGraph<'_>, resolution: &Resolution) -> Printable {
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
    Printable::lines(&out)
}

/// A string of Graphviz's language. Names and verdicts have no backslash but that of
/// a line break.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}
