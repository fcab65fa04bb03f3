//! Zip files.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

use super::meter::Meter;
use super::tree::{Attributes, Tree};
use super::{Refusal, UnpackError};

/// The kind of a file in its mode (`S_IFMT`, inode(7)).
const KIND: u32 = 0o170_000;
/// Kinds of no use in a source.
const SPECIAL: [(u32, &str); 4] = [
    (0o020_000, "device"),
    (0o060_000, "device"),
    (0o010_000, "fifo"),
    (0o140_000, "socket"),
];
/// No link is longer than this (`PATH_MAX`).
const MAX_TARGET: u64 = 4096;

/// Reads a zip file into the tree, in the order of its directory.
pub(super) fn read(
    file: impl Read + Seek,
    meter: &Meter,
    tree: &mut Tree<'_>,
) -> Result<(), UnpackError> {
    let mut zip = ZipArchive::new(file).map_err(|e| tree.archive.broken(e))?;
    for index in 0..zip.len() {
        let entry = zip.by_index(index).map_err(|e| failed(tree, e))?;
        member(entry, meter, tree)?;
    }
    Ok(())
}

fn failed(tree: &Tree<'_>, error: ZipError) -> UnpackError {
    match error {
        ZipError::Io(error) => tree.archive.failed(b"", error),
        error => tree.archive.broken(error),
    }
}

fn member<R: Read>(
    entry: ZipFile<'_, R>,
    meter: &Meter,
    tree: &mut Tree<'_>,
) -> Result<(), UnpackError> {
    // As it stands there: for what is not UTF-8 the library would guess.
    let name = entry.name_raw().to_vec();
    let refuse = |tree: &Tree<'_>, refusal| Err(tree.archive.refuse(&name, refusal));
    if let Err(refusal) = meter.claim(entry.size()) {
        return refuse(tree, refusal);
    }
    let mode = entry.unix_mode().unwrap_or(0o644);
    let special = SPECIAL.iter().find(|(kind, _)| mode & KIND == *kind);
    if let Some((_, word)) = special {
        return refuse(tree, Refusal::Special(word));
    }
    let path = tree.enter(&name)?;
    if entry.is_dir() {
        return tree.directory(&path);
    }
    let (size, is_link) = (entry.size(), entry.is_symlink());
    let mut content = meter.count(entry);
    if is_link {
        let mut target = Vec::new();
        let read = content.take(MAX_TARGET + 1).read_to_end(&mut target);
        read.map_err(|e| tree.archive.failed(&name, e))?;
        return tree.link(&path, &target);
    }
    let attributes = Attributes {
        size,
        mode,
        modified: None,
    };
    tree.file(&path, &attributes, &mut content)
}
