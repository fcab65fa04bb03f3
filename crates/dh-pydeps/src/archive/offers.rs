//! What other origins than the suite offer, and what taking it would break.

use std::collections::BTreeSet;

use pydeps_archive::index::ArchiveIndex;
use pydeps_core::archive::{Archive, BackportsOnly, Origin, SourcePackage};
use pydeps_core::deb_version::{DebVersion, is_later};
use pydeps_core::finding::Finding;
use pydeps_core::mapping::{self, Answer, Evidence, Mapping, Tables};
use pydeps_core::name::{DebName, DistName};
use pydeps_core::offer::{Offer, OfferSource};
use pydeps_core::rebuild::{Alternatives, Unmet, unmet};
use pydeps_core::reverse::{self, Broken};
use pydeps_core::stock::Stock;

use super::Debian;

impl Debian {
    /// What backports (with `--backports`) and the newer suite (with `--backport-from`)
    /// have of a distribution: only packages that are newer than the suite's, and only
    /// what their metadata says. A guess by name, labelled, where backports came without
    /// their lists of files.
    pub(crate) fn offers(&self, name: &DistName) -> Vec<Offer> {
        let backports = self.backports.then(|| self.backported(name)).flatten();
        let newer = self.newer.as_ref();
        let rebuilt = newer.and_then(|newer| self.rebuilt(newer, name));
        backports.into_iter().chain(rebuilt).collect()
    }

    /// The relations of the suite's packages that would not hold any more if this
    /// package had this version. `None`: not known, as there is no index of the suite.
    pub(crate) fn broken_by(&self, package: &DebName, version: &DebVersion) -> Option<Vec<Broken>> {
        reverse::broken(&self.archive, package, version)
    }

    /// The other distributions that a package of the suite holds beside one.
    pub(crate) fn also_in(&self, package: &DebName, name: &DistName) -> BTreeSet<DistName> {
        let index = self.archive.base().index();
        let all = index
            .into_iter()
            .flat_map(|index| index.distributions().collect::<Vec<_>>());
        let others = all.filter(|dist| dist.package == *package && dist.name != *name);
        others.map(|dist| dist.name).collect()
    }

    /// The offers, and what taking each would break, as notes for people.
    pub(crate) fn offers_told(&self, name: &DistName) -> Vec<Finding> {
        let offers = self.offers(name).into_iter();
        offers.flat_map(|offer| self.told(&offer)).collect()
    }

    fn backported(&self, name: &DistName) -> Option<Offer> {
        let backports = BackportsOnly(self.archive.base());
        let index = self.archive.base().index()?;
        let mapping = self.elsewhere(&backports, name, !index.has_backports_contents())?;
        offer(mapping, OfferSource::Installable(Origin::Backports))
    }

    fn rebuilt(&self, newer: &ArchiveIndex, name: &DistName) -> Option<Offer> {
        let mut mapping = self.elsewhere(newer, name, false)?;
        let details = newer.package(&mapping.package)?.details?;
        let source = newer.source(&details.source).ok().flatten()?;
        if source.version != details.source_version {
            mapping.findings.push(Finding::info(
                "source-newer",
                format!(
                    "{} was built from {} {}; its source is now {}",
                    mapping.package, source.name, details.source_version, source.version
                ),
            ));
        }
        let unmet = self.unmet(&source);
        let source = OfferSource::Rebuild {
            suite: newer.suite().codename.clone(),
            source_package: source.name.parse().ok()?,
            source_version: source.version,
            unmet: unmet.iter().map(Unmet::to_string).collect(),
        };
        offer(mapping, source)
    }

    /// What keeps a source package of the newer suite from being built here.
    pub(crate) fn unmet(&self, source: &SourcePackage) -> Vec<Unmet> {
        let backports = BackportsOnly(self.archive.base());
        let stock = Stock::new(&self.archive);
        let stock = match self.backports {
            true => stock.with_backports(&backports),
            false => stock,
        };
        unmet(source, &stock, &[], Alternatives::First)
    }

    /// What another archive has of a distribution, if it is newer than what there is.
    fn elsewhere(&self, archive: &dyn Archive, name: &DistName, guess: bool) -> Option<Mapping> {
        let tables = Tables {
            archive,
            overrides: None,
            installed: None,
            aliases: &self.aliases,
            unstable: &|_| None,
            by_unstable_name: false,
        };
        let Answer::Mapped(mapping) = mapping::map(name, &tables) else {
            return None;
        };
        let told = match mapping.evidence {
            Evidence::Archive { .. } | Evidence::Alias { .. } => true,
            Evidence::Guess { .. } => guess,
            _ => false,
        };
        let own = self.archive.package(&mapping.package);
        let version = mapping.package_version.as_deref()?;
        let higher = own.is_none_or(|own| is_later(version, &own.version));
        (mapping.public && told && higher).then_some(mapping)
    }

    fn told(&self, offer: &Offer) -> Vec<Finding> {
        let mut findings = vec![Finding::info(
            "offer",
            describe(offer, &self.archive.suite().codename),
        )];
        let version = offer.package_version.parse().ok();
        let replaced = self.archive.package(&offer.package);
        let Some(version) = version.filter(|_| replaced.is_some()) else {
            return findings;
        };
        let broken = self.broken_by(&offer.package, &version);
        let told = |broken: Broken| {
            let text = format!("{} {version} would break {broken}", offer.package);
            Finding::info("breaks", text)
        };
        findings.extend(broken.into_iter().flatten().map(told));
        findings
    }
}

fn offer(mapping: Mapping, source: OfferSource) -> Option<Offer> {
    Some(Offer {
        upstream: mapping.upstream?,
        package: mapping.package,
        package_version: mapping.package_version?,
        source,
        findings: mapping.findings,
    })
}

fn describe(offer: &Offer, suite: &str) -> String {
    let Offer {
        upstream,
        package,
        package_version,
        ..
    } = offer;
    let package = format!("{package} {package_version}, upstream {upstream}");
    match &offer.source {
        OfferSource::Installable(_) => format!("{suite}-backports has {package}"),
        OfferSource::Rebuild {
            suite: newer,
            source_package,
            source_version,
            unmet,
        } => {
            let source = format!("{newer} has {package}; {source_package} {source_version}");
            match unmet.as_slice() {
                [] => format!("{source} can be rebuilt"),
                unmet => format!("{source} cannot be rebuilt: {}", unmet.join("; ")),
            }
        }
    }
}
