//! Makes source packages: fetches releases, names their packages, and writes each into the
//! build area.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use pydeps_build::source_package;
use pydeps_build::{Area, Stock};
use pydeps_core::archive::Origin;
use pydeps_core::finding::{Finding, Severity};
use pydeps_core::mapping::Answer;
use pydeps_core::name::DistName;
use pydeps_core::requirement::Requirement;
use pydeps_core::spelling::Spelling;
use pydeps_core::target::{Applies, Target};
use pydeps_generate::aspects::build_downloads;
use pydeps_generate::aspects::undeclared_imports;
use pydeps_generate::depends::Context;
use pydeps_generate::facts::{ArchiveQueries as _, Generated};
use pydeps_generate::modules::{self, Modules};
use pydeps_generate::names::{self, Names, Role};
use pydeps_generate::plan::{self, Choices, Plan};
use pydeps_generate::suite_conventions::SuiteConventions;
use pydeps_index::Client;
use pydeps_report::release_outcome::ReleaseOutcome;

use super::area::{self, Present, Written};
use super::components::{self, Tarballs};
use super::fetch::{self, Fetched};
use super::jobs::Job;
use super::licences::{self, Licences};
use super::lookup::Lookup;
use super::overwrite_check;
use crate::failure::Failure;
use crate::machine;
use crate::ui::{Progress, Ui};

/// What holds for all packages that are made in one go.
pub(crate) struct Generator<'a> {
    pub(crate) lookup: Lookup<'a>,
    pub(crate) client: &'a Client,
    pub(crate) conventions: SuiteConventions,
    pub(crate) target: Target,
    pub(crate) area: PathBuf,
    pub(crate) maintainer: String,
    pub(crate) itp: Option<u32>,
    /// Whether packages of the suite may be packaged anew.
    pub(crate) replaces: bool,
    pub(crate) relaxed: BTreeSet<DistName>,
    /// Whether what is needed and is nowhere is made as well.
    pub(crate) missing: bool,
    /// What was given in the place of what builds would fetch.
    pub(crate) components: Tarballs,
    /// The licences that were decided on.
    pub(crate) licences: Licences,
}

