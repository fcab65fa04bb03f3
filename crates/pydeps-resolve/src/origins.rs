//! The origins of one distribution: the suite, backports, a newer suite's package to
//! rebuild, and the index; as far as the decisions allow them.

use pep440_rs::Version;
use pydeps_core::decision::{Choice, Decision};
use pydeps_core::finding::Finding;
use pydeps_core::mapping::{Answer, Evidence, Mapping};
use pydeps_core::name::DebName;
use pydeps_core::offer::{Offer, OfferSource};

/// Where a version of a distribution comes from, in the order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum OriginKind {
    /// The package of the suite or of a local repository.
    Suite,
    /// The package of backports.
    Backports,
    /// The package of a newer suite, rebuilt.
    Rebuild,
    /// A release in the index.
    Index,
}

impl OriginKind {
    /// Whether the package exists already, so that apt resolves its dependencies.
    pub(crate) fn is_package(self) -> bool {
        self <= Self::Backports
    }
}

/// The origins of one distribution.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    /// Why requirements on the distribution are left out, if they are.
    pub(crate) ignored: Option<Evidence>,
    /// The suite's package, also where a decision replaces it.
    pub(crate) mapping: Option<Mapping>,
    /// What backports and newer suites offer, in the order of preference.
    pub(crate) offers: Vec<(OriginKind, Offer)>,
    /// Whether the solver may take releases of the index.
    pub(crate) index: bool,
    /// The package that unstable has.
    pub(crate) unstable: Option<DebName>,
    /// Why a package that looks like the distribution is not it.
    pub(crate) findings: Vec<Finding>,
    decision: Option<Decision>,
    /// The public version of the suite's package and of each offer.
    fixed: Vec<(OriginKind, Version)>,
}

impl Origins {
    /// The origins that a decision leaves of the suite's answer and the offers.
    pub(crate) fn new(answer: Answer, offers: Vec<Offer>, decision: Option<&Decision>) -> Self {
        let mut origins = Self::of_suite(answer);
        origins.offers = offers.into_iter().map(with_kind).collect();
        origins.offers.sort_by_key(|(kind, _)| *kind);
        origins.decision = decision.cloned();
        origins.apply_decision();
        if origins.index {
            origins.drop_unbuildable();
        }
        origins.fix_versions();
        origins
    }

