//! What an attempt may do: the price of an answer, and which part of it is paid.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pep440_rs::Version;
use pydeps_core::name::DistName;

use crate::origins::OriginKind;

/// Something that an answer would rather do without, dearest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Cost {
    /// A requirement on this, which is not in the suite, is let through.
    WaiveIndex(DistName),
    /// A requirement on this, which the suite has in another version or which nobody
    /// has, is let through for somebody to decide.
    WaiveGiven(DistName),
    /// A package of this has to be built.
    Build(DistName),
    /// It has to be generated, though something else is offered.
    Generate(DistName),
    /// Backports' package is taken instead of the suite's.
    Backports(DistName),
}

/// The number of classes of prices.
pub(crate) const CLASSES: usize = 5;

impl Cost {
    /// Its class, dearest first.
    pub(crate) fn class(&self) -> usize {
        match self {
            Self::WaiveIndex(_) => 0,
            Self::WaiveGiven(_) => 1,
            Self::Build(_) => 2,
            Self::Generate(_) => 3,
            Self::Backports(_) => 4,
        }
    }

    /// Whether it lets a requirement through.
    pub(crate) fn waiver_cores(&self) -> bool {
        matches!(self, Self::WaiveIndex(_) | Self::WaiveGiven(_))
    }

    /// The distribution that it is about.
    pub(crate) fn name(&self) -> &DistName {
        match self {
            Self::WaiveIndex(name)
            | Self::WaiveGiven(name)
            | Self::Build(name)
            | Self::Generate(name)
            | Self::Backports(name) => name,
        }
    }
}

/// What may be paid.
pub(crate) type Costs = BTreeSet<Cost>;

/// The distributions of which any version will do, whatever their requirers say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Waived {
    /// None.
    #[default]
    None,
    /// These.
    Some(BTreeSet<DistName>),
    /// All but what was asked for.
    All,
}

impl Waived {
    /// Those among the prices.
    pub(crate) fn by(costs: &Costs) -> Self {
        let waived = costs.iter().filter(|cost| cost.waiver_cores());
        Self::Some(waived.map(|cost| cost.name().clone()).collect())
    }

    pub(crate) fn contains(&self, name: &DistName) -> bool {
        match self {
            Self::None => false,
            Self::Some(names) => names.contains(name),
            Self::All => true,
        }
    }
}

/// How far a floating root may step back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StepBack {
    /// Not at all.
    Newest,
    /// As far as the options' window says.
    #[default]
    Window,
    /// To any release of the same major version.
    Major,
}

/// Releases that cannot be had whatever else is chosen, by name.
pub(crate) type InfeasibleReleases = BTreeMap<DistName, BTreeSet<Version>>;

/// What an attempt may do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policy {
    /// How far floating roots step back.
    pub(crate) step_back: StepBack,
    /// What does not bind.
    pub(crate) waived: Waived,
    /// What may be built and taken from backports; `None` for everything.
    pub(crate) allowed: Option<Costs>,
    /// Distributions whose version is settled.
    pub(crate) fixed: BTreeMap<DistName, Version>,
    /// Versions that may be taken although they are outside of the window; `None` if
    /// there is no window for requirements.
    pub(crate) kept: Option<BTreeMap<DistName, Version>>,
    /// Releases that need not be tried.
    pub(crate) infeasible: Rc<InfeasibleReleases>,
    /// Whether the budget holds.
    pub(crate) budgeted: bool,
}

impl Policy {
    /// Whether a version of this kind may be taken. `choice` says that the distribution
    /// is offered in some other way than by the index, too.
    pub(crate) fn admits(&self, name: &DistName, kind: OriginKind, choice: bool) -> bool {
        let Some(allowed) = &self.allowed else {
            return true;
        };
        let has = |cost: Cost| allowed.contains(&cost);
        match kind {
            OriginKind::Suite => true,
            OriginKind::Backports => has(Cost::Backports(name.clone())),
            OriginKind::Rebuild => has(Cost::Build(name.clone())),
            OriginKind::Index => {
                has(Cost::Build(name.clone())) && (!choice || has(Cost::Generate(name.clone())))
            }
        }
    }
}
