//! Held files are put back, as they were.

use std::collections::BTreeMap;

use anyhow::{Result, bail, ensure};
use pydeps_elf::record::{Entry, Record};
use pydeps_host::hold::{self, Held};
use pydeps_host::tree;

use super::{Package, is_same};

/// Puts back what is held of a package. Gives its record, with the paths of now.
pub(crate) fn restore(package: &Package<'_>) -> Result<Option<Record>> {
    let tree = tree::list(&package.root)?;
    let held = package.hold.list(&tree)?;
    let record = package.record()?;
    let entries = record.iter().flat_map(|record| &record.files);
    let entries: BTreeMap<&str, &Entry> = entries.map(|e| (e.path.as_str(), e)).collect();
    for held in &held {
        one(package, held, entries.get(held.path.as_str()).copied())?;
    }
    if package.acts() {
        package.hold.close()?;
    }
    let Some(mut record) = record else {
        return Ok(None);
    };
    for held in held {
        let entry = record.files.iter_mut().find(|e| e.path == held.path);
        if let (Some(entry), Some(name)) = (entry, held.names.last()) {
            entry.path.clone_from(name);
        }
    }
    let record = Record::new(record.files);
    package.keep(&record)?;
    Ok(Some(record))
}

fn one(package: &Package<'_>, held: &Held, entry: Option<&Entry>) -> Result<()> {
    let path = package.hold.held(&held.path);
    let root = package.root.display();
    if let Some(entry) = entry {
        ensure!(
            is_same(&path, entry)?,
            "{root}/{}: changed while it was kept from the tools; \
             change it before dh_pyelf_scan, or not at all",
            held.path
        );
    }
    for name in &held.names {
        package
            .session
            .verbose(&format!("mv {} {root}/{name}", path.display()));
    }
    if !package.acts() {
        return Ok(());
    }
    if let Some(entry) = entry {
        hold::set_modified(&path, entry.modified)?;
    }
    hold::give_to_root(&path)?;
    Ok(package.hold.give_back(held)?)
}

/// Fails if anything is still held.
pub(crate) fn check(package: &Package<'_>) -> Result<()> {
    let tree = tree::list(&package.root)?;
    let held = package.hold.list(&tree)?;
    match held.as_slice() {
        [] => Ok(()),
        [first, others @ ..] => bail!(
            "{}: {} and {} more are still kept from the tools; run dh_pyelf_restore before the \
             package is assembled (is override_dh_pyelf_restore empty?)",
            package.root.display(),
            first.path,
            others.len()
        ),
    }
}
