//! The answer: every distribution of the tree with its verdict. Resolution gives it, a
//! lock keeps it.

use pep440_rs::Version;
use serde::{Deserialize, Serialize};

use crate::decision::Choice;
use crate::finding::Finding;
use crate::licence::Freedom;
use crate::mapping::Evidence;
use crate::name::{DebName, DistName};
use crate::source::Source;

/// Who requires what was asked for without a file.
pub const COMMAND_LINE: &str = "the command line";

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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
    /// What has to be decided together with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Way>,
}

/// What became of one thing that was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct RootOutcome {
    /// As it was asked for.
    pub label: String,
    /// The distribution, if it has a name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<DistName>,
    /// The version that was settled on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The newest release, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Version>,
    /// Why the newest release cannot be had.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stepped_back: Vec<String>,
}

/// What the suite has for a distribution, measured by those who require it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Distribution {
    /// Its name.
    pub name: DistName,
    /// The upstream version that will be there; `None` if any is accepted or none
    /// can be named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// What the suite has.
    pub verdict: Verdict,
    /// What is to happen; `None` if somebody has to decide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<Action>,
    /// Where it comes from: `suite`, `updates`, `security`, `backports`, `local PLACE`,
    /// `rebuild SUITE` (a newer suite's source package), `index`, or `none`.
    pub origin: Source,
    /// The Debian package, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<DebName>,
    /// The Debian package's version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package_version: Option<String>,
    /// The package that unstable has of what this suite lacks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unstable: Option<DebName>,
    /// Who requires it, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required_by: Vec<Requirer>,
    /// What says that the package holds the distribution.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// The newest release in the index, where another one is to be built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Version>,
    /// Why it is not the newest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stepped_back: Vec<String>,
    /// How many packages that saves, if it does and if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saves: Option<usize>,
    /// Why a package has to be built: what contradicts its absence.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<String>,
    /// The licence that its metadata state, of what is to be built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// What that licence is, at first sight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freedom: Option<Freedom>,
}

impl Distribution {
    /// Whether a package of it is to be made from the index, be it new or in the place of the
    /// suite's.
    pub fn is_generated(&self) -> bool {
        match self.action {
            Some(Action::Generate) => true,
            Some(Action::Replace) => self.origin == Source::Index,
            _ => false,
        }
    }

    /// Whether a newer suite's source package is to be rebuilt.
    pub fn is_rebuilt(&self) -> bool {
        self.action.is_some_and(Action::builds) && !self.is_generated()
    }

    /// The name and the version.
    pub fn release(&self) -> String {
        let version = self.version.as_ref().map(ToString::to_string);
        format!("{} {}", self.name, version.unwrap_or_default())
    }
}

/// Somebody who requires a distribution.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Requirer {
    /// A distribution with the extra that adds the requirement, or the place where
    /// the requirement was written.
    pub name: String,
    /// The requirement as written.
    pub requirement: String,
    /// Whether the chosen version meets it.
    pub met: bool,
    /// Whether it only restricts what others ask for: a constraint, or a decision.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
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
