//! What a package index knows about a project: its files, and the core
//! metadata of its releases. Values only; `pydeps-index` obtains them.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use pep440_rs::{Version, VersionSpecifiers};
use url::Url;

use crate::finding::Finding;
use crate::name::{DistName, ExtraName};
use crate::requirement::Requirement;

/// A project as an index lists it (PEP 503, PEP 691): every file it offers.
#[derive(Clone, Debug, PartialEq)]
pub struct Project {
    /// The project's normalised name.
    pub name: DistName,
    /// The page that listed it, or the directory.
    pub origin: String,
    /// The files, grouped by the version in their names, ascending.
    pub releases: BTreeMap<Version, Vec<File>>,
    /// Files whose names cannot be read, and other things worth telling.
    pub findings: Vec<Finding>,
}

impl Project {
    /// Whether every file of a release was yanked (PEP 592); a release without
    /// files is.
    pub fn is_yanked(&self, version: &Version) -> bool {
        self.files(version).iter().all(|file| file.yanked.is_some())
    }

    /// What a release's files say of Python: `None` if one of those that are not
    /// yanked works with any, else the first that they say.
    pub fn requires_python(&self, version: &Version) -> Option<&VersionSpecifiers> {
        let files = self.files(version);
        let usable = files.iter().filter(|file| file.yanked.is_none());
        let mut pythons = usable.map(|file| file.requires_python.as_deref());
        let first = pythons.next()??;
        pythons.all(|python| python.is_some()).then_some(first)
    }

    /// The source archive of a release: one that was not yanked before one that was, and
    /// `.tar.gz` (PEP 625) before older forms. `None` if it has only wheels.
    pub fn sdist(&self, version: &Version) -> Option<Details> {
        let files = self.files(version).iter();
        let mut sdists: Vec<(bool, Details)> = files
            .filter_map(|file| Some((file.yanked.is_some(), file.details()?)))
            .filter(|(_, details)| details.kind == FileKind::Sdist)
            .collect();
        let older = |name: &str| !name.ends_with(".tar.gz");
        let rank = |yanked: bool, name: &str| (yanked, older(name), name.to_owned());
        sdists.sort_by_key(|(yanked, details)| rank(*yanked, &details.filename));
        Some(sdists.into_iter().next()?.1)
    }

    /// When the first file of a release was uploaded, if the index says so.
    pub fn uploaded(&self, version: &Version) -> Option<Timestamp> {
        self.files(version)
            .iter()
            .filter_map(|file| file.uploaded)
            .min()
    }

    /// The files of a release; none if there is no such release.
    pub fn files(&self, version: &Version) -> &[File] {
        self.releases.get(version).map_or(&[], Vec::as_slice)
    }
}

/// One file of a project: what choosing a release takes. An index lists tens of
/// thousands of files for one resolution, which looks closer at a few of them.
#[derive(Clone, Debug)]
pub struct File {
    /// The Python versions it says it works with (PEP 345): the same for most files of a
    /// project.
    pub requires_python: Option<Arc<VersionSpecifiers>>,
    /// `Some(reason)`, which may be empty, if it was yanked (PEP 592).
    pub yanked: Option<String>,
    /// When it was uploaded (PEP 700).
    pub uploaded: Option<Timestamp>,
    /// The rest.
    pub rest: Rest,
}

impl File {
    /// The rest of what is known of the file; `None` if it turns out to be unreadable.
    pub fn details(&self) -> Option<Details> {
        match &self.rest {
            Rest::Known(details) => Some((**details).clone()),
            Rest::Packed(page, at) => page.details(*at),
        }
    }
}

impl PartialEq for File {
    fn eq(&self, other: &Self) -> bool {
        self.requires_python == other.requires_python
            && self.yanked == other.yanked
            && self.uploaded == other.uploaded
            && self.details() == other.details()
    }
}

