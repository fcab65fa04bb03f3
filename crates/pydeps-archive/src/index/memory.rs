//! The files of a small repository → answers, without an index.

use jiff::Timestamp;
use pydeps_core::archive::{ArchivePackage, MemoryArchive, Origin, PackageDetails, Suite};

use super::build::{PocketFacts, distributions, winners};
use super::contents::Contents;
use super::packages::PackageFacts;
use super::release::Release;

/// A repository beside a suite, for the suite's architecture: of each package its
/// newest version, with the distributions that Contents say it has.
pub fn in_memory(
    suite: &Suite,
    name: &str,
    mut packages: Vec<PackageFacts>,
    contents: Contents,
) -> MemoryArchive {
    packages
        .retain(|package| ["all", &suite.architecture].contains(&package.architecture.as_str()));
    let pocket = PocketFacts {
        origin: Origin::Local(name.to_owned()),
        release: Release {
            codename: suite.codename.clone(),
            suite: None,
            date: Timestamp::UNIX_EPOCH,
        },
        packages,
        contents,
        sources: None,
    };
    let pockets = [pocket];
    let winners = winners(&pockets);
    let (distributions, _) = distributions(&pockets, &winners);
    let packages = winners
        .values()
        .filter_map(|(facts, origin)| package(facts, origin));
    MemoryArchive::new(suite.clone(), distributions, packages)
}

fn package(facts: &PackageFacts, origin: &Origin) -> Option<ArchivePackage> {
    let [provides, depends, pre_depends, breaks, conflicts] = facts.relations.clone();
    Some(ArchivePackage {
        name: facts.name.parse().ok()?,
        version: facts.version.clone(),
        section: facts.section.clone(),
        origin: origin.clone(),
        details: Some(PackageDetails {
            source: facts.source.clone(),
            source_version: facts.source_version.clone(),
            architecture: facts.architecture.clone(),
            multi_arch: facts.multi_arch.clone(),
            provides,
            depends,
            pre_depends,
            breaks,
            conflicts,
        }),
    })
}
