//! Project directories.

use std::path::Path;

use pydeps_core::finding::Finding;
use pydeps_core::name::ExtraName;
use pydeps_core::requirement::Requirement;
use pydeps_host::{decisions, overrides};
use pydeps_index::source_tree::{self, SourceTree};
use pydeps_resolve::ResolutionRoot;

use super::{Inputs, Parts, first_error, known_extras, under};
use crate::failure::Failure;

impl Inputs {
    /// A project directory: its requirements, and those of the groups asked for.
    pub(super) fn directory(&mut self, directory: &Path, parts: &Parts) -> Result<(), Failure> {
        let tree = source_tree::read(directory)?;
        first_error(&tree.findings)?;
        known_extras(&parts.extras, &tree.extras, &tree.origin)?;
        if parts.groups.is_empty() {
            has_requirements(&tree)?;
        }
        self.findings.extend(tree.findings.iter().cloned());
        self.findings.extend(not_read(directory));
        let mut requires = tree.requires.clone();
        for group in &parts.groups {
            requires.extend(self.group(&tree, group)?);
        }
        self.roots.push(ResolutionRoot::Project {
            name: tree.name,
            version: tree.version,
            requires_python: tree.requires_python,
            requires: under(parts.marker.as_ref(), requires),
            extras: parts.extras.clone(),
            origin: tree.origin,
        });
        Ok(())
    }

    fn group(&mut self, tree: &SourceTree, name: &ExtraName) -> Result<Vec<Requirement>, Failure> {
        let Some(file) = &tree.project_file else {
            let error = anyhow::anyhow!("{}: there are no dependency groups", tree.origin);
            return Err(Failure::input(error).with_hint("they stand in a pyproject.toml (PEP 735)"));
        };
        let (requires, findings) = file.group(name).map_err(|error| {
            let names: Vec<&str> = file.groups.keys().map(AsRef::as_ref).collect();
            let hint = format!("the dependency groups are: {}", names.join(", "));
            Failure::input(error).with_hint(hint)
        })?;
        first_error(&findings)?;
        self.findings.extend(findings);
        Ok(requires)
    }
}

/// What lies in a named directory and counts only from within it.
fn not_read(directory: &Path) -> Vec<Finding> {
    let here = std::path::absolute(".").and_then(|here| here.canonicalize());
    if here.is_ok_and(|here| directory.canonicalize().is_ok_and(|named| named == here)) {
        return Vec::new();
    }
    let files = [decisions::file_of(directory), overrides::FILE];
    let there = files.iter().map(|file| directory.join(file));
    let told = there.filter(|file| file.is_file()).map(|file| {
        let text = format!(
            "{} is not read: only this directory's counts",
            file.display()
        );
        let hint = format!("run it in {}", directory.display());
        Finding::warning("not-read", text).with_hint(hint)
    });
    told.collect()
}

/// Where there are groups alone, one has to be asked for.
fn has_requirements(tree: &SourceTree) -> Result<(), Failure> {
    let groups = tree.project_file.as_ref().filter(|file| {
        let is_project = file.has_project || file.has_poetry;
        !is_project && tree.name.is_none() && tree.requires.is_empty()
    });
    let Some(file) = groups else {
        return Ok(());
    };
    let names: Vec<&str> = file.groups.keys().map(AsRef::as_ref).collect();
    let error = anyhow::anyhow!(
        "{}: there is no project, only dependency groups",
        tree.origin
    );
    Err(Failure::input(error).with_hint(format!("name one with --group: {}", names.join(", "))))
}
