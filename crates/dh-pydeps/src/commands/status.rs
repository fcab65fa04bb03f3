//! `status`: where the session stands.

use std::path::PathBuf;

use clap::Args;
use pydeps_build::{Area, BuildStatus, Stock};
use pydeps_core::lock::Lock;
use pydeps_report::json;
use pydeps_report::text::status::{self, BuildStatuses};
use pydeps_resolve::Resolution;

use crate::build_area::{self, AreaOf};
use crate::failure::{Failure, Outcome};
use crate::session::{Session, decisions_file, file, outdated};
use crate::shared_args::Format;
use crate::ui::Ui;

/// Say where this directory's session stands: what is open, decided, and to be built
///
/// It reads the lock, the decisions, and what is in the build area, and asks nobody. Each
/// package to be built is `not generated`, `generated`, `failed` or `built`, for the lock's suite
/// and architecture. Where `generate` has refused it or the last `build` of it failed, the reason
/// is told, and the log. The exit status is 0 if nothing is left to do, 1 otherwise.
#[derive(Args, Debug)]
pub struct StatusArgs {
    /// Build area; by default build-area, or ../build-area beside a debian/ directory
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

pub(crate) fn run(args: &StatusArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let lock = Session::open()?.lock.ok_or_else(nothing)?;
    let decided = crate::session::decided()?;
    let (suite, resolution) = (lock.suite(), lock.resolution());
    let statuses = statuses(args, &lock, &resolution)?;
    match args.format {
        Format::Json => ui.data(&json::resolution(&suite, &resolution, &[])),
        Format::Text => {
            let decided = (&decided, decisions_file());
            ui.page(&status::text(&lock, decided, &statuses));
        }
    }
    ui.findings(outdated(&lock)?.as_slice());
    let built = statuses
        .values()
        .all(|status| *status == BuildStatus::Built);
    let decided = resolution.conflict.is_empty() && resolution.open().next().is_none();
    Ok(Outcome::of(decided && built))
}

/// How far what is to be built has come.
fn statuses(
    args: &StatusArgs,
    lock: &Lock,
    resolution: &Resolution,
) -> Result<BuildStatuses, Failure> {
    let area = Area::new(build_area::directory(args.output.as_deref()));
    let area_of = AreaOf {
        stock: &Stock::read(&area)?,
        suite: &lock.suite,
        architecture: &lock.architecture,
    };
    let mut statuses = BuildStatuses::new();
    for row in resolution.to_build() {
        if let Some(status) = area_of.status(row)? {
            statuses.insert(row.name.clone(), status);
        }
    }
    Ok(statuses)
}

/// There is no session.
pub(crate) fn nothing() -> Failure {
    let error = anyhow::anyhow!("there is no {} here", file());
    let hint = "`dh-pydeps resolve` makes one, for the project in this directory, or for WHAT";
    Failure::input(error).with_hint(hint)
}
