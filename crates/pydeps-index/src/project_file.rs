//! `pyproject.toml`: what PEP 621 and PEP 518 say of a project.

use std::collections::BTreeMap;
use std::ops::Range;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::Requirement;
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use toml_edit::{Document, Item, TableLike};

use crate::requirement;
use crate::simple::read_requires_python;

/// What a `pyproject.toml` says, as far as requirements go.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ProjectFile {
    /// Whether there is a `[project]` table at all.
    pub has_project: bool,
    /// `project.name`.
    pub name: Option<DistName>,
    /// `project.version`; `None` if it is dynamic.
    pub version: Option<Version>,
    /// `project.requires-python`.
    pub requires_python: Option<VersionSpecifiers>,
    /// `project.dependencies`.
    pub dependencies: Vec<Requirement>,
    /// `project.optional-dependencies`.
    pub optional_dependencies: BTreeMap<ExtraName, Vec<Requirement>>,
    /// `project.dynamic`: the fields that the build backend computes.
    pub dynamic: Vec<String>,
    /// `build-system.requires`.
    pub build_requires: Vec<Requirement>,
    /// `build-system.build-backend`.
    pub build_backend: Option<String>,
    /// What could not be read, with file and line.
    pub findings: Vec<Finding>,
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
    /// All requirements in the form of `Requires-Dist`: those of extras with a marker.
    pub fn requires_dist(&self) -> Vec<Requirement> {
        let optional = self
            .optional_dependencies
            .iter()
            .flat_map(|(extra, list)| list.iter().map(|r| r.clone().with_extra_marker(extra)));
        self.dependencies.iter().cloned().chain(optional).collect()
    }
}

/// Reads a `pyproject.toml`; `origin` is its name in findings. Values of a wrong
/// kind are findings.
pub fn parse(text: &str, origin: &str) -> Result<ProjectFile, TomlError> {
    let document = Document::parse(text).map_err(|e| TomlError {
        origin: origin.to_owned(),
        line: line_of(text, e.span()),
        reason: e.message().to_owned(),
    })?;
    let mut reader = Reader {
        text,
        origin,
        file: ProjectFile::default(),
    };
    let table = |name: &str| document.get(name).and_then(Item::as_table_like);
    if let Some(project) = table("project") {
        reader.file.has_project = true;
        reader.project(project);
    }
    if let Some(build) = table("build-system") {
        reader.file.build_requires = reader.requirements(build.get("requires"));
        let backend = build.get("build-backend").and_then(Item::as_str);
        reader.file.build_backend = backend.map(str::to_owned);
    }
    Ok(reader.file)
}

struct Reader<'a> {
    text: &'a str,
    origin: &'a str,
    file: ProjectFile,
}

impl Reader<'_> {
    fn project(&mut self, project: &dyn TableLike) {
        self.file.name = self.parsed::<DistName>(project, "name", "a name");
        self.file.version = self.parsed::<Version>(project, "version", "a version (PEP 440)");
        self.python(project);
        self.file.dependencies = self.requirements(project.get("dependencies"));
        let dynamic = project.get("dynamic").and_then(Item::as_array);
        let dynamic = dynamic.into_iter().flatten().filter_map(|v| v.as_str());
        self.file.dynamic = dynamic.map(str::to_owned).collect();
        let Some(optional) = project.get("optional-dependencies") else {
            return;
        };
        let Some(table) = optional.as_table_like() else {
            return self.wrong(optional.span(), "optional-dependencies is not a table");
        };
        for (name, list) in table.iter() {
            match ExtraName::from_str(name) {
                Ok(extra) => {
                    let list = self.requirements(Some(list));
                    self.file
                        .optional_dependencies
                        .entry(extra)
                        .or_default()
                        .extend(list);
                }
                Err(_) => self.wrong(list.span(), &format!("`{name}` is not an extra's name")),
            }
        }
    }

    fn parsed<T: FromStr>(
        &mut self,
        table: &dyn TableLike,
        key: &str,
        expected: &str,
    ) -> Option<T> {
        let item = table.get(key)?;
        let value = item.as_str().and_then(|text| text.parse().ok());
        if value.is_none() {
            self.wrong(item.span(), &format!("project.{key} is not {expected}"));
        }
        value
    }

    fn python(&mut self, project: &dyn TableLike) {
        let Some(item) = project.get("requires-python") else {
            return;
        };
        let Some(text) = item.as_str() else {
            return self.wrong(item.span(), "project.requires-python is not a string");
        };
        let (specifiers, problem) = read_requires_python(text);
        self.file.requires_python = specifiers;
        if let Some(problem) = problem {
            self.wrong(item.span(), &problem);
        }
    }

    /// A list of PEP 508 strings.
    fn requirements(&mut self, item: Option<&Item>) -> Vec<Requirement> {
        let Some(item) = item else { return Vec::new() };
        let Some(array) = item.as_array() else {
            self.wrong(item.span(), "requirements have to be a list of strings");
            return Vec::new();
        };
        let mut list = Vec::new();
        for value in array {
            let Some(text) = value.as_str() else {
                self.wrong(value.span(), "a requirement has to be a string");
                continue;
            };
            let origin = self.place(value.span());
            let (requirement, finding) = requirement::parse(text, &origin);
            list.extend(requirement);
            self.file.findings.extend(finding);
        }
        list
    }

    fn wrong(&mut self, span: Option<Range<usize>>, message: &str) {
        let finding = Finding::error("pyproject-invalid", message).with_origin(self.place(span));
        self.file.findings.push(finding);
    }

    fn place(&self, span: Option<Range<usize>>) -> String {
        format!("{}:{}", self.origin, line_of(self.text, span))
    }
}

fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let at = span.map_or(0, |span| span.start).min(text.len());
    text.as_bytes()[..at]
        .iter()
        .filter(|&&b| b == b'\n')
        .count()
        + 1
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TEXT: &str = r#"
[build-system]
requires = ["hatchling>=1.8"]
build-backend = "hatchling.build"

[project]
name = "My.App"
dynamic = ["version"]
requires-python = ">=3.9"
dependencies = [
    "requests >= 2",
    "flask>=2.0.*",
    "??",
    7,
]

[project.optional-dependencies]
Test_It = ["pytest; os_name == 'posix'"]
"#;

    #[test]
    fn what_resolution_needs() {
        let file = parse(TEXT, "pyproject.toml").unwrap();
        assert_eq!(file.name.as_ref().map(DistName::as_ref), Some("my-app"));
        assert_eq!(
            (file.version.clone(), file.dynamic.as_slice()),
            (None, &["version".to_owned()][..])
        );
        assert_eq!(file.build_backend.as_deref(), Some("hatchling.build"));
        assert_eq!(file.build_requires.len(), 1);
        let requires: Vec<_> = file
            .requires_dist()
            .iter()
            .map(ToString::to_string)
            .collect();
        let pytest = "pytest ; os_name == 'posix' and extra == 'test-it'";
        assert_eq!(requires, ["requests>=2", "flask>=2.0", pytest]);
    }

    #[test]
    fn findings_name_file_and_line() {
        let file = parse(TEXT, "pyproject.toml").unwrap();
        let found: Vec<_> = file
            .findings
            .iter()
            .map(|f| (f.code.as_str(), f.origin.as_deref().unwrap()))
            .collect();
        let expect = [
            ("requirement-repaired", "pyproject.toml:12"),
            ("requirement-unreadable", "pyproject.toml:13"),
            ("pyproject-invalid", "pyproject.toml:14"),
        ];
        assert_eq!(found, expect);
        let error = parse("[project]\nname = \n", "p.toml").unwrap_err();
        assert_eq!((error.origin.as_str(), error.line), ("p.toml", 2));
    }

    #[test]
    fn wrong_kinds_are_findings() {
        let text = "[project]\nname = 1\nversion = 'x'\nrequires-python = 3\n\
            dependencies = 'a'\noptional-dependencies = []\n";
        let file = parse(text, "p").unwrap();
        assert_eq!(file.findings.len(), 5);
        assert_eq!(parse("", "p").unwrap(), ProjectFile::default());
    }

    proptest! {
        #[test]
        fn total(text in "(\\[|\\]|project|=|\"|'|name|dependencies|\n|\\PC{0,6}){0,20}") {
            let _ = parse(&text, "p");
        }
    }
}
