//! Which releases of a project may be chosen, best first.

use std::cmp::Reverse;

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::target::Target;
use pydeps_core::upstream::{File, Project};
use version_ranges::Ranges;

use crate::problem::Options;

const DAY_SECONDS: i64 = 86_400;

/// The releases of a project that the target's Python can use, newest first;
/// pre-releases last unless they are wanted.
pub(crate) fn candidates(project: &Project, target: &Target, options: &Options) -> Vec<Version> {
    let usable = |files: &[File]| {
        files
            .iter()
            .any(|file| file.yanked.is_none() && target.admits(file.requires_python.as_ref()))
    };
    let mut versions: Vec<Version> = project
        .releases
        .iter()
        .filter(|(_, files)| usable(files))
        .map(|(version, _)| version.clone())
        .collect();
    let late = |version: &Version| version.any_prerelease() && !options.pre_releases;
    versions.sort_by_key(|version| (late(version), Reverse(version.clone())));
    versions
}

/// The best candidate in a range. A yanked release is taken where the range
/// admits nothing else (PEP 592).
pub(crate) fn choose(
    project: &Project,
    range: &Ranges<Version>,
    target: &Target,
    options: &Options,
) -> Option<Version> {
    let usable = candidates(project, target, options);
    usable
        .into_iter()
        .find(|version| range.contains(version))
        .or_else(|| pinned_yanked(project, range, target))
}

fn pinned_yanked(project: &Project, range: &Ranges<Version>, target: &Target) -> Option<Version> {
    let version = range.as_singleton()?;
    let (version, files) = project.releases.get_key_value(version)?;
    let admits = |file: &File| target.admits(file.requires_python.as_ref());
    files.iter().any(admits).then(|| version.clone())
}

/// The versions that a floating root may take: those with the newest one's major
/// version that are at most so many days older.
pub(crate) fn window(
    project: &Project,
    candidates: &[Version],
    options: &Options,
) -> Ranges<Version> {
    let (Some(days), Some(newest)) = (options.window_days, candidates.first()) else {
        return Ranges::full();
    };
    let oldest =
        uploaded(project, newest).map(|time| time.as_second() - i64::from(days) * DAY_SECONDS);
    let inside = |version: &&Version| {
        let young = match (oldest, uploaded(project, version)) {
            (Some(oldest), Some(time)) => time.as_second() >= oldest,
            _ => true,
        };
        young && major(version) == major(newest)
    };
    candidates
        .iter()
        .filter(inside)
        .map(|version| Ranges::singleton(version.clone()))
        .fold(Ranges::empty(), |all, one| all.union(&one))
}

fn major(version: &Version) -> (u64, Option<u64>) {
    (version.epoch(), version.release().first().copied())
}

fn uploaded(project: &Project, version: &Version) -> Option<Timestamp> {
    let files = project.releases.get(version)?;
    files.iter().filter_map(|file| file.uploaded).min()
}
