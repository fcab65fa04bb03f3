//! An archive that its caller wrote down.

use std::collections::BTreeMap;

use super::{Archive, ArchiveDist, ArchivePackage, Origin, Provider, Suite, index_provides};
use crate::name::{DebName, DistName};

/// An [`Archive`] in memory: the world of a test, or of a local repository.
#[derive(Clone, Debug)]
pub struct MemoryArchive {
    suite: Suite,
    distributions: BTreeMap<DistName, Vec<ArchiveDist>>,
    packages: BTreeMap<DebName, Vec<ArchivePackage>>,
    provides: BTreeMap<DebName, Vec<Provider>>,
}

impl MemoryArchive {
    /// The archive of these rows; their order does not matter. Of two packages
    /// of one name and origin, the first one given counts.
    pub fn new(
        suite: Suite,
        distributions: impl IntoIterator<Item = ArchiveDist>,
        packages: impl IntoIterator<Item = ArchivePackage>,
    ) -> Self {
        let mut dists: BTreeMap<DistName, Vec<ArchiveDist>> = BTreeMap::new();
        for dist in distributions {
            dists.entry(dist.name.clone()).or_default().push(dist);
        }
        for list in dists.values_mut() {
            list.sort_by(|a, b| a.rank().cmp(&b.rank()));
        }
        let packages = group(packages);
        let provides = index_provides(packages.values().flatten());
        Self {
            suite,
            distributions: dists,
            packages,
            provides,
        }
    }
}

fn group(
    packages: impl IntoIterator<Item = ArchivePackage>,
) -> BTreeMap<DebName, Vec<ArchivePackage>> {
    let mut groups: BTreeMap<DebName, Vec<ArchivePackage>> = BTreeMap::new();
    for package in packages {
        groups
            .entry(package.name.clone())
            .or_default()
            .push(package);
    }
    for list in groups.values_mut() {
        list.sort_by(|a, b| (a.origin.tier(), &a.origin).cmp(&(b.origin.tier(), &b.origin)));
        list.dedup_by(|later, first| later.origin == first.origin);
    }
    groups
}

impl Archive for MemoryArchive {
    fn suite(&self) -> &Suite {
        &self.suite
    }

    fn distribution(&self, name: &DistName) -> Vec<ArchiveDist> {
        self.distributions.get(name).cloned().unwrap_or_default()
    }

    fn candidates(&self, name: &DebName) -> Vec<ArchivePackage> {
        self.packages.get(name).cloned().unwrap_or_default()
    }

    fn providers(&self, name: &DebName) -> Vec<Provider> {
        self.provides.get(name).cloned().unwrap_or_default()
    }

    fn naming(&self, names: &[DebName]) -> Option<Vec<ArchivePackage>> {
        let own = |package: &&ArchivePackage| package.origin != Origin::Backports;
        let packages = || self.packages.values().flatten();
        packages()
            .all(|package| package.details.is_some())
            .then(|| {
                let naming = packages().filter(|package| package.names_any(names));
                naming.filter(own).cloned().collect()
            })
    }
}
