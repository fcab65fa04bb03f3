//! What was asked for: requirements, project directories, requirements files.

use std::path::{Path, PathBuf};

use pep508_rs::Requirement;
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_index::{project_file, requirements_txt};
use pydeps_resolve::Root;

use crate::failure::{Failure, REQUIREMENT_HINT};

/// The origin of what was asked for without a file.
pub(crate) const COMMAND_LINE: &str = "the command line";

/// What was asked for, and what was noticed on reading it.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    pub(crate) roots: Vec<Root>,
    /// What holds for the tree, and where it was written.
    pub(crate) constraints: Vec<(Requirement, String)>,
    pub(crate) findings: Vec<Finding>,
}

/// What the lines of a file are.
#[derive(Clone, Copy)]
enum Kind {
    /// pip's `-r`.
    Requirements,
    /// pip's `-c`.
    Constraints,
}

/// Reads arguments and files; without any, the project in this directory.
pub(crate) fn read(
    what: &[String],
    files: &[PathBuf],
    constraints: &[PathBuf],
    extras: &[String],
) -> Result<Asked, Failure> {
    let mut asked = Asked::default();
    let extras: Vec<ExtraName> = extras
        .iter()
        .map(|extra| extra_name(extra))
        .collect::<Result<_, _>>()?;
    if let (Some(extra), false) = (extras.first(), reads_project(what, files)) {
        let error = anyhow::anyhow!("the extra `{extra}` is of no project directory");
        return Err(Failure::input(error).with_hint("write it like `fastapi[standard]`"));
    }
    for text in what {
        if is_path(text) {
            asked.project(Path::new(text), &extras)?;
        } else {
            asked.roots.push(Root::Requirement {
                requirement: requirement(text)?,
                origin: COMMAND_LINE.to_owned(),
            });
        }
    }
    for file in files {
        asked.requirements_file(file, Kind::Requirements, None, &mut Vec::new())?;
    }
    for file in constraints {
        asked.requirements_file(file, Kind::Constraints, None, &mut Vec::new())?;
    }
    if what.is_empty() && files.is_empty() {
        asked.project(Path::new("."), &extras)?;
    }
    if asked.roots.is_empty() {
        let files: Vec<String> = files
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        let files = files.join(", ");
        return Err(
            Failure::input(anyhow::anyhow!("there is no requirement in {files}"))
                .with_hint("add one, or give a requirement or a project directory"),
        );
    }
    Ok(asked)
}

/// Whether a project directory is among what was given.
fn reads_project(what: &[String], files: &[PathBuf]) -> bool {
    what.iter().any(|text| is_path(text)) || (what.is_empty() && files.is_empty())
}

/// pip's rule: what has a slash or begins with a dot is a path.
fn is_path(text: &str) -> bool {
    text.starts_with('.') || text.contains('/') && !text.contains("://")
}

/// Parses a requirement, or says what is wrong with it.
pub(crate) fn requirement(text: &str) -> Result<Requirement, Failure> {
    if is_archive(text) {
        return Err(
            Failure::input(anyhow::anyhow!("`{text}` is a file, not a requirement")).with_hint(
                "name the release, as in flower==2.0.1, or unpack it and give ./DIRECTORY",
            ),
        );
    }
    if Path::new(text).is_file() {
        let error = anyhow::anyhow!("`{text}` is a file here, not a requirement");
        return Err(Failure::input(error).with_hint(format!(
            "-r {text} reads a requirements file, `.` the project here"
        )));
    }
    let (requirement, finding) = pydeps_index::requirement::parse(text, COMMAND_LINE);
    requirement.ok_or_else(|| {
        let reason = finding.map_or_else(String::new, |finding| finding.message);
        let failure = Failure::input(anyhow::anyhow!(reason));
        match Path::new(text).is_dir() {
            true => failure.with_hint(format!("for the directory say ./{text}")),
            false => failure.with_hint(REQUIREMENT_HINT),
        }
    })
}

/// Parses a distribution's name, or says what is wrong with it.
pub(crate) fn distribution(name: &str) -> Result<DistName, Failure> {
    let parsed = DistName::new(name.to_owned()).ok();
    // The parser lets an empty name through.
    parsed
        .filter(|name| !name.as_ref().is_empty())
        .ok_or_else(|| {
            Failure::input(anyhow::anyhow!(
                "`{name}` is not the name of a distribution"
            ))
            .with_hint("give a name alone, as in `dh-pydeps map requests`")
        })
}

