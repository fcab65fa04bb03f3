//! What one call of `generate` is about: releases that are named, or the lock.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::finding::Finding;
use pydeps_core::lock::Lock;
use pydeps_core::mapping::Mapping;
use pydeps_core::name::DistName;

use super::jobs::{self, Job};
use crate::commands::generate::GenerateArgs;
use crate::failure::Failure;
use crate::flows::backport::jobs as rebuilding;
use crate::query::SuiteQuery;
use crate::session::{Session, outdated};
use crate::ui::Ui;

/// What is to be done, and what was decided about the rest.
#[derive(Default)]
pub(crate) struct Asked {
    pub(crate) jobs: Vec<Job>,
    /// Distributions whose bounds do not count.
    pub(crate) relaxed: BTreeSet<DistName>,
    /// Distributions that are left out.
    pub(crate) ignored: BTreeSet<DistName>,
    /// Packages that come from elsewhere than the suite.
    pub(crate) planned: BTreeMap<DistName, Mapping>,
    /// What is left open.
    pub(crate) left: Vec<Finding>,
    /// The lock, if it has packages of a newer suite to rebuild.
    pub(crate) rebuilds: Option<Lock>,
}

impl Asked {
    /// The releases that are named. The decisions of the directory have no say in them, but
    /// have to be such. What the lock is about is packaged as the lock would have it: there
    /// are no two packages of one release.
    pub(crate) fn named(args: &GenerateArgs) -> Result<Self, Failure> {
        crate::session::decided()?;
        let lock = Session::open()?.lock;
        let locked = lock.iter();
        let locked = locked.flat_map(|lock| jobs::locked(lock, args.application));
        let tops: Vec<DistName> = locked
            .filter(|job| job.is_top)
            .map(|job| job.requirement.name)
            .collect();
        let mut jobs = jobs::named(&args.names, args.application)?;
        for job in &mut jobs {
            job.is_top = tops.contains(&job.requirement.name);
        }
        Ok(Self {
            jobs,
            relaxed: relaxed(args)?,
            ..Self::default()
        })
    }

    /// What the lock of this directory says to generate, for the suite that it is of.
    pub(crate) fn of_lock(
        args: &GenerateArgs,
        suite: &mut SuiteQuery,
        ui: &Ui,
    ) -> Result<Self, Failure> {
        let lock = Session::open()?.lock.ok_or_else(nothing)?;
        ui.findings(outdated(&lock)?.as_slice());
        rebuilding::as_asked(&lock, suite);
        let mut relaxed = relaxed(args)?;
        relaxed.extend(jobs::relaxed(&lock));
        let mut left = jobs::open(&lock);
        left.extend(jobs::bundled(&lock));
        Ok(Self {
            jobs: jobs::locked(&lock, args.application),
            ignored: jobs::ignored(&lock),
            planned: jobs::planned(&lock),
            relaxed,
            left,
            rebuilds: rebuilding::any(&lock).then_some(lock),
        })
    }
}

impl Asked {
    /// A bug that announces a package is about that one.
    pub(crate) fn check_itp(&self, itp: Option<u32>) -> Result<(), Failure> {
        match (itp, self.jobs.len()) {
            (None, _) | (_, 0 | 1) => Ok(()),
            (Some(bug), many) => {
                let error =
                    anyhow::anyhow!("--itp {bug} is about one package, and {many} are made");
                Err(Failure::input(error).with_hint(
                    "name the release whose bug it is, and each of the others with its own",
                ))
            }
        }
    }
}

fn relaxed(args: &GenerateArgs) -> Result<BTreeSet<DistName>, Failure> {
    let names = args.relax.iter();
    names
        .map(|name| crate::inputs::distribution(name))
        .collect()
}

/// Neither names nor a lock.
fn nothing() -> Failure {
    let error =
        anyhow::anyhow!("nothing is named, and there is no lock here that says what to generate");
    Failure::input(error)
        .with_hint("name a release, as in copier==9.4.1, or run `dh-pydeps resolve` first")
}
