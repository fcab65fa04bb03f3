//! Says which versions a relation loses or gains against its specifiers.
//!
//! No relation is exact for every spelling that a packager may choose. The
//! neighbours of each bound, in the spelling that upstream uses for them, show
//! where this one is not.

use crate::deb_version::DebVersion;
use pep440_rs::{Version, VersionSpecifiers};

use super::{Known, Relations, contains};
use crate::finding::Finding;
use crate::spelling::Spelling;

/// Findings naming the neighbours of the bounds that are lost or gained.
pub(super) fn findings(
    relations: &Relations,
    specifiers: &VersionSpecifiers,
    known: Option<&Known>,
) -> Vec<Finding> {
    let spelled = |version: &Version| spelled_as_upstream(version, known);
    let differing = |wanted: bool| -> Vec<String> {
        neighbours(specifiers)
            .iter()
            .filter(|version| contains(specifiers, version) == wanted)
            .filter_map(|version| Some((version, spelled(version)?)))
            .filter(|(_, debian)| relations.satisfied_by(debian) != wanted)
            .map(|(version, debian)| format!("{version} packaged as {debian}"))
            .collect()
    };
    let report = |code, verb, versions: Vec<String>| {
        let list = versions.join(", ");
        let text = format!("`{relations}` for `{specifiers}` {verb} {list}");
        (!versions.is_empty()).then(|| Finding::info(code, text))
    };
    let lost = report("relation-loses", "does not admit", differing(true));
    let gained = report("relation-gains", "also admits", differing(false));
    lost.into_iter().chain(gained).collect()
}

/// A version with as many segments as upstream gives it, otherwise like the archive.
fn spelled_as_upstream(version: &Version, known: Option<&Known>) -> Option<DebVersion> {
    let spelling = Spelling {
        segments: version.release().len(),
        ..match known {
            Some(known) => known.spelling.clone()?,
            None => Spelling::generated(version),
        }
    };
    format!("{}-1", spelling.spell(version)).parse().ok()
}

/// Each version that the specifiers name, and its first post-release and candidate.
fn neighbours(specifiers: &VersionSpecifiers) -> Vec<Version> {
    let mut all: Vec<Version> = specifiers
        .iter()
        .map(|specifier| specifier.version().clone().without_local())
        .flat_map(|version| {
            let release = version.only_release();
            let post = release.clone().with_post(Some(1));
            [version, release, post]
        })
        .collect();
    all.sort();
    all.dedup();
    all
}
