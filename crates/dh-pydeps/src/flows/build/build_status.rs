//! How far what the lock says to build has come.

use pydeps_build::{Absent, Packed, Standing, Stock};
use pydeps_core::lock::Lock;
use pydeps_core::mapping::policy_name;
use pydeps_core::outcome::{Action, Distribution};

use crate::failure::Failure;
use crate::flows::generate::jobs;

/// For what, and where.
pub(crate) struct Yard<'a> {
    pub(crate) stock: &'a Stock,
    pub(crate) suite: &'a str,
    pub(crate) architecture: &'a str,
}

impl Yard<'_> {
    /// How far one has come; `None` if nothing is to be built of it.
    pub(crate) fn standing(&self, one: &Distribution) -> Result<Option<Standing>, Failure> {
        let named = match jobs::is_generated(one) {
            true => one.version.is_some(),
            false => one.package.is_some(),
        };
        if !one.action.is_some_and(Action::builds) || !named {
            return Ok(None);
        }
        let Some(packed) = self.packed(one) else {
            return Ok(Some(Standing::NotGenerated));
        };
        let standing = self.stock.standing(packed, self.suite, self.architecture)?;
        Ok(Some(standing))
    }

    /// Its source package.
    fn packed(&self, one: &Distribution) -> Option<&Packed> {
        if jobs::is_generated(one) {
            return self.stock.made(&one.name, one.version.as_ref()?);
        }
        let version = one.package_version.as_deref().unwrap_or_default();
        self.stock.rebuilt(one.package.as_ref()?.as_str(), version)
    }

    /// Why one has come no further: `generate` has made no source package of it, or the last
    /// `build` failed.
    pub(crate) fn trouble(&self, one: &Distribution, standing: Standing) -> Option<String> {
        match standing {
            Standing::NotGenerated => {
                let version = one.version.as_ref().filter(|_| jobs::is_generated(one))?;
                self.stock.refusal(&one.name, version).map(str::to_owned)
            }
            Standing::Failed => {
                let packed = self.packed(one)?;
                let failure = self.stock.failure(packed, self.suite, self.architecture);
                failure.map(|(reason, log)| format!("{reason}; see {}", log.display()))
            }
            Standing::Generated | Standing::Built => None,
        }
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