/// What is known of a file, either at hand or to be read when it is asked for.
#[derive(Clone, Debug)]
pub enum Rest {
    /// At hand.
    Known(Box<Details>),
    /// In a page, and where there.
    Packed(Arc<dyn Packed>, usize),
}

/// A page that holds the details of files in a form of its own.
pub trait Packed: fmt::Debug + Send + Sync {
    /// The details of the file at this place; `None` if they cannot be read.
    fn details(&self, at: usize) -> Option<Details>;
}

/// What is known of a file, apart from what choosing a release takes.
#[derive(Clone, Debug, PartialEq)]
pub struct Details {
    /// The file's name.
    pub filename: String,
    /// Where it is, absolute; `file:` for a find-links directory.
    pub url: Url,
    /// Source archive or wheel.
    pub kind: FileKind,
    /// Digests by lower-case algorithm name, in lower-case hexadecimal.
    pub hashes: BTreeMap<String, String>,
    /// What the index says of a `.metadata` file beside it (PEP 658, PEP 714).
    pub metadata: MetadataFile,
    /// Its size in bytes (PEP 700).
    pub size: Option<u64>,
}

/// What kind of file a project offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A source archive (PEP 625, or an older spelling).
    Sdist,
    /// A wheel (PEP 427).
    Wheel {
        /// The compatibility tags of its name, expanded: `py3-none-any` and so on.
        tags: Vec<String>,
    },
}

/// Whether a `.metadata` file is to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MetadataFile {
    /// The index says nothing about it; it may still be there.
    Unknown,
    /// The index says that there is none.
    Absent,
    /// It is there, with these digests (as in [`Details::hashes`]; may be empty).
    Present(BTreeMap<String, String>),
}

/// Where a release's metadata was read, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MetadataSource {
    /// The `.metadata` file of a wheel.
    MetadataFile,
    /// `METADATA` inside a wheel.
    Wheel,
    /// `PKG-INFO` of an sdist, version 2.2 or later, requirements not dynamic (PEP 643).
    SdistStatic,
    /// `[project]` in the sdist's `pyproject.toml`, dependencies not dynamic (PEP 621).
    Pyproject,
    /// `egg-info/requires.txt` or an older `PKG-INFO`: what the uploader's build
    /// computed there. A guess, and labelled so.
    SdistGuess,
}

/// The core metadata of one release, as far as resolution needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Metadata {
    /// The normalised name in the metadata.
    pub name: DistName,
    /// The version in the metadata.
    pub version: Version,
    /// `Requires-Dist`, in order. What could not be parsed is a finding.
    pub requires_dist: Vec<Requirement>,
    /// `Requires-Python`.
    pub requires_python: Option<VersionSpecifiers>,
    /// `Provides-Extra`.
    pub provides_extra: Vec<ExtraName>,
    /// `License-Expression` (PEP 639), else `License`, else the licence classifiers
    /// joined by `; `.
    pub license: Option<String>,
    /// `Summary`.
    pub summary: Option<String>,
    /// Where it was read.
    pub source: MetadataSource,
    /// The URL it was read from.
    pub origin: String,
    /// What was noticed on reading.
    pub findings: Vec<Finding>,
}

/// What a release says of itself: the fields of core metadata that resolution has no use for,
/// but a package's description and copyright have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// `Name`, as its author writes it.
    pub name: Option<String>,
    /// `Summary`.
    pub summary: Option<String>,
    /// `Description`, of the header or of the body.
    pub description: Option<String>,
    /// `Description-Content-Type`.
    pub description_type: Option<String>,
    /// `Home-page`.
    pub homepage: Option<String>,
    /// `Project-URL`: label and address.
    pub urls: Vec<(String, String)>,
    /// `Author` or `Maintainer`, with the address where one is given.
    pub author: Option<String>,
    /// `License-Expression`.
    pub licence_expression: Option<String>,
    /// `License`, as it is written.
    pub licence: Option<String>,
    /// `License-File`.
    pub licence_files: Vec<String>,
    /// `Classifier`.
    pub classifiers: Vec<String>,
}
