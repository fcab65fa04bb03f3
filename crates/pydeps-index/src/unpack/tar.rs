//! Tar files: ustar, GNU's long names, pax.

use std::io::Read;

use tar::{Archive, Entry, EntryType, PaxExtensions};

use super::meter::Meter;
use super::tree::{Attributes, Tree};
use super::{Refusal, UnpackError};

/// No name and no pax header is longer than this.
const MAX_HEADER: u64 = 64 * 1024;

/// What the headers before a member say of it.
#[derive(Default)]
struct Ahead {
    name: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
}

/// Reads a tar file into the tree.
///
/// The entries are asked for raw: the library would read a name of any length into memory.
pub(super) fn read(
    stream: impl Read,
    meter: &Meter,
    tree: &mut Tree<'_>,
) -> Result<(), UnpackError> {
    let mut tar = Archive::new(meter.count(stream));
    let entries = tar.entries().map_err(|e| tree.archive.failed(b"", e))?;
    let mut ahead = Ahead::default();
    for entry in entries.raw(true) {
        let mut entry = entry.map_err(|e| tree.archive.failed(b"", e))?;
        let kind = entry.header().entry_type();
        match kind {
            EntryType::GNULongName => ahead.name = Some(long(&mut entry, tree)?),
            EntryType::GNULongLink => ahead.link = Some(long(&mut entry, tree)?),
            EntryType::XHeader => pax(&mut entry, tree, &mut ahead)?,
            EntryType::XGlobalHeader => global(&mut entry, tree)?,
            _ => member(entry, std::mem::take(&mut ahead), meter, tree)?,
        }
    }
    Ok(())
}

/// The content of a header, whose size is limited.
fn header(entry: &mut Entry<'_, impl Read>, tree: &Tree<'_>) -> Result<Vec<u8>, UnpackError> {
    let name = entry.path_bytes().into_owned();
    if entry.size() > MAX_HEADER {
        let refusal = Refusal::Header("longer than 64 KiB");
        return Err(tree.archive.refuse(&name, refusal));
    }
    let mut bytes = Vec::new();
    let read = entry.read_to_end(&mut bytes);
    read.map_err(|e| tree.archive.failed(&name, e))?;
    Ok(bytes)
}

/// A long name ends with a zero byte.
fn long(entry: &mut Entry<'_, impl Read>, tree: &Tree<'_>) -> Result<Vec<u8>, UnpackError> {
    let mut bytes = header(entry, tree)?;
    while bytes.last() == Some(&0) {
        bytes.pop();
    }
    Ok(bytes)
}

fn pax(
    entry: &mut Entry<'_, impl Read>,
    tree: &Tree<'_>,
    ahead: &mut Ahead,
) -> Result<(), UnpackError> {
    let bytes = header(entry, tree)?;
    for record in PaxExtensions::new(&bytes) {
        let record = record.map_err(|e| tree.archive.broken(e))?;
        let value = record.value_bytes();
        match record.key_bytes() {
            b"path" => ahead.name = Some(value.to_vec()),
            b"linkpath" => ahead.link = Some(value.to_vec()),
            b"size" => {
                let size = record.value().ok().and_then(|text| text.parse().ok());
                // A size that cannot be read contradicts every other.
                ahead.size = Some(size.unwrap_or(u64::MAX));
            }
            key if key.starts_with(b"GNU.sparse.") => {
                let refusal = Refusal::Special("sparse file");
                return Err(tree.archive.refuse(&entry.path_bytes(), refusal));
            }
            _ => {}
        }
    }
    Ok(())
}

/// A header for all members: `git archive` leaves a comment there. A name would be nonsense.
fn global(entry: &mut Entry<'_, impl Read>, tree: &Tree<'_>) -> Result<(), UnpackError> {
    let mut ahead = Ahead::default();
    pax(entry, tree, &mut ahead)?;
    let Ahead { name, link, size } = ahead;
    if name.is_some() || link.is_some() || size.is_some() {
        let refusal = Refusal::Header("a name or size for all members");
        return Err(tree.archive.refuse(&entry.path_bytes(), refusal));
    }
    Ok(())
}

fn member(
    entry: Entry<'_, impl Read>,
    ahead: Ahead,
    meter: &Meter,
    tree: &mut Tree<'_>,
) -> Result<(), UnpackError> {
    let name = ahead
        .name
        .unwrap_or_else(|| entry.path_bytes().into_owned());
    let refuse = |tree: &Tree<'_>, refusal| Err(tree.archive.refuse(&name, refusal));
    let size = entry.size();
    if ahead.size.is_some_and(|claimed| claimed != size) {
        return refuse(tree, Refusal::Header("two sizes"));
    }
    if let Err(refusal) = meter.claim(size) {
        return refuse(tree, refusal);
    }
    let kind = entry.header().entry_type();
    let path = tree.enter(&name)?;
    let target = || {
        let own = || entry.link_name_bytes().map(std::borrow::Cow::into_owned);
        ahead.link.clone().or_else(own).unwrap_or_default()
    };
    match kind {
        EntryType::Directory => tree.directory(&path),
        // Before POSIX a directory was a file whose name ends so.
        EntryType::Regular if name.ends_with(b"/") && size == 0 => tree.directory(&path),
        EntryType::Regular | EntryType::Continuous => {
            let attributes = Attributes {
                size,
                mode: entry.header().mode().unwrap_or(0o644),
                modified: entry.header().mtime().ok(),
            };
            tree.file(&path, &attributes, entry)
        }
        EntryType::Symlink => tree.link(&path, &target()),
        EntryType::Link => tree.hard_link(&path, &target(), |bytes| meter.spend(bytes)),
        other => refuse(tree, Refusal::Special(word(other))),
    }
}

fn word(kind: EntryType) -> &'static str {
    match kind {
        EntryType::Char | EntryType::Block => "device",
        EntryType::Fifo => "fifo",
        EntryType::GNUSparse => "sparse file",
        _ => "member of unknown kind",
    }
}
