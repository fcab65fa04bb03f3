//! The nodes of the dependency graph: distributions, their extras, and the roots.

use std::fmt;

use pydeps_core::name::{DistName, ExtraName};

use crate::edges::RequirementEdge;

/// A node of the dependency graph. The solver chooses one version for each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum SolverNode {
    /// The one node that depends on all roots.
    Roots,
    /// A distribution.
    Dist(DistName),
    /// An extra of a distribution. It has the version of the distribution and adds
    /// requirements.
    Extra(DistName, ExtraName),
}

impl SolverNode {
    /// The distribution of the node.
    pub(crate) fn name(&self) -> Option<&DistName> {
        match self {
            Self::Roots => None,
            Self::Dist(name) | Self::Extra(name, _) => Some(name),
        }
    }

    /// The nodes that an edge leads to: the distribution and the required extras.
    pub(crate) fn of_edge(edge: &RequirementEdge) -> impl Iterator<Item = Self> + '_ {
        let extras = edge.extras.iter();
        let extras = extras.map(|extra| Self::Extra(edge.name.clone(), extra.clone()));
        std::iter::once(Self::Dist(edge.name.clone())).chain(extras)
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
