//! The archive's files → an index.
//!
//! * The newest version of a package in the suite, its updates and its security
//!   updates is the suite's; backports and local repositories stand beside it.
//! * A distribution belongs to the package whose Contents list it. Contents are
//!   taken from the newest of those repositories that describes the package.
//! * Where Contents and Packages disagree, Packages wins: a package that is no
//!   longer in it takes its distributions along.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use pydeps_core::archive::{ArchiveDist, Origin, SourcePackage, parse_provides};
use pydeps_core::deb_version::is_later;
use pydeps_core::finding::Finding;
use serde::{Deserialize, Serialize};

use super::container::{Section, encode};
use super::contents::Contents;
use super::names::{NamesBuilder, NamesError};
use super::packages::PackageFacts;
use super::release::Release;
use super::rows::{class_code, origin_code};
use super::sources::source_table;
use super::table::TableWriter;
use pydeps_core::name::{ArchName, SuiteName};

/// Everything read of one repository ("pocket") of a suite.
#[derive(Debug)]
pub struct PocketFacts {
    /// Which one.
    pub origin: Origin,
    /// Its Release file.
    pub release: Release,
    /// Its binary packages.
    pub packages: Vec<PackageFacts>,
    /// Its Contents; nothing was read into it where the repository has none.
    pub contents: Contents,
    /// Its source packages; `None` where they were not asked for.
    pub sources: Option<Vec<SourcePackage>>,
}

/// What an index says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The suite's codename.
    pub codename: SuiteName,
    /// `stable`, `unstable`, …
    pub alias: Option<String>,
    /// The architecture beside `all`.
    pub architecture: ArchName,
    /// The default Python, `3.13`.
    pub python: String,
    /// Every supported Python, ascending.
    pub supported: Vec<String>,
    /// The newest date of the Release files of the suite, its updates and its security
    /// updates, RFC 3339.
    pub date: String,
    /// What it was made of.
    pub parts: Vec<Part>,
    /// How much is in it.
    pub counts: Counts,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// One repository that went into an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which one.
    pub origin: Origin,
    /// The date of its Release file, RFC 3339.
    pub date: String,
    /// Whether it had Contents.
    pub contents: bool,
    /// Whether its source packages were read.
    pub sources: bool,
}

/// Sizes of the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Different distribution names.
    pub distributions: usize,
    /// Binary packages, each version of each origin.
    pub packages: usize,
    /// Distributions in Contents whose package is not in Packages.
    pub dropped: usize,
}

/// The files do not make an index.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// No pocket is the suite itself.
    #[error("the suite's own Packages are missing")]
    NoSuite,
    /// The default Python is not known.
    #[error("the suite has no package python3 of version 3.N")]
    NoPython,
    /// A map of paths could not be written.
    #[error(transparent)]
    Names(#[from] NamesError),
    /// The facts could not be written.
    #[error("cannot write the description of the suite: {0}")]
    Json(#[from] serde_json::Error),
}

pub(super) type Winners<'a> = BTreeMap<(&'a str, u8), (&'a PackageFacts, &'a Origin)>;

/// The bytes of an index file, and what it says of itself.
pub fn build(
    architecture: &ArchName,
    pockets: &[PocketFacts],
    findings: Vec<Finding>,
) -> Result<(Vec<u8>, Facts), BuildError> {
    let main = pockets
        .iter()
        .find(|pocket| pocket.origin == Origin::Suite)
        .ok_or(BuildError::NoSuite)?;
    let winners = winners(pockets);
    let (distributions, dropped) = distributions(pockets, &winners);
    let (python, supported) = pythons(&winners).ok_or(BuildError::NoPython)?;
    let mut facts = Facts {
        codename: main.release.codename.clone(),
        alias: main.release.suite.clone(),
        architecture: architecture.clone(),
        python,
        supported,
        date: newest(pockets, main.release.date).to_string(),
        parts: pockets.iter().map(part).collect(),
        counts: Counts {
            distributions: distributions
                .iter()
                .map(|dist| &dist.name)
                .collect::<BTreeSet<_>>()
                .len(),
            packages: winners.len(),
            dropped,
        },
        findings,
    };
    facts.findings.extend(findings_of(&facts));
    let bytes = encode(&sections(&facts, &winners, &distributions, pockets)?);
    Ok((bytes, facts))
}

/// A stable suite's own Release file changes with its point releases only; that of
/// its security updates says how far the index is up to date.
fn newest(pockets: &[PocketFacts], main: Timestamp) -> Timestamp {
    let own = pockets.iter().filter(|pocket| pocket.origin.tier() == 0);
    own.map(|pocket| pocket.release.date).max().unwrap_or(main)
}

