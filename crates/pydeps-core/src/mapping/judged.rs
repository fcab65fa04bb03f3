//! Which upstream version a package's copy of a distribution counts as.

use crate::deb_version::DebVersion;
use pep440_rs::Version;
use serde::Serialize;

use crate::archive::ArchiveDist;
use crate::spelling::{read_back, without_packaging_suffix};

/// What an upstream version was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Basis {
    /// The name of the metadata's path: what pip and importlib see.
    Metadata,
    /// The package's version, as the metadata does not say.
    DebianVersion {
        /// Why the metadata was not enough.
        because: String,
    },
    /// None is needed.
    AnyVersion,
}

/// The upstream version of one copy: the one that importlib sees, unless that is
/// missing, nonsense or out of date; then the package's version read back.
pub fn judged_version(dist: &ArchiveDist) -> (Option<Version>, Basis) {
    let read = |because: &str| {
        let version = dist.package_version.parse::<DebVersion>().ok();
        let basis = Basis::DebianVersion {
            because: because.to_owned(),
        };
        (version.as_ref().and_then(read_back), basis)
    };
    let Some(text) = dist.upstream.as_deref() else {
        return read("its metadata names no version");
    };
    let Ok(version) = text.parse::<Version>() else {
        return read(&format!("`{text}` in its metadata is no PEP 440 version"));
    };
    if version.release().iter().all(|number| *number == 0) {
        return read(&format!("its metadata says only {text}"));
    }
    if is_stale(dist) {
        return read("the archive's Contents lag behind its Packages");
    }
    (Some(version), Basis::Metadata)
}

/// Whether the package got another upstream version since its paths were listed.
fn is_stale(dist: &ArchiveDist) -> bool {
    let upstream = |text: &str| {
        let version = text.parse::<DebVersion>().ok()?;
        Some(without_packaging_suffix(&version.upstream).to_owned())
    };
    upstream(&dist.described_version) != upstream(&dist.package_version)
}
