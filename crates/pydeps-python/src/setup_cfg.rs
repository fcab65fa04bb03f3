//! setuptools' `setup.cfg`: the declarative part of a project, as far as requirements go.

mod interpolation;

use std::collections::BTreeMap;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::finding::Finding;
use pydeps_core::marker;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::requirement::{self, Requirement};

use crate::ini::{Ini, IniError, Problem};
use crate::{project_file, requirements_txt, requires_python};

use interpolation::interpolated;

/// What a `setup.cfg` says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SetupCfg {
    /// Whether it has anything of a project, and not only settings of other tools.
    pub is_project: bool,
    /// Whether it says what is required, be it nothing: there is `install_requires`.
    pub has_requires: bool,
    /// `metadata.name`.
    pub name: Option<DistName>,
    /// `metadata.version`; `None` where it is an `attr:` or a `file:`.
    pub version: Option<Version>,
    /// `options.python_requires`.
    pub requires_python: Option<VersionSpecifiers>,
    /// `options.install_requires`.
    pub dependencies: Vec<Requirement>,
    /// `options.extras_require`.
    pub optional_dependencies: BTreeMap<ExtraName, Vec<Requirement>>,
    /// What could not be read, with file and line.
    pub findings: Vec<Finding>,
}

/// A file that is not in the format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}:{line}: {problem}")]
pub struct SetupCfgError {
    /// The file.
    pub origin: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub problem: Problem,
}

/// Reads a file of the project for a `file:` directive; the error says why not.
pub type ReadFile<'a> = &'a dyn Fn(&str) -> Result<String, String>;

impl SetupCfg {
    /// All requirements in the form of `Requires-Dist`: those of extras with a marker.
    pub fn requires_dist(&self) -> Vec<Requirement> {
        project_file::requires_dist(&self.dependencies, &self.optional_dependencies)
    }
}

/// Reads a `setup.cfg`; `origin` is its name in findings.
pub fn parse(text: &str, origin: &str, files: ReadFile<'_>) -> Result<SetupCfg, SetupCfgError> {
    let ini = Ini::parse(text).map_err(|IniError { line, problem }| SetupCfgError {
        origin: origin.to_owned(),
        line,
        problem,
    })?;
    let mut reader = Reader {
        ini: &ini,
        text,
        origin,
        files,
        file: SetupCfg::default(),
    };
    reader.metadata();
    if ini.has_section("options") {
        reader.options();
    }
    for extra in ini.options(EXTRAS) {
        let list = reader.interpolated(EXTRAS, extra).unwrap_or_default();
        reader.extra(extra, &list);
    }
    Ok(reader.file)
}

/// The section that holds the requirements of extras.
const EXTRAS: &str = "options.extras_require";

struct Reader<'a> {
    ini: &'a Ini,
    text: &'a str,
    origin: &'a str,
    files: ReadFile<'a>,
    file: SetupCfg,
}

