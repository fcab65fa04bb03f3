//! From a newer suite's source packages to rebuilt ones in the build area.

pub(crate) mod jobs;
mod place;

use std::path::{Path, PathBuf};

use pydeps_archive::apt::{self, Wanted};
use pydeps_build::source_package;
use pydeps_build::{Area, Made};
use pydeps_core::archive::{Archive, SourcePackage};
use pydeps_core::finding::Finding;
use pydeps_core::name::SuiteName;
use pydeps_generate::edits::rebuild::Rebuild;
use pydeps_report::release_outcome::ReleaseOutcome;

use crate::archive::Debian;
use crate::failure::Failure;
use crate::machine;
use crate::maintainer::maintainer;
use crate::query::SuiteQuery;
use crate::session::{Session, outdated};
use crate::ui::Ui;

use jobs::Job;
pub(crate) use place::Placed;

/// What is to be rebuilt, and how.
#[derive(Clone, Debug)]
pub(crate) struct BackportQuery {
    /// Distributions or source packages; all that the lock says where empty.
    pub(crate) names: Vec<String>,
    /// Where the source packages come to lie.
    pub(crate) area: PathBuf,
    /// Who packages; by default the environment says it.
    pub(crate) maintainer: Option<String>,
    /// Settings for apt, as its -o takes them.
    pub(crate) apt_options: Vec<String>,
    pub(crate) suite: SuiteQuery,
}

/// Makes the source packages, for the suite that is returned with what became of each.
pub(crate) fn backport(
    mut query: BackportQuery,
    ui: &Ui,
) -> Result<(SuiteName, Vec<ReleaseOutcome>), Failure> {
    let lock = Session::open()?.lock;
    let lock = match query.names.is_empty() {
        true => Some(lock.ok_or_else(nothing)?),
        false => None,
    };
    if let Some(lock) = &lock {
        ui.findings(outdated(lock)?.as_slice());
        jobs::as_asked(lock, &mut query.suite);
    }
    let debian = Debian::open(&query.suite, ui)?;
    let jobs = match &lock {
        Some(lock) if !jobs::any(lock) => Vec::new(),
        Some(lock) => jobs::locked(lock, &debian, &query.area)?,
        None => jobs::named(&query.names, &debian)?,
    };
    let maintainer = maintainer(query.maintainer.as_deref(), ui)?;
    let _turn = Area::new(&query.area).turn()?;
    let rebuilder = Rebuilder {
        debian: &debian,
        area: &query.area,
        maintainer: &maintainer,
        apt_options: &query.apt_options,
    };
    let outcomes = rebuilder.rebuild(&jobs, ui)?;
    Ok((debian.archive().suite().codename.clone(), outcomes))
}

/// Neither names nor a lock.
fn nothing() -> Failure {
    let error =
        anyhow::anyhow!("nothing is named, and there is no lock here that says what to rebuild");
    Failure::input(error).with_hint(
        "name a distribution, as in `backport sympy --backport-from sid`, or run `dh-pydeps resolve` first",
    )
}

/// What holds for all packages that are rebuilt in one go.
pub(crate) struct Rebuilder<'a> {
    /// The target, with the newer suite beside it.
    pub(crate) debian: &'a Debian,
    pub(crate) area: &'a Path,
    pub(crate) maintainer: &'a str,
    pub(crate) apt_options: &'a [String],
}

impl Rebuilder<'_> {
    /// Makes a source package for each job. One that cannot be rebuilt does not stop the
    /// others; what fails around the program does.
    pub(crate) fn rebuild(&self, jobs: &[Job], ui: &Ui) -> Result<Vec<ReleaseOutcome>, Failure> {
        let mut made = Vec::new();
        for job in jobs {
            let one = match self.rebuild_source(job, ui) {
                Err(failure) => left_out(job, failure.into_finding("no-source")?),
                Ok(one) => one,
            };
            ui.findings(&one.located_findings());
            made.push(one);
        }
        Ok(made)
    }

    fn rebuild_source(&self, job: &Job, ui: &Ui) -> Result<ReleaseOutcome, Failure> {
        let source = &job.source;
        if let Some(refusal) = self.refusal(source) {
            return Ok(left_out(job, refusal));
        }
        fs_err::create_dir_all(self.area).map_err(Failure::environment)?;
        let scratch = Area::new(self.area).scratch_directory();
        let scratch = scratch.map_err(Failure::environment)?;
        let dsc = self.fetch(source, scratch.path(), ui)?;
        let tree = scratch.path().join("tree");
        source_package::unpack(&dsc, &tree).map_err(Failure::environment)?;
        let suite = self.debian.archive().suite();
        let base_files = "base-files".parse().ok();
        let base_files = base_files.and_then(|name| self.debian.archive().package(&name));
        let rebuild = Rebuild {
            suite: &suite.codename,
            base_files: base_files.as_ref().map(|package| package.version.as_str()),
            maintainer: self.maintainer,
            not_before: machine::epoch()?,
        };
        let placed = place::place(self.area, &dsc, &tree, &rebuild)?;
        self.note(job, &placed)?;
        Ok(rebuilt(job, placed))
    }

    /// What the suite does not have for its build, with the bounds.
    fn refusal(&self, source: &SourcePackage) -> Option<Finding> {
        let unmet = self.debian.unmet(source);
        if unmet.is_empty() {
            return None;
        }
        let unmet: Vec<String> = unmet.iter().map(ToString::to_string).collect();
        let message = format!(
            "{} {} cannot be rebuilt: {}",
            source.name,
            source.version,
            unmet.join("; ")
        );
        let hint = "what is missing may itself be rebuilt, and be given with --local";
        Some(Finding::error("cannot-be-rebuilt", message).with_hint(hint))
    }

    fn fetch(&self, source: &SourcePackage, into: &Path, ui: &Ui) -> Result<PathBuf, Failure> {
        let newer = self.debian.newer().map(Archive::suite);
        let wanted = Wanted {
            suite: newer.map_or("", |suite| suite.codename.as_str()),
            architecture: &self.debian.archive().suite().architecture,
            source: &source.name,
            version: &source.version,
            cache: &machine::cache_dir()?,
            apt_options: self.apt_options,
        };
        let mut progress = ui.progress();
        Ok(apt::fetch_source(&wanted, into, &mut progress)?)
    }

    /// Notes whose source package it is, for `build` and `status`.
    fn note(&self, job: &Job, placed: &Placed) -> Result<(), Failure> {
        for (name, version) in &job.distributions {
            let noted = Made {
                version: version.clone(),
                source: job.source.name.clone(),
                package_version: placed.version.clone(),
            };
            pydeps_build::note(&Area::new(self.area), name, noted)?;
        }
        Ok(())
    }
}

/// The source package was rebuilt.
fn rebuilt(job: &Job, placed: Placed) -> ReleaseOutcome {
    ReleaseOutcome {
        done: true,
        source: Some(job.source.name.clone()),
        binary: job.package.as_ref().map(ToString::to_string),
        package_version: Some(placed.version),
        dsc: Some(placed.dsc.display().to_string()),
        ..ReleaseOutcome::without_package(job.name.clone(), job.version(), placed.findings)
    }
}

/// The source package cannot be had, and why.
fn left_out(job: &Job, why: Finding) -> ReleaseOutcome {
    ReleaseOutcome::without_package(job.name.clone(), job.version(), vec![why])
}
