//! What was asked for: requirements, projects, files of requirements, locks, and the
//! decisions that hold for it. One file for each kind.

mod decisions;
mod directory;
mod dist_file;
mod lock;
mod requirements;
mod words;

use std::path::Path;

use pydeps_core::decision::Decisions;
use pydeps_core::finding::{Finding, Severity};
use pydeps_core::lock::Asked;
use pydeps_core::marker::Marker;
use pydeps_core::name::ExtraName;
use pydeps_core::outcome::COMMAND_LINE;
use pydeps_core::requirement::Requirement;
use pydeps_python::requirements_txt::split_extras;
use pydeps_resolve::ResolutionRoot;

use crate::failure::Failure;

pub(crate) use words::{distribution, requirement};

/// What was asked for, read, and what was noticed on reading it.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    pub(crate) roots: Vec<ResolutionRoot>,
    /// What holds for the tree, and where it was written.
    pub(crate) constraints: Vec<(Requirement, String)>,
    /// What a person has decided, of the file and of the command line.
    pub(crate) decisions: Decisions,
    pub(crate) findings: Vec<Finding>,
}

/// What is taken of a project beside its plain requirements.
#[derive(Clone, Debug, Default)]
struct Parts {
    extras: Vec<ExtraName>,
    groups: Vec<ExtraName>,
    /// Whether the versions of a lock bind.
    locked: bool,
    /// When it is asked for at all; always without.
    marker: Option<Marker>,
}

/// Reads arguments and files; without any, the project in this directory.
pub(crate) fn read(asked: &Asked) -> Result<Inputs, Failure> {
    let mut inputs = Inputs {
        decisions: decisions::read(&asked.decide)?,
        ..Inputs::default()
    };
    let parts = Parts {
        extras: words::extras(&asked.extras)?,
        groups: words::groups(&asked.groups)?,
        locked: asked.locked,
        marker: None,
    };
    reads_project(asked)?;
    for text in &asked.what {
        match is_path(text) {
            true => inputs.path(text, &parts)?,
            false => inputs.requirement(text)?,
        }
    }
    for file in &asked.requirements {
        inputs.requirements_file(Path::new(file))?;
    }
    for file in &asked.constraints {
        inputs.constraints_file(Path::new(file))?;
    }
    if !asked.names_something() {
        inputs.place(Path::new("."), &parts)?;
    }
    match inputs.roots.is_empty() {
        true => Err(nothing_in(&asked.requirements)),
        false => Ok(inputs),
    }
}

fn nothing_in(files: &[String]) -> Failure {
    let files = files.join(", ");
    Failure::input(anyhow::anyhow!("there is no requirement in {files}"))
        .with_hint("add one, or give a requirement or a project directory")
}

/// Extras and groups are of a project, so there has to be one.
fn reads_project(asked: &Asked) -> Result<(), Failure> {
    if !asked.names_something() || asked.what.iter().any(|text| is_path(text)) {
        return Ok(());
    }
    if let Some(extra) = asked.extras.first() {
        let error = anyhow::anyhow!("the extra `{extra}` is of no project directory");
        return Err(Failure::input(error).with_hint("write it like `fastapi[standard]`"));
    }
    if let Some(group) = asked.groups.first() {
        let error = anyhow::anyhow!("the dependency group `{group}` is of no project directory");
        return Err(Failure::input(error).with_hint("name the directory: `.` is this one"));
    }
    if asked.locked {
        let error = anyhow::anyhow!("--locked: there is no lock among what was given");
        let hint = "name a uv.lock, a pylock.toml or a directory with one";
        return Err(Failure::input(error).with_hint(hint));
    }
    Ok(())
}

/// pip's rule: what has a slash or begins with a dot is a path. Beyond it, wheels,
/// sdists and locks are known by their names.
fn is_path(text: &str) -> bool {
    let (path, _) = split_extras(text);
    let named = pydeps_python::filename::is_release_file(path)
        || pydeps_python::lockfile::kind(path).is_some();
    let plain = !text.contains("://") && !text.contains('@');
    text.starts_with('.') || plain && (text.contains('/') || named)
}

impl Inputs {
    /// A requirement on the command line.
    fn requirement(&mut self, text: &str) -> Result<(), Failure> {
        self.roots.push(ResolutionRoot::Requirement {
            requirement: requirement(text)?,
            origin: COMMAND_LINE.to_owned(),
        });
        Ok(())
    }

    /// `PATH` or `PATH[extra]` on the command line.
    fn path(&mut self, text: &str, parts: &Parts) -> Result<(), Failure> {
        let (path, extras) = split_extras(text);
        let mut parts = parts.clone();
        for extra in words::extras(&extras)? {
            if !parts.extras.contains(&extra) {
                parts.extras.push(extra);
            }
        }
        self.place(Path::new(path), &parts)
    }

    /// Whatever a path is.
    fn place(&mut self, path: &Path, parts: &Parts) -> Result<(), Failure> {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if pydeps_python::filename::is_release_file(&name) && !path.is_dir() {
            return self.dist_file(path, parts);
        }
        if let Some(kind) = pydeps_python::lockfile::kind(&name) {
            return self.lock(path, kind, parts);
        }
        if path.is_file() {
            let path = path.display();
            let error = anyhow::anyhow!("`{path}` is a file, and no wheel, no sdist and no lock");
            return Err(Failure::input(error).with_hint(format!(
                "-r {path} reads a requirements file; a project is named by its directory"
            )));
        }
        if parts.locked {
            self.lock_beside(path)?;
        }
        self.directory(path, parts)
    }
}

/// Requirements under the condition that their asker has.
fn under(marker: Option<&Marker>, requires: Vec<Requirement>) -> Vec<Requirement> {
    let Some(marker) = marker else {
        return requires;
    };
    let both = |mut requirement: Requirement| {
        requirement.marker.and(marker.clone());
        requirement
    };
    requires.into_iter().map(both).collect()
}

/// An extra that was asked for and that is not there is a slip of the pen.
pub(crate) fn known_extras(
    asked: &[ExtraName],
    known: &[ExtraName],
    origin: &str,
) -> Result<(), Failure> {
    let Some(unknown) = asked.iter().find(|extra| !known.contains(extra)) else {
        return Ok(());
    };
    let mut names: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
    names.sort_unstable();
    names.dedup();
    let error = anyhow::anyhow!("{origin}: there is no extra `{unknown}`");
    Err(Failure::input(error).with_hint(match names.is_empty() {
        true => "it has none".to_owned(),
        false => format!("the extras are: {}", names.join(", ")),
    }))
}

/// Requirements that cannot be read are not left out: they stop everything.
fn first_error(findings: &[Finding]) -> Result<(), Failure> {
    let error = findings
        .iter()
        .find(|finding| finding.severity == Severity::Error);
    error.map_or(Ok(()), |finding| Err(Failure::of_finding(finding)))
}
