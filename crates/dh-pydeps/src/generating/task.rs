//! What one run of `generate` is about: what was named, or what the lock of this directory
//! says, with what a person has decided.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::finding::Finding;
use pydeps_core::lock::Lock;
use pydeps_core::mapping::Mapping;
use pydeps_core::name::DistName;

use super::jobs::{self, Job};
use crate::backporting::jobs as rebuilding;
use crate::commands::generate::GenerateArgs;
use crate::failure::Failure;
use crate::session::{Session, outdated};
use crate::settings::SuiteArgs;
use crate::ui::Ui;

/// What is to be made.
pub(crate) struct Task {
    pub(crate) jobs: Vec<Job>,
    /// The suite, as it was asked for here or in the lock.
    pub(crate) suite: SuiteArgs,
    /// The distributions whose bounds are not to count.
    pub(crate) relaxed: BTreeSet<DistName>,
    /// Those that are left out.
    pub(crate) ignored: BTreeSet<DistName>,
    /// Those that come from elsewhere than the suite.
    pub(crate) planned: BTreeMap<DistName, Mapping>,
    /// The lock, where it has something to rebuild.
    pub(crate) rebuilds: Option<Lock>,
    /// What the lock leaves open.
    pub(crate) left: Vec<Finding>,
}

impl Task {
    pub(crate) fn of(args: &GenerateArgs, ui: &Ui) -> Result<Self, Failure> {
        let names = args.relax.iter();
        let relaxed = names.map(|name| crate::roots::distribution(name));
        let mut task = Self {
            jobs: Vec::new(),
            suite: args.suite.clone(),
            relaxed: relaxed.collect::<Result<_, _>>()?,
            ignored: BTreeSet::new(),
            planned: BTreeMap::new(),
            rebuilds: None,
            left: Vec::new(),
        };
        if args.names.is_empty() {
            task.read(args, ui)?;
        } else {
            crate::roots::decided()?;
            task.jobs = jobs::named(&args.names, args.application)?;
        }
        Ok(task)
    }

    fn read(&mut self, args: &GenerateArgs, ui: &Ui) -> Result<(), Failure> {
        let lock = Session::open()?.lock.ok_or_else(nothing)?;
        ui.findings(outdated(&lock)?.as_slice());
        rebuilding::as_asked(&lock, &mut self.suite);
        self.relaxed.extend(jobs::relaxed(&lock));
        (self.ignored, self.planned) = (jobs::ignored(&lock), jobs::planned(&lock));
        self.left = jobs::open(&lock);
        self.jobs = jobs::locked(&lock, args.application);
        self.rebuilds = rebuilding::any(&lock).then_some(lock);
        Ok(())
    }
}

/// Neither names nor a lock.
fn nothing() -> Failure {
    let error =
        anyhow::anyhow!("nothing is named, and there is no lock here that says what to generate");
    Failure::input(error)
        .with_hint("name a release, as in copier==9.4.1, or run `dh-pydeps resolve` first")
}
