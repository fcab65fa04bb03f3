//! What a builder is asked to do.

use pydeps_core::name::{ArchName, SuiteName};
use std::path::{Path, PathBuf};

/// One source package to build.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Job<'a> {
    /// Its `.dsc`.
    pub(crate) dsc: &'a Path,
    /// The suite to build for.
    pub(crate) suite: &'a SuiteName,
    /// The architecture to build for.
    pub(crate) architecture: &'a ArchName,
    /// Packages that were built before and are needed now.
    pub(crate) packages: &'a [PathBuf],
    /// Build profiles.
    pub(crate) profiles: &'a [String],
    /// Whether lintian is to look at the result, in the chroot.
    pub(crate) lintian: bool,
    /// Whether its tests are to run on the result (sbuild only).
    pub(crate) autopkgtest: bool,
}
