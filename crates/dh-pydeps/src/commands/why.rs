//! `why`: what one distribution is needed for.

use clap::Args;
use pydeps_core::name::DistName;
use pydeps_resolve::Graph;

use crate::failure::{Failure, Outcome};
use crate::report;
use crate::resolving::{WhatArgs, resolve};
use crate::ui::Ui;

/// Say why a distribution is needed: its verdict, and everybody who asks for it
///
/// The tree is that of `resolve` with the same arguments. The exit status is 1 if the
/// distribution is not needed.
#[derive(Args, Debug)]
pub struct WhyArgs {
    /// Distribution, as a package index spells it
    pub name: String,
    /// What to resolve.
    #[command(flatten)]
    pub what: WhatArgs,
}

pub(crate) fn run(args: &WhyArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let name: DistName = crate::roots::distribution(&args.name)?;
    let resolved = resolve(&args.what, ui)?;
    let Some(row) = resolved.resolution.get(&name) else {
        ui.data(&format!("{name} is not needed."));
        return Ok(Outcome::No);
    };
    let graph = Graph::new(&resolved.resolution);
    let suite = resolved.debian.archive().suite();
    ui.data(&report::tree::why(row, &graph.up(&row.name), suite, ui));
    Ok(Outcome::Yes)
}
