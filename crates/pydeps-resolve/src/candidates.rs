//! Which releases of a project may be chosen, best first.

use std::cmp::Reverse;

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::target::Target;
use pydeps_core::upstream::{File, Project};
use version_ranges::Ranges;

use crate::problem::Options;
use crate::provider::Reach;

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

/// The best of the candidates in a range. A yanked release is taken where the range
/// admits nothing else (PEP 592).
pub(crate) fn choose(
    project: &Project,
    candidates: &[Version],
    range: &Ranges<Version>,
    target: &Target,
) -> Option<Version> {
    let usable = candidates.iter().find(|version| range.contains(version));
    usable
        .cloned()
        .or_else(|| pinned_yanked(project, range, target))
}

fn pinned_yanked(project: &Project, range: &Ranges<Version>, target: &Target) -> Option<Version> {
    let version = range.as_singleton()?;
    let (version, files) = project.releases.get_key_value(version)?;
    let admits = |file: &File| target.admits(file.requires_python.as_ref());
    files.iter().any(admits).then(|| version.clone())
}

/// The versions that a floating root may take.
pub(crate) fn within(
    project: &Project,
    candidates: &[Version],
    options: &Options,
    reach: Reach,
) -> Ranges<Version> {
    let (Some(days), Some(newest)) = (options.window_days, candidates.first()) else {
        return Ranges::full();
    };
    let inside = |version: &&Version| match reach {
        Reach::Newest => *version == newest,
        Reach::Major => major(version) == major(newest),
        Reach::Window => {
            major(version) == major(newest)
                && days_between(project, version, newest).is_none_or(|age| age <= i64::from(days))
        }
    };
    candidates
        .iter()
        .filter(inside)
        .map(|version| Ranges::singleton(version.clone()))
        .fold(Ranges::empty(), |all, one| all.union(&one))
}

/// How many days earlier one release was uploaded than another, if both say so.
pub(crate) fn days_between(project: &Project, version: &Version, later: &Version) -> Option<i64> {
    let seconds = |version| Some(uploaded(project, version)?.as_second());
    Some((seconds(later)? - seconds(version)?) / DAY_SECONDS)
}

fn major(version: &Version) -> (u64, Option<u64>) {
    (version.epoch(), version.release().first().copied())
}

/// When the first file of a release was uploaded.
pub(crate) fn uploaded(project: &Project, version: &Version) -> Option<Timestamp> {
    let files = project.releases.get(version)?;
    files.iter().filter_map(|file| file.uploaded).min()
}
