//! From the requirements of distributions to the dependencies of a package: one engine, for
//! `dh_pydeps`, which reads what was built, and for the generator, which reads a release.
//!
//! Who has a distribution is asked in one order, and the first answer counts: the package
//! itself, a decision to leave it out, another package of the same source package, an override,
//! installed metadata, what the session makes or takes from elsewhere, the archive. Extras are
//! followed, whoever has the distribution.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;

use crate::decision::Decision;
use crate::finding::Finding;
use crate::mapping::{Answer, Mapping};
use crate::name::{DebName, DistName, ExtraName};
use crate::relate::Field;
use crate::requirement::Requirement;
use crate::target::Target;

mod collector;
mod simplify;
#[cfg(test)]
mod tests;

pub use collector::Collector;
pub use simplify::simplify;

/// What is known around a package.
pub trait Lookup {
    /// The copy of a distribution that the package itself has, for who is in this directory.
    fn own(&self, name: &DistName, directory: &str) -> Option<PackagedDist<'_>>;
    /// What was decided about a distribution.
    fn decision(&self, name: &DistName) -> Option<&Decision>;
    /// The other package of the same source package that has a distribution.
    fn sibling(&self, name: &DistName) -> Option<Sibling<'_>>;
    /// What debian/py3dist-overrides says.
    fn overridden(&self, name: &DistName) -> Option<Answer>;
    /// What the metadata of installed packages say.
    fn installed(&self, name: &DistName) -> Option<Mapping>;
    /// What the session makes, or takes from elsewhere than the suite.
    fn planned(&self, name: &DistName) -> Option<Planned>;
    /// What the archive says.
    fn archived(&self, name: &DistName) -> Answer;
    /// What a distribution that another source package has requires, in this version, at least
    /// with these extras.
    fn requirements(
        &self,
        name: &DistName,
        version: Option<&Version>,
        extras: &[ExtraName],
    ) -> Requirements;
    /// What a person can do about a problem with a requirement.
    fn hint(&self, problem: Problem<'_>, requirement: &Requirement) -> String;
}

/// What there is no answer to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem<'a> {
    /// No package has the distribution; this one does in unstable.
    Missing(Option<&'a DebName>),
    /// The package that has it keeps it for itself.
    Private,
    /// The archive has another version.
    Unsatisfied,
    /// The package itself has another version.
    OwnUnsatisfied,
    /// It is not known what extras require.
    ExtrasUnknown,
}

/// A distribution in a package of the same source package.
#[derive(Clone, Copy, Debug)]
pub struct PackagedDist<'a> {
    /// Its version, if the metadata say it.
    pub version: Option<&'a Version>,
    /// What it requires, extras as markers.
    pub requires: &'a [Requirement],
    /// The directory that it is in.
    pub directory: &'a str,
    /// Its place, for messages.
    pub path: &'a str,
}

/// Another package of the same source package.
#[derive(Clone, Debug)]
pub struct Sibling<'a> {
    /// The relation to it.
    pub relation: String,
    /// The distribution in it; `None` if it is not built now.
    pub dist: Option<PackagedDist<'a>>,
}

/// What a session makes, or takes from elsewhere than the suite.
#[derive(Clone, Debug, PartialEq)]
pub enum Planned {
    /// A package that is generated.
    Generated(Generated),
    /// A package of another origin.
    Mapped(Mapping),
}

/// A distribution of which a package is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Its binary package.
    pub package: DebName,
    /// The version that there will be.
    pub version: Option<Version>,
    /// The Debian epoch of the package whose place it takes; 0 if it has none.
    pub epoch: u32,
    /// Whether the package's name was only guessed.
    pub guessed: bool,
    /// Whether nobody makes the package yet.
    pub missing: bool,
}

/// What a distribution that another source package has requires.
#[derive(Clone, Debug, PartialEq)]
pub enum Requirements {
    /// All of it, extras as markers.
    Known(Vec<Requirement>),
    /// Nothing says it.
    Unknown,
    /// It could be read from the index.
    Unread,
    /// It could not be read, and why.
    Failed(String),
}

/// Where requirements are to be met.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// What is known around the package.
    pub lookup: &'a dyn Lookup,
    /// The Python that markers are judged for.
    pub target: &'a Target,
    /// The suite's name, for sentences.
    pub suite: &'a str,
}

/// The dependencies of a package.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dependencies {
    relations: BTreeMap<Field, BTreeSet<String>>,
    /// What was noticed. An error means that there is no answer.
    pub findings: Vec<Finding>,
    /// The releases whose requirements are to be read before the answer is whole.
    pub unread: BTreeSet<(DistName, Version)>,
}

impl Dependencies {
    /// The relations of a field.
    pub fn of(&self, field: Field) -> &BTreeSet<String> {
        static NONE: BTreeSet<String> = BTreeSet::new();
        self.relations.get(&field).unwrap_or(&NONE)
    }

    /// Adds a relation, clause by clause.
    pub fn add(&mut self, field: Field, relation: &str) {
        let clauses = relation.split(',').map(str::trim);
        let clauses = clauses.filter(|clause| !clause.is_empty());
        let known = self.relations.entry(field).or_default();
        known.extend(clauses.map(str::to_owned));
    }
}
