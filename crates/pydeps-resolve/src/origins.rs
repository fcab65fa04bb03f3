//! How a distribution may be had: from the suite, from backports, rebuilt from a newer
//! suite, from the index; as far as the decisions allow.

use pep440_rs::Version;
use pydeps_core::decision::{Choice, Decision};
use pydeps_core::finding::Finding;
use pydeps_core::mapping::{Answer, Evidence, Mapping};
use pydeps_core::name::DebName;
use pydeps_core::offer::{Offer, Source};

/// Where a version of a distribution comes from, in the order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OriginKind {
    /// The suite's package, or a local repository's.
    Suite,
    /// Backports' package.
    Backports,
    /// A newer suite's package, rebuilt.
    Rebuild,
    /// A release in the index.
    Index,
}

impl OriginKind {
    /// Whether a package is there already: what it needs is apt's business.
    pub(crate) fn is_package(self) -> bool {
        self <= Self::Backports
    }
}

/// Everything that may provide one distribution.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    /// Why requirements on it are left out.
    pub(crate) ignored: Option<Evidence>,
    /// The suite's package, whether it may be used or not.
    pub(crate) mapping: Option<Mapping>,
    /// What the others offer, in the order of preference.
    pub(crate) offers: Vec<(OriginKind, Offer)>,
    /// Whether the index's releases come into question.
    pub(crate) index: bool,
    /// What was decided.
    pub(crate) decision: Option<Decision>,
    /// The package that unstable has.
    pub(crate) unstable: Option<DebName>,
    /// Why something that looks like it is not it.
    pub(crate) findings: Vec<Finding>,
}

impl Origins {
    /// What there is of a distribution, with a decision on it.
    pub(crate) fn new(answer: Answer, offers: Vec<Offer>, decision: Option<&Decision>) -> Self {
        let mut origins = Self::of_suite(answer);
        origins.offers = offers.into_iter().map(with_kind).collect();
        origins.offers.sort_by_key(|(kind, _)| *kind);
        origins.decision = decision.cloned();
        origins.restrict();
        origins
    }

    fn of_suite(answer: Answer) -> Self {
        let mut origins = Self::default();
        match answer {
            // A private copy satisfies nobody.
            Answer::Mapped(mapping) if !mapping.public => origins.findings = mapping.findings,
            Answer::Mapped(mapping) => origins.mapping = Some(mapping),
            Answer::Ignored(evidence) => origins.ignored = Some(evidence),
            Answer::Missing { unstable, findings } => {
                origins.unstable = unstable;
                origins.findings = findings;
            }
        }
        origins
    }

    /// What the suite has is not replaced unless that was decided; of what a newer suite
    /// offers, only what differs from what is nearer is another way.
    fn restrict(&mut self) {
        let choice = self.decision.as_ref().map(|decision| decision.choice);
        if let (Some(Choice::Ignore), Some(decision)) = (choice, &self.decision) {
            let at = decision.origin.clone();
            self.ignored = Some(Evidence::Override { at });
        }
        let from = self.decision.as_ref().and_then(|d| d.from.clone());
        let (packages, rebuilds, index) = match choice {
            Some(Choice::Backport) => (true, true, false),
            Some(Choice::Generate) => (self.mapping.is_some(), false, self.mapping.is_none()),
            Some(Choice::Bundle) => (false, false, true),
            Some(Choice::Replace) => {
                let named = from.as_deref();
                (
                    named.is_some_and(|from| from != "index"),
                    named != Some("index"),
                    named.is_none_or(|from| from == "index"),
                )
            }
            _ => (true, self.mapping.is_none(), self.mapping.is_none()),
        };
        self.index = index;
        self.offers.retain(|(kind, offer)| {
            let wanted = match kind {
                OriginKind::Rebuild => rebuilds,
                _ => packages,
            };
            wanted && from.as_deref().is_none_or(|from| is_from(offer, from))
        });
        if self.index {
            self.without_unbuildable();
        }
        let mut seen: Vec<Version> = self.suite_version().into_iter().collect();
        self.offers.retain(|(_, offer)| {
            let version = public(&offer.upstream);
            let new = !seen.contains(&version);
            seen.push(version);
            new
        });
    }

