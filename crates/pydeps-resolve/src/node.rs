//! What the solver decides about: distributions, their extras, and the roots.

use std::fmt;

use pydeps_core::name::{DistName, ExtraName};

/// One thing that gets a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SolverNode {
    /// Everything that was asked for.
    Roots,
    /// A distribution.
    Dist(DistName),
    /// An extra of a distribution: has the distribution's version and adds
    /// requirements to it.
    Extra(DistName, ExtraName),
}

impl SolverNode {
    /// The distribution that the node is about.
    pub(crate) fn name(&self) -> Option<&DistName> {
        match self {
            Self::Roots => None,
            Self::Dist(name) | Self::Extra(name, _) => Some(name),
        }
    }
}

impl fmt::Display for SolverNode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Roots => f.write_str(crate::explain::ASKED_FOR),
            Self::Dist(name) => write!(f, "{name}"),
            Self::Extra(name, extra) => write!(f, "{name}[{extra}]"),
        }
    }
}
