//! What each kind of file says, as one value.

use pydeps_core::finding::Finding;
use pydeps_core::upstream::MetadataSource;

use super::{SourceTree, TreeError};
use pydeps_python::project_file::ProjectFile;
use pydeps_python::sdist;
use pydeps_python::setup_cfg::{ReadFile, SetupCfg, requirements_of};
use pydeps_python::{ReadError, metadata};

/// `pyproject.toml` with requirements that stand in it.
pub(super) fn of_project_file(file: &ProjectFile) -> SourceTree {
    SourceTree {
        name: file.name.clone(),
        version: file.version.as_ref().map(ToString::to_string),
        requires_python: file.requires_python.clone(),
        requires: file.requires_dist(),
        extras: file.optional_dependencies.keys().cloned().collect(),
        origin: file.origin.clone(),
        project_file: None,
        findings: file.findings.clone(),
    }
}

/// `pyproject.toml` with requirements in files that setuptools reads.
pub(super) fn of_dynamic_files(
    file: &ProjectFile,
    read: ReadFile<'_>,
) -> Result<SourceTree, TreeError> {
    let mut whole = file.clone();
    let bad = |reason| TreeError::File {
        origin: file.origin.clone(),
        reason,
    };
    for name in &file.dynamic_files.dependencies {
        let (all, findings) = requirements_of(read, name).map_err(bad)?;
        whole.dependencies.extend(all);
        whole.findings.extend(findings);
    }
    for (extra, names) in &file.dynamic_files.optional_dependencies {
        for name in names {
            let (all, findings) = requirements_of(read, name).map_err(bad)?;
            let known = whole
                .optional_dependencies
                .entry(extra.clone())
                .or_default();
            known.extend(all);
            whole.findings.extend(findings);
        }
    }
    Ok(of_project_file(&whole))
}

/// `setup.cfg`, and what `[project]` says beside it.
pub(super) fn of_setup_cfg(
    file: &SetupCfg,
    origin: String,
    project: Option<&ProjectFile>,
) -> SourceTree {
    let of_project = project.map(of_project_file).unwrap_or_default();
    let version = file.version.as_ref().map(ToString::to_string);
    SourceTree {
        name: of_project.name.or(file.name.clone()),
        version: of_project.version.or(version),
        requires_python: of_project.requires_python.or(file.requires_python.clone()),
        requires: [file.requires_dist(), of_project.requires].concat(),
        extras: file
            .optional_dependencies
            .keys()
            .cloned()
            .chain(of_project.extras)
            .collect(),
        origin,
        project_file: None,
        findings: [of_project.findings, file.findings.clone()].concat(),
    }
}

/// The code of the finding that `setup.py` says more than `setup.cfg`.
const SCRIPT_UNREAD: &str = "setup-py-unread";

/// Whether it is that finding.
pub(super) fn is_script_unread(finding: &Finding) -> bool {
    finding.code == SCRIPT_UNREAD
}

pub(super) fn script_says_more(script: &str) -> Finding {
    let message = "it names install_requires, too, and what it says would win over setup.cfg";
    Finding::warning(SCRIPT_UNREAD, message)
        .with_origin(script)
        .with_hint("compare the two; setup.py is not run")
}

/// `PKG-INFO` at the top of an unpacked sdist; `None` if it tells no requirements.
pub(super) fn of_pkg_info(
    text: &str,
    requires_txt: Option<String>,
    origin: &str,
) -> Result<Option<SourceTree>, TreeError> {
    let headers = metadata::parse(text.as_bytes(), MetadataSource::SdistGuess, origin)?;
    let texts = sdist::Texts {
        pkg_info: Some(text.to_owned()),
        requires_txt,
        ..sdist::Texts::default()
    };
    let metadata = match sdist::metadata(&texts, &headers.name, &headers.version, origin) {
        Ok(metadata) => metadata,
        Err(ReadError::Dynamic { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(SourceTree {
        name: Some(metadata.name),
        version: Some(metadata.version.to_string()),
        requires_python: metadata.requires_python,
        requires: metadata.requires_dist,
        extras: metadata.provides_extra,
        origin: origin.to_owned(),
        project_file: None,
        findings: metadata.findings,
    }))
}

/// An `*.egg-info` directory, which may be older than the files around it.
pub(super) fn of_egg_info(
    requires: &str,
    pkg_info: Option<&str>,
    origin: &str,
    project: Option<&ProjectFile>,
) -> SourceTree {
    let headers = pkg_info
        .as_ref()
        .and_then(|text| metadata::parse(text.as_bytes(), MetadataSource::SdistGuess, origin).ok());
    let requires = sdist::parse_requires_txt(requires, origin);
    let message = "these are the requirements that an earlier build here has written down; \
        the project may have changed since";
    let guess = Finding::warning("requirements-guessed", message).with_origin(origin);
    let name = headers.as_ref().map(|headers| headers.name.clone());
    let python = headers.and_then(|headers| headers.requires_python);
    SourceTree {
        name: project.and_then(|file| file.name.clone()).or(name),
        version: None,
        requires_python: project
            .and_then(|file| file.requires_python.clone())
            .or(python),
        requires: requires.requires_dist,
        extras: requires.provides_extra,
        origin: origin.to_owned(),
        project_file: None,
        findings: [vec![guess], requires.findings].concat(),
    }
}
