//! The local repository of results: flat, without signature.
//!
//! `Packages` is written by dpkg-scanpackages: it comes with dpkg-source, which is needed
//! anyway, where apt-ftparchive would be one more thing to install; and what dpkg reads
//! out of its own packages needs no second opinion. `Release` is ours: four lines, whose date is
//! the youngest of the packages' changelogs, so that the same packages give the same bytes.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use deb822_fast::borrowed::{BorrowedField, iter_paragraphs_borrowed};
use jiff::fmt::rfc2822;

use crate::BuildError;
use crate::area::Area;
use crate::digest;
use pydeps_host::atomic;
use pydeps_host::process;

/// Moves results to their places, the packages into the repository, instead of those of an
/// earlier build, and renews the lists. What was moved, by name, with SHA-256.
pub(crate) fn publish(
    area: &Area,
    results: &Path,
    replaced: &[String],
) -> Result<BTreeMap<String, String>, BuildError> {
    let repository = area.repository();
    fs_err::create_dir_all(&repository)?;
    let mut files = BTreeMap::new();
    for entry in fs_err::read_dir(results)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if is_result(&name) {
            files.insert(name, digest::of_file(&entry.path())?);
        }
    }
    for name in replaced.iter().filter(|name| !files.contains_key(*name)) {
        remove(&area.result(name))?;
        remove(&area.top().join(name))?;
    }
    for name in files.keys() {
        fs_err::rename(results.join(name), area.result(name))?;
        link(area, name)?;
    }
    index(&repository, date(area.top())?)?;
    Ok(files)
}

/// Links a package that is in the repository beside its `.changes`, where dput(1), dcmd(1)
/// and lintian(1) look for it.
fn link(area: &Area, name: &str) -> io::Result<()> {
    let (there, here) = (area.result(name), area.top().join(name));
    let Some(below) = there
        .strip_prefix(area.top())
        .ok()
        .filter(|_| there != here)
    else {
        return Ok(());
    };
    remove(&here)?;
    fs_err::os::unix::fs::symlink(below, here)
}

fn is_result(name: &str) -> bool {
    // pbuilder makes one, too; what it names was there before.
    if name.ends_with("_source.changes") {
        return false;
    }
    [".deb", ".udeb", ".changes", ".buildinfo"]
        .iter()
        .any(|end| name.ends_with(end))
}

fn remove(path: &Path) -> io::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Writes `Packages` and `Release`.
pub(crate) fn index(repository: &Path, date: jiff::Timestamp) -> Result<(), BuildError> {
    let mut scan = Command::new("dpkg-scanpackages");
    scan.current_dir(repository)
        .env("LC_ALL", "C.UTF-8")
        .args(["--multiversion", "."]);
    let packages = process::run(&mut scan)?.stdout;
    atomic::write(&repository.join("Packages"), packages.as_bytes())?;
    let release = release(&packages, date);
    atomic::write(&repository.join("Release"), release.as_bytes())?;
    Ok(())
}

fn release(packages: &str, date: jiff::Timestamp) -> String {
    let (digest, size) = (digest::of(packages.as_bytes()), packages.len());
    let date = rfc2822::to_string(&date.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default();
    format!("Origin: dh-pydeps\nDate: {date}\nSHA256:\n {digest} {size} Packages\n")
}

/// The youngest date in a `.changes` file: that of the changelog's entry.
fn date(area: &Path) -> Result<jiff::Timestamp, BuildError> {
    let mut youngest = jiff::Timestamp::UNIX_EPOCH;
    for entry in fs_err::read_dir(area)? {
        let path = entry?.path();
        if path.extension().is_some_and(|end| end == "changes") {
            let text = fs_err::read_to_string(&path)?;
            youngest = youngest.max(date_of(&text).unwrap_or(youngest));
        }
    }
    Ok(youngest)
}

fn date_of(changes: &str) -> Option<jiff::Timestamp> {
    let paragraph = iter_paragraphs_borrowed(changes).next()?.ok()?;
    let date = paragraph.get_field("Date")?.join();
    Some(rfc2822::parse(date.trim()).ok()?.timestamp())
}

/// What the packages of a build depend on, from the repository's `Packages`.
pub(crate) fn depends(repository: &Path, debs: &[PathBuf]) -> io::Result<Vec<String>> {
    let text = fs_err::read_to_string(repository.join("Packages"))?;
    let names: Vec<String> = debs
        .iter()
        .filter_map(|deb| Some(format!("./{}", deb.file_name()?.to_str()?)))
        .collect();
    let stanzas = iter_paragraphs_borrowed(&text).filter_map(Result::ok);
    let fields = stanzas.filter_map(|stanza| {
        let file = stanza.get_field("Filename")?.join();
        names
            .iter()
            .any(|name| *name == file.trim())
            .then_some(())?;
        let fields =
            ["Pre-Depends", "Depends"].map(|name| stanza.get_field(name).map(BorrowedField::join));
        Some(fields.into_iter().flatten().collect::<Vec<_>>().join(", "))
    });
    Ok(fields.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_says_what_its_list_is() {
        let date = date_of("Format: 1.8\nDate: Thu, 01 Jan 2026 12:00:00 +0000\n").unwrap();
        let text = release("Package: a\n", date);
        assert_eq!(
            text,
            "Origin: dh-pydeps\nDate: Thu, 1 Jan 2026 12:00:00 +0000\nSHA256:\n \
             fa07db62b48a0f9848538c437cfa8aef500bd6570830a5c508d87eeb99d1a50d 11 Packages\n"
        );
    }
}