impl Generator<'_> {
    /// Makes a source package for each job. One that cannot be had does not stop the
    /// others; what fails around the program does.
    pub(crate) fn generate(
        &mut self,
        jobs: &[Job],
        ui: &Ui,
    ) -> Result<Vec<ReleaseOutcome>, Failure> {
        let progress = ui.progress();
        let (mut fetched, mut made) = (Vec::new(), Vec::new());
        for (at, job) in jobs.iter().enumerate() {
            let (number, all) = (at + 1, jobs.len());
            progress.say(&format!("fetching {} ({number} of {all})", job.requirement));
            match self.fetch(job, all == 1)? {
                Ok(one) => fetched.push((job.clone(), one)),
                Err(without) => made.push(*without),
            }
        }
        self.choose_names(&mut fetched, &progress);
        self.add_components(&mut fetched, made.is_empty())?;
        if made.is_empty() {
            licences::check(&self.licences, &fetched)?;
        }
        drop(progress);
        for one in &made {
            ui.findings(&one.located_findings());
        }
        for (job, one) in fetched {
            made.push(self.generate_release(&job, &one, ui)?);
        }
        self.note_packages()?;
        Ok(made)
    }

    /// For `build`, which is to know what a package waits for that there is no source of.
    fn note_packages(&self) -> Result<(), Failure> {
        let known = self.lookup.generated.iter();
        let known = known.filter(|(_, generated)| !generated.guessed);
        let names = known.map(|(name, generated)| (name.clone(), generated.package.clone()));
        Ok(pydeps_build::note_packages(&Area::new(&self.area), names)?)
    }

    /// A release, or why there is none to be packaged.
    fn fetch(
        &self,
        job: &Job,
        is_only: bool,
    ) -> Result<Result<Fetched, Box<ReleaseOutcome>>, Failure> {
        if let Some(finding) = self.in_suite(job) {
            return Ok(Err(Box::new(without_source(job, finding))));
        }
        match fetch::fetch(job, self.client, &self.area, &self.target) {
            Ok(one) => Ok(Ok(one)),
            Err(failure) if is_only && job.pinned().is_none() => Err(failure),
            Err(failure) => {
                let finding = failure.into_finding("no-source")?;
                Ok(Err(Box::new(self.unfetched(job, finding)?)))
            }
        }
    }

    /// The names that the packages ask for each other by. What they need and is nowhere joins
    /// them, if that is to be made as well.
    fn choose_names(&mut self, fetched: &mut Vec<(Job, Fetched)>, progress: &Progress) {
        for (job, one) in &*fetched {
            self.register_name(job, one);
        }
        let mut at = 0;
        while let Some((_, one)) = fetched.get(at) {
            progress.say(&format!("looking into what {} needs", one.release.name));
            let missing = self.name_missing(one);
            if self.missing {
                fetched.extend(missing);
            }
            at += 1;
        }
    }

    /// What there is no source of; for a release that is pinned that is noted for `status`.
    fn unfetched(&self, job: &Job, finding: Finding) -> Result<ReleaseOutcome, Failure> {
        if let Some(version) = job.pinned() {
            area::note_refusal(&self.area, &job.requirement.name, version, &finding)?;
        }
        Ok(without_source(job, finding))
    }

    /// What the suite has of it already, unless that is to be packaged anew.
    fn in_suite(&self, job: &Job) -> Option<Finding> {
        let name = &job.requirement.name;
        let Answer::Mapped(mapping) = self.lookup.debian.look_up(name) else {
            return None;
        };
        if self.replaces
            || !mapping.public
            || matches!(mapping.origin, Origin::Backports | Origin::Local(_))
        {
            return None;
        }
        let suite = &self.conventions.codename;
        let version = mapping.package_version.unwrap_or_default();
        let message = format!("{suite} has {name} already: {} {version}", mapping.package);
        let there = mapping.upstream.as_ref();
        let hint = match (job.pinned(), there) {
            (Some(asked), Some(there)) if asked != there => format!(
                "that is {name} {there}; --replace makes a package of {asked} in its place, and \
                 `dh-pydeps resolve {name}=={asked}` says whom that breaks"
            ),
            _ => "nothing has to be made; --replace makes a package of it all the same, in the \
                  place of the suite's"
                .to_owned(),
        };
        Some(Finding::error("in-suite", message).with_hint(hint))
    }

    /// The name that others will ask for.
    fn register_name(&mut self, job: &Job, fetched: &Fetched) {
        let release = &fetched.release;
        if let Some((names, modules)) = self.choose(job, fetched) {
            for program in release.settings.scripts(&release.tree) {
                let owner = names.binary.clone();
                self.lookup.programs.entry(program).or_insert(owner);
            }
            for module in modules.names {
                let owner = names.binary.clone();
                self.lookup.modules.entry(module).or_insert(owner);
            }
            let generated = Generated {
                package: names.binary,
                version: Some(release.version.clone()),
                guessed: false,
                missing: false,
            };
            self.lookup
                .generated
                .insert(release.name.clone(), generated);
        }
    }

    /// How its packages will be called, for the modules that it has.
    fn choose(&self, job: &Job, fetched: &Fetched) -> Option<(Names, Modules)> {
        let release = &fetched.release;
        let modules = modules::find(release.name.as_ref(), &release.tree, &release.settings);
        let role = self.role(job, fetched);
        let names = names::choose(&release.name, &modules, role, &self.lookup);
        Some((names.ok()?, modules))
    }

    /// What is required and is nowhere will have to be generated, too: its name is found
    /// as its own generation would find it. Returns what there are sources of.
    fn name_missing(&mut self, fetched: &Fetched) -> Vec<(Job, Fetched)> {
        let mut found = self.name_those_missing(&fetched.release.requires);
        let forgotten = undeclared_imports::forgotten(&fetched.release, &self.context());
        found.extend(self.name_those_missing(&forgotten));
        found
    }

    fn name_those_missing(&mut self, requires: &[Requirement]) -> Vec<(Job, Fetched)> {
        let mut found = Vec::new();
        for requirement in requires {
            let name = &requirement.name;
            let holds = self.target.applies(&requirement.marker, &[]) != Applies::Never;
            let known = self.lookup.generated(name).is_some();
            if !holds || known || !matches!(self.lookup.answer(name), Answer::Missing { .. }) {
                continue;
            }
            let mut plain = requirement.clone();
            // What an extra takes is a dependency of who asks for it.
            plain.extras.clear();
            let job = Job::library(plain);
            match fetch::fetch(&job, self.client, &self.area, &self.target) {
                Ok(one) => {
                    self.register_name(&job, &one);
                    self.mark_missing(name);
                    found.push((job, one));
                }
                Err(_) => self.guess_name(name),
            }
        }
        found
    }

    /// Nobody makes it in this run, nor has the area got it.
    fn mark_missing(&mut self, name: &DistName) {
        let stock = Stock::read(&Area::new(&self.area));
        let is_there = stock.is_ok_and(|stock| stock.source(name.as_ref()).is_some());
        if let Some(generated) = self.lookup.generated.get_mut(name) {
            generated.missing = !is_there && !self.missing;
        }
    }

    fn guess_name(&mut self, name: &DistName) {
        if let Some(package) = pydeps_core::mapping::policy_name(name) {
            let generated = Generated {
                package,
                version: None,
                guessed: true,
                missing: true,
            };
            self.lookup.generated.insert(name.clone(), generated);
        }
    }

    fn role(&self, job: &Job, fetched: &Fetched) -> Role {
        let release = &fetched.release;
        let own = || {
            let scripts = release.settings.scripts(&release.tree);
            scripts.contains(&release.name.to_string())
        };
        match job.application || (job.is_top && own()) {
            true => Role::Application,
            false => Role::Library,
        }
    }

    fn context(&self) -> Context<'_> {
        Context {
            archive: &self.lookup,
            target: &self.target,
            suite: &self.conventions.codename,
            relaxed: &self.relaxed,
        }
    }

    fn generate_release(
        &self,
        job: &Job,
        fetched: &Fetched,
        ui: &Ui,
    ) -> Result<ReleaseOutcome, Failure> {
        let release = &fetched.release;
        let date = date(release.uploaded)?.max(self.conventions.not_before);
        let choices = Choices {
            maintainer: self.maintainer.clone(),
            itp: self.itp,
            role: self.role(job, fetched),
            licence: self.licences.get(&release.name).cloned(),
            date,
        };
        let made = match plan::draft(release, &self.conventions, &choices, self.context()) {
            Ok(draft) => self.write(fetched, draft)?,
            Err(refused) => self.refuse(fetched, refused.findings)?,
        };
        ui.findings(&made.located_findings());
        Ok(made)
    }

    /// Gives the releases the components that they fetch. Where all releases are there, one
    /// that none of them fetches is an error.
    fn add_components(&self, fetched: &mut [(Job, Fetched)], all: bool) -> Result<(), Failure> {
        let mut wanted = BTreeSet::new();
        for (job, one) in fetched {
            if build_downloads::find(&one.release).is_empty() {
                continue;
            }
            let mut tarballs = self.component_tarballs(job, one)?;
            tarballs.extend(self.components.clone());
            wanted.extend(components::add(one, &tarballs)?);
        }
        let unused = self.components.keys().find(|name| !wanted.contains(*name));
        match unused {
            Some(name) if all => Err(components::is_unused(name, &wanted)),
            _ => Ok(()),
        }
    }

    /// Those that lie in the area for this version.
    fn component_tarballs(&self, job: &Job, one: &Fetched) -> Result<Tarballs, Failure> {
        let Some((names, _)) = self.choose(job, one) else {
            return Ok(Tarballs::new());
        };
        let version = &one.release.version;
        let version = Spelling::generated(version).upstream(version);
        source_package::component_tarballs(&self.area, names.source.as_str(), &version)
            .map_err(Failure::environment)
    }

    /// Says what keeps a release from being packaged, and notes it for `status`.
    fn refuse(&self, fetched: &Fetched, findings: Vec<Finding>) -> Result<ReleaseOutcome, Failure> {
        let made = refused(fetched, findings);
        let release = &fetched.release;
        if let Some(finding) = made.findings.first() {
            area::note_refusal(&self.area, &release.name, &release.version, finding)?;
        }
        Ok(made)
    }

    /// Finishes a draft on what the area has, unless something there is in the way.
    fn write(&self, fetched: &Fetched, draft: plan::Draft<'_>) -> Result<ReleaseOutcome, Failure> {
        let present = Present::read(&self.area, draft.source())?;
        if let Some(obstacle) = overwrite_check::find(&present)? {
            return self.refuse(fetched, vec![obstacle]);
        }
        match draft.finish(&present.past()) {
            Ok(plan) => match area::write(&self.area, fetched, &plan, &present) {
                Ok(written) => Ok(generated(fetched, &plan, written)),
                Err(failure) => self.refuse(fetched, vec![failure.into_finding("not-packed")?]),
            },
            Err(refused) => self.refuse(fetched, refused.findings),
        }
    }
}

