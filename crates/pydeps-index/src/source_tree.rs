//! A project's directory: name, version and requirements, from the first of its files
//! that tells them. Nothing in it is executed.

mod error;
mod found;
#[cfg(test)]
mod tests;

use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use pep440_rs::VersionSpecifiers;
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::requirement::Requirement;

use pydeps_python::project_file::{self, ProjectFile};
use pydeps_python::setup_cfg::{self, SetupCfg};
use pydeps_python::source::Source;

pub use error::TreeError;

/// No file of a project that is read here is larger.
const MAX_FILE: u64 = 8 * 1024 * 1024;

/// What a directory says of the project in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SourceTree {
    /// The project's name, if it has one.
    pub name: Option<DistName>,
    /// Its version, if it is static.
    pub version: Option<String>,
    /// The Pythons that it works with.
    pub requires_python: Option<VersionSpecifiers>,
    /// What it requires, extras as markers.
    pub requires: Vec<Requirement>,
    /// The extras that it has.
    pub extras: Vec<ExtraName>,
    /// The file that says so.
    pub origin: String,
    /// The `pyproject.toml`, if there is one, for its dependency groups.
    pub project_file: Option<ProjectFile>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// A directory that is being read.
struct Tree<'a> {
    directory: &'a Path,
}

/// Reads a project's directory. In this order, the first that tells the requirements:
///
/// 1. `pyproject.toml`: `[project]` where they are static, Poetry's table, and the files
///    that setuptools names there;
/// 2. `setup.cfg`, where `setup.py` does not say more;
/// 3. `PKG-INFO` or an `*.egg-info` directory, which some build has written: guesses,
///    but for a `PKG-INFO` with static requirements (PEP 643);
/// 4. dependency groups alone (PEP 735), in a directory that is no project.
pub fn read(directory: &Path) -> Result<SourceTree, TreeError> {
    let tree = Tree { directory };
    let file = tree.project_file()?;
    let mut found = match &file {
        Some(file) if file.is_static() => Some(found::of_project_file(file)),
        Some(file) if file.has_project => tree.dynamic(file)?,
        _ => None,
    };
    if found.is_none() {
        found = tree.declared_or_built(file.as_ref())?;
    }
    let has_groups = file.as_ref().is_some_and(|file| !file.groups.is_empty());
    if found.is_none() && has_groups && !tree.is_project(file.as_ref()) {
        found = Some(SourceTree {
            origin: tree.shown("pyproject.toml"),
            ..SourceTree::default()
        });
    }
    let mut found = found.ok_or_else(|| tree.silent(file.as_ref()))?;
    found.project_file = file;
    Ok(found)
}

