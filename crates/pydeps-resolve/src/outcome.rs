//! The answer: every distribution of the tree with its verdict.

use pep440_rs::Version;
use pydeps_core::decision::Choice;
use pydeps_core::finding::Finding;
use pydeps_core::licence::Freedom;
use pydeps_core::mapping::Evidence;
use pydeps_core::name::{DebName, DistName};
use serde::Serialize;

/// A resolved tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolution {
    /// What was asked for, and what became of it.
    pub roots: Vec<RootOutcome>,
    /// Every distribution that is needed, by name.
    pub distributions: Vec<Distribution>,
    /// What has to be generated, in an order in which it can be built: each group
    /// needs only the groups before it. Members of a cycle share a group.
    pub build_order: Vec<Vec<DistName>>,
    /// Why not everything that was asked for can be had; empty if it can.
    pub conflict: Vec<String>,
    /// What is known of there being fewer packages to build; `None` if that was not
    /// looked for.
    pub minimality: Option<Minimality>,
    /// What a person may decide, each line with what comes of it.
    pub choices: Vec<Way>,
    /// What was noticed on the way.
    pub findings: Vec<Finding>,
}

/// Whether the packages to build could be fewer, for these releases of the roots and
/// within the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Minimality {
    /// They cannot.
    #[serde(rename = "proven")]
    Proven,
    /// None of them can be left out without another one coming in.
    #[serde(rename = "irreducible")]
    Irreducible,
    /// Not known: it would take more releases than the budget allows.
    #[serde(rename = "budget reached")]
    BudgetReached,
}

impl Minimality {
    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::Irreducible => "irreducible",
            Self::BudgetReached => "budget reached",
        }
    }
}

/// A decision that can be taken, and that was tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Way {
    /// The distribution that it is about.
    pub name: DistName,
    /// What is decided.
    pub choice: Choice,
    /// The version that comes of it, if there is one.
    pub version: Option<Version>,
    /// The line for `debian/pydeps.toml`, under `[decisions]`.
    pub line: String,
    /// What comes of it.
    pub effect: String,
    /// How many packages there are to build then; `None` if something is still open.
    pub to_build: Option<usize>,
}

/// What became of one thing that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct RootOutcome {
    /// As it was asked for.
    pub label: String,
    /// The distribution, if it has a name.
    pub name: Option<DistName>,
    /// The version that was settled on.
    pub version: Option<Version>,
    /// The newest release, where that is another one.
    pub newest: Option<Version>,
    /// Why the newest release cannot be had.
    pub stepped_back: Vec<String>,
}

/// What the suite has for a distribution, measured by those who require it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The suite's version is what they require.
    Satisfied,
    /// They require a later one.
    TooOld,
    /// They require an earlier one.
    TooNew,
    /// The suite has none.
    Missing,
}

/// What is to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Depend on the suite's package, or on backports'.
    Use,
    /// Depend on it although its requirers ask for another version, as decided.
    Relax,
    /// Rebuild a newer suite's package.
    Backport,
    /// Build a newer package that takes the place of the suite's, as decided.
    Replace,
    /// Generate a package from the index.
    Generate,
    /// Put a copy into the application's own directory, as decided.
    Bundle,
    /// Leave the requirement out, as an override or a decision says.
    Ignore,
}

impl Action {
    /// Whether a package has to be built.
    pub fn builds(self) -> bool {
        matches!(self, Self::Backport | Self::Replace | Self::Generate)
    }
}

/// One distribution of the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// Its name.
    pub name: DistName,
    /// The upstream version that will be there; `None` if any is accepted or none
    /// can be named.
    pub version: Option<Version>,
    /// What the suite has.
    pub verdict: Verdict,
    /// What is to happen; `None` if somebody has to decide.
    pub action: Option<Action>,
    /// Where it comes from: `suite`, `updates`, `security`, `backports`, `index`, a
    /// newer suite's or a local repository's name, or `none`.
    pub origin: String,
    /// The Debian package, if there is one.
    pub package: Option<DebName>,
    /// The Debian package's version.
    pub package_version: Option<String>,
    /// The package that unstable has of what this suite lacks.
    pub unstable: Option<DebName>,
    /// Who requires it, by name.
    pub required_by: Vec<Requirer>,
    /// What says that the package holds the distribution.
    pub evidence: Option<Evidence>,
    /// The newest release in the index, where another one is to be built.
    pub newest: Option<Version>,
    /// Why it is not the newest.
    pub stepped_back: Vec<String>,
    /// How many packages that saves, if it does and if that is known.
    pub saves: Option<usize>,
    /// Why a package has to be built: what contradicts its absence.
    pub because: Vec<String>,
    /// The licence that its metadata state, of what is to be built.
    pub licence: Option<String>,
    /// What that licence is, at first sight.
    pub freedom: Option<Freedom>,
}

/// Somebody who requires a distribution.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Requirer {
    /// A distribution with the extra that adds the requirement, or the place where
    /// the requirement was written.
    pub name: String,
    /// The requirement as written.
    pub requirement: String,
    /// Whether the chosen version meets it.
    pub met: bool,
    /// Whether it only restricts what others ask for: a constraint, or a decision.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub constraint: bool,
}

impl Resolution {
    /// Whether the suite has everything in the versions that are required.
    pub fn is_satisfied(&self) -> bool {
        let done = |d: &Distribution| {
            matches!(d.action, Some(Action::Use | Action::Relax | Action::Ignore))
        };
        self.conflict.is_empty() && self.distributions.iter().all(done)
    }

    /// The distributions of which a package has to be built.
    pub fn to_build(&self) -> impl Iterator<Item = &Distribution> {
        let builds = |d: &&Distribution| d.action.is_some_and(Action::builds);
        self.distributions.iter().filter(builds)
    }

    /// The distributions that somebody has to decide about.
    pub fn open(&self) -> impl Iterator<Item = &Distribution> {
        self.distributions.iter().filter(|d| d.action.is_none())
    }

    /// How many distributions have a verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        let same = |d: &&Distribution| d.verdict == verdict;
        self.distributions.iter().filter(same).count()
    }

    /// A distribution of the tree.
    pub fn get(&self, name: &DistName) -> Option<&Distribution> {
        self.distributions.iter().find(|d| d.name == *name)
    }
}
