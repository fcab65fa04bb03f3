//! What in a source package keeps a new one out of its place: edits that would be lost, and
//! files without which nothing can be packed.

use pydeps_build::source_package::{self as host, Upstream};
use pydeps_core::finding::Finding;
use pydeps_generate::edits::changelog;
use pydeps_generate::edits::merge;

use super::area::{Present, text};
use crate::failure::Failure;

/// How many files are named.
const SHOWN: usize = 5;

/// The files without which dpkg-source does nothing.
const NEEDED: [&str; 3] = ["debian/control", "debian/changelog", "debian/rules"];

/// Why this source package has to stay as it is, if it has to.
pub(crate) fn find(present: &Present) -> Result<Option<Finding>, Failure> {
    if present.person.is_empty() && !present.tree.exists() {
        return Ok(None);
    }
    match debian(present) {
        Some(finding) => Ok(Some(finding)),
        None => upstream(present),
    }
}

/// What is wrong in `debian/`. Without any file there, everything is made anew.
fn debian(present: &Present) -> Option<Finding> {
    let (tree, generated) = (present.tree.display(), present.generated.display());
    if present.person.is_empty() {
        return None;
    }
    if let Some(path) = NEEDED
        .iter()
        .find(|path| !present.person.contains_key(**path))
    {
        let message = format!("{tree}/{path} is gone, and no package can be made without it");
        let hint = match present.base.contains_key(*path) {
            true => format!("cp {generated}/{path} {tree}/{path} brings it back as generated"),
            false => format!("write it, or remove {tree} to have all of it made anew"),
        };
        return Some(Finding::error("debian-incomplete", message).with_hint(hint));
    }
    let control = text(&present.person, "debian/control")?;
    let reason = merge::unreadable_control(&control)?;
    let message = format!("{tree}/debian/control cannot be read: {reason}");
    Some(Finding::error("control-unreadable", message).with_hint(format!(
        "mend it (deb-src-control(5)); diff -u {generated}/debian/control {tree}/debian/control \
         shows what has changed since it was generated"
    )))
}

fn upstream(present: &Present) -> Result<Option<Finding>, Failure> {
    let changelog = text(&present.person, "debian/changelog").unwrap_or_default();
    let Some(version) = changelog::upstream_of_top(&changelog) else {
        return Ok(None);
    };
    let edits = host::upstream_edits(&present.tree, &present.source, version);
    let tree = present.tree.display();
    Ok(match edits.map_err(Failure::environment)? {
        Upstream::AsPacked => None,
        Upstream::Edited(files) => {
            let message = format!(
                "{tree} has changes outside of debian/, which would be lost: {}",
                shown(&files)
            );
            Some(Finding::error("upstream-edited", message).with_hint(format!(
                "in {tree}: dpkg-source --commit makes a patch of them, which is kept; else take \
                 them out, as quilt pop -a does with what a patch has changed"
            )))
        }
        Upstream::NoTarball(name) => {
            let message = format!(
                "{tree} cannot be compared with its upstream source: there is no {name} beside it"
            );
            Some(Finding::error("upstream-unknown", message).with_hint(format!(
                "put the tarball there; or, if nothing outside of debian/ was changed, remove all \
                 else in {tree}"
            )))
        }
    })
}

fn shown(files: &[String]) -> String {
    let names = files
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    match files.len().saturating_sub(SHOWN) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}
