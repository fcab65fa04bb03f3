//! How far what the lock says to build has come.

use pydeps_core::lock::Lock;
use pydeps_core::mapping::policy_name;
use pydeps_core::outcome::{Action, Distribution};
use pydeps_host::build::{Absent, Standing, Stock};

use super::failure;
use crate::failure::Failure;
use crate::generating::jobs;

/// For what, and where.
pub(crate) struct Yard<'a> {
    pub(crate) stock: &'a Stock,
    pub(crate) suite: &'a str,
    pub(crate) architecture: &'a str,
}

impl Yard<'_> {
    /// How far one has come; `None` if nothing is to be built of it.
    pub(crate) fn standing(&self, one: &Distribution) -> Result<Option<Standing>, Failure> {
        let (stock, suite, architecture) = (self.stock, self.suite, self.architecture);
        if !one.action.is_some_and(Action::builds) {
            return Ok(None);
        }
        let standing = match (jobs::is_generated(one), &one.version, &one.package) {
            (true, Some(version), _) => stock.standing(&one.name, version, suite, architecture),
            (false, _, Some(package)) => {
                let version = one.package_version.as_deref().unwrap_or_default();
                stock.rebuilt(package.as_str(), version, suite, architecture)
            }
            _ => return Ok(None),
        };
        standing.map(Some).map_err(failure)
    }

    /// Why `generate` has made no source package of one that has none.
    pub(crate) fn refusal(&self, one: &Distribution, standing: Standing) -> Option<&str> {
        let version = one.version.as_ref().filter(|_| jobs::is_generated(one))?;
        let refusal = self.stock.refusal(&one.name, version);
        refusal.filter(|_| standing == Standing::NotGenerated)
    }

    /// What is to be built and has no source package yet.
    pub(crate) fn absent<'l>(&self, lock: &'l Lock) -> Result<Vec<&'l Distribution>, Failure> {
        let mut absent = Vec::new();
        for one in &lock.distributions {
            if self.standing(one)? == Some(Standing::NotGenerated) {
                absent.push(one);
            }
        }
        Ok(absent)
    }

    /// What those that need it call its packages.
    pub(crate) fn lacking(&self, one: &Distribution) -> Absent {
        let noted = self.stock.package(&one.name).cloned();
        let known = noted.or_else(|| one.package.clone());
        let package = known.or_else(|| policy_name(&one.name));
        Absent {
            release: release(one),
            packages: package.iter().map(ToString::to_string).collect(),
        }
    }
}

/// The name and the version.
pub(crate) fn release(one: &Distribution) -> String {
    let version = one.version.as_ref().map(ToString::to_string);
    format!("{} {}", one.name, version.unwrap_or_default())
}
