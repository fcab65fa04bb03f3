//! The build area: where sources, packages and what was generated last lie.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use pep440_rs::Version;
use pydeps_build::Area;
use pydeps_build::source_package::{self as host, ReadFile};
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_generate::edits::changelog::Past;
use pydeps_generate::edits::merge;
use pydeps_generate::plan::Plan;
use pydeps_host::process::ProcessError;

use super::fetch::Fetched;
use crate::failure::Failure;
use pydeps_core::deb_version::without_epoch;

/// What was written.
pub(crate) struct Written {
    pub(crate) dsc: PathBuf,
    pub(crate) differences: Vec<String>,
    pub(crate) findings: Vec<Finding>,
}

type Files = BTreeMap<String, ReadFile>;

/// What the area has of a source package already.
pub(crate) struct Present {
    pub(crate) source: String,
    /// The unpacked source package, which a person may have changed.
    pub(crate) tree: PathBuf,
    /// Where its `debian/` is as it was generated last.
    pub(crate) generated: PathBuf,
    pub(crate) base: Files,
    pub(crate) person: Files,
}

impl Present {
    /// Reads both sides. Where the tree is gone, what was generated for it counts no more.
    pub(crate) fn read(area: &Path, source: &str) -> Result<Self, Failure> {
        let tree = area.join(source);
        let generated = Area::new(area).generated_last().join(source);
        let person = host::read_debian(&tree).map_err(Failure::environment)?;
        let base = match person.is_empty() {
            true => Files::new(),
            false => host::read_debian(&generated).map_err(Failure::environment)?,
        };
        Ok(Self {
            source: source.to_owned(),
            tree,
            generated,
            base,
            person,
        })
    }

    /// The changelog, as the plan goes on with it.
    pub(crate) fn past(&self) -> Past {
        Past {
            text: text(&self.person, "debian/changelog").unwrap_or_default(),
            generated: text(&self.base, "debian/changelog"),
        }
    }
}

pub(crate) fn text(files: &Files, path: &str) -> Option<String> {
    let file = files.get(path)?;
    Some(String::from_utf8_lossy(&file.bytes).into_owned())
}

/// Puts a release and its plan into the area, keeping what a person has changed there, and
/// packs them. The new tree is whole before it takes the place of the old one, and its tarballs
/// are there by then: killed at any moment, the area has the one or the other.
pub(crate) fn write(
    area: &Path,
    fetched: &Fetched,
    plan: &Plan,
    present: &Present,
) -> Result<Written, Failure> {
    let (tree, epoch) = (&present.tree, plan.date.as_second());
    let mut merging = Merging {
        present,
        plan,
        tree: &fetched.tree,
        findings: Vec::new(),
    };
    merging.write().map_err(Failure::environment)?;
    place(area, fetched, plan).map_err(Failure::environment)?;
    remember(area, fetched, plan).map_err(Failure::environment)?;
    let dsc = format!("{}_{}.dsc", plan.source, without_epoch(&plan.version));
    let dsc = host::pack(tree, &dsc, epoch).map_err(|error| unpacked(tree, error))?;
    note(area, fetched, plan)?;
    Ok(Written {
        dsc,
        differences: merging.differences(),
        findings: merging.findings,
    })
}

/// Puts the tarballs into the area, and then what belongs to them into the tree's place.
fn place(area: &Path, fetched: &Fetched, plan: &Plan) -> Result<(), host::PackageError> {
    let (source, version) = (&plan.source, &plan.upstream_version);
    let (new, epoch) = (&fetched.tree, plan.date.as_second());
    host::place_tarball(&fetched.sdist, new, area, source, version, epoch)?;
    for component in &fetched.components {
        host::place_component(component, new, area, source, version)?;
    }
    Ok(Area::new(area).replace_tree(new, source)?)
}

