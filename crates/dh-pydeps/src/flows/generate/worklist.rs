//! What one call of `generate` is about: releases that are named, or the lock.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::finding::Finding;
use pydeps_core::lock::Lock;
use pydeps_core::mapping::Mapping;
use pydeps_core::name::DistName;

use super::jobs::{self, Job};
use crate::failure::Failure;
use crate::flows::backport::jobs as rebuilding;
use crate::session::{self, Session};

/// What is to be done, and what was decided about the rest.
#[derive(Default)]
pub(crate) struct Worklist {
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

impl Worklist {
    /// The releases that are named. The decisions of the directory have no say in them, but
    /// have to be such. What the lock is about is packaged as the lock would have it: there
    /// are no two packages of one release.
    pub(crate) fn named(
        names: &[String],
        application: bool,
        relaxed: BTreeSet<DistName>,
    ) -> Result<Self, Failure> {
        session::decided()?;
        let lock = Session::open()?.lock;
        let locked = lock.iter();
        let locked = locked.flat_map(|lock| jobs::locked(lock, application));
        let tops: Vec<DistName> = locked
            .filter(|job| job.is_top)
            .map(|job| job.requirement.name)
            .collect();
        let mut jobs = jobs::named(names, application)?;
        for job in &mut jobs {
            job.is_top = tops.contains(&job.requirement.name);
        }
        Ok(Self {
            jobs,
            relaxed,
            ..Self::default()
        })
    }

    /// What the lock says to generate.
    pub(crate) fn of_lock(lock: Lock, application: bool, mut relaxed: BTreeSet<DistName>) -> Self {
        relaxed.extend(jobs::relaxed(&lock));
        let mut left = jobs::open(&lock);
        left.extend(jobs::bundled(&lock));
        Self {
            jobs: jobs::locked(&lock, application),
            ignored: jobs::ignored(&lock),
            planned: jobs::planned(&lock),
            relaxed,
            left,
            rebuilds: rebuilding::any(&lock).then_some(lock),
        }
    }

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
