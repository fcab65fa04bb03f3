//! What one solver run may do.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::name::DistName;

use crate::cost::{Cost, Costs};
use crate::origins::OriginKind;

/// The distributions whose requirements do not bind: any version meets them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Waived {
    /// No distribution.
    #[default]
    None,
    /// These distributions.
    Some(BTreeSet<DistName>),
    /// Every distribution except the roots.
    All,
}

impl Waived {
    /// The distributions that the waivers among the costs are about.
    pub(crate) fn by(costs: &Costs) -> Self {
        let waivers = costs.iter().filter(|cost| cost.is_waiver());
        Self::Some(waivers.map(|cost| cost.name().clone()).collect())
    }

    /// Whether requirements on `name` are waived.
    pub(crate) fn contains(&self, name: &DistName) -> bool {
        match self {
            Self::None => false,
            Self::Some(names) => names.contains(name),
            Self::All => true,
        }
    }
}

/// How far a floating root may step back from its newest release.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum StepBack {
    /// The root stays at its newest release.
    Newest,
    /// The root stays within the window of the options.
    #[default]
    Window,
    /// The root may take any release of the same major version.
    Major,
}

/// What one solver run may do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policy {
    /// How far floating roots step back.
    pub(crate) step_back: StepBack,
    /// The distributions whose requirements do not bind.
    pub(crate) waived: Waived,
    /// What the run may build and take from backports; `None` for everything.
    pub(crate) allowed: Option<Costs>,
    /// Distributions with the one version that they may have.
    pub(crate) pinned: BTreeMap<DistName, Version>,
    /// The versions that distributions may have outside of the window; `None` if
    /// requirements have no window.
    pub(crate) outside_window: Option<BTreeMap<DistName, Version>>,
    /// Whether the run stops at the end of the budget.
    pub(crate) budgeted: bool,
}

impl Policy {
    /// Whether the run may take a version of this kind. `has_offers` says that another
    /// origin than the index offers the distribution, too.
    pub(crate) fn admits(&self, name: &DistName, kind: OriginKind, has_offers: bool) -> bool {
        let Some(allowed) = &self.allowed else {
            return true;
        };
        let has_build = || allowed.contains(&Cost::Build(name.clone()));
        match kind {
            OriginKind::Suite => true,
            OriginKind::Backports => allowed.contains(&Cost::Backports(name.clone())),
            OriginKind::Rebuild => has_build(),
            OriginKind::Index => {
                has_build() && (!has_offers || allowed.contains(&Cost::Generate(name.clone())))
            }
        }
    }
}
