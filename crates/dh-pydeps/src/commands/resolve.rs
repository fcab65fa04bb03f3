//! `resolve`: the main job.

use clap::Args;
use pydeps_report::{json, text};

use crate::cli::Format;
use crate::failure::{Failure, Outcome};
use crate::flows::resolve::menu::Person;
use crate::flows::resolve::{Resolved, WhatArgs, resolve};
use crate::session::{LockArgs, Session, decisions_file, file};
use crate::ui::Ui;

/// Say what Debian has of a project's requirements, and what is missing
///
/// A distribution that the suite has is taken as it is: its version is given, and what
/// it needs is apt's business. What the suite lacks comes from the package index, with
/// its own requirements. A name without version floats: the newest release is taken
/// whose tree fits the suite.
///
/// The answer is kept in this directory's lock (debian/pydeps.lock, or pydeps.lock where
/// there is no debian directory), for `generate`, `build` and `status`. Without WHAT,
/// what the lock is about is resolved again, with the same options and today's
/// decisions, and what has changed is told.
///
/// The exit status is 0 if the suite has everything, 1 if something has to be done.
#[derive(Args, Debug)]
pub struct ResolveArgs {
    /// What to resolve.
    #[command(flatten)]
    pub what: WhatArgs,
    /// What becomes of the lock.
    #[command(flatten)]
    pub lock: LockArgs,
    /// Ask what to decide about what is open, record it, and resolve again
    #[arg(short, long, help_heading = "Session", conflicts_with = "format")]
    pub interactive: bool,
    /// How to print the answer
    #[arg(
        long,
        value_name = "FORMAT",
        default_value = "text",
        help_heading = "Output"
    )]
    pub format: Format,
}

pub(crate) fn run(args: &ResolveArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let mut session = Session::open()?;
    let what = match args.lock.new {
        true => args.what.clone(),
        false => session.goes_on(&args.what),
    };
    let mut person = args.interactive.then(Person::at_stdin);
    loop {
        let resolved = resolve(&what, ui)?;
        show(args, &what, &session, &resolved, ui);
        session.keep(&args.lock, &what, &resolved, ui)?;
        let decided = match &mut person {
            Some(person) => person.decide(&resolved.resolution, ui)?,
            None => false,
        };
        if !decided {
            return Ok(Outcome::of(resolved.resolution.is_satisfied()));
        }
    }
}

fn show(args: &ResolveArgs, what: &WhatArgs, session: &Session, resolved: &Resolved, ui: &Ui) {
    let resolution = &resolved.resolution;
    let suite = resolved.debian.archive().suite();
    let changes = session.changes(what, resolved);
    if args.format == Format::Json {
        return ui.data(&json::resolution(suite, resolution, &changes));
    }
    ui.data(&text::resolution::text(
        suite,
        resolution,
        decisions_file(),
        ui.data_style,
    ));
    let hint = text::resolution::cheaper(resolution, what.cheaper);
    hint.iter().for_each(|hint| ui.data(hint));
    if !changes.is_empty() {
        ui.data(&text::resolution::changes(file(), &changes));
    }
    ui.findings(&resolution.findings);
}
