//! Which releases of a project may be chosen, best first.

use std::ops::Bound;

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::target::Target;
use pydeps_core::upstream::{File, Project};
use version_ranges::Ranges;

use crate::policy::StepBack;
use crate::problem::ResolveOptions;

const DAY_SECONDS: i64 = 86_400;

/// The releases of a project that the target's Python can use, newest first.
/// Pre-releases are among them only if they are wanted, or if there is nothing else
/// (PEP 440, "Handling of pre-releases").
pub(crate) fn candidates(
    project: &Project,
    target: &Target,
    options: &ResolveOptions,
) -> Vec<Version> {
    let releases = project.releases.iter().rev();
    let usable = releases.filter(|(_, files)| is_usable(files, target));
    let all: Vec<Version> = usable.map(|(version, _)| version.clone()).collect();
    let final_release = |version: &&Version| !version.any_prerelease();
    let finals: Vec<Version> = all.iter().filter(final_release).cloned().collect();
    if options.pre_releases || finals.is_empty() {
        all
    } else {
        finals
    }
}

/// The best of the promising candidates in a range. A pre-release or a yanked release that is
/// not among them is taken where the range names it (PEP 440, PEP 592).
pub(crate) fn choose(
    project: &Project,
    candidates: &[Version],
    range: &Ranges<Version>,
    target: &Target,
    promising: &dyn Fn(&Version) -> bool,
) -> Option<Version> {
    let mut candidates = candidates.iter();
    let found = candidates.find(|version| range.contains(version) && promising(version));
    found
        .cloned()
        .or_else(|| pinned(project, range, target).filter(promising))
        .or_else(|| named_pre_release(project, range, target).filter(promising))
}

/// The newest pre-release of a range that begins or ends with one.
fn named_pre_release(
    project: &Project,
    range: &Ranges<Version>,
    target: &Target,
) -> Option<Version> {
    let named = |bound: &Bound<Version>| match bound {
        Bound::Included(version) | Bound::Excluded(version) => version.is_pre(),
        Bound::Unbounded => false,
    };
    if !range.iter().any(|(low, high)| named(low) || named(high)) {
        return None;
    }
    let releases = project.releases.iter().rev();
    let mut inside =
        releases.filter(|(version, files)| range.contains(*version) && is_usable(files, target));
    inside.next().map(|(version, _)| version.clone())
}

/// Whether a release has a file that is not yanked and that the target can use.
fn is_usable(files: &[File], target: &Target) -> bool {
    files
        .iter()
        .any(|file| file.yanked.is_none() && target.admits(file.requires_python.as_deref()))
}

fn pinned(project: &Project, range: &Ranges<Version>, target: &Target) -> Option<Version> {
    let version = range.as_singleton()?;
    let (version, files) = project.releases.get_key_value(version)?;
    let admits = |file: &File| target.admits(file.requires_python.as_deref());
    files.iter().any(admits).then(|| version.clone())
}

/// Of candidates, best first, those within reach of the first: from the first to the
/// last of them.
pub(crate) fn within(
    project: &Project,
    candidates: &[Version],
    options: &ResolveOptions,
    step_back: StepBack,
) -> Ranges<Version> {
    let (Some(days), Some(newest)) = (options.window_days, candidates.first()) else {
        return Ranges::full();
    };
    let inside = |version: &&Version| match step_back {
        StepBack::Newest => *version == newest,
        StepBack::Major => major(version) == major(newest),
        StepBack::Window => {
            major(version) == major(newest)
                && days_between(project, version, newest).is_none_or(|age| age <= i64::from(days))
        }
    };
    let inside = || candidates.iter().filter(inside);
    match (inside().min(), inside().max()) {
        (Some(first), Some(last)) => Ranges::from_range_bounds(first.clone()..=last.clone()),
        _ => Ranges::empty(),
    }
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
