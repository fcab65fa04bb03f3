//! `tree`: a resolution as a tree or a graph.

use clap::{Args, ValueEnum};
use pydeps_report::graph::ResolutionGraph;
use pydeps_report::{dot, json, text};

use crate::failure::{Failure, Outcome};
use crate::flows::resolve::locked_or_resolved;
use crate::shared_args::WhatArgs;
use crate::ui::Ui;

/// Show who requires what, as a tree
///
/// Without arguments the tree is that of this directory's lock, if there is one; else that
/// of `resolve` with the same arguments. What was shown before is marked
/// with (*) and not shown again below. As JSON and for Graphviz it is the same graph,
/// inverse or not.
#[derive(Args, Debug)]
pub struct TreeArgs {
    /// What to resolve.
    #[command(flatten)]
    pub what: WhatArgs,
    /// Begin with what needs nothing itself, and go on to those who need it
    #[arg(long, help_heading = "Output")]
    pub inverse: bool,
    /// How to print it
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub format: TreeFormat,
}

/// How a tree is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TreeFormat {
    /// For people.
    Text,
    /// For programs; the schema is in the manual page.
    Json,
    /// For Graphviz: pipe it into `dot -Tsvg`.
    Dot,
}

pub(crate) fn run(args: &TreeArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let (suite, resolution) = &locked_or_resolved(args.what.query(), ui)?;
    let graph = ResolutionGraph::new(resolution);
    match args.format {
        TreeFormat::Text if args.inverse => ui.page(&text::tree::text(&graph.inverse())),
        TreeFormat::Text => ui.page(&text::tree::text(&graph.down())),
        TreeFormat::Dot => ui.data(&dot::dot(&graph, resolution)),
        TreeFormat::Json => ui.data(&json::graph(suite, &graph, resolution)),
    }
    Ok(Outcome::of(resolution.is_satisfied()))
}
