//! The input of a resolution.

use pep440_rs::VersionSpecifiers;
use pydeps_core::decision::Decisions;
use pydeps_core::mapping::Answer;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::offer::Offer;
use pydeps_core::requirement::Requirement;
use pydeps_core::target::Target;

use crate::budget::Budget;

/// Looks a distribution up in the target suite.
pub type SuiteLookup<'a> = &'a dyn Fn(&DistName) -> Answer;

/// Returns what backports and newer suites offer of a distribution.
pub type OffersLookup<'a> = &'a dyn Fn(&DistName) -> Vec<Offer>;

/// Everything that a resolution depends on, beside the package index.
#[derive(Clone)]
pub struct ResolutionProblem<'a> {
    /// What the user requests.
    pub roots: Vec<ResolutionRoot>,
    /// Requirements that restrict the versions of what is in the tree and add nothing to
    /// it (pip's `-c`), each with the place where it is written.
    pub constraints: Vec<(Requirement, String)>,
    /// The Python of the target suite.
    pub target: &'a Target,
    /// The name of the target suite, for messages.
    pub suite: &'a str,
    /// What the target suite has.
    pub lookup: SuiteLookup<'a>,
    /// What backports and newer suites offer, where the user named them.
    pub offers: OffersLookup<'a>,
    /// The user's decisions.
    pub decisions: Decisions,
    /// How far the resolution goes.
    pub options: ResolveOptions,
}

/// One thing that the user requests.
#[derive(Clone, Debug, PartialEq)]
pub enum ResolutionRoot {
    /// A requirement of the command line or of a requirements file.
    Requirement {
        /// The requirement.
        requirement: Requirement,
        /// Where it is written.
        origin: String,
    },
    /// A project whose source is at hand. Neither the suite nor the index is asked for it.
    Project {
        /// The name, if the project has one.
        name: Option<DistName>,
        /// The version as written, if it is static.
        version: Option<String>,
        /// The Pythons that the project supports.
        requires_python: Option<VersionSpecifiers>,
        /// The requirements, with extras as markers.
        requires: Vec<Requirement>,
        /// The extras that the user requests.
        extras: Vec<ExtraName>,
        /// The file with the project's metadata.
        origin: String,
    },
}

impl ResolutionRoot {
    /// The requirement, if the root is one.
    pub(crate) fn requirement(&self) -> Option<&Requirement> {
        match self {
            Self::Requirement { requirement, .. } => Some(requirement),
            Self::Project { .. } => None,
        }
    }

    /// The root's text: the requirement, or the project's name, or else its file.
    pub fn label(&self) -> String {
        match self {
            Self::Requirement { requirement, .. } => requirement.to_string(),
            Self::Project { name, origin, .. } => name
                .as_ref()
                .map_or_else(|| origin.clone(), ToString::to_string),
        }
    }
}

/// How far a resolution goes.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolveOptions {
    /// A floating root steps back at most this many days from its newest release, and
    /// never to another major version. `None` is no limit.
    pub window_days: Option<u32>,
    /// Take pre-releases where there are final releases, too.
    pub pre_releases: bool,
    /// Look for the fewest packages to build. Without this, everything is at its newest
    /// feasible release.
    pub fewest: bool,
    /// How many releases the solver may read to find a better answer.
    pub budget: Budget,
    /// How many releases of a stepping root to prefetch at a time, each with the releases
    /// that it pins; some of them in vain. No answer depends on it.
    pub prefetch: usize,
    /// Look for the decisions that would resolve what is open.
    pub choices: bool,
    /// Look for older releases of floating roots that need fewer packages.
    pub cheaper: bool,
}