impl Reader<'_> {
    fn metadata(&mut self) {
        let name = self.ini.get("metadata", "name");
        self.file.is_project |= name.is_some();
        if let Some(name) = name {
            self.file.name = DistName::from_str(name.trim()).ok();
            if self.file.name.is_none() {
                self.wrong(name, &format!("metadata.name: `{name}` is not a name"));
            }
        }
        // `attr:` means code, and `file:` may be anything.
        let version = self.ini.get("metadata", "version").map(str::trim);
        let directive = |text: &&str| text.starts_with("attr:") || text.starts_with("file:");
        self.file.version = version
            .filter(|text| !directive(text))
            .and_then(|text| text.parse().ok());
    }

    fn options(&mut self) {
        self.file.is_project = true;
        if let Some(text) = self.ini.get("options", "python_requires") {
            let (specifiers, problem) = requires_python::read(text.trim());
            self.file.requires_python = specifiers;
            if let Some(problem) = problem {
                self.wrong(text, &problem);
            }
        }
        // Older releases of setuptools read the name with a hyphen, too.
        let list = self
            .interpolated("options", "install_requires")
            .or_else(|| self.interpolated("options", "install-requires"));
        self.file.has_requires = list.is_some();
        if let Some(list) = list {
            self.file.dependencies = self.requirements(&list);
        }
    }

    /// The value of an option, with the values that it refers to.
    fn interpolated(&self, section: &str, option: &str) -> Option<String> {
        let value = self.ini.get(section, option)?;
        Some(interpolated(self.ini, section, value))
    }

    fn extra(&mut self, name: &str, list: &str) {
        let requirements = self.requirements(list);
        match ExtraName::from_str(name.trim()) {
            Ok(extra) => {
                let known = self.file.optional_dependencies.entry(extra).or_default();
                known.extend(requirements);
            }
            Err(_) => self.wrong(name, &format!("`{name}` is not an extra's name")),
        }
    }

    fn requirements(&mut self, list: &str) -> Vec<Requirement> {
        if let Some(files) = list.trim().strip_prefix("file:") {
            let files = files.split([',', '\n']).map(str::trim);
            let files: Vec<&str> = files.filter(|file| !file.is_empty()).collect();
            return files
                .into_iter()
                .flat_map(|file| self.of_file(file))
                .collect();
        }
        let mut all = Vec::new();
        let lines = list.lines().map(without_comment);
        for item in lines.flat_map(items) {
            let (requirement, finding) = requirement::parse(item, &self.place(item));
            all.extend(requirement);
            self.file.findings.extend(finding);
        }
        all
    }

    /// The lines of a file that a directive names.
    fn of_file(&mut self, file: &str) -> Vec<Requirement> {
        match requirements_of(self.files, file) {
            Ok((all, findings)) => {
                self.file.findings.extend(findings);
                all
            }
            Err(reason) => {
                self.wrong(file, &reason);
                Vec::new()
            }
        }
    }

    fn wrong(&mut self, value: &str, message: &str) {
        let finding = Finding::error("setup-cfg-invalid", message).with_origin(self.place(value));
        self.file.findings.push(finding);
    }

    /// `file:line` of the first line that has the value in it.
    fn place(&self, value: &str) -> String {
        let first = value.lines().next().unwrap_or(value);
        let at = self.text.lines().position(|line| line.contains(first));
        format!("{}:{}", self.origin, at.map_or(1, |at| at + 1))
    }
}

/// The requirements in a file that setuptools reads for a `file:` directive: lines as
/// in pip's files, but without further files and options.
pub fn requirements_of(
    files: ReadFile<'_>,
    file: &str,
) -> Result<(Vec<Requirement>, Vec<Finding>), String> {
    let read = requirements_txt::parse(&files(file)?, file);
    if let Some(include) = read.includes.first() {
        return Err(format!(
            "{}: setuptools reads no further files",
            include.origin
        ));
    }
    let all = read.requirements.into_iter().map(|line| line.requirement);
    Ok((all.collect(), read.findings))
}

/// A line without what setuptools takes for a comment.
fn without_comment(line: &str) -> &str {
    line.split_once(" #").map_or(line, |(line, _)| line)
}

