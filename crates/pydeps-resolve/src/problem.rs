//! What is to be resolved.

use pep440_rs::VersionSpecifiers;
use pep508_rs::Requirement;
use pydeps_core::decision::Decisions;
use pydeps_core::mapping::Answer;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::offer::Offer;
use pydeps_core::target::Target;

/// Looks a distribution up in the target suite.
pub type SuiteLookup<'a> = &'a dyn Fn(&DistName) -> Answer;

/// What other origins offer of a distribution.
pub type OffersLookup<'a> = &'a dyn Fn(&DistName) -> Vec<Offer>;

/// A resolution to be done.
#[derive(Clone)]
pub struct ResolutionProblem<'a> {
    /// What must be there in the end.
    pub roots: Vec<ResolutionRoot>,
    /// Requirements that hold for what is in the tree, and put nothing into it
    /// (pip's `-c`), with the places where they were written.
    pub constraints: Vec<(Requirement, String)>,
    /// The Python that it is for.
    pub target: &'a Target,
    /// The name of the target suite, for sentences.
    pub suite: &'a str,
    /// What the target suite has.
    pub lookup: SuiteLookup<'a>,
    /// What backports and newer suites offer, where they were asked for.
    pub offers: OffersLookup<'a>,
    /// What was decided.
    pub decisions: Decisions,
    /// How far to go.
    pub options: ResolveOptions,
}

/// One thing that was asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum ResolutionRoot {
    /// A requirement, as given on the command line or in a requirements file.
    Requirement {
        /// The requirement.
        requirement: Requirement,
        /// Where it was written.
        origin: String,
    },
    /// A project whose source is at hand: not looked up anywhere.
    Project {
        /// Its name, if it has one.
        name: Option<DistName>,
        /// Its version as written, if it is static.
        version: Option<String>,
        /// The Pythons that it works with.
        requires_python: Option<VersionSpecifiers>,
        /// What it requires, extras as markers.
        requires: Vec<Requirement>,
        /// The extras that are asked for.
        extras: Vec<ExtraName>,
        /// The file that says so.
        origin: String,
    },
}

impl ResolutionRoot {
    /// The requirement, if it is one.
    pub(crate) fn requirement(&self) -> Option<&Requirement> {
        match self {
            Self::Requirement { requirement, .. } => Some(requirement),
            Self::Project { .. } => None,
        }
    }

    /// The root in words.
    pub fn label(&self) -> String {
        match self {
            Self::Requirement { requirement, .. } => requirement.to_string(),
            Self::Project { name, origin, .. } => name
                .as_ref()
                .map_or_else(|| origin.clone(), ToString::to_string),
        }
    }
}

/// How many releases may be looked into for a better answer than the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// With those of the first answer, twice as many as that has distributions, but at
    /// least [`Budget::SMALL`].
    Fitting,
    /// So many beyond those of the first answer.
    Releases(usize),
}

impl Budget {
    /// As many releases as take seconds and not minutes.
    pub const SMALL: usize = 64;

    /// How many more there may be, after so many for an answer with so many distributions.
    pub(crate) fn beyond(self, consulted: usize, distributions: usize) -> usize {
        match self {
            Self::Fitting => Self::SMALL.max(2 * distributions).saturating_sub(consulted),
            Self::Releases(more) => more,
        }
    }

    /// How many there may be for a question of its own.
    pub(crate) fn alone(self) -> usize {
        self.beyond(0, 0)
    }
}

/// How far resolution may go.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolveOptions {
    /// A root whose newest release cannot be had steps back at most this many days
    /// from it, and never to another major version. `None`: without limit.
    pub window_days: Option<u32>,
    /// Admit pre-releases where there are final releases.
    pub pre_releases: bool,
    /// Look for the fewest packages to build. Without, the newest of everything.
    pub fewest: bool,
    /// How many releases may be looked into for a better answer.
    pub budget: Budget,
    /// How many releases of a root on its way back are asked for ahead, each with what it
    /// pins: some of them in vain. No answer depends on it.
    pub ahead: usize,
    /// Look for the choices that a person has where something is open.
    pub choices: bool,
    /// Look for older releases of floating roots that take fewer packages.
    pub cheaper: bool,
}
