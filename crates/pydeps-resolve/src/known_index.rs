//! What has been obtained from the package index so far.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::name::DistName;
use pydeps_core::upstream::{Metadata, Project};

/// Something that resolution needs from the package index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IndexRequest {
    /// A project's list of files.
    Project(DistName),
    /// The core metadata of one release.
    Metadata(DistName, Version),
}

/// What resolution asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexRequests {
    /// Without these it cannot go on.
    pub now: BTreeSet<IndexRequest>,
    /// These it will most likely ask for next; if they are not to be had, that is no
    /// failure yet.
    pub soon: BTreeSet<IndexRequest>,
}

impl IndexRequests {
    /// All requests, the pressing ones first.
    pub fn all(&self) -> impl Iterator<Item = &IndexRequest> {
        let soon = self.soon.difference(&self.now);
        self.now.iter().chain(soon)
    }
}

/// Why a release's metadata is not to be had.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MetadataUnavailable(pub String);

/// The package index as far as it is known.
#[derive(Clone, Debug, Default)]
pub struct KnownIndex {
    projects: BTreeMap<DistName, Option<Project>>,
    metadata: BTreeMap<DistName, BTreeMap<Version, Result<Metadata, MetadataUnavailable>>>,
}

impl KnownIndex {
    /// Records a project; `None` if no index has it.
    pub fn add_project(&mut self, name: DistName, project: Option<Project>) {
        self.projects.insert(name, project);
    }

    /// Records a release's metadata, or why there is none.
    pub fn add_metadata(
        &mut self,
        name: DistName,
        version: Version,
        metadata: Result<Metadata, MetadataUnavailable>,
    ) {
        let releases = self.metadata.entry(name).or_default();
        releases.insert(version, metadata);
    }

    /// A project: `None` if it was not asked for yet, `Some(None)` if there is none.
    pub fn project(&self, name: &DistName) -> Option<Option<&Project>> {
        self.projects.get(name).map(Option::as_ref)
    }

    /// A release's metadata, if it was asked for.
    pub fn metadata(
        &self,
        name: &DistName,
        version: &Version,
    ) -> Option<Result<&Metadata, &MetadataUnavailable>> {
        self.metadata.get(name)?.get(version).map(Result::as_ref)
    }

    /// Of how many of its releases the metadata were asked for.
    pub(crate) fn count(&self, name: &DistName) -> usize {
        self.metadata.get(name).map_or(0, BTreeMap::len)
    }
}
