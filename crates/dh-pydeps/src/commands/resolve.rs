//! `resolve`: the main job.

use clap::Args;

use crate::cli::Format;
use crate::failure::{Failure, Outcome};
use crate::report;
use crate::resolving::{Resolved, WhatArgs, resolve};
use crate::ui::Ui;

/// Say what Debian has of a project's requirements, and what is missing
///
/// A distribution that the suite has is taken as it is: its version is given, and what
/// it needs is apt's business. What the suite lacks comes from the package index, with
/// its own requirements. A name without version floats: the newest release is taken
/// whose tree fits the suite.
///
/// The exit status is 0 if the suite has everything, 1 if something has to be done.
#[derive(Args, Debug)]
pub struct ResolveArgs {
    /// What to resolve.
    #[command(flatten)]
    pub what: WhatArgs,
    /// How to print the answer
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

pub(crate) fn run(args: &ResolveArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let Resolved { debian, resolution } = resolve(&args.what, ui)?;
    let suite = debian.archive().suite();
    match args.format {
        Format::Json => ui.data(&report::json::resolution(suite, &resolution)),
        Format::Text => {
            ui.data(&report::resolution::text(suite, &resolution, ui));
            let hint = report::resolution::cheaper(&resolution).filter(|_| !args.what.cheaper);
            hint.iter().for_each(|hint| ui.data(hint));
            ui.findings(&resolution.findings);
        }
    }
    Ok(Outcome::of(resolution.is_satisfied()))
}
