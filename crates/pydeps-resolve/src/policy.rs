//! What an attempt may do: the price of an answer, and which part of it is paid.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use pep440_rs::Version;
use pydeps_core::name::DistName;

use crate::origins::Kind;

/// Something that an answer would rather do without, dearest first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Price {
    /// A requirement on this, which is not in the suite, is let through.
    Unbind(DistName),
    /// A requirement on this, which the suite has in another version or which nobody
    /// has, is let through for somebody to decide.
    Open(DistName),
    /// A package of this has to be built.
    Build(DistName),
    /// It has to be generated, though something else is offered.
    Generate(DistName),
    /// Backports' package is taken instead of the suite's.
    Backports(DistName),
}

/// The number of classes of prices.
pub(crate) const CLASSES: usize = 5;

impl Price {
    /// Its class, dearest first.
    pub(crate) fn class(&self) -> usize {
        match self {
            Self::Unbind(_) => 0,
            Self::Open(_) => 1,
            Self::Build(_) => 2,
            Self::Generate(_) => 3,
            Self::Backports(_) => 4,
        }
    }

    /// Whether it lets a requirement through.
    pub(crate) fn opens(&self) -> bool {
        matches!(self, Self::Unbind(_) | Self::Open(_))
    }

    /// The distribution that it is about.
    pub(crate) fn name(&self) -> &DistName {
        match self {
            Self::Unbind(name)
            | Self::Open(name)
            | Self::Build(name)
            | Self::Generate(name)
            | Self::Backports(name) => name,
        }
    }
}

/// What may be paid.
pub(crate) type Prices = BTreeSet<Price>;

/// The distributions of which any version will do, whatever their requirers say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Opened {
    /// None.
    #[default]
    None,
    /// These.
    Some(BTreeSet<DistName>),
    /// All but what was asked for.
    All,
}

impl Opened {
    /// Those among the prices.
    pub(crate) fn by(prices: &Prices) -> Self {
        let opened = prices.iter().filter(|price| price.opens());
        Self::Some(opened.map(|price| price.name().clone()).collect())
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
pub(crate) enum Reach {
    /// Not at all.
    Newest,
    /// As far as the options' window says.
    #[default]
    Window,
    /// To any release of the same major version.
    Major,
}

/// Releases that cannot be had whatever else is chosen, by name.
pub(crate) type Hopeless = BTreeMap<DistName, BTreeSet<Version>>;

/// What an attempt may do.
#[derive(Clone, Debug, Default)]
pub(crate) struct Policy {
    /// How far floating roots step back.
    pub(crate) reach: Reach,
    /// What does not bind.
    pub(crate) opened: Opened,
    /// What may be built and taken from backports; `None` for everything.
    pub(crate) paid: Option<Prices>,
    /// Distributions whose version is settled.
    pub(crate) fixed: BTreeMap<DistName, Version>,
    /// Versions that may be taken although they are outside of the window; `None` if
    /// there is no window for requirements.
    pub(crate) kept: Option<BTreeMap<DistName, Version>>,
    /// Releases that need not be tried.
    pub(crate) hopeless: Rc<Hopeless>,
    /// Whether the budget holds.
    pub(crate) metered: bool,
}

impl Policy {
    /// Whether a version of this kind may be taken. `choice` says that the distribution
    /// is offered in some other way than by the index, too.
    pub(crate) fn admits(&self, name: &DistName, kind: Kind, choice: bool) -> bool {
        let Some(paid) = &self.paid else {
            return true;
        };
        let has = |price: Price| paid.contains(&price);
        match kind {
            Kind::Suite => true,
            Kind::Backports => has(Price::Backports(name.clone())),
            Kind::Rebuild => has(Price::Build(name.clone())),
            Kind::Index => {
                has(Price::Build(name.clone())) && (!choice || has(Price::Generate(name.clone())))
            }
        }
    }
}
