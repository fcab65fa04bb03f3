//! `status`: where the session stands.

use clap::Args;

use crate::cli::Format;
use crate::failure::{Failure, Outcome};
use crate::report;
use crate::session::{Session, file};
use crate::ui::Ui;

/// Say where this directory's session stands: what is open, decided, and to be built
///
/// It reads the lock and the decisions, and asks nobody. The exit status is 0 if nothing is
/// left to do, 1 otherwise.
#[derive(Args, Debug)]
pub struct StatusArgs {
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

pub(crate) fn run(args: &StatusArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let lock = Session::open()?.lock.ok_or_else(nothing)?;
    let decided = crate::roots::decided()?;
    let (suite, resolution) = (lock.suite(), lock.resolution());
    ui.data(&match args.format {
        Format::Json => report::json::resolution(&suite, &resolution, &[]),
        Format::Text => report::status::text(&lock, &decided, ui),
    });
    Ok(Outcome::of(resolution.is_satisfied()))
}

/// There is no session.
pub(crate) fn nothing() -> Failure {
    let error = anyhow::anyhow!("there is no {} here", file());
    let hint = "`dh-pydeps resolve` makes one, for the project in this directory, or for WHAT";
    Failure::input(error).with_hint(hint)
}
