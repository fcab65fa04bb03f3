//! The build area: which directory it is, and how far each release in it has come.

use std::path::{Path, PathBuf};

use pydeps_build::{Absent, BuildStatus, Packed, Stock};
use pydeps_core::lock::Lock;
use pydeps_core::mapping::policy_name;
use pydeps_core::outcome::{Action, Distribution};

use crate::failure::Failure;

/// The directory that is given, else `build-area` here or, in a source package, above.
pub(crate) fn directory(given: Option<&Path>) -> PathBuf {
    match given {
        Some(directory) => directory.to_owned(),
        None if Path::new("debian").is_dir() => PathBuf::from("../build-area"),
        None => PathBuf::from("build-area"),
    }
}

/// What is in an area, as a suite and an architecture see it.
pub(crate) struct AreaOf<'a> {
    pub(crate) stock: &'a Stock,
    pub(crate) suite: &'a str,
    pub(crate) architecture: &'a str,
}

impl AreaOf<'_> {
    /// How far a release has come; `None` if nothing is to be built of it.
    pub(crate) fn status(&self, row: &Distribution) -> Result<Option<BuildStatus>, Failure> {
        let named = match row.is_generated() {
            true => row.version.is_some(),
            false => row.package.is_some(),
        };
        if !row.action.is_some_and(Action::builds) || !named {
            return Ok(None);
        }
        let Some(packed) = self.source_package(row) else {
            let refusal = self.refusal(row).map(str::to_owned);
            let status = refusal.map_or(BuildStatus::NotGenerated, BuildStatus::Refused);
            return Ok(Some(status));
        };
        let status = self.stock.status(packed, self.suite, self.architecture)?;
        Ok(Some(status))
    }

    fn source_package(&self, row: &Distribution) -> Option<&Packed> {
        if row.is_generated() {
            return self.stock.made(&row.name, row.version.as_ref()?);
        }
        let version = row.package_version.as_deref().unwrap_or_default();
        self.stock.rebuilt(row.package.as_ref()?.as_str(), version)
    }

    /// Why `generate` has made no source package of it.
    fn refusal(&self, row: &Distribution) -> Option<&str> {
        let version = row.version.as_ref().filter(|_| row.is_generated())?;
        self.stock.refusal(&row.name, version)
    }

    /// What is to be built and has no source package yet.
    pub(crate) fn absent<'l>(&self, lock: &'l Lock) -> Result<Vec<&'l Distribution>, Failure> {
        let mut absent = Vec::new();
        for row in &lock.distributions {
            if self.status(row)?.is_some_and(|status| !status.has_source()) {
                absent.push(row);
            }
        }
        Ok(absent)
    }

    /// What those that need it call its packages.
    pub(crate) fn as_absent(&self, row: &Distribution) -> Absent {
        let noted = self.stock.package(&row.name).cloned();
        let known = noted.or_else(|| row.package.clone());
        let package = known.or_else(|| policy_name(&row.name));
        Absent {
            release: row.release(),
            packages: package.iter().map(ToString::to_string).collect(),
        }
    }
}
