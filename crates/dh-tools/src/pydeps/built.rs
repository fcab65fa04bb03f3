//! What the packages of this source package have.

use std::collections::BTreeMap;

use pydeps_core::archive::PathClass;
use pydeps_core::dependencies::{PackagedDist, Sibling};
use pydeps_core::mapping::policy_name;
use pydeps_core::name::{DebName, DistName};
use pydeps_debhelper::control::Package;
use pydeps_host::built::BuiltDist;

/// The packages of a source package, and the distributions of those that are built.
pub(crate) struct Built {
    pub(crate) packages: Vec<Package>,
    pub(crate) trees: BTreeMap<DebName, Vec<BuiltDist>>,
}

impl Built {
    /// The distributions in a package.
    pub(crate) fn tree(&self, package: &DebName) -> &[BuiltDist] {
        self.trees.get(package).map_or(&[], Vec::as_slice)
    }

    /// The copy in a package that is found from a directory: in the same one, or in a public
    /// one.
    pub(crate) fn own(
        &self,
        package: &DebName,
        name: &DistName,
        directory: &str,
    ) -> Option<PackagedDist<'_>> {
        let is_found = |dist: &&BuiltDist| {
            let is_near = dist.class != PathClass::Private || dist.directory() == directory;
            dist.name == *name && is_near
        };
        self.tree(package).iter().find(is_found).map(packaged)
    }

    /// The other package that has a distribution: the one of the usual name, else one in whose
    /// tree it is.
    pub(crate) fn sibling(&self, asker: &Package, name: &DistName) -> Option<Sibling<'_>> {
        let usual = policy_name(name);
        let others = || {
            self.packages
                .iter()
                .filter(|other| other.name != asker.name)
        };
        let public = |package: &Package| {
            let mut dists = self.tree(&package.name).iter();
            dists.find(|dist| dist.class != PathClass::Private && dist.name == *name)
        };
        let by_name = others().find(|other| Some(&other.name) == usual.as_ref());
        let sibling = by_name.or_else(|| others().find(|other| public(other).is_some()))?;
        let mut dists = self.tree(&sibling.name).iter();
        Some(Sibling {
            relation: relation(asker, sibling),
            dist: dists.find(|dist| dist.name == *name).map(packaged),
        })
    }
}

/// A distribution, for those who require it.
pub(crate) fn packaged(dist: &BuiltDist) -> PackagedDist<'_> {
    PackagedDist {
        version: dist.version.as_ref(),
        requires: &dist.requires,
        directory: dist.directory(),
        path: &dist.path,
    }
}

/// The relation to another package of the same source package, in the version of this
/// build (Policy 3.5 and 4.9; dpkg-gencontrol(1) on binNMUs).
fn relation(asker: &Package, sibling: &Package) -> String {
    let name = &sibling.name;
    match (asker.is_indep(), sibling.is_indep()) {
        (_, true) => format!("{name} (= ${{source:Version}})"),
        (false, false) => format!("{name} (= ${{binary:Version}})"),
        (true, false) => format!("{name} (>= ${{source:Version}})"),
    }
}
