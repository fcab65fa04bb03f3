//! Which files of a package are foreign: recorded before anything is changed.

use std::collections::BTreeMap;

use anyhow::anyhow;
use pydeps_elf::judge::{Judgement, Treatment};
use pydeps_elf::record::{Entry, Record, Status};
use pydeps_elf::survey::{self, Read, Seen};
use pydeps_host::hold;
use pydeps_host::tree::{self, File};

use super::Package;
use crate::failure::Failure;

/// Judges the files of a package and keeps what was found.
pub(crate) fn scan(package: &Package<'_>) -> Result<(), Failure> {
    let rules = package.rules()?;
    if !package.root.exists() {
        return Ok(());
    }
    let tree = tree::list(&package.root).map_err(Failure::environment)?;
    for path in &tree.unnamed {
        let text = format!("{path}: left to the tools, as its name is not UTF-8");
        package.run.say.warning(&text);
    }
    let files = tree.files;
    separate(package, &files)?;
    let seen = tree::inspect(&package.root, &files, &READER).map_err(Failure::environment)?;
    let known = known(&seen);
    let seen = seen.into_iter().map(|seen| Seen {
        path: seen.file.path,
        sha256: seen.sha256,
        read: seen.made,
    });
    let survey = survey::survey(seen.collect(), &rules, package.architecture());
    package.run.say.findings(&survey.findings);
    let entries = survey.judgements.iter().filter_map(|judgement| {
        let (sha256, status) = known.get(&judgement.path)?;
        Some(Entry::new(judgement.clone(), sha256.clone(), *status))
    });
    let record = Record::new(entries.collect());
    let earlier = package.record()?.unwrap_or_else(|| Record::new(Vec::new()));
    let is_away = |entry: &Entry| package.hold.held(&entry.path).exists();
    let record = record.after(&earlier, is_away, |path| rules.of(path).is_some());
    tell(package, &survey.judgements, &record);
    refuse(package, &survey.judgements, &record)?;
    package.keep(&record)
}

/// Installers make hard links into their caches; what is done to the package must not
/// reach them.
fn separate(package: &Package<'_>, files: &[File]) -> Result<(), Failure> {
    for file in files.iter().filter(|file| file.links > 1) {
        let shown = package.shown(&file.path);
        package
            .run
            .say
            .verbose(&format!("# {shown}: gets a content of its own"));
        if package.acts() {
            hold::separate(&package.root, &file.path).map_err(Failure::environment)?;
        }
    }
    Ok(())
}

fn known(seen: &[tree::Seen<Read>]) -> BTreeMap<String, (String, Status)> {
    let entry = |seen: &tree::Seen<Read>| {
        let status = Status {
            size: seen.file.size,
            mode: seen.file.mode,
            modified: seen.file.modified,
        };
        (seen.file.path.clone(), (seen.sha256.clone(), status))
    };
    seen.iter().map(entry).collect()
}

/// What a packager should know: of files whose judgement stands.
fn tell(package: &Package<'_>, judgements: &[Judgement], record: &Record) {
    let stands = |judgement: &Judgement| {
        let entry = record.files.iter().find(|e| e.path == judgement.path);
        entry.is_some_and(|entry| entry.class == judgement.class)
    };
    for judgement in judgements.iter().filter(|judgement| stands(judgement)) {
        package.run.say.findings(&judgement.findings);
    }
    for entry in &record.files {
        let what = match entry.is_held() {
            true => "foreign",
            false => "left to the tools",
        };
        let shown = package.shown(&entry.path);
        let reason = &entry.reason;
        package
            .run
            .say
            .verbose(&format!("# {shown}: {what}: {reason}"));
    }
}

fn refuse(package: &Package<'_>, judgements: &[Judgement], record: &Record) -> Result<(), Failure> {
    let refused = record
        .files
        .iter()
        .filter(|entry| entry.treatment == Treatment::Refuse);
    let refused: Vec<&str> = refused
        .map(|entry| entry.path.as_str())
        .filter(|path| judgements.iter().any(|j| j.path == *path))
        .collect();
    match refused.as_slice() {
        [] => Ok(()),
        paths => Err(Failure::no(anyhow!(
            "{}: damaged files: {}",
            package.name,
            paths.join(", ")
        ))),
    }
}

const READER: tree::Reader<Read> = tree::Reader {
    wants: survey::wants,
    read: survey::read,
    hashes: true,
};
