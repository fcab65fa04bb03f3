//! `resolve`: the main job.

use clap::Args;
use pydeps_report::{json, text};

use crate::failure::{Failure, Outcome};
use crate::flows::resolve::menu::Person;
use crate::flows::resolve::{Resolved, resolve};
use crate::session::{self, Session, decisions_file};
use crate::shared_args::{Format, LockArgs, WhatArgs};
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
    let query = match args.lock.new {
        true => args.what.query(),
        false => session.continued(args.what.query()),
    };
    let mut person = args.interactive.then(Person::at_stdin);
    loop {
        let resolved = resolve(&query, ui)?;
        let lock = resolved.lock(&query)?;
        let cheaper = query.asked.cheaper;
        show(args.format, &resolved, cheaper, &session.changes(&lock), ui);
        session.keep(lock, args.lock.lock_use(), ui)?;
        let decided = match &mut person {
            Some(person) => person.decide(&resolved.resolution, ui)?,
            None => false,
        };
        if !decided {
            return Ok(Outcome::of(resolved.resolution.is_satisfied()));
        }
    }
}

fn show(format: Format, resolved: &Resolved, looked_further: bool, changes: &[String], ui: &Ui) {
    let (suite, resolution) = (resolved.suite(), &resolved.resolution);
    if format == Format::Json {
        return ui.data(&json::resolution(suite, resolution, changes));
    }
    ui.page(&text::resolution::text(suite, resolution, decisions_file()));
    if let Some(hint) = text::resolution::cheaper(resolution, looked_further) {
        ui.line(&hint);
    }
    if !changes.is_empty() {
        ui.page(&text::resolution::changes(session::file(), changes));
    }
    ui.findings(&resolution.findings);
}