/// `SOURCE_DATE_EPOCH`, else the time of the upload; deterministic in any case.
fn date(uploaded: Option<Timestamp>) -> Result<Timestamp, Failure> {
    Ok(machine::epoch()?
        .or(uploaded)
        .unwrap_or(Timestamp::UNIX_EPOCH))
}

/// There is a source package of the release now.
fn generated(fetched: &Fetched, plan: &Plan, written: Written) -> ReleaseOutcome {
    let findings = [&fetched.findings, &plan.findings, &written.findings];
    ReleaseOutcome {
        name: fetched.release.name.to_string(),
        version: fetched.release.version.to_string(),
        done: true,
        source: Some(plan.source.clone()),
        binary: Some(plan.binary.clone()),
        package_version: Some(plan.version.clone()),
        dsc: Some(written.dsc.display().to_string()),
        modules: plan.modules.clone(),
        differences: written.differences,
        findings: findings.into_iter().flatten().cloned().collect(),
    }
}

/// The release cannot be packaged: of what was noticed, the reasons are kept.
fn refused(fetched: &Fetched, mut findings: Vec<Finding>) -> ReleaseOutcome {
    findings.retain(|finding| finding.severity == Severity::Error);
    let (name, version) = (&fetched.release.name, &fetched.release.version);
    ReleaseOutcome::without_package(name.to_string(), version.to_string(), findings)
}

/// There is no source of the release.
fn without_source(job: &Job, finding: Finding) -> ReleaseOutcome {
    let specifiers = match job.pinned() {
        Some(version) => version.to_string(),
        None => job.requirement.specifiers.to_string(),
    };
    let name = job.requirement.name.to_string();
    ReleaseOutcome::without_package(name, specifiers, vec![finding])
}
