//! Held files are put back, as they were.

use std::collections::BTreeMap;

use anyhow::anyhow;
use pydeps_elf::record::{Entry, Record};
use pydeps_host::hold::{self, Held};
use pydeps_host::tree;

use super::{Package, is_same};
use crate::failure::Failure;

/// Puts back what is held of a package. Gives its record, with the paths of now.
pub(crate) fn restore(package: &Package<'_>) -> Result<Option<Record>, Failure> {
    let tree = tree::list(&package.root).map_err(Failure::environment)?;
    let held = package.hold.list(&tree).map_err(Failure::environment)?;
    let record = package.record()?;
    let entries = record.iter().flat_map(|record| &record.files);
    let entries: BTreeMap<&str, &Entry> = entries.map(|e| (e.path.as_str(), e)).collect();
    for held in &held {
        one(package, held, entries.get(held.path.as_str()).copied())?;
    }
    if package.acts() {
        package.hold.close().map_err(Failure::environment)?;
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
    let record = Record::new(record.files).with_needs(record.needs);
    package.keep(&record)?;
    Ok(Some(record))
}

fn one(package: &Package<'_>, held: &Held, entry: Option<&Entry>) -> Result<(), Failure> {
    let path = package.hold.held(&held.path);
    if let Some(entry) = entry.filter(|_| !held.names.is_empty()) {
        if !is_same(&path, entry)? {
            let shown = package.shown(&held.path);
            let error = anyhow!("{shown}: changed while it was kept from the tools");
            return Err(Failure::no(error).with_hint("change it before dh_pyelf_scan is run"));
        }
    }
    for name in &held.names {
        let (from, to) = (path.display(), package.shown(name));
        package.run.say.verbose(&format!("mv {from} {to}"));
    }
    if !package.acts() {
        return Ok(());
    }
    if let Some(entry) = entry {
        hold::set_modified(&path, entry.modified).map_err(Failure::environment)?;
    }
    hold::give_to_root(&path).map_err(Failure::environment)?;
    package.hold.give_back(held).map_err(Failure::environment)
}

/// Fails if anything is still held.
pub(crate) fn check(package: &Package<'_>) -> Result<(), Failure> {
    let tree = tree::list(&package.root).map_err(Failure::environment)?;
    let held = package.hold.list(&tree).map_err(Failure::environment)?;
    match held.as_slice() {
        [] => Ok(()),
        [first, others @ ..] => {
            let others = match others.len() {
                0 => String::new(),
                number => format!(" and {number} more"),
            };
            let shown = package.shown(&first.path);
            let error = anyhow!("{shown}{others}: only a link, the file is still held");
            Err(Failure::no(error).with_hint(
                "run dh_pyelf_restore before; an override_dh_pyelf_restore has to call it",
            ))
        }
    }
}