/// Whether dpkg-source is missing or what it was given is wrong: what a person has there.
fn unpacked(tree: &Path, error: host::PackageError) -> Failure {
    let tree = tree.display();
    match error {
        host::PackageError::Pack {
            source: ProcessError::Failed { .. },
            ..
        } => Failure::input(error).with_hint(format!(
            "mend it in {tree} and run dpkg-source --build {tree}; patches that apply no more are \
             refreshed with quilt(1), or taken out of debian/patches/series"
        )),
        error => Failure::environment(error),
    }
}

/// Notes whose source package it is, for `build` and `status`.
fn note(area: &Path, fetched: &Fetched, plan: &Plan) -> Result<(), Failure> {
    let made = pydeps_build::Made {
        version: fetched.release.version.clone(),
        source: plan.source.clone(),
        package_version: plan.version.clone(),
    };
    Ok(pydeps_build::note(
        &Area::new(area),
        &fetched.release.name,
        made,
    )?)
}

/// Notes why there is no source package, for `status`.
pub(crate) fn note_refusal(
    area: &Path,
    name: &DistName,
    version: &Version,
    finding: &Finding,
) -> Result<(), Failure> {
    let refusal = pydeps_build::Refusal {
        version: version.clone(),
        reason: finding.message.clone(),
    };
    Ok(pydeps_build::note_refusal(&Area::new(area), name, refusal)?)
}

/// Keeps what was generated, for the next time.
fn remember(area: &Path, fetched: &Fetched, plan: &Plan) -> Result<(), host::PackageError> {
    let new = fetched.tree.with_file_name("generated");
    for (path, file) in &plan.files {
        host::write_file(&new, path, &file.bytes, file.executable)?;
    }
    Ok(Area::new(area).replace_generated(&new, &plan.source)?)
}

/// The three sides of every file.
struct Merging<'a> {
    present: &'a Present,
    plan: &'a Plan,
    /// The tree to write into: upstream's, and the person's `debian/` joins it.
    tree: &'a Path,
    findings: Vec<Finding>,
}

impl<'a> Merging<'a> {
    /// Writes the files. The plan has gone on with the changelog itself.
    fn write(&mut self) -> Result<(), host::PackageError> {
        host::take_debian(&self.present.tree, self.tree)?;
        let (base, new) = (&self.present.base, &self.plan.files);
        let paths: BTreeSet<&String> = base.keys().chain(new.keys()).collect();
        for path in paths {
            match (path.as_str(), new.get(path)) {
                ("debian/changelog", Some(file)) => {
                    host::write_file(self.tree, path, &file.bytes, false)?;
                }
                _ => self.merge(path)?,
            }
        }
        Ok(())
    }

    fn merge(&mut self, path: &str) -> Result<(), host::PackageError> {
        let bytes = |files: &'a Files| files.get(path).map(|file| file.bytes.as_slice());
        let (tree, new) = (self.tree, self.plan.files.get(path));
        let merged = merge::file(
            path,
            bytes(&self.present.base),
            bytes(&self.present.person),
            new.map(|file| file.bytes.as_slice()),
        );
        let own = self.present.person.get(path).map(|file| file.executable);
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
        for finding in merged.findings {
            let placed = self.placed(finding);
            self.findings.push(placed);
        }
        Ok(())
    }

    /// A finding with a command to be run in the source package's tree.
    fn placed(&self, finding: Finding) -> Finding {
        match &finding.hint {
            Some(hint) => {
                let hint = format!("in {}: {hint}", self.present.tree.display());
                finding.with_hint(hint)
            }
            None => finding,
        }
    }

    /// How the dependencies differ from those that were generated last.
    fn differences(&self) -> Vec<String> {
        let path = "debian/control";
        let new = self.plan.files.get(path);
        let new = new.map(|file| String::from_utf8_lossy(&file.bytes));
        match (text(&self.present.base, path), new) {
            (Some(old), Some(new)) => merge::differences(&old, &new),
            _ => Vec::new(),
        }
    }
}