    fn of_suite(answer: Answer) -> Self {
        let mut origins = Self::default();
        match answer {
            // Other packages cannot import a private copy.
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

    /// Drops the origins that the decision excludes. Without a decision, only what the
    /// suite lacks is rebuilt or taken from the index.
    fn apply_decision(&mut self) {
        let choice = self.decision.as_ref().map(|decision| decision.choice);
        if let (Some(Choice::Ignore), Some(decision)) = (choice, &self.decision) {
            let at = decision.origin.clone();
            self.ignored = Some(Evidence::Override { at });
        }
        let from = self.decision.as_ref().and_then(|d| d.from.clone());
        let from = from.as_deref();
        let (packages, rebuilds, index) = match choice {
            Some(Choice::Backport) => (true, true, false),
            Some(Choice::Generate) => (self.mapping.is_some(), false, self.mapping.is_none()),
            Some(Choice::Bundle) => (false, false, true),
            Some(Choice::Replace) => (
                from.is_some_and(|from| from != "index"),
                from != Some("index"),
                from.is_none_or(|from| from == "index"),
            ),
            _ => (true, self.mapping.is_none(), self.mapping.is_none()),
        };
        self.index = index;
        self.offers.retain(|(kind, offer)| {
            let allowed = match kind {
                OriginKind::Rebuild => rebuilds,
                _ => packages,
            };
            allowed && from.is_none_or(|from| is_from(offer, from))
        });
    }

    /// Drops the offers that cannot be rebuilt, each with a finding.
    fn drop_unbuildable(&mut self) {
        for (kind, offer) in std::mem::take(&mut self.offers) {
            if unmet(&offer).is_empty() {
                self.offers.push((kind, offer));
            } else {
                self.findings.push(unbuildable(&offer));
            }
        }
    }

    /// Fills in `fixed`, and drops the offers of versions that a preferred origin has.
    fn fix_versions(&mut self) {
        if let Some(mapping) = self.suite() {
            self.fixed = vec![(OriginKind::Suite, leaf_version(mapping))];
        }
        for (kind, offer) in std::mem::take(&mut self.offers) {
            let version = offer.upstream.clone().without_local();
            if self.fixed.iter().all(|(_, fixed)| *fixed != version) {
                self.fixed.push((kind, version));
                self.offers.push((kind, offer));
            }
        }
    }

    fn has_decision(&self, choice: Choice) -> bool {
        self.decision.as_ref().is_some_and(|d| d.choice == choice)
    }

    /// Whether a decision relaxes the requirements on the distribution.
    pub(crate) fn is_relaxed(&self) -> bool {
        self.has_decision(Choice::Relax)
    }

    /// Whether a decision bundles the distribution with the application.
    pub(crate) fn is_bundled(&self) -> bool {
        self.has_decision(Choice::Bundle)
    }

    /// Whether a decision replaces the suite's package.
    pub(crate) fn is_replaced(&self) -> bool {
        self.mapping.is_some() && self.has_decision(Choice::Replace)
    }

    /// The suite's package, unless it is replaced or bundled.
    pub(crate) fn suite(&self) -> Option<&Mapping> {
        let displaced = self.is_bundled() || self.has_decision(Choice::Replace);
        self.mapping.as_ref().filter(|_| !displaced)
    }

    /// Whether the upstream version of the suite's package is not known, so that no
    /// requirement excludes it.
    pub(crate) fn is_unjudged(&self) -> bool {
        self.suite().is_some_and(|leaf| leaf.upstream.is_none())
    }

    /// Whether the suite has the distribution and the index is no origin of it.
    pub(crate) fn is_leaf(&self) -> bool {
        self.suite().is_some() && !self.index
    }

    /// The public version of the suite's package and of each offer, in the order of
    /// preference.
    pub(crate) fn fixed(&self) -> impl Iterator<Item = (OriginKind, &Version)> {
        self.fixed.iter().map(|(kind, version)| (*kind, version))
    }

    /// The origin that the solver takes a version from.
    pub(crate) fn kind(&self, version: &Version) -> OriginKind {
        let mut fixed = self.fixed();
        let found = fixed.find(|(_, fixed)| *fixed == version);
        found.map_or(OriginKind::Index, |(kind, _)| kind)
    }

    /// The offer of a version, if backports or a newer suite is the origin of it.
    pub(crate) fn offer(&self, version: &Version) -> Option<&Offer> {
        let suite = self.fixed.len() - self.offers.len();
        let at = self.fixed.iter().position(|(_, fixed)| fixed == version)?;
        self.offers
            .get(at.checked_sub(suite)?)
            .map(|(_, offer)| offer)
    }
}

fn with_kind(offer: Offer) -> (OriginKind, Offer) {
    let kind = match offer.source {
        OfferSource::Installable(_) => OriginKind::Backports,
        OfferSource::Rebuild { .. } => OriginKind::Rebuild,
    };
    (kind, offer)
}

/// Whether `from` of a decision names the origin of an offer.
fn is_from(offer: &Offer, from: &str) -> bool {
    match &offer.source {
        OfferSource::Installable(_) => from == "backports" || from.ends_with("-backports"),
        OfferSource::Rebuild { suite, .. } => suite == from,
    }
}

/// The build dependencies of an offer that the target suite does not meet.
pub(crate) fn unmet(offer: &Offer) -> &[String] {
    match &offer.source {
        OfferSource::Installable(_) => &[],
        OfferSource::Rebuild { unmet, .. } => unmet,
    }
}

fn unbuildable(offer: &Offer) -> Finding {
    let (package, version) = (&offer.package, &offer.package_version);
    let unmet = unmet(offer).join("; ");
    let text = format!("{package} {version} cannot be rebuilt: {unmet}");
    Finding::info("cannot-rebuild", text)
}

/// The public version of the suite's package; 0 if its upstream version is not known.
fn leaf_version(mapping: &Mapping) -> Version {
    let version = mapping.upstream.clone();
    version.unwrap_or_else(|| Version::new([0])).without_local()
}