    /// What cannot be rebuilt is no way, where the index is another one.
    fn without_unbuildable(&mut self) {
        let (good, bad): (Vec<_>, Vec<_>) = std::mem::take(&mut self.offers)
            .into_iter()
            .partition(|(_, offer)| unmet(offer).is_empty());
        self.offers = good;
        self.findings
            .extend(bad.iter().map(|(_, offer)| unbuildable(offer)));
    }

    fn chose(&self, choice: Choice) -> bool {
        self.decision.as_ref().is_some_and(|d| d.choice == choice)
    }

    /// Whether the suite's package has to make way, here or everywhere.
    fn displaced(&self) -> bool {
        self.chose(Choice::Replace) || self.chose(Choice::Bundle)
    }

    /// Whether what its requirers say does not bind.
    pub(crate) fn is_relaxed(&self) -> bool {
        self.chose(Choice::Relax)
    }

    /// Whether it goes into the application's own directory.
    pub(crate) fn is_bundled(&self) -> bool {
        self.chose(Choice::Bundle)
    }

    /// Whether it takes the place of the suite's package.
    pub(crate) fn replaces(&self) -> Option<&Mapping> {
        let replaced = || self.chose(Choice::Replace);
        self.mapping.as_ref().filter(|_| replaced())
    }

    /// The suite's package, if it may be used.
    pub(crate) fn suite(&self) -> Option<&Mapping> {
        let displaced = self.displaced();
        self.mapping.as_ref().filter(|_| !displaced)
    }

    fn suite_version(&self) -> Option<Version> {
        self.suite().map(leaf_version)
    }

    /// Whether it cannot be judged which version the suite has.
    pub(crate) fn is_unjudged(&self) -> bool {
        self.suite().is_some_and(|leaf| leaf.upstream.is_none())
    }

    /// Whether there is nothing but packages to choose from.
    pub(crate) fn is_leaf(&self) -> bool {
        self.suite().is_some() && !self.index
    }

    /// The versions that do not come from the index, in the order of preference.
    pub(crate) fn fixed(&self) -> impl Iterator<Item = (OriginKind, Version)> + '_ {
        let suite = self
            .suite_version()
            .map(|version| (OriginKind::Suite, version));
        let offers = self.offers.iter();
        suite
            .into_iter()
            .chain(offers.map(|(kind, offer)| (*kind, public(&offer.upstream))))
    }

    /// Where a version comes from.
    pub(crate) fn kind(&self, version: &Version) -> OriginKind {
        let found = self.fixed().find(|(_, fixed)| fixed == version);
        found.map_or(OriginKind::Index, |(kind, _)| kind)
    }

    /// The offer of a version, if it comes from one.
    pub(crate) fn offer(&self, version: &Version) -> Option<&Offer> {
        let offers = self.offers.iter().map(|(_, offer)| offer);
        (self.kind(version) != OriginKind::Suite)
            .then(|| {
                offers
                    .into_iter()
                    .find(|offer| public(&offer.upstream) == *version)
            })
            .flatten()
    }
}

fn with_kind(offer: Offer) -> (OriginKind, Offer) {
    let kind = match offer.source {
        Source::Installable(_) => OriginKind::Backports,
        Source::Rebuild { .. } => OriginKind::Rebuild,
    };
    (kind, offer)
}

fn is_from(offer: &Offer, from: &str) -> bool {
    match &offer.source {
        Source::Installable(_) => from == "backports" || from.ends_with("-backports"),
        Source::Rebuild { suite, .. } => suite == from,
    }
}

/// The build dependencies of an offer that the target does not meet.
pub(crate) fn unmet(offer: &Offer) -> &[String] {
    match &offer.source {
        Source::Installable(_) => &[],
        Source::Rebuild { unmet, .. } => unmet,
    }
}

fn unbuildable(offer: &Offer) -> Finding {
    let (package, version) = (&offer.package, &offer.package_version);
    let unmet = unmet(offer).join("; ");
    let text = format!("{package} {version} cannot be rebuilt: {unmet}");
    Finding::info("cannot-rebuild", text)
}

/// The solver compares public versions.
fn public(version: &Version) -> Version {
    version.clone().without_local()
}

/// The version that the suite's package has for the solver.
pub(crate) fn leaf_version(mapping: &Mapping) -> Version {
    let version = mapping.upstream.clone();
    version.unwrap_or_else(|| Version::new([0])).without_local()
}