fn part(pocket: &PocketFacts) -> Part {
    Part {
        origin: pocket.origin.clone(),
        date: Timestamp::to_string(&pocket.release.date),
        contents: pocket.contents.is_known(),
        sources: pocket.sources.is_some(),
    }
}

fn findings_of(facts: &Facts) -> Option<Finding> {
    let dropped = facts.counts.dropped;
    (dropped > 0).then(|| {
        Finding::info("contents-ahead", format!("{dropped} distributions in Contents belong to packages that are no longer in Packages"))
            .with_origin(facts.codename.clone())
    })
}

/// The newest version of every package in each tier of [`Origin::tier`].
pub(super) fn winners(pockets: &[PocketFacts]) -> Winners<'_> {
    let mut winners: Winners<'_> = BTreeMap::new();
    for pocket in pockets {
        for package in &pocket.packages {
            let key = (package.name.as_str(), pocket.origin.tier());
            let best = winners.entry(key).or_insert((package, &pocket.origin));
            if is_later(&package.version, &best.0.version) {
                *best = (package, &pocket.origin);
            }
        }
    }
    winners
}

/// `python3`'s upstream version, and the `python3.N` that `python3-all` depends on.
fn pythons(winners: &Winners<'_>) -> Option<(String, Vec<String>)> {
    let (python, _) = winners.get(&("python3", 0))?;
    let mut numbers = python
        .version
        .rsplit(':')
        .next()?
        .split(['.', '-', '~', '+']);
    let default = match (numbers.next()?, numbers.next()?.parse::<u32>()) {
        ("3", Ok(minor)) => minor,
        _ => return None,
    };
    let mut minors = BTreeSet::from([default]);
    if let Some((all, _)) = winners.get(&("python3-all", 0)) {
        let names = all.relations[1].split([',', ' ', '(', '|', '\n']);
        minors.extend(names.filter_map(|name| name.strip_prefix("python3.")?.parse::<u32>().ok()));
    }
    let text = |minor: u32| format!("3.{minor}");
    Some((text(default), minors.into_iter().map(text).collect()))
}

/// The distributions, sorted, and how many have no package.
pub(super) fn distributions(
    pockets: &[PocketFacts],
    winners: &Winners<'_>,
) -> (Vec<ArchiveDist>, usize) {
    let versions: Vec<HashMap<&str, &str>> = pockets.iter().map(newest_in).collect();
    let mut found = Vec::new();
    let mut dropped = 0;
    for (at, pocket) in pockets.iter().enumerate() {
        let tier = pocket.origin.tier();
        for (dist, number) in &pocket.contents.distributions {
            let package = &pocket.contents.packages[*number as usize];
            let Some((now, origin)) = winners.get(&(package.as_str(), tier)) else {
                dropped += 1;
                continue;
            };
            if describer(pockets, &versions, tier, package.as_str()) == Some(at) {
                let described = versions[at].get(package.as_str()).unwrap_or(&"");
                found.push(ArchiveDist {
                    name: dist.name.clone(),
                    upstream: dist.version.clone(),
                    package: package.clone(),
                    package_version: now.version.clone(),
                    described_version: (*described).to_owned(),
                    section: now.section.clone(),
                    path: dist.path.clone(),
                    class: dist.class,
                    origin: (*origin).clone(),
                });
            }
        }
    }
    found.extend(stand_ins(pockets, winners, &found));
    found.sort_by(|a, b| (&a.name, a.rank()).cmp(&(&b.name, b.rank())));
    (found, dropped)
}

/// Where backports came without Contents, what the suite's Contents say of a package
/// holds for its backport, too; that it was said of another version stays visible in
/// [`ArchiveDist::described_version`].
fn stand_ins(
    pockets: &[PocketFacts],
    winners: &Winners<'_>,
    found: &[ArchiveDist],
) -> Vec<ArchiveDist> {
    let silent =
        |pocket: &PocketFacts| pocket.origin == Origin::Backports && !pocket.contents.is_known();
    if !pockets.iter().any(silent) {
        return Vec::new();
    }
    let own = found.iter().filter(|dist| dist.origin.tier() == 0);
    let backport = |dist: &ArchiveDist| {
        let (package, origin) = winners.get(&(dist.package.as_str(), Origin::Backports.tier()))?;
        Some(ArchiveDist {
            package_version: package.version.clone(),
            section: package.section.clone(),
            origin: (*origin).clone(),
            ..dist.clone()
        })
    };
    own.filter_map(backport).collect()
}

fn newest_in(pocket: &PocketFacts) -> HashMap<&str, &str> {
    let mut newest: HashMap<&str, &str> = HashMap::new();
    for package in &pocket.packages {
        let version = newest.entry(&package.name).or_insert(&package.version);
        if is_later(&package.version, version) {
            *version = &package.version;
        }
    }
    newest
}

