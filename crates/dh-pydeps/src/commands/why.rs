//! `why`: what one distribution is needed for.

use clap::Args;
use pydeps_core::name::DistName;
use pydeps_report::graph::ResolutionGraph;
use pydeps_report::{json, text};

use crate::failure::{Failure, Outcome};
use crate::flows::resolve::locked_or_resolved;
use crate::shared_args::{Format, WhatArgs};
use crate::ui::Ui;

/// Say why a distribution is needed: its verdict, and everybody who asks for it
///
/// Of what has to be built it says, too, what contradicts doing without it, and why it is
/// not the newest release. Without WHAT the tree is that of this directory's lock, if there
/// is one; else that of `resolve` with the same arguments. The exit status is 1 if the
/// distribution is not needed.
#[derive(Args, Debug)]
pub struct WhyArgs {
    /// Distribution, as a package index spells it
    pub name: String,
    /// What to resolve.
    #[command(flatten)]
    pub what: WhatArgs,
    /// How to print it
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub format: Format,
}

pub(crate) fn run(args: &WhyArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let name: DistName = crate::inputs::distribution(&args.name)?;
    let (suite, resolution) = &locked_or_resolved(args.what.query(), ui)?;
    let Some(row) = resolution.get(&name) else {
        ui.line(&format!("{name} is not needed."));
        return Ok(Outcome::No);
    };
    let graph = ResolutionGraph::new(resolution);
    let visits = graph.up(&row.name);
    match args.format {
        Format::Text => ui.page(&text::tree::why(row, &visits, suite)),
        Format::Json => ui.data(&json::why(suite, row, &visits)),
    }
    Ok(Outcome::Yes)
}
