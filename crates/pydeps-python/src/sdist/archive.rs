//! The few interesting members of a source archive, read as a stream.

use std::io::{Read, Seek};

use zip::ZipArchive;

use super::Texts;
use super::compression::{Kind, UNKNOWN};
use crate::error::ReadError;
use crate::metadata::Headers;

/// More than this after decompression is not a source archive but an attack.
pub const MAX_INFLATED: u64 = 4 * 1024 * 1024 * 1024;
/// Members of an archive; one with more is an attack.
pub const MAX_ENTRIES: usize = 500_000;
const MAX_MEMBER: u64 = 8 * 1024 * 1024;

/// Whether a file of this name is an archive that [`read`] reads.
pub fn is_archive(name: &str) -> bool {
    Kind::of(name).is_some()
}

/// Reads an archive with the given file name: `.zip`, or `.tar` with gzip, bzip2, xz or
/// nothing.
/// `origin` is for error messages.
pub fn read(file: impl Read + Seek, filename: &str, origin: &str) -> Result<Texts, ReadError> {
    let found = Found {
        texts: Texts::default(),
        origin,
    };
    match Kind::of(filename) {
        Some(Kind::Zip) => read_zip(file, found),
        Some(Kind::Tar(compression)) => read_tar(compression.open(file), found),
        None => Err(found.bad(UNKNOWN.to_owned())),
    }
}

struct Found<'a> {
    texts: Texts,
    origin: &'a str,
}

impl Found<'_> {
    fn bad(&self, reason: String) -> ReadError {
        ReadError::BadArchive {
            url: self.origin.to_owned(),
            reason,
        }
    }

    fn too_large(&self, what: &str, limit: u64) -> ReadError {
        ReadError::TooLarge {
            url: format!("{}: {what}", self.origin),
            limit,
        }
    }

    /// Takes a member, if it is of interest.
    fn take(&mut self, path: &str, member: impl Read) -> Result<(), ReadError> {
        let Some(place) = slot(&mut self.texts, path) else {
            return Ok(());
        };
        if place.is_some() {
            return Ok(());
        }
        let mut bytes = Vec::new();
        let read = member.take(MAX_MEMBER + 1).read_to_end(&mut bytes);
        if bytes.len() as u64 > MAX_MEMBER {
            return Err(self.too_large(path, MAX_MEMBER));
        }
        read.map_err(|e| self.bad(e.to_string()))?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(place) = slot(&mut self.texts, path) {
            // Of the list of sources only the presence matters.
            let listing = path.ends_with("/SOURCES.txt");
            *place = Some(if listing { String::new() } else { text });
        }
        Ok(())
    }

    /// Whether nothing further in the archive can matter.
    fn is_enough(&self) -> bool {
        let pkg_info = self.texts.pkg_info.as_ref();
        pkg_info.is_some_and(|text| {
            Headers::parse(text.as_bytes(), self.origin).is_ok_and(|h| h.is_static())
        })
    }
}

/// Where the member with this path belongs.
fn slot<'t>(texts: &'t mut Texts, path: &str) -> Option<&'t mut Option<String>> {
    let path = path.strip_prefix("./").unwrap_or(path);
    let (_, inside) = path.split_once('/')?;
    match inside {
        "PKG-INFO" => Some(&mut texts.pkg_info),
        "pyproject.toml" => Some(&mut texts.pyproject),
        _ => {
            // `NAME.egg-info/requires.txt`, at the top or below `src`.
            let (directory, file) = inside.rsplit_once('/')?;
            let near = directory.ends_with(".egg-info") && directory.matches('/').count() <= 1;
            match file {
                "requires.txt" if near => Some(&mut texts.requires_txt),
                "SOURCES.txt" if near => Some(&mut texts.sources_txt),
                _ => None,
            }
        }
    }
}

fn read_tar(stream: impl Read, mut found: Found<'_>) -> Result<Texts, ReadError> {
    let mut archive = tar::Archive::new(stream.take(MAX_INFLATED));
    // Raw: names too long for a header would be read into memory, however long,
    // and no member of interest has one.
    let entries = archive
        .entries()
        .map_err(|e| found.bad(e.to_string()))?
        .raw(true);
    for (count, entry) in entries.enumerate() {
        let entry = entry.map_err(|e| found.bad(e.to_string()))?;
        if count >= MAX_ENTRIES {
            return Err(found.too_large("members", MAX_ENTRIES as u64));
        }
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        found.take(&path, entry)?;
        if found.is_enough() {
            break;
        }
    }
    Ok(found.texts)
}

fn read_zip(file: impl Read + Seek, mut found: Found<'_>) -> Result<Texts, ReadError> {
    let mut archive = ZipArchive::new(file).map_err(|e| found.bad(e.to_string()))?;
    let mut names: Vec<String> = archive.file_names().map(str::to_owned).collect();
    names.retain(|name| slot(&mut Texts::default(), name).is_some());
    names.sort();
    for name in names {
        let member = archive
            .by_name(&name)
            .map_err(|e| found.bad(e.to_string()))?;
        found.take(&name, member)?;
    }
    Ok(found.texts)
}
