//! Answers as text and as JSON.

pub(crate) mod json;
pub(crate) mod mapping;
pub(crate) mod resolution;
mod table;

use pep440_rs::VersionSpecifiers;
use pep508_rs::{Requirement, VersionOrUrl};

/// The specifiers of a requirement, if it has any.
pub(crate) fn specifiers(requirement: &Requirement) -> Option<&VersionSpecifiers> {
    match &requirement.version_or_url {
        Some(VersionOrUrl::VersionSpecifier(specifiers)) => Some(specifiers),
        _ => None,
    }
}
