//! What is to be rebuilt: what was named, or what the lock says.

use std::path::Path;

use pep440_rs::Version;
use pydeps_archive::index::ArchiveIndex;
use pydeps_build::{Area, Stock};
use pydeps_core::archive::{Archive as _, SourcePackage};
use pydeps_core::lock::Lock;
use pydeps_core::name::{DebName, DistName, SuiteName};
use pydeps_core::offer::OfferSource;
use pydeps_core::outcome::Distribution;

use crate::archive::Debian;
use crate::build_area::AreaOf;
use crate::failure::Failure;
use crate::query::SuiteQuery;
use pydeps_core::source::Source;

/// One source package to rebuild.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// What it is called where it is told about.
    pub(crate) name: String,
    /// The distributions that it is rebuilt for, in these versions.
    pub(crate) distributions: Vec<(DistName, Version)>,
    /// The binary package that is wanted of it.
    pub(crate) package: Option<DebName>,
    /// The source package, as the newer suite has it.
    pub(crate) source: SourcePackage,
}

impl Job {
    /// The distribution's version, or else the package's.
    pub(crate) fn version(&self) -> String {
        let first = self.distributions.first();
        first.map_or_else(
            || self.source.version.clone(),
            |(_, version)| version.to_string(),
        )
    }
}

/// Whether a lock has anything to rebuild.
pub(crate) fn any(lock: &Lock) -> bool {
    lock.distributions.iter().any(Distribution::is_rebuilt)
}

/// The options that a lock was made with, as far as they are not given: what is rebuilt is
/// judged as it was then.
pub(crate) fn as_asked(lock: &Lock, query: &mut SuiteQuery) {
    query.suite.get_or_insert_with(|| lock.suite.clone());
    let architecture = || lock.architecture.clone();
    query.architecture.get_or_insert_with(architecture);
    let rebuilt = lock.distributions.iter().find(|one| one.is_rebuilt());
    let Some(rebuilt) = rebuilt else {
        return;
    };
    query.backports |= lock.asked.backports;
    if query.locals.is_empty() {
        query.locals.clone_from(&lock.asked.local);
    }
    let from = query.backport_from.take();
    query.backport_from = from.or_else(|| newer_suite(rebuilt));
}

/// What the lock says to rebuild, in its order; without what a person has put into the
/// area.
pub(crate) fn locked(lock: &Lock, debian: &Debian, area: &Path) -> Result<Vec<Job>, Failure> {
    let stock = Stock::read(&Area::new(area))?;
    let area_of = AreaOf {
        stock: &stock,
        suite: &lock.suite,
        architecture: &lock.architecture,
    };
    let newer = newer(debian)?;
    let mut jobs: Vec<Job> = Vec::new();
    for one in in_order(lock) {
        let job = job(one, newer)?;
        let ours = Area::new(area)
            .generated_last()
            .join(&job.source.name)
            .is_dir();
        if !ours
            && area_of
                .status(one)?
                .is_none_or(|status| status.has_source())
        {
            continue;
        }
        match jobs
            .iter_mut()
            .find(|known| known.source.name == job.source.name)
        {
            Some(known) => known.distributions.extend(job.distributions),
            None => jobs.push(job),
        }
    }
    Ok(jobs)
}

fn in_order(lock: &Lock) -> Vec<&Distribution> {
    let order: Vec<_> = lock.build_order.iter().flatten().collect();
    let mut rebuilt: Vec<&Distribution> = lock
        .distributions
        .iter()
        .filter(|one| one.is_rebuilt())
        .collect();
    rebuilt.sort_by_key(|one| order.iter().position(|name| **name == one.name));
    rebuilt
}

fn job(one: &Distribution, newer: &ArchiveIndex) -> Result<Job, Failure> {
    let package = one.package.as_ref().and_then(|name| newer.package(name));
    let now = package.as_ref().map(|package| package.version.clone());
    let details = package.and_then(|package| package.details);
    let source = details.and_then(|details| newer.source(&details.source).ok().flatten());
    match source {
        Some(source) if now == one.package_version => Ok(Job {
            name: one.name.to_string(),
            distributions: one
                .version
                .clone()
                .map(|version| (one.name.clone(), version))
                .into_iter()
                .collect(),
            package: one.package.clone(),
            source,
        }),
        _ => Err(changed(one, now)),
    }
}

/// The suite that a distribution is rebuilt from.
fn newer_suite(one: &Distribution) -> Option<SuiteName> {
    match &one.origin {
        Source::Rebuild(suite) => Some(suite.clone()),
        _ => None,
    }
}

/// The newer suite is not as it was when the lock was made.
fn changed(one: &Distribution, now: Option<String>) -> Failure {
    let package = one.package.as_ref().map(ToString::to_string);
    let (package, from) = (package.unwrap_or_default(), one.origin.word());
    let version = one.package_version.as_deref().unwrap_or_default();
    let now = now.unwrap_or_else(|| "none".to_owned());
    let error = anyhow::anyhow!(
        "{}: the lock says {package} {version} of {from}, which has {now} now",
        one.name
    );
    Failure::environment(error).with_hint("`dh-pydeps resolve` looks again")
}

fn newer(debian: &Debian) -> Result<&ArchiveIndex, Failure> {
    debian.newer().ok_or_else(|| {
        let error = anyhow::anyhow!("it is not said from which suite to rebuild");
        Failure::input(error).with_hint("name a newer one: --backport-from sid")
    })
}

/// What was named on the command line: distributions, or source packages.
pub(crate) fn named(names: &[String], debian: &Debian) -> Result<Vec<Job>, Failure> {
    let newer = newer(debian)?;
    names
        .iter()
        .map(|name| one_named(name, debian, newer))
        .collect()
}

fn one_named(name: &str, debian: &Debian, newer: &ArchiveIndex) -> Result<Job, Failure> {
    let distribution = name.parse::<DistName>().ok();
    let offers = distribution.iter().flat_map(|name| debian.offers(name));
    for offer in offers {
        let OfferSource::Rebuild { source_package, .. } = &offer.source else {
            continue;
        };
        let source = source(newer, source_package.as_str())?;
        return Ok(Job {
            name: name.to_owned(),
            distributions: distribution
                .clone()
                .map(|name| (name, offer.upstream.clone()))
                .into_iter()
                .collect(),
            package: Some(offer.package),
            source: source.ok_or_else(|| unknown(name, debian, newer))?,
        });
    }
    let source = source(newer, name)?.ok_or_else(|| unknown(name, debian, newer))?;
    Ok(Job {
        name: name.to_owned(),
        distributions: Vec::new(),
        package: None,
        source,
    })
}

fn source(newer: &ArchiveIndex, name: &str) -> Result<Option<SourcePackage>, Failure> {
    newer.source(name).map_err(Failure::environment)
}

fn unknown(name: &str, debian: &Debian, newer: &ArchiveIndex) -> Failure {
    let (newer, target) = (&newer.suite().codename, &debian.archive().suite().codename);
    let error = anyhow::anyhow!(
        "{newer} has no distribution `{name}` that is newer than what {target} has, and no source package of that name"
    );
    Failure::input(error).with_hint(format!(
        "`dh-pydeps map {name} --suite {target} --backport-from {newer}` says what there is"
    ))
}
