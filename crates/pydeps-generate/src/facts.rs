//! What is known of an upstream release, and what the target archive says: everything
//! that a plan is made from.

use std::collections::BTreeSet;

use jiff::Timestamp;
use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::mapping::Answer;
use pydeps_core::marker::Marker;
use pydeps_core::name::{DebName, DistName, ExtraName};
use pydeps_core::requirement::Requirement;
use pydeps_core::target::{Applies, Target};
use pydeps_core::upstream::About;

use pydeps_core::tree::Tree;

use crate::settings::Settings;

/// An upstream release.
#[derive(Clone, Debug)]
pub struct Release {
    /// The distribution's name, normalised.
    pub name: DistName,
    /// The name as its author writes it.
    pub spelled: String,
    /// The version.
    pub version: Version,
    /// When it was uploaded.
    pub uploaded: Option<Timestamp>,
    /// The sdist's file name, as the index has it.
    pub filename: String,
    /// What it requires at run time, extras as markers.
    pub requires: Vec<Requirement>,
    /// `Requires-Python`.
    pub requires_python: Option<VersionSpecifiers>,
    /// The extras that it has.
    pub extras: Vec<ExtraName>,
    /// What it says of itself.
    pub about: About,
    /// How it is built.
    pub build: Build,
    /// Requirements of its tests that are declared in dependency groups (PEP 735).
    pub test_groups: Vec<Requirement>,
    /// Its files.
    pub tree: Tree,
    /// What they say of how it is laid out.
    pub settings: Settings,
    /// Upstream sources beside it, which its build takes.
    pub components: Vec<Component>,
}

/// An additional upstream source, as a tarball of its own (dpkg-source(1)).
#[derive(Clone, Debug)]
pub struct Component {
    /// Its name, which is that of its directory in the source package.
    pub name: String,
    /// Its files.
    pub tree: Tree,
}

impl Release {
    /// A release of texts, as tests write it.
    #[cfg(test)]
    pub(crate) fn of_texts(files: &[(&str, &str)]) -> Self {
        Self {
            name: "foo-bar".parse().expect("a name"),
            spelled: "foo-bar".to_owned(),
            version: "1.5".parse().expect("a version"),
            uploaded: None,
            filename: "foo_bar-1.5.tar.gz".to_owned(),
            requires: Vec::new(),
            requires_python: None,
            extras: Vec::new(),
            about: About::default(),
            build: Build::default(),
            test_groups: Vec::new(),
            tree: Tree::of_texts(files),
            settings: Settings::of(&Tree::of_texts(files)),
            components: Vec::new(),
        }
    }

    /// The same with a component.
    #[cfg(test)]
    pub(crate) fn with_component(mut self, name: &str, files: &[(&str, &str)]) -> Self {
        self.components.push(Component {
            name: name.to_owned(),
            tree: Tree::of_texts(files),
        });
        self
    }

    /// A component, by its name.
    pub fn component(&self, name: &str) -> Option<&Component> {
        self.components.iter().find(|one| one.name == name)
    }

    /// All upstream sources, each with what its paths begin with in the source package.
    pub fn trees(&self) -> impl Iterator<Item = (String, &Tree)> {
        let own = (String::new(), &self.tree);
        let components = self.components.iter();
        let components = components.map(|one| (format!("{}/", one.name), &one.tree));
        std::iter::once(own).chain(components)
    }

    /// The release with some of its extras: what they require is required like the rest.
    /// Extras that ask for others of the same distribution are followed.
    #[must_use]
    pub fn with_extras(mut self, extras: &[ExtraName], target: &Target) -> Self {
        let mut asked: BTreeSet<ExtraName> = extras.iter().cloned().collect();
        loop {
            let known: Vec<ExtraName> = asked.iter().cloned().collect();
            let own = self.requires.iter().filter(|one| one.name == self.name);
            let own = own.filter(|one| target.applies(&one.marker, &known) != Applies::Never);
            asked.extend(own.flat_map(|one| one.extras.iter().cloned()));
            if asked.len() == known.len() {
                break;
            }
        }
        let asked: Vec<ExtraName> = asked.into_iter().collect();
        for one in &mut self.requires {
            let holds = |extras| target.applies(&one.marker, extras) != Applies::Never;
            if one.name != self.name && !holds(&[]) && holds(&asked) {
                one.marker = Marker::default();
            }
        }
        self
    }
}

/// How a release is built (PEP 517, PEP 518).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Build {
    /// Whether there is a `[build-system]` table.
    pub declared: bool,
    /// `build-backend`.
    pub backend: Option<String>,
    /// `requires`.
    pub requires: Vec<Requirement>,
}

/// What the target archive, the package index and other packages to be generated say.
pub trait ArchiveQueries {
    /// Which package holds a distribution.
    fn answer(&self, name: &DistName) -> Answer;
    /// The version of a binary package, if the suite has it; of a virtual one that of
    /// its provision, or of a provider.
    fn version(&self, package: &str) -> Option<String>;
    /// The packages that ship a module, most specific first.
    fn module(&self, name: &str) -> Vec<DebName>;
    /// The packages that ship exactly this module among the public ones.
    fn module_owners(&self, name: &str) -> Vec<DebName>;
    /// The package that will ship exactly this module, once it is made.
    fn module_to_be(&self, name: &str) -> Option<DebName>;
    /// The distributions of the packages that ship exactly this module in another suite.
    fn elsewhere(&self, module: &str) -> BTreeSet<DistName>;
    /// The packages, of the suite or to be generated, that ship a program of this name.
    fn program_owners(&self, name: &str) -> Vec<DebName>;
    /// The suite's packages that are installed for the sake of these relations, the first of
    /// alternatives.
    fn closure(&self, relations: &[String]) -> BTreeSet<DebName>;
    /// The packages that ship a header of exactly this path below an include directory.
    fn header(&self, path: &str) -> Vec<DebName>;
    /// The packages that ship a `.pc` file.
    fn pkg_config(&self, name: &str) -> Vec<DebName>;
    /// The packages that ship a cmake configuration.
    fn cmake(&self, name: &str) -> Vec<DebName>;
    /// A distribution that is to be generated as well: its package and its version.
    fn generated(&self, name: &DistName) -> Option<Generated>;
    /// What extras of a distribution require, in this version.
    fn extra_requires(
        &self,
        name: &DistName,
        version: &Version,
        extras: &[ExtraName],
    ) -> Vec<Requirement>;
    /// What any known suite has under a package name.
    fn taken(&self, name: &str) -> Option<Taken>;
    /// The package that holds a distribution in unstable.
    fn unstable(&self, name: &DistName) -> Option<DebName>;
}

/// A distribution that is to be generated as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Its binary package.
    pub package: DebName,
    /// The version that there will be.
    pub version: Option<Version>,
    /// Whether the package's name was only guessed.
    pub guessed: bool,
    /// Whether nobody makes the package yet.
    pub missing: bool,
}

/// A name that a package of some suite has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The suite.
    pub suite: String,
    /// The distributions that this package, or those of this source package, hold.
    pub holds: Vec<DistName>,
}