impl Tree<'_> {
    /// The path of one of its files, as it is shown: without a leading `./`.
    fn shown(&self, name: &str) -> String {
        let path = self.directory.join(name);
        path.strip_prefix(".")
            .unwrap_or(&path)
            .display()
            .to_string()
    }

    /// A file's text; `None` if there is no such file.
    fn text(&self, name: &str) -> Result<Option<String>, TreeError> {
        match self.bounded(&self.directory.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn bounded(&self, path: &Path) -> io::Result<String> {
        let mut file = fs_err::File::open(path)?;
        if file.metadata()?.len() > MAX_FILE {
            let message = format!("{}: larger than {MAX_FILE} bytes", path.display());
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        Ok(text)
    }

    /// A file that another one names, which has to lie in the project.
    fn named(&self, name: &str) -> Result<String, String> {
        let inner = |part: Component<'_>| matches!(part, Component::Normal(_) | Component::CurDir);
        let path = self.directory.join(name);
        let within = || {
            let top = fs_err::canonicalize(self.directory).ok()?;
            Some(fs_err::canonicalize(&path).ok()?.starts_with(top))
        };
        // What is not there at all is said below.
        if !Path::new(name).components().all(inner) || within() == Some(false) {
            return Err(format!("`{name}` is not a file within the project"));
        }
        self.bounded(&path).map_err(|error| error.to_string())
    }

    fn project_file(&self) -> Result<Option<ProjectFile>, TreeError> {
        let Some(text) = self.text("pyproject.toml")? else {
            return Ok(None);
        };
        let origin = self.shown("pyproject.toml");
        Ok(Some(project_file::parse(&text, &origin)?))
    }

    /// `[project]` whose requirements setuptools takes from files or from `setup.cfg`.
    fn dynamic(&self, file: &ProjectFile) -> Result<Option<SourceTree>, TreeError> {
        let open = |key: &str| file.dynamic.iter().any(|field| field == key);
        let files = &file.dynamic_files;
        if open("dependencies") && files.dependencies.is_empty() {
            return Ok(None);
        }
        if open("optional-dependencies") && files.optional_dependencies.is_empty() {
            return Ok(None);
        }
        found::of_dynamic_files(file, &|name| self.named(name)).map(Some)
    }

    /// `setup.cfg`, unless `setup.py` says more than it and a build has written down all.
    fn declared_or_built(
        &self,
        project: Option<&ProjectFile>,
    ) -> Result<Option<SourceTree>, TreeError> {
        let declared = self.setup_cfg(project)?;
        let is_half = |tree: &SourceTree| tree.findings.iter().any(found::is_script_unread);
        match declared {
            Some(tree) if !is_half(&tree) => Ok(Some(tree)),
            declared => Ok(self.built(project)?.or(declared)),
        }
    }

    fn setup_cfg(&self, project: Option<&ProjectFile>) -> Result<Option<SourceTree>, TreeError> {
        let Some(text) = self.text("setup.cfg")? else {
            return Ok(None);
        };
        let origin = self.shown("setup.cfg");
        let file = setup_cfg::parse(&text, &origin, &|name| self.named(name))?;
        let script = Source::parse(&self.text("setup.py")?.unwrap_or_default());
        if !tells_requirements(&file, &script) {
            return Ok(None);
        }
        let mut tree = found::of_setup_cfg(&file, origin, project);
        if script.mentions("install_requires") {
            tree.findings
                .push(found::script_says_more(&self.shown("setup.py")));
        }
        Ok(Some(tree))
    }

    /// What some build has left here.
    fn built(&self, project: Option<&ProjectFile>) -> Result<Option<SourceTree>, TreeError> {
        if let Some(text) = self.text("PKG-INFO")? {
            let requires = self.egg_info()?.and_then(|egg| egg.1);
            let found = found::of_pkg_info(&text, requires, &self.shown("PKG-INFO"))?;
            if found.is_some() {
                return Ok(found);
            }
        }
        let Some((directory, Some(requires))) = self.egg_info()? else {
            return Ok(None);
        };
        let pkg_info = self.text(&format!("{directory}/PKG-INFO"))?;
        let origin = self.shown(&directory);
        Ok(Some(found::of_egg_info(
            &requires,
            pkg_info.as_deref(),
            &origin,
            project,
        )))
    }

    /// An `*.egg-info` directory at the top or in `src`, and its `requires.txt`, which
    /// setuptools leaves out where nothing is required.
    fn egg_info(&self) -> Result<Option<(String, Option<String>)>, TreeError> {
        for place in ["", "src"] {
            let Ok(entries) = fs_err::read_dir(self.directory.join(place)) else {
                continue;
            };
            let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
            let mut names: Vec<String> = names.filter(|n| n.ends_with(".egg-info")).collect();
            names.sort();
            let Some(name) = names.first() else { continue };
            let directory = PathBuf::from(place).join(name).display().to_string();
            let requires = self.text(&format!("{directory}/requires.txt"))?;
            let none = self
                .text(&format!("{directory}/SOURCES.txt"))?
                .map(|_| String::new());
            return Ok(Some((directory, requires.or(none))));
        }
        Ok(None)
    }

    fn has(&self, name: &str) -> bool {
        self.directory.join(name).is_file()
    }

    /// Whether anything here says that it is a project with requirements of its own.
    fn is_project(&self, file: Option<&ProjectFile>) -> bool {
        file.is_some_and(|file| file.has_project) || self.has("setup.py")
    }

    /// Why nothing here tells the requirements.
    fn silent(&self, file: Option<&ProjectFile>) -> TreeError {
        let shown = self.shown("");
        let directory = match shown.trim_end_matches('/') {
            "" => ".".to_owned(),
            name => name.to_owned(),
        };
        match file {
            Some(file) if file.has_project => TreeError::Dynamic {
                origin: self.shown("pyproject.toml"),
            },
            _ if self.has("setup.py") => TreeError::Script {
                origin: self.shown("setup.py"),
            },
            Some(_) => TreeError::NoProject {
                origin: self.shown("pyproject.toml"),
            },
            None if self.directory.is_dir() => {
                match OTHER_FILES.iter().find(|file| self.has(file)) {
                    Some(file) => TreeError::OnlyFile { directory, file },
                    None => TreeError::NothingHere { directory },
                }
            }
            None => TreeError::NoDirectory { directory },
        }
    }
}

/// Files of requirements that are asked for by their names.
const OTHER_FILES: [&str; 3] = ["pylock.toml", "uv.lock", "requirements.txt"];

/// Whether a `setup.cfg` tells what is required, given what the `setup.py` says: what
/// is not in the one may be in the other.
fn tells_requirements(file: &SetupCfg, script: &Source) -> bool {
    let elsewhere = script.mentions("install_requires") || script.mentions("pbr");
    file.is_project && (file.has_requires || !elsewhere)
}