/// Which pocket's Contents to believe of a package: the one with its newest version
/// among those that list it; one that lists it without having it comes last.
fn describer(
    pockets: &[PocketFacts],
    versions: &[HashMap<&str, &str>],
    tier: u8,
    package: &str,
) -> Option<usize> {
    let mut best: Option<(usize, &str)> = None;
    for (at, pocket) in pockets.iter().enumerate() {
        if pocket.origin.tier() != tier || !pocket.contents.describes(package) {
            continue;
        }
        let version = versions[at].get(package).copied().unwrap_or("");
        if best.is_none_or(|(_, old)| is_later(version, old)) {
            best = Some((at, version));
        }
    }
    best.map(|(at, _)| at)
}

fn sections(
    facts: &Facts,
    winners: &Winners<'_>,
    dists: &[ArchiveDist],
    pockets: &[PocketFacts],
) -> Result<Vec<(Section, Vec<u8>)>, BuildError> {
    let (owners, maps) = names(pockets, winners)?;
    let mut sections = vec![
        (Section::Meta, serde_json::to_vec(facts)?),
        (Section::Distributions, distribution_table(dists)),
        (Section::Packages, package_table(winners)),
        (Section::Provides, provides_table(winners)),
        (Section::Owners, owners),
        (Section::Sources, source_table(pockets)),
    ];
    let kinds = [
        Section::Modules,
        Section::Headers,
        Section::PkgConfig,
        Section::Cmake,
        Section::Commands,
    ];
    sections.extend(kinds.into_iter().zip(maps));
    Ok(sections)
}

/// Name, upstream version, package, its version, described version if it differs,
/// section, class, origin, path.
fn distribution_table(dists: &[ArchiveDist]) -> Vec<u8> {
    let mut table = TableWriter::default();
    for dist in dists {
        let described = if dist.described_version == dist.package_version {
            "="
        } else {
            &dist.described_version
        };
        table.row(&[
            dist.name.as_ref(),
            dist.upstream.as_deref().unwrap_or_default(),
            dist.package.as_str(),
            &dist.package_version,
            described,
            &dist.section,
            class_code(dist.class),
            &origin_code(&dist.origin),
            &dist.path,
        ]);
    }
    table.finish()
}

/// Name, origin, version, section, source and its version where they differ from
/// the package's, architecture, Multi-Arch, then the relations.
fn package_table(winners: &Winners<'_>) -> Vec<u8> {
    let mut table = TableWriter::default();
    for (package, origin) in winners.values() {
        let unless = |text: &'_ str, default: &str| {
            if text == default {
                String::new()
            } else {
                text.to_owned()
            }
        };
        let origin = origin_code(origin);
        let source = unless(&package.source, &package.name);
        let source_version = unless(&package.source_version, &package.version);
        let mut row = vec![
            package.name.as_str(),
            &origin,
            &package.version,
            &package.section,
            &source,
            &source_version,
            &package.architecture,
            &package.multi_arch,
        ];
        row.extend(package.relations.iter().map(String::as_str));
        table.row(&row);
    }
    table.finish()
}

/// Provided name, package, provided version, origin.
fn provides_table(winners: &Winners<'_>) -> Vec<u8> {
    let mut table = TableWriter::default();
    for (package, origin) in winners.values() {
        let origin = origin_code(origin);
        let provided: BTreeSet<_> = parse_provides(&package.relations[0]).into_iter().collect();
        for (name, version) in provided {
            if name.as_str() != package.name {
                table.row(&[
                    name.as_str(),
                    &package.name,
                    version.as_deref().unwrap_or_default(),
                    &origin,
                ]);
            }
        }
    }
    table.finish()
}

/// Path tables are of the suite itself: what a build in it finds.
fn names(
    pockets: &[PocketFacts],
    winners: &Winners<'_>,
) -> Result<(Vec<u8>, Vec<Vec<u8>>), NamesError> {
    let mut builder = NamesBuilder::new();
    let mut packages = Vec::new();
    for pocket in pockets.iter().filter(|pocket| pocket.origin.tier() == 0) {
        let base = packages.len() as u32;
        let known: Vec<bool> = pocket
            .contents
            .packages
            .iter()
            .map(|name| winners.contains_key(&(name.as_str(), 0)))
            .collect();
        packages.extend(pocket.contents.packages.iter().cloned());
        for (kind, key, number) in &pocket.contents.paths {
            if known[*number as usize] {
                builder.add(*kind, key.clone(), base + number);
            }
        }
    }
    builder.finish(&packages)
}
