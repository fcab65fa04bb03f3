//! Source archives: their requirements, as far as they stand in them, of which nothing but
//! a few small members is kept. Nothing is executed.

mod archive;
pub mod compression;
#[cfg(test)]
mod tests;

use pep440_rs::Version;
use pydeps_core::finding::{Finding, Severity};
use pydeps_core::name::DistName;
use pydeps_core::upstream::{Metadata, MetadataSource};
use serde::{Deserialize, Serialize};

pub use archive::{MAX_ENTRIES, MAX_INFLATED, is_archive, read};
pub use pydeps_core::requires_txt::parse as parse_requires_txt;

use crate::error::ReadError;
use crate::metadata::{self, Headers};
use crate::project_file::{self, ProjectFile};

/// The members of a source archive that may tell its requirements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// `PKG-INFO` of the top directory.
    pub pkg_info: Option<String>,
    /// `pyproject.toml` of the top directory.
    pub pyproject: Option<String>,
    /// `requires.txt` of an `*.egg-info` directory.
    pub requires_txt: Option<String>,
    /// `SOURCES.txt` of an `*.egg-info` directory, of which only the presence
    /// matters: setuptools writes no `requires.txt` where nothing is required.
    pub sources_txt: Option<String>,
}

/// The metadata of a release from its source archive, by the first that holds:
/// `PKG-INFO` with static requirements (PEP 643); `[project]` in `pyproject.toml`
/// or Poetry's table,
/// with static requirements (PEP 621); `requires.txt` and old `PKG-INFO`, which are
/// guesses and labelled so. Else [`ReadError::Dynamic`].
pub fn metadata(
    texts: &Texts,
    name: &DistName,
    version: &Version,
    origin: &str,
) -> Result<Metadata, ReadError> {
    let mut metadata = base(texts, name, version, origin);
    if let Some(pkg_info) = &texts.pkg_info {
        if Headers::parse(pkg_info.as_bytes(), origin)?.is_static() {
            return metadata::parse(pkg_info.as_bytes(), MetadataSource::SdistStatic, origin);
        }
    }
    if let Some(file) = static_project(texts, origin) {
        take_project(&mut metadata, file);
        return Ok(metadata);
    }
    let none = texts.sources_txt.as_ref().map(|_| String::new());
    if let Some(text) = texts.requires_txt.as_ref().or(none.as_ref()) {
        let requires = parse_requires_txt(text, origin);
        metadata.requires_dist = requires.requires_dist;
        metadata.provides_extra = requires.provides_extra;
        metadata.findings.extend(requires.findings);
        guess(&mut metadata, "*.egg-info");
        return Ok(metadata);
    }
    if !metadata.requires_dist.is_empty() {
        guess(&mut metadata, "PKG-INFO");
        return Ok(metadata);
    }
    Err(ReadError::Dynamic {
        url: origin.to_owned(),
    })
}

/// What `PKG-INFO` says, whatever its worth, or only name and version.
fn base(texts: &Texts, name: &DistName, version: &Version, origin: &str) -> Metadata {
    let source = MetadataSource::SdistGuess;
    let pkg_info = texts.pkg_info.as_ref();
    let read = pkg_info.and_then(|text| metadata::parse(text.as_bytes(), source, origin).ok());
    read.unwrap_or_else(|| Metadata {
        name: name.clone(),
        version: version.clone(),
        requires_dist: Vec::new(),
        requires_python: None,
        provides_extra: Vec::new(),
        license: None,
        summary: None,
        source,
        origin: origin.to_owned(),
        findings: Vec::new(),
    })
}

/// `pyproject.toml`, if its requirements are not computed by the backend.
fn static_project(texts: &Texts, origin: &str) -> Option<ProjectFile> {
    let text = texts.pyproject.as_ref()?;
    let file = project_file::parse(text, &format!("{origin}: pyproject.toml")).ok()?;
    // Poetry has written PKG-INFO itself, and knows better what it meant.
    let broken = file.findings.iter().any(|f| f.severity == Severity::Error);
    (file.is_static() && !(file.has_poetry && broken)).then_some(file)
}

fn take_project(metadata: &mut Metadata, file: ProjectFile) {
    metadata.source = MetadataSource::Pyproject;
    metadata.requires_dist = file.requires_dist();
    metadata.provides_extra = file.optional_dependencies.into_keys().collect();
    if file.requires_python.is_some() {
        metadata.requires_python = file.requires_python;
    }
    metadata.findings = file.findings;
}

fn guess(metadata: &mut Metadata, what: &str) {
    metadata.source = MetadataSource::SdistGuess;
    let message = format!(
        "the requirements of {} {} are what the uploader's build wrote to {what}; \
         a build here may come to others",
        metadata.name, metadata.version
    );
    let finding = Finding::info("requirements-guessed", message);
    metadata
        .findings
        .push(finding.with_origin(&metadata.origin));
}
