//! The part of the package index that the caller has fetched so far.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::name::DistName;
use pydeps_core::upstream::{Metadata, Project};

/// A page or file that a resolution needs from the package index.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IndexRequest {
    /// A project's list of files.
    Project(DistName),
    /// The core metadata of one release.
    Metadata(DistName, Version),
}

/// What a resolution requests from the package index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexRequests {
    /// The resolution cannot go on without these.
    pub required: BTreeSet<IndexRequest>,
    /// The resolution will probably require these next. A failure to fetch one of them is
    /// no failure of the resolution.
    pub prefetch: BTreeSet<IndexRequest>,
}

impl IndexRequests {
    /// Every request once, the required ones first.
    pub fn all(&self) -> impl Iterator<Item = &IndexRequest> {
        let prefetch = self.prefetch.difference(&self.required);
        self.required.iter().chain(prefetch)
    }
}

/// Why the metadata of a release cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MetadataUnavailable(pub String);

/// The part of the package index that the caller has fetched so far.
#[derive(Clone, Debug, Default)]
pub struct KnownIndex {
    projects: BTreeMap<DistName, Option<Project>>,
    metadata: BTreeMap<DistName, BTreeMap<Version, Result<Metadata, MetadataUnavailable>>>,
}

impl KnownIndex {
    /// Adds a project; `None` if no index has it.
    pub fn add_project(&mut self, name: DistName, project: Option<Project>) {
        self.projects.insert(name, project);
    }

    /// Adds the metadata of a release, or why they cannot be read.
    pub fn add_metadata(
        &mut self,
        name: DistName,
        version: Version,
        metadata: Result<Metadata, MetadataUnavailable>,
    ) {
        let releases = self.metadata.entry(name).or_default();
        releases.insert(version, metadata);
    }

    /// A project: `None` if it was not fetched yet, `Some(None)` if no index has it.
    pub fn project(&self, name: &DistName) -> Option<Option<&Project>> {
        self.projects.get(name).map(Option::as_ref)
    }

    /// The metadata of a release; `None` if they were not fetched yet.
    pub fn metadata(
        &self,
        name: &DistName,
        version: &Version,
    ) -> Option<Result<&Metadata, &MetadataUnavailable>> {
        self.metadata.get(name)?.get(version).map(Result::as_ref)
    }

    /// The number of releases of `name` whose metadata were fetched.
    pub(crate) fn count_metadata(&self, name: &DistName) -> usize {
        self.metadata.get(name).map_or(0, BTreeMap::len)
    }
}
