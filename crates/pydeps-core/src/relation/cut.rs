//! The ends of PEP 440 intervals as places on dpkg's line.
//!
//! A cut is written as a version: everything before it in dpkg's order is on the
//! left, the version itself and all after it on the right. There are two kinds,
//! just before a PEP 440 version and just after it with all its revisions.
//! A trailing `~~` sorts before every spelling of a version and its pre-releases.

use std::ops::Bound;

use pep440_rs::{Prerelease, Version};

use crate::spelling::{PostForm, Spelling};

/// The first version inside an interval with this lower end.
pub fn lower(bound: &Bound<Version>, spelling: &Spelling) -> Option<String> {
    match bound {
        Bound::Unbounded => None,
        Bound::Included(version) => Some(before(version, spelling)),
        Bound::Excluded(version) => Some(after(version, spelling)),
    }
}

/// The first version outside an interval with this upper end.
pub fn upper(bound: &Bound<Version>, spelling: &Spelling) -> Option<String> {
    match bound {
        Bound::Unbounded => None,
        Bound::Included(version) => Some(after(version, spelling)),
        Bound::Excluded(version) => Some(before(version, spelling)),
    }
}

/// The spelling of a bound on a package that is not in the archive.
pub fn generated_spelling(bound: &Bound<Version>) -> Spelling {
    match bound {
        Bound::Included(version) | Bound::Excluded(version) => Spelling::generated(version),
        Bound::Unbounded => Spelling::generated(&Version::new([0])),
    }
}

/// Just before `version`. For the lowest version of a release (`<2` and `==2.*`
/// end there) that is before every pre-release, in whatever spelling.
fn before(version: &Version, spelling: &Spelling) -> String {
    let without = match (version.min(), version.dev()) {
        (Some(_), _) => version.clone().with_min(None),
        (None, Some(0)) => version.clone().with_dev(None),
        _ => return spelling.spell(version),
    };
    if without.is_pre() || without.is_post() {
        return format!("{}~~", spelling.spell(&without));
    }
    before_release(without.release(), spelling)
}

/// Before every version of a release. Without trailing zeros, as a longer spelling
/// of the same release would sort above a pre-release in a shorter one.
fn before_release(release: &[u64], spelling: &Spelling) -> String {
    spelling.with_epoch(&format!("{}~~", spelling.release(release, 1)))
}

/// Just after `version` and all its revisions; after its post-releases too if it
/// is the highest version of a release (`>2` begins there).
fn after(version: &Version, spelling: &Spelling) -> String {
    if let Some(dev) = version.dev() {
        return spelling.spell(&version.clone().with_dev(Some(dev + 1)));
    }
    if let Some(post) = version.post() {
        let next = version.clone().with_post(Some(post + 1));
        return format!("{}~~", spelling.spell(&next));
    }
    if version.max().is_some() {
        return after_post_releases(&version.clone().with_max(None), spelling);
    }
    let spelled = spelling.spell(version);
    match spelling.post {
        PostForm::Plus => format!("{spelled}+post~~"),
        PostForm::Dot => format!("{spelled}.0~~"),
    }
}

fn after_post_releases(version: &Version, spelling: &Spelling) -> String {
    if let Some(Prerelease { kind, number }) = version.pre() {
        let number = number + 1;
        let next = version.clone().with_pre(Some(Prerelease { kind, number }));
        return format!("{}~~", spelling.spell(&next));
    }
    let length = version.release().len().max(spelling.segments);
    let padded = version
        .release()
        .iter()
        .copied()
        .chain(std::iter::repeat(0));
    let mut release: Vec<u64> = padded.take(length).collect();
    if let Some(last) = release.last_mut() {
        *last += 1;
    }
    before_release(&release, spelling)
}
