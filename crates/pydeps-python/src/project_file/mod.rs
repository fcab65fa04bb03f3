//! `pyproject.toml`: what PEP 621, PEP 735, PEP 518 and Poetry say of a project.
//!
//! Where `[project]` and `[tool.poetry]` both speak, `[project]` wins as it does in
//! Poetry: Poetry's dependencies count where `[project]` has none, or says that its own
//! are dynamic.

mod groups;
mod poetry;
mod poetry_version;
mod reader;
mod table;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::requirement::Requirement;
use toml_edit::{Document, Item};

pub use groups::{Group, GroupError};
pub(crate) use reader::Reader;

use reader::line_of;

/// What a `pyproject.toml` says, as far as requirements go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProjectFile {
    /// The file's name, as given.
    pub origin: String,
    /// Whether there is a `[project]` table at all.
    pub has_project: bool,
    /// Whether there is a `[tool.poetry]` table that describes a project.
    pub has_poetry: bool,
    /// Its name, from either.
    pub name: Option<DistName>,
    /// Its version; `None` if it is dynamic.
    pub version: Option<Version>,
    /// `project.requires-python`, or Poetry's `python`.
    pub requires_python: Option<VersionSpecifiers>,
    /// What it requires without extras.
    pub dependencies: Vec<Requirement>,
    /// What its extras require.
    pub optional_dependencies: BTreeMap<ExtraName, Vec<Requirement>>,
    /// `[dependency-groups]` (PEP 735) and Poetry's groups.
    pub groups: BTreeMap<ExtraName, Group>,
    /// `project.dynamic`: the fields that the build backend computes.
    pub dynamic: Vec<String>,
    /// `tool.setuptools.dynamic`: the files that have the requirements.
    pub dynamic_files: DynamicFiles,
    /// `build-system.requires`.
    pub build_requires: Vec<Requirement>,
    /// `build-system.build-backend`.
    pub build_backend: Option<String>,
    /// What could not be read, with file and line.
    pub findings: Vec<Finding>,
}

/// Files from which setuptools takes requirements, relative to the project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DynamicFiles {
    /// Those without extras.
    pub dependencies: Vec<String>,
    /// Those of extras.
    pub optional_dependencies: BTreeMap<ExtraName, Vec<String>>,
}

/// A file that is not TOML.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}:{line}: {reason}")]
pub struct TomlError {
    /// The file.
    pub origin: String,
    /// The line.
    pub line: usize,
    /// What the TOML parser says.
    pub reason: String,
}

impl ProjectFile {
    /// Whether its requirements stand in it, and no build backend computes them.
    pub fn is_static(&self) -> bool {
        let dynamic = |key: &str| self.dynamic.iter().any(|field| field == key);
        let open = dynamic("dependencies") || dynamic("optional-dependencies");
        self.has_poetry || (self.has_project && !open)
    }

    /// All requirements in the form of `Requires-Dist`: those of extras with a marker.
    pub fn requires_dist(&self) -> Vec<Requirement> {
        requires_dist(&self.dependencies, &self.optional_dependencies)
    }
}

/// Requirements and those of extras in the form of `Requires-Dist`.
pub(crate) fn requires_dist(
    plain: &[Requirement],
    extras: &BTreeMap<ExtraName, Vec<Requirement>>,
) -> Vec<Requirement> {
    let optional = extras
        .iter()
        .flat_map(|(extra, list)| list.iter().map(|r| r.clone().with_extra_marker(extra)));
    plain.iter().cloned().chain(optional).collect()
}

/// Reads a `pyproject.toml`; `origin` is its name in findings. Values of a wrong
/// kind are findings.
pub fn parse(text: &str, origin: &str) -> Result<ProjectFile, TomlError> {
    let document = document(text, origin)?;
    let mut reader = Reader::new(text, origin, "pyproject-invalid");
    let mut file = ProjectFile {
        origin: origin.to_owned(),
        ..ProjectFile::default()
    };
    let table = |name: &str| document.get(name).and_then(Item::as_table_like);
    if let Some(project) = table("project") {
        table::project(&mut reader, project, &mut file);
    }
    let tool = |name: &str| table("tool")?.get(name)?.as_table_like();
    if let Some(setuptools) = tool("setuptools") {
        file.dynamic_files = table::dynamic_files(&mut reader, setuptools);
    }
    if let Some(groups) = document.get("dependency-groups") {
        groups::read(&mut reader, groups, &mut file.groups);
    }
    if let Some(poetry) = tool("poetry") {
        poetry::read(&mut reader, poetry, &mut file);
    }
    let is_fixed = file.has_project && !is_dynamic(&file);
    if tool("poetry-dynamic-versioning").is_some() && !is_fixed {
        // What stands there is a placeholder.
        file.version = None;
    }
    if let Some(build) = table("build-system") {
        file.build_requires = reader.requirements(build.get("requires"));
        let backend = build.get("build-backend").and_then(Item::as_str);
        file.build_backend = backend.map(str::to_owned);
    }
    file.findings = reader.findings;
    Ok(file)
}

fn is_dynamic(file: &ProjectFile) -> bool {
    file.dynamic.iter().any(|field| field == "version")
}

/// The TOML of a text, or where it is not.
pub(crate) fn document<'t>(text: &'t str, origin: &str) -> Result<Document<&'t str>, TomlError> {
    Document::parse(text).map_err(|e| TomlError {
        origin: origin.to_owned(),
        line: line_of(text, e.span()),
        reason: e.message().to_owned(),
    })
}