/// A line's requirements. setuptools takes several in one line with `;` in between; what
/// follows may as well be a marker.
fn items(line: &str) -> Vec<&str> {
    let line = line.trim();
    let parts: Vec<&str> = line.split(';').map(str::trim).collect();
    let is_list = parts
        .iter()
        .skip(1)
        .all(|part| marker::parse(part).is_err());
    let items = if is_list { parts } else { vec![line] };
    items.into_iter().filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn files(name: &str) -> Result<String, String> {
        match name {
            "r.txt" => Ok("# all\nsix  # yes\n\nflask>2\n".to_owned()),
            "more.txt" => Ok("-r r.txt\n".to_owned()),
            _ => Err(format!("{name}: it is not there")),
        }
    }

    /// Requirements, extras' included, then what was noticed.
    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let got: Vec<String> = match parse(text, "s.cfg", &files) {
            Ok(file) => {
                let requires = file.requires_dist();
                let findings = file.findings.iter();
                let findings =
                    findings.map(|f| format!("{} {}", f.origin.as_deref().unwrap(), f.code));
                requires
                    .iter()
                    .map(ToString::to_string)
                    .chain(findings)
                    .collect()
            }
            Err(error) => vec![error.to_string()],
        };
        assert_eq!(got, expect, "{text}");
    }

    #[track_caller]
    fn check_list(list: &str, expect: &[&str]) {
        check(&format!("[options]\ninstall_requires ={list}\n"), expect);
    }

    #[test]
    fn lists() {
        check_list("", &[]);
        check_list(" six", &["six"]);
        check_list(
            "\n    six>=1\n    # no\n# nor this\n\n    flask",
            &["six>=1", "flask"],
        );
        check_list(" a; b>=1 ;", &["a", "b>=1"]);
        check_list("\n  a; os_name == 'nt'\n\tb", &["a ; os_name == 'nt'", "b"]);
        check_list(" a; os_name == 'nt'", &["a ; os_name == 'nt'"]);
        check_list("\n a\n b c", &["a", "s.cfg:4 requirement-unreadable"]);
        check("[options]\ninstall-requires: six", &["six"]);
        check_list("\n a  # because\n b>=1 # of it", &["a", "b>=1"]);
    }

    #[test]
    fn extras() {
        check(
            "[options.extras_require]\nTest_It =\n  pytest\n  six>1; os_name == 'nt'\nDocs: a\n",
            &[
                "a ; extra == 'docs'",
                "pytest ; extra == 'test-it'",
                "six>1 ; os_name == 'nt' and extra == 'test-it'",
            ],
        );
        check(
            "[options.extras_require]\n? = a\n",
            &["s.cfg:2 setup-cfg-invalid"],
        );
    }

    #[test]
    fn directives() {
        check_list(" file: r.txt", &["six", "flask>2"]);
        check_list(
            " file: none.txt, r.txt",
            &["six", "flask>2", "s.cfg:2 setup-cfg-invalid"],
        );
        check_list(" file: more.txt", &["s.cfg:2 setup-cfg-invalid"]);
        let version = |text: &str| {
            let text = format!("[metadata]\nname = A_b\nversion = {text}\n");
            let file = parse(&text, "s", &files).unwrap();
            assert_eq!(file.name.unwrap().as_ref(), "a-b");
            file.version.map(|version| version.to_string())
        };
        assert_eq!(version("1.0").as_deref(), Some("1.0"));
        assert_eq!(version("attr: a.__version__"), None);
        assert_eq!(version("file: VERSION"), None);
    }

    #[test]
    fn of_a_project_or_of_tools() {
        let is_project = |text: &str| parse(text, "s", &files).unwrap().is_project;
        assert!(!is_project("[flake8]\nignore = E1,\n# c\n    E2\n"));
        assert!(!is_project("[metadata]\nlicense_files = COPYING\n"));
        assert!(is_project("[metadata]\nname = a\n"));
        assert!(is_project("[options]\n"));
    }

    #[test]
    fn what_is_wrong_has_a_line() {
        check(
            "[options]\nnonsense\n",
            &["s.cfg:2: neither `[SECTION]` nor `NAME = VALUE`"],
        );
        check(
            "[options]\npython_requires = three\n",
            &["s.cfg:2 setup-cfg-invalid"],
        );
        check("[metadata]\nname = a b\n", &["s.cfg:2 setup-cfg-invalid"]);
    }

    proptest! {
        #[test]
        fn total(text in "(\\[options\\]\n|\\[metadata\\]\n|\\[options.extras_require\\]\n|name|install_requires|=|:|;|a|  |\n|file:|r.txt|os_name == 'x'|\\PC{0,4}){0,20}") {
            let _ = parse(&text, "s", &files);
        }
    }
}
