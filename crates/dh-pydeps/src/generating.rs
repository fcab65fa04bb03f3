//! From names, or from the lock, to source packages in the build area.

pub(crate) mod area;
pub(crate) mod fetch;
pub(crate) mod jobs;
pub(crate) mod lookup;
pub(crate) mod maintainer;
pub(crate) mod summary;

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use pydeps_core::finding::Finding;
use pydeps_core::mapping::Answer;
use pydeps_core::name::DistName;
use pydeps_core::target::{Applies, Target};
use pydeps_generate::depends::For;
use pydeps_generate::facts::{Debian as _, Generated};
use pydeps_generate::names::{self, Role};
use pydeps_generate::plan::{self, Choices};
use pydeps_generate::settings::Settings;
use pydeps_generate::suite::Form;
use pydeps_generate::{modules, tree::Tree};
use pydeps_index::Client;

use crate::failure::Failure;
use crate::ui::Ui;

use fetch::Fetched;
use jobs::Job;
use lookup::Lookup;
use summary::Made;

/// What holds for all packages that are made in one go.
pub(crate) struct Workshop<'a> {
    pub(crate) lookup: Lookup<'a>,
    pub(crate) client: &'a Client,
    pub(crate) form: Form,
    pub(crate) target: Target,
    pub(crate) area: PathBuf,
    pub(crate) maintainer: String,
    pub(crate) itp: Option<u32>,
    pub(crate) relaxed: BTreeSet<DistName>,
}

impl Workshop<'_> {
    /// Makes a source package for each job. One that cannot be had does not stop the
    /// others; what fails around the program does.
    pub(crate) fn make(&mut self, jobs: &[Job], ui: &Ui) -> Result<Vec<Made>, Failure> {
        let progress = ui.progress();
        let (mut fetched, mut made) = (Vec::new(), Vec::new());
        for (at, job) in jobs.iter().enumerate() {
            let (number, all) = (at + 1, jobs.len());
            progress.say(&format!("fetching {} ({number} of {all})", job.requirement));
            match fetch::fetch(job, self.client, &self.area) {
                Ok(one) => fetched.push((job, one)),
                Err(failure) if all == 1 => return Err(failure),
                Err(failure) => made.push(Made::unfetched(job, failure.into_finding("no-source")?)),
            }
        }
        for (job, one) in &fetched {
            self.name(job, one);
        }
        for (_, one) in &fetched {
            progress.say(&format!("looking into what {} needs", one.release.name));
            self.name_missing(one);
        }
        drop(progress);
        for one in &made {
            ui.findings(&placed(&one.findings, &one.label()));
        }
        for (job, one) in fetched {
            made.push(self.one(job, &one, ui)?);
        }
        Ok(made)
    }

    /// The name that others will ask for.
    fn name(&mut self, job: &Job, fetched: &Fetched) {
        let release = &fetched.release;
        let modules = modules_of(release.name.as_ref(), &release.tree);
        let chosen = names::choose(
            &release.name,
            &modules,
            self.role(job, fetched),
            &self.lookup,
        );
        if let Ok(names) = chosen {
            let generated = Generated {
                package: names.binary,
                version: Some(release.version.clone()),
                guessed: false,
            };
            self.lookup
                .generated
                .insert(release.name.clone(), generated);
        }
    }

    /// What is required and is nowhere will have to be generated, too: its name is found
    /// as its own generation would find it.
    fn name_missing(&mut self, fetched: &Fetched) {
        for requirement in &fetched.release.requires {
            let name = &requirement.name;
            let holds = self.target.applies(&requirement.marker, &[]) != Applies::Never;
            let known = self.lookup.generated(name).is_some();
            if !holds || known || !matches!(self.lookup.answer(name), Answer::Missing { .. }) {
                continue;
            }
            let job = Job::library(requirement.clone());
            match fetch::fetch(&job, self.client, &self.area) {
                Ok(one) => self.name(&job, &one),
                Err(_) => self.guess(name),
            }
        }
    }

    fn guess(&mut self, name: &DistName) {
        if let Some(package) = pydeps_core::mapping::policy_name(name) {
            let generated = Generated {
                package,
                version: None,
                guessed: true,
            };
            self.lookup.generated.insert(name.clone(), generated);
        }
    }

    fn role(&self, job: &Job, fetched: &Fetched) -> Role {
        let release = &fetched.release;
        let own = || {
            Settings::of(&release.tree)
                .scripts(&release.tree)
                .contains(&release.name.to_string())
        };
        match job.application || (job.is_top && own()) {
            true => Role::Application,
            false => Role::Library,
        }
    }

    fn one(&self, job: &Job, fetched: &Fetched, ui: &Ui) -> Result<Made, Failure> {
        let release = &fetched.release;
        let date = date(release.uploaded)?.max(self.form.not_before);
        let choices = Choices {
            maintainer: self.maintainer.clone(),
            itp: self.itp,
            role: self.role(job, fetched),
            date,
        };
        let context = For {
            debian: &self.lookup,
            target: &self.target,
            suite: &self.form.codename,
            relaxed: &self.relaxed,
        };
        let made = match plan::plan(release, &self.form, &choices, context) {
            Ok(plan) => {
                let written = area::write(&self.area, fetched, &plan, date.as_second())?;
                Made::done(fetched, &plan, written)
            }
            Err(refused) => Made::refused(fetched, refused.findings),
        };
        ui.findings(&placed(&made.findings, &made.label()));
        Ok(made)
    }
}

fn modules_of(name: &str, tree: &Tree) -> modules::Modules {
    modules::find(name, tree, &Settings::of(tree))
}

/// `SOURCE_DATE_EPOCH`, if it is set.
pub(crate) fn epoch() -> Result<Option<Timestamp>, Failure> {
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else {
        return Ok(None);
    };
    let seconds = text.trim().parse().ok();
    let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map(Some).ok_or_else(|| {
        let error = anyhow::anyhow!("SOURCE_DATE_EPOCH: `{text}` is not a number of seconds");
        Failure::input(error).with_hint("unset it, or see reproducible-builds.org")
    })
}

/// Findings, each with the release that it is about.
pub(crate) fn placed(findings: &[Finding], label: &str) -> Vec<Finding> {
    let place = |finding: &Finding| {
        let origin = match &finding.origin {
            Some(origin) if origin.contains(label) => origin.clone(),
            Some(origin) => format!("{label}: {origin}"),
            None => label.to_owned(),
        };
        finding.clone().with_origin(origin)
    };
    findings.iter().map(place).collect()
}

/// `SOURCE_DATE_EPOCH`, else the time of the upload; deterministic in any case.
fn date(uploaded: Option<Timestamp>) -> Result<Timestamp, Failure> {
    Ok(epoch()?.or(uploaded).unwrap_or(Timestamp::UNIX_EPOCH))
}
