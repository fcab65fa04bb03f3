//! Which files of a package are foreign: recorded before anything is changed.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::anyhow;
use pydeps_elf::judge::{Judgement, Treatment};
use pydeps_elf::record::{Entry, Record, Status};
use pydeps_elf::survey::{self, Read, Seen, Survey};
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
    let files = files(package)?;
    let earlier = package.record()?.unwrap_or_else(|| Record::new(Vec::new()));
    let seen = tree::inspect(&package.root, &files, &READER).map_err(Failure::environment)?;
    let seen: Vec<Seen> = seen.into_iter().map(into_seen).collect();
    let known = seen.iter().filter(|seen| earlier.may_have(seen.size));
    let mut unhashed: BTreeSet<String> = known.map(|seen| seen.path.clone()).collect();
    let mut survey = Survey::new(seen, &rules, package.architecture());
    unhashed.extend(survey.unhashed().map(str::to_owned));
    let hashes = tree::hashes(&package.root, &files, &unhashed).map_err(Failure::environment)?;
    let judgements = survey.judgements(&hashes);
    package.run.say.findings(&survey.findings);
    let record = record(&files, &judgements, &hashes).with_stable(survey.stable);
    let is_away = |entry: &Entry| package.hold.held(&entry.path).exists();
    let record = record.after(&earlier, is_away, |path| rules.of(path).is_some());
    tell(package, &judgements, &record);
    refuse(package, &judgements, &record)?;
    package.keep(&record)
}

/// The files of the tree, each with a content of its own.
fn files(package: &Package<'_>) -> Result<Vec<File>, Failure> {
    let list = || tree::list(&package.root).map_err(Failure::environment);
    let mut tree = list()?;
    if separate(package, &tree.files)? {
        // What a scan that was killed had left beside them is used up now.
        tree = list()?;
    }
    for path in &tree.unnamed {
        let text = format!("{path}: left to the tools, as its name is not UTF-8");
        package.run.say.warning(&text);
    }
    Ok(tree.files)
}

fn into_seen(seen: tree::Seen<Read>) -> Seen {
    Seen {
        path: seen.file.path,
        size: seen.file.size,
        read: seen.made,
    }
}

/// Installers make hard links into their caches; what is done to the package must not
/// reach them. Says whether anything was changed.
fn separate(package: &Package<'_>, files: &[File]) -> Result<bool, Failure> {
    let mut changed = false;
    for file in files.iter().filter(|file| file.links > 1) {
        let shown = package.shown(&file.path);
        package
            .run
            .say
            .verbose(&format!("# {shown}: gets a content of its own"));
        if package.acts() {
            changed |= hold::separate(&package.root, &file.path).map_err(Failure::environment)?;
        }
    }
    Ok(changed)
}

fn record(files: &[File], judgements: &[Judgement], hashes: &BTreeMap<String, String>) -> Record {
    let files: BTreeMap<&str, &File> = files.iter().map(|f| (f.path.as_str(), f)).collect();
    let entry = |judgement: &Judgement| {
        let file = files.get(judgement.path.as_str())?;
        let status = Status {
            size: file.size,
            mode: file.mode,
            modified: file.modified,
        };
        let hash = hashes.get(&judgement.path).cloned();
        Some(Entry::new(judgement.clone(), hash, status))
    };
    Record::new(judgements.iter().filter_map(entry).collect())
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
};
