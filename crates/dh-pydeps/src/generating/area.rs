//! The build area: where sources, packages and what was generated last lie.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pydeps_core::finding::Finding;
use pydeps_generate::changelog;
use pydeps_generate::merge;
use pydeps_generate::plan::Plan;
use pydeps_host::build::{self, Area};
use pydeps_host::source_package::{self as host, ReadFile};

use super::fetch::Fetched;
use crate::building;
use crate::failure::Failure;

/// What was written.
pub(crate) struct Written {
    pub(crate) dsc: PathBuf,
    pub(crate) version: String,
    pub(crate) differences: Vec<String>,
    pub(crate) findings: Vec<Finding>,
}

/// The directory that is given, else `build-area` here or, in a source package, above.
pub(crate) fn directory(given: Option<&Path>) -> PathBuf {
    match given {
        Some(directory) => directory.to_owned(),
        None if Path::new("debian").is_dir() => PathBuf::from("../build-area"),
        None => PathBuf::from("build-area"),
    }
}

/// Puts a release and its plan into the area, keeping what a person has changed there, and
/// packs them.
pub(crate) fn write(
    area: &Path,
    fetched: &Fetched,
    plan: &Plan,
    epoch: i64,
) -> Result<Written, Failure> {
    let tree = area.join(&plan.source);
    let generated = area.join("generated").join(&plan.source);
    let base = host::read_debian(&generated).map_err(Failure::environment)?;
    let person = host::read_debian(&tree).map_err(Failure::environment)?;
    let mut merging = Merging::new(&base, &person, plan);
    host::place_upstream(&fetched.tree, &tree).map_err(Failure::environment)?;
    host::place_tarball(
        &fetched.sdist,
        &tree,
        &plan.source,
        &plan.upstream_version,
        epoch,
    )
    .map_err(Failure::environment)?;
    merging.write(&tree).map_err(Failure::environment)?;
    remember(&generated, plan).map_err(Failure::environment)?;
    let version = merging.version();
    let without_epoch = version
        .split_once(':')
        .map_or(version.as_str(), |(_, rest)| rest);
    let dsc = format!("{}_{without_epoch}.dsc", plan.source);
    let dsc = host::pack(&tree, &dsc, epoch).map_err(Failure::environment)?;
    note(area, fetched, plan, &version)?;
    Ok(Written {
        dsc,
        differences: merging.differences(),
        findings: merging.findings,
        version,
    })
}

/// Notes whose source package it is, for `build` and `status`.
fn note(area: &Path, fetched: &Fetched, plan: &Plan, version: &str) -> Result<(), Failure> {
    let made = build::Made {
        version: fetched.release.version.clone(),
        source: plan.source.clone(),
        package_version: version.to_owned(),
    };
    build::note(&Area::new(area), &fetched.release.name, made).map_err(building::failure)
}

/// Keeps what was generated, for the next time.
fn remember(generated: &Path, plan: &Plan) -> Result<(), host::PackageError> {
    host::remove(generated)?;
    for (path, file) in &plan.files {
        host::write_file(generated, path, &file.bytes, file.executable)?;
    }
    Ok(())
}

/// The three sides of every file.
struct Merging<'a> {
    base: &'a BTreeMap<String, ReadFile>,
    person: &'a BTreeMap<String, ReadFile>,
    plan: &'a Plan,
    changelog: String,
    findings: Vec<Finding>,
}

impl<'a> Merging<'a> {
    fn new(
        base: &'a BTreeMap<String, ReadFile>,
        person: &'a BTreeMap<String, ReadFile>,
        plan: &'a Plan,
    ) -> Self {
        let older = person.get("debian/changelog");
        let older = older.map(|file| String::from_utf8_lossy(&file.bytes).into_owned());
        let mut entry = plan.entry.clone();
        let changelog = match older {
            None => entry.text(),
            Some(older) => {
                entry.changes = vec!["New upstream release.".to_owned()];
                entry.above(&older)
            }
        };
        Self {
            base,
            person,
            plan,
            changelog,
            findings: Vec::new(),
        }
    }

    fn version(&self) -> String {
        let first = changelog::first_version(&self.changelog);
        first.unwrap_or(&self.plan.version).to_owned()
    }

    fn write(&mut self, tree: &Path) -> Result<(), host::PackageError> {
        let paths: BTreeSet<&String> = self.base.keys().chain(self.plan.files.keys()).collect();
        for path in paths {
            if path != "debian/changelog" {
                self.merge(tree, path)?;
            }
        }
        host::write_file(tree, "debian/changelog", self.changelog.as_bytes(), false)
    }

    fn merge(&mut self, tree: &Path, path: &str) -> Result<(), host::PackageError> {
        let bytes = |files: &'a BTreeMap<String, ReadFile>| {
            files.get(path).map(|file| file.bytes.as_slice())
        };
        let new = self.plan.files.get(path);
        let merged = merge::file(
            path,
            bytes(self.base),
            bytes(self.person),
            new.map(|file| file.bytes.as_slice()),
        );
        let own = self.person.get(path).map(|file| file.executable);
        let executable = own.or(new.map(|file| file.executable)).unwrap_or(false);
        match &merged.text {
            Some(text) => host::write_file(tree, path, text, executable)?,
            None => host::remove(&tree.join(path))?,
        }
        let beside = format!("{path}.new");
        match &merged.beside {
            Some(text) => host::write_file(tree, &beside, text, false)?,
            None => host::remove(&tree.join(beside))?,
        }
        self.findings.extend(merged.findings);
        Ok(())
    }

    /// How the dependencies differ from those that were generated last.
    fn differences(&self) -> Vec<String> {
        let path = "debian/control";
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let old = self.base.get(path).map(|file| text(&file.bytes));
        let new = self.plan.files.get(path).map(|file| text(&file.bytes));
        match (old, new) {
            (Some(old), Some(new)) => merge::differences(&old, &new),
            _ => Vec::new(),
        }
    }
}
