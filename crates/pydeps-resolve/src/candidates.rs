//! The releases of a project that the solver may choose, newest first.

use std::ops::Bound;

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::target::Target;
use pydeps_core::upstream::{File, Project};
use version_ranges::Ranges;

use crate::policy::StepBack;
use crate::problem::ResolveOptions;

const DAY_SECONDS: i64 = 86_400;

/// The releases of a project that the target's Python can use, newest first. Pre-releases
/// are among them only if the options say so or if the project has no final release
/// (PEP 440, "Handling of pre-releases").
pub(crate) fn candidates(
    project: &Project,
    target: &Target,
    options: &ResolveOptions,
) -> Vec<Version> {
    let mut all = Vec::new();
    for (version, files) in project.releases.iter().rev() {
        if is_usable(files, target) {
            all.push(version.clone());
        }
    }
    let has_finals = all.iter().any(|version| !version.any_prerelease());
    if has_finals && !options.pre_releases {
        all.retain(|version| !version.any_prerelease());
    }
    all
}

/// The newest of the candidates in a range that `is_feasible`. A release that is not among
/// the candidates is taken if it is the only one in the range (PEP 592), or if it is a
/// pre-release and the range has a pre-release as a bound (PEP 440).
pub(crate) fn choose(
    project: &Project,
    candidates: &[Version],
    range: &Ranges<Version>,
    target: &Target,
    is_feasible: &dyn Fn(&Version) -> bool,
) -> Option<Version> {
    let mut candidates = candidates.iter();
    candidates
        .find(|version| range.contains(version) && is_feasible(version))
        .cloned()
        .or_else(|| exact_release(project, range, target).filter(is_feasible))
        .or_else(|| named_pre_release(project, range, target).filter(is_feasible))
}

/// The newest pre-release of a range that has a pre-release as a bound.
fn named_pre_release(
    project: &Project,
    range: &Ranges<Version>,
    target: &Target,
) -> Option<Version> {
    let names_one = |bound: &Bound<Version>| match bound {
        Bound::Included(version) | Bound::Excluded(version) => version.is_pre(),
        Bound::Unbounded => false,
    };
    if !range
        .iter()
        .any(|(low, high)| names_one(low) || names_one(high))
    {
        return None;
    }
    let mut releases = project.releases.iter().rev();
    let newest =
        releases.find(|(version, files)| range.contains(*version) && is_usable(files, target));
    newest.map(|(version, _)| version.clone())
}

/// Whether a release has a file that is not yanked and that the target can use.
fn is_usable(files: &[File], target: &Target) -> bool {
    files
        .iter()
        .any(|file| file.yanked.is_none() && target.admits(file.requires_python.as_deref()))
}

/// The release that the range names exactly, yanked or not.
fn exact_release(project: &Project, range: &Ranges<Version>, target: &Target) -> Option<Version> {
    let version = range.as_singleton()?;
    let (version, files) = project.releases.get_key_value(version)?;
    let admits = |file: &File| target.admits(file.requires_python.as_deref());
    files.iter().any(admits).then(|| version.clone())
}

/// The range from the oldest to the newest of the candidates (newest first) that a root at
/// the newest candidate may step back to.
pub(crate) fn within(
    project: &Project,
    candidates: &[Version],
    options: &ResolveOptions,
    step_back: StepBack,
) -> Ranges<Version> {
    let (Some(days), Some(newest)) = (options.window_days, candidates.first()) else {
        return Ranges::full();
    };
    let is_within = |version: &&Version| match step_back {
        StepBack::Newest => *version == newest,
        StepBack::Major => major(version) == major(newest),
        StepBack::Window => {
            major(version) == major(newest)
                && days_between(project, version, newest).is_none_or(|age| age <= i64::from(days))
        }
    };
    let within = || candidates.iter().filter(is_within);
    match (within().min(), within().max()) {
        (Some(oldest), Some(newest)) => Ranges::from_range_bounds(oldest.clone()..=newest.clone()),
        _ => Ranges::empty(),
    }
}

/// How many days earlier the one release was uploaded than the later, if the index says so
/// for both.
pub(crate) fn days_between(project: &Project, version: &Version, later: &Version) -> Option<i64> {
    let seconds = |version| Some(uploaded(project, version)?.as_second());
    Some((seconds(later)? - seconds(version)?) / DAY_SECONDS)
}

/// The epoch and the first release segment.
fn major(version: &Version) -> (u64, Option<u64>) {
    (version.epoch(), version.release().first().copied())
}

/// When the first file of a release was uploaded.
pub(crate) fn uploaded(project: &Project, version: &Version) -> Option<Timestamp> {
    let files = project.releases.get(version)?;
    files.iter().filter_map(|file| file.uploaded).min()
}
