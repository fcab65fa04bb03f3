//! What a builder is asked to do.

use pydeps_core::name::{ArchName, SuiteName};
use std::path::{Path, PathBuf};

/// One source package to build.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job<'a> {
    /// Its `.dsc`.
    pub(super) dsc: &'a Path,
    /// The suite to build for.
    pub(super) suite: &'a SuiteName,
    /// The architecture to build for.
    pub(super) architecture: &'a ArchName,
    /// Packages that were built before and are needed now.
    pub(super) packages: &'a [PathBuf],
    /// Build profiles.
    pub(super) profiles: &'a [String],
    /// Whether lintian is to look at the result, in the chroot.
    pub(super) lintian: bool,
    /// Whether its tests are to run on the result (sbuild only).
    pub(super) autopkgtest: bool,
}