fn extra_name(text: &str) -> Result<ExtraName, Failure> {
    let bad = || Failure::input(anyhow::anyhow!("`{text}` is not the name of an extra"));
    text.parse()
        .map_err(|_| bad().with_hint("give its name alone, as in `-e docs`"))
}

/// A wheel or an sdist by its name.
fn is_archive(text: &str) -> bool {
    let named = text.contains('@');
    !named
        && [".whl", ".tar.gz", ".zip"]
            .iter()
            .any(|end| text.ends_with(end))
}

impl Asked {
    /// A project directory with a `pyproject.toml`.
    fn project(&mut self, directory: &Path, extras: &[ExtraName]) -> Result<(), Failure> {
        let path = directory.join("pyproject.toml");
        let origin = path.display().to_string();
        let origin = origin.strip_prefix("./").unwrap_or(&origin).to_owned();
        let text = fs_err::read_to_string(&path).map_err(|error| {
            Failure::input(error).with_hint(
                "name a project directory with a pyproject.toml, a requirement, or -r FILE",
            )
        })?;
        let file = project_file::parse(&text, &origin).map_err(Failure::input)?;
        first_error(&file.findings)?;
        if !file.has_project {
            return Err(
                Failure::input(anyhow::anyhow!("{origin}: there is no [project] table"))
                    .with_hint("give its requirements as arguments or with -r FILE"),
            );
        }
        if file.dynamic.iter().any(|field| field == "dependencies") {
            return Err(Failure::input(anyhow::anyhow!(
                "{origin}: the dependencies are dynamic, only a build can tell them"
            ))
            .with_hint("give them as arguments or with -r FILE"));
        }
        self.known_extras(extras, &file, &origin)?;
        self.findings.extend(file.findings.iter().cloned());
        self.roots.push(Root::Project {
            name: file.name.clone(),
            version: file.version.as_ref().map(ToString::to_string),
            requires_python: file.requires_python.clone(),
            requires: file.requires_dist(),
            extras: extras.to_vec(),
            origin,
        });
        Ok(())
    }

    fn known_extras(
        &self,
        extras: &[ExtraName],
        file: &project_file::ProjectFile,
        origin: &str,
    ) -> Result<(), Failure> {
        let known = &file.optional_dependencies;
        let Some(unknown) = extras.iter().find(|extra| !known.contains_key(extra)) else {
            return Ok(());
        };
        let names: Vec<&str> = known.keys().map(AsRef::as_ref).collect();
        Err(
            Failure::input(anyhow::anyhow!("{origin}: there is no extra `{unknown}`"))
                .with_hint(format!("the extras are: {}", names.join(", "))),
        )
    }

    /// A requirements file, which the line `named_at` may have named, and those that it
    /// names.
    fn requirements_file(
        &mut self,
        path: &Path,
        kind: Kind,
        named_at: Option<&str>,
        open: &mut Vec<PathBuf>,
    ) -> Result<(), Failure> {
        if open.contains(&path.to_owned()) {
            return Err(Failure::input(anyhow::anyhow!(
                "{} includes itself; take that line out",
                path.display()
            )));
        }
        let text = fs_err::read_to_string(path).map_err(|error| match named_at {
            None => Failure::input(error),
            Some(origin) => Failure::input(anyhow::anyhow!("{origin}: {error}")),
        })?;
        let file = requirements_txt::parse(&text, &path.display().to_string());
        first_error(&file.findings)?;
        self.findings.extend(file.findings);
        for line in file.requirements {
            match kind {
                Kind::Requirements => self.roots.push(Root::Requirement {
                    requirement: line.requirement,
                    origin: line.origin,
                }),
                Kind::Constraints => self.constraints.push((line.requirement, line.origin)),
            }
        }
        open.push(path.to_owned());
        for include in file.includes {
            let kind = if include.constraint {
                Kind::Constraints
            } else {
                kind
            };
            let beside = path.parent().unwrap_or(Path::new("")).join(&include.path);
            self.requirements_file(&beside, kind, Some(&include.origin), open)?;
        }
        open.pop();
        Ok(())
    }
}

/// Requirements that cannot be read are not left out: they stop everything.
fn first_error(findings: &[Finding]) -> Result<(), Failure> {
    use pydeps_core::finding::Severity;
    let error = findings
        .iter()
        .find(|finding| finding.severity == Severity::Error);
    error.map_or(Ok(()), |finding| Err(Failure::of_finding(finding)))
}
