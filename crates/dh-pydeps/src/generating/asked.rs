//! What one run of `generate` is about: what is named, or the lock of this directory.

use std::collections::BTreeSet;

use pydeps_core::name::DistName;

use super::jobs::{self, Asked};
use crate::backporting::jobs as rebuilding;
use crate::commands::generate::GenerateArgs;
use crate::failure::Failure;
use crate::session::{Session, outdated};
use crate::settings::SuiteArgs;
use crate::ui::Ui;

/// The releases that are named. The decisions of the directory have no say in them, but have
/// to be such.
pub(crate) fn named(names: &[String], args: &GenerateArgs) -> Result<Asked, Failure> {
    crate::roots::decided()?;
    Ok(Asked {
        jobs: jobs::named(names, args.application)?,
        relaxed: relaxed(args)?,
        ..Asked::default()
    })
}

/// What the lock of this directory says to generate, for the suite that it is of.
pub(crate) fn of_lock(
    args: &GenerateArgs,
    suite: &mut SuiteArgs,
    ui: &Ui,
) -> Result<Asked, Failure> {
    let lock = Session::open()?.lock.ok_or_else(nothing)?;
    ui.findings(outdated(&lock)?.as_slice());
    rebuilding::as_asked(&lock, suite);
    let mut relaxed = relaxed(args)?;
    relaxed.extend(jobs::relaxed(&lock));
    Ok(Asked {
        jobs: jobs::locked(&lock, args.application),
        ignored: jobs::ignored(&lock),
        planned: jobs::planned(&lock),
        relaxed,
        left: jobs::open(&lock),
        rebuilds: rebuilding::any(&lock).then_some(lock),
    })
}

fn relaxed(args: &GenerateArgs) -> Result<BTreeSet<DistName>, Failure> {
    let names = args.relax.iter();
    names.map(|name| crate::roots::distribution(name)).collect()
}

/// Neither names nor a lock.
fn nothing() -> Failure {
    let error =
        anyhow::anyhow!("nothing is named, and there is no lock here that says what to generate");
    Failure::input(error)
        .with_hint("name a release, as in copier==9.4.1, or run `dh-pydeps resolve` first")
}
