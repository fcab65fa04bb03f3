//! What the machine of a build knows: the packages that are installed on it, and beside
//! them the archive of its suite. Where that is not known, apt is asked.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::archive::{
    Archive, ArchiveDist, ArchivePackage, Origin, Provenance, Provider, Suite,
};
use pydeps_core::deb_version::DebVersion;
use pydeps_core::name::{ArchName, DebName, DistName, SuiteName};
use pydeps_core::spelling::read_back;

use crate::apt;
use crate::open::OpenArchive;
use pydeps_host::installed::Installed;

/// The packages of this machine, in front of an archive.
#[derive(Debug)]
pub struct Here {
    installed: Installed,
    archive: Option<OpenArchive>,
    suite: Suite,
    /// What apt has said of packages.
    offered: RefCell<BTreeMap<DebName, Option<ArchivePackage>>>,
}

impl Here {
    /// The machine, with the archive of its suite if there is one. `architecture` is that of
    /// the packages to be built. Errors name the file.
    pub fn new(
        installed: Installed,
        archive: Option<OpenArchive>,
        architecture: &ArchName,
    ) -> io::Result<Self> {
        let pythons = installed.pythons()?;
        let known = archive.as_ref().map(|archive| archive.suite().clone());
        let codename = installed.codename();
        let mut suite = known.unwrap_or_else(|| Suite {
            codename: codename.unwrap_or_else(SuiteName::this_system),
            alias: None,
            architecture: architecture.clone(),
            python: Version::new([3]),
            supported: vec![Version::new([3])],
            date: Timestamp::UNIX_EPOCH,
            provenance: Provenance::Memory,
        });
        suite.architecture = architecture.clone();
        if let Some(pythons) = pythons {
            suite.python = pythons.default;
            suite.supported = pythons.supported;
        }
        Ok(Self {
            installed,
            archive,
            suite,
            offered: RefCell::default(),
        })
    }

    /// The full version of the default Python, if its package is known.
    pub fn python(&self) -> Option<Version> {
        let package = self.package(&"python3".parse().ok()?)?;
        read_back(&package.version.parse::<DebVersion>().ok()?)
    }

    /// What is installed.
    pub fn installed(&self) -> &Installed {
        &self.installed
    }

    /// Asks apt about packages at once, where there is no archive behind: each question
    /// takes apt a moment.
    pub fn foresee(&self, names: impl IntoIterator<Item = DebName>) {
        if self.archive.is_some() {
            return;
        }
        let mut offered = self.offered.borrow_mut();
        let new = |name: &DebName| {
            !offered.contains_key(name) && !matches!(self.installed.package(name), Ok(Some(_)))
        };
        let names: Vec<DebName> = names.into_iter().filter(new).collect();
        let found = apt::offered(&names);
        offered.extend(names.into_iter().map(|name| (name, None)));
        offered.extend(
            found
                .into_iter()
                .map(|found| (found.name.clone(), Some(found))),
        );
    }
}

impl Archive for Here {
    fn suite(&self) -> &Suite {
        &self.suite
    }

    fn distribution(&self, name: &DistName) -> Vec<ArchiveDist> {
        let archive = self.archive.as_ref();
        archive.map_or_else(Vec::new, |archive| archive.distribution(name))
    }

    /// An installed package's version is the one that counts.
    fn candidates(&self, name: &DebName) -> Vec<ArchivePackage> {
        let installed = self.installed.package(name).ok().flatten();
        if let Some((version, section)) = installed {
            return vec![ArchivePackage {
                name: name.clone(),
                version,
                section,
                origin: Origin::Suite,
                details: None,
            }];
        }
        if let Some(archive) = &self.archive {
            return archive.candidates(name);
        }
        self.foresee([name.clone()]);
        let offered = self.offered.borrow();
        offered.get(name).cloned().flatten().into_iter().collect()
    }

    fn providers(&self, name: &DebName) -> Vec<Provider> {
        let archive = self.archive.as_ref();
        archive.map_or_else(Vec::new, |archive| archive.providers(name))
    }

    fn naming(&self, names: &[DebName]) -> Option<Vec<ArchivePackage>> {
        self.archive.as_ref()?.naming(names)
    }
}
