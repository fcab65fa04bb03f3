//! An index is not replaced by an older one: a mirror may lag behind, and this machine's
//! own lists may be old.

use std::path::Path;

use jiff::Timestamp;

use super::UpdateError;
use crate::index::{ArchiveIndex, Facts, Part};

/// An error if the index that is there was made of a later Release file of one of its
/// repositories. One that cannot be read, or is not there, may be replaced.
pub(super) fn newer(path: &Path, facts: &Facts) -> Result<(), UpdateError> {
    let Ok(old) = ArchiveIndex::open(path) else {
        return Ok(());
    };
    let old = &old.facts().parts;
    let fallen_back = |new: &&Part| {
        let before = old.iter().find(|part| part.origin == new.origin);
        before.is_some_and(|before| date(new) < date(before))
    };
    match facts.parts.iter().find(fallen_back) {
        None => Ok(()),
        Some(new) => Err(UpdateError::Older {
            suite: facts.codename.to_string(),
            origin: new.origin.clone(),
            path: path.to_owned(),
            kept: old
                .iter()
                .find(|part| part.origin == new.origin)
                .map_or_else(String::new, |part| part.date.clone()),
            fetched: new.date.clone(),
        }),
    }
}

fn date(part: &Part) -> Option<Timestamp> {
    part.date.parse().ok()
}
