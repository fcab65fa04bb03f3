//! A release, fetched from the index, unpacked, and read.

use std::path::{Path, PathBuf};

use pep440_rs::{Operator, Version, VersionSpecifier};
use pydeps_build::{Area, source_package};
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::relation::contains;
use pydeps_core::requirement::Requirement;
use pydeps_core::target::Target;
use pydeps_core::tree::{Member, Tree};
use pydeps_core::upstream::{Details, Metadata, Project};
use pydeps_generate::facts::{Build, Release};
use pydeps_generate::settings::Settings;
use pydeps_index::{Client, unpack};
use pydeps_python::metadata;
use pydeps_python::project_file::{self, ProjectFile};

use super::jobs::Job;
use crate::failure::Failure;
use crate::inputs;

/// A release whose source lies in a directory of its own.
pub(crate) struct Fetched {
    pub(crate) release: Release,
    /// The sdist.
    pub(crate) sdist: PathBuf,
    /// The directory with its files.
    pub(crate) tree: PathBuf,
    /// Upstream sources beside it.
    pub(crate) components: Vec<source_package::Component>,
    pub(crate) findings: Vec<Finding>,
    /// Where all of it lies; removed with this value.
    _scratch: tempfile::TempDir,
}

/// Fetches the release that a requirement names: the newest that it accepts, and that has
/// an sdist.
pub(crate) fn fetch(
    job: &Job,
    client: &Client,
    area: &Path,
    target: &Target,
) -> Result<Fetched, Failure> {
    let extras = &job.requirement.extras;
    let project = project(&job.requirement.name, client)?;
    let (version, details) = choose(&project, &job.requirement)?;
    as_locked(job, &details)?;
    let metadata = client.metadata(&project, &version)?;
    let label = format!("{} {version}", job.requirement.name);
    inputs::known_extras(extras, &metadata.provides_extra, &label)?;
    let scratch = Area::new(area).scratch_directory();
    let scratch = scratch.map_err(Failure::environment)?;
    let sdist = client.download(&details, scratch.path())?;
    let tree = scratch.path().join("tree");
    let unpacked = unpack::unpack(&sdist, &tree).map_err(Failure::input)?;
    let mut findings = unpacked.findings;
    findings.extend(metadata.findings.iter().cloned());
    Ok(Fetched {
        release: release(files(&tree)?, &project, metadata, &details).with_extras(extras, target),
        sdist,
        tree,
        components: Vec::new(),
        findings,
        _scratch: scratch,
    })
}

fn project(name: &DistName, client: &Client) -> Result<Project, Failure> {
    client.project(name)?.ok_or_else(|| {
        let error = anyhow::anyhow!("the package index has no distribution `{name}`");
        Failure::input(error)
            .with_hint("check its spelling, or name the index that has it with --extra-index-url")
    })
}

/// The lock says which file it is; another one is not what was resolved.
fn as_locked(job: &Job, details: &Details) -> Result<(), Failure> {
    let Some(sdist) = &job.sdist else {
        return Ok(());
    };
    let differs =
        |(algorithm, digest): (&String, &String)| details.hashes.get(algorithm) != Some(digest);
    if sdist.name == details.filename && !sdist.hashes.iter().any(differs) {
        return Ok(());
    }
    let error = anyhow::anyhow!(
        "{}: the index has {} now, which is not the {} of the lock",
        job.requirement,
        details.filename,
        sdist.name
    );
    Err(Failure::environment(error).with_hint("`dh-pydeps resolve` looks again"))
}

/// The newest version that is accepted, and its sdist.
fn choose(project: &Project, requirement: &Requirement) -> Result<(Version, Details), Failure> {
    let name = &requirement.name;
    let asked = &requirement.specifiers;
    let mut operators = asked.iter().map(VersionSpecifier::operator);
    let pinned = operators.any(|operator| *operator == Operator::Equal);
    let accepted = |version: &&Version| {
        let kept = pinned || !project.is_yanked(version);
        kept && contains(asked, version)
    };
    let accepted = || project.releases.keys().filter(accepted).rev();
    // Where there is nothing else, a pre-release will do (PEP 440, "Handling of pre-releases").
    let early = pinned || accepted().all(Version::any_prerelease);
    let mut versions = accepted()
        .filter(|version| early || !version.any_prerelease())
        .peekable();
    let Some(first) = versions.peek().copied() else {
        let error = anyhow::anyhow!(
            "the package index has no release of {name} that `{requirement}` accepts"
        );
        return Err(Failure::input(error).with_hint(newest(project)));
    };
    let found = versions.find_map(|version| Some((version.clone(), project.sdist(version)?)));
    found.ok_or_else(|| {
        let error = anyhow::anyhow!(
            "{name} {first} has no sdist: there is no source to build a package from"
        );
        Failure::input(error)
            .with_hint("take another release, or package it from the project's repository")
    })
}

fn newest(project: &Project) -> String {
    let newest = project.releases.keys().next_back();
    newest.map_or_else(
        || "it has no files".to_owned(),
        |version| format!("the newest is {version}"),
    )
}

/// The files of an upstream source, as values.
pub(super) fn files(directory: &Path) -> Result<Tree, Failure> {
    let files = source_package::read_upstream(directory).map_err(Failure::environment)?;
    let member = |file: source_package::ReadFile| Member {
        size: file.size,
        executable: file.executable,
        bytes: file.bytes,
    };
    let files = files.into_iter();
    Ok(files.map(|(path, file)| (path, member(file))).collect())
}

fn release(tree: Tree, project: &Project, metadata: Metadata, details: &Details) -> Release {
    let pyproject = tree.text("pyproject.toml");
    let file = pyproject.and_then(|text| project_file::parse(&text, "pyproject.toml").ok());
    let about = tree
        .text("PKG-INFO")
        .and_then(|text| metadata::about(text.as_bytes(), "PKG-INFO").ok());
    let about = about.unwrap_or_default();
    let spelled = about.name.clone();
    Release {
        spelled: spelled.unwrap_or_else(|| metadata.name.to_string()),
        uploaded: project.uploaded(&metadata.version),
        filename: details.filename.clone(),
        name: metadata.name,
        version: metadata.version,
        requires: metadata.requires_dist,
        requires_python: metadata.requires_python,
        extras: metadata.provides_extra,
        about,
        build: file.as_ref().map_or_else(Build::default, build),
        test_groups: file.as_ref().map_or_else(Vec::new, test_groups),
        settings: Settings::of(&tree),
        tree,
        components: Vec::new(),
    }
}

fn build(file: &ProjectFile) -> Build {
    Build {
        declared: file.build_backend.is_some() || !file.build_requires.is_empty(),
        backend: file.build_backend.clone(),
        requires: file.build_requires.clone(),
    }
}

/// The requirements of the groups that are for tests.
fn test_groups(file: &ProjectFile) -> Vec<Requirement> {
    let names = ["test", "tests", "testing", "dev"];
    let groups = names
        .iter()
        .filter_map(|name| file.group(&name.parse().ok()?).ok());
    groups.flat_map(|(requirements, _)| requirements).collect()
}
