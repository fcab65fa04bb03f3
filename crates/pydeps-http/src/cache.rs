//! The disk cache: one file per entry, checked when read, replaced by renaming.
//!
//! An entry that is truncated, damaged or of another format is absent. Several
//! processes may share the directory: a file is complete or not there. A directory
//! that cannot be written is read as far as it goes and told once.

use std::io::{Read, Write};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use fs_err as fs;
use memmap2::{Mmap, MmapOptions};
use pydeps_core::finding::Finding;
use sha2::{Digest, Sha256};

/// Changes whenever what entries mean changes; other formats live beside it.
const FORMAT: &str = "index-2";
const MAGIC: &[u8; 8] = b"PYDEPS\x00\x01";
const PREFIX: usize = 8 + 4 + 8 + 4;

/// What an entry is about; one directory for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An index page, to be revalidated.
    Page,
    /// The metadata of a file, good for ever.
    Metadata,
    /// pip's answer to where its default index is.
    DefaultIndex,
}

impl Kind {
    fn directory(self) -> &'static str {
        match self {
            Self::Page => "pages",
            Self::Metadata => "metadata",
            Self::DefaultIndex => "default-index",
        }
    }
}

/// An entry this long, in bytes, is mapped and not read: what nobody looks at is not
/// copied.
const MAPPED: u64 = 1 << 16;

/// The bytes of an entry.
#[derive(Debug)]
enum Bytes {
    Read(Vec<u8>),
    Mapped(Mmap),
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Read(bytes) => bytes,
            Self::Mapped(map) => map,
        }
    }
}

impl Bytes {
    fn of(path: &Path) -> std::io::Result<Self> {
        let mut file = fs::File::open(path)?;
        let length = file.metadata()?.len();
        if length >= MAPPED {
            return Ok(Self::Mapped(map(&file)?));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
        file.read_to_end(&mut bytes)?;
        Ok(Self::Read(bytes))
    }
}

#[allow(unsafe_code)]
fn map(file: &fs::File) -> std::io::Result<Mmap> {
    // SAFETY: the bytes may only be assumed stable while nobody writes to the file.
    // Entries are replaced by renaming, never written to, and every value read from the
    // map is checked before it is used as an offset.
    unsafe { MmapOptions::new().populate().map(file.file()) }
}

/// A cache entry: a header that says what the body is, and the body.
#[derive(Debug)]
pub struct Entry {
    bytes: Bytes,
    body: usize,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.header() == other.header() && self.body() == other.body()
    }
}

impl Entry {
    /// A body that is in no cache.
    pub fn unstored(body: Vec<u8>) -> Self {
        Self {
            bytes: Bytes::Read(body),
            body: 0,
        }
    }

    /// The header.
    pub fn header(&self) -> &[u8] {
        &self.bytes[PREFIX.min(self.body)..self.body]
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.bytes[self.body..]
    }
}

/// A cache directory, or none.
#[derive(Debug)]
pub struct Cache {
    root: Option<PathBuf>,
    trouble: Mutex<Option<Finding>>,
}

impl Cache {
    /// The cache under `directory`; `None` caches nothing.
    pub fn new(directory: Option<&Path>) -> Self {
        Self {
            root: directory.map(|d| d.join(FORMAT)),
            trouble: Mutex::new(None),
        }
    }

    /// The entry for a key, if it is there and whole.
    pub fn read(&self, kind: Kind, key: &str) -> Option<Entry> {
        let bytes = Bytes::of(&self.entry_path(kind, key)?).ok()?;
        decode(bytes)
    }

    /// Stores an entry. Failing to is no failure: see [`Cache::finding`].
    pub fn write(&self, kind: Kind, key: &str, header: &[u8], body: &[u8]) {
        let Some(path) = self.entry_path(kind, key) else {
            return;
        };
        let stored = encode_prefix(header, body).and_then(|prefix| {
            replace(&path, |file| {
                file.write_all(&prefix)?;
                file.write_all(header)?;
                file.write_all(body)
            })
        });
        self.note(stored);
    }

    /// Where a verified file with this digest is or would be kept.
    pub fn file_path(&self, digest: &str, filename: &str) -> Option<PathBuf> {
        let safe = |text: &str| !text.is_empty() && !text.starts_with('.') && !text.contains('/');
        let root = self
            .root
            .as_ref()
            .filter(|_| safe(digest) && safe(filename))?;
        let shard = digest.get(..2)?;
        Some(root.join("files").join(shard).join(digest).join(filename))
    }

    /// A new temporary file that [`Cache::keep`] can move into place; outside the
    /// cache if the cache cannot be written.
    pub fn temporary(&self) -> Result<tempfile::NamedTempFile, std::io::Error> {
        if let Some(root) = &self.root {
            let made = fs::create_dir_all(root).and_then(|()| named(root));
            match made {
                Ok(file) => return Ok(file),
                Err(error) => self.note(Err(error)),
            }
        }
        named(&std::env::temp_dir())
    }

    /// Moves a temporary file to where [`Cache::file_path`] says; it is returned
    /// as it was if that does not work.
    pub fn keep(
        &self,
        file: tempfile::NamedTempFile,
        path: &Path,
    ) -> Result<PathBuf, tempfile::NamedTempFile> {
        if let Some(parent) = path.parent() {
            self.note(fs::create_dir_all(parent));
        }
        match file.persist(path) {
            Ok(_) => Ok(path.to_owned()),
            Err(error) => Err(error.file),
        }
    }

    /// What was noticed: at most that the cache cannot be written.
    pub fn finding(&self) -> Option<Finding> {
        self.trouble.lock().ok()?.clone()
    }

    fn note(&self, result: Result<(), std::io::Error>) {
        let Err(error) = result else { return };
        if let Ok(mut trouble) = self.trouble.lock() {
            trouble.get_or_insert_with(|| {
                let root = self.root.as_deref().unwrap_or(Path::new("")).display();
                let message = format!("nothing is cached in {root}: {}", error.kind());
                Finding::warning("cache-read-only", message)
                    .with_hint("set XDG_CACHE_HOME to a directory that can be written to")
            });
        }
    }

    fn entry_path(&self, kind: Kind, key: &str) -> Option<PathBuf> {
        let name = hex(&Sha256::digest(key.as_bytes()));
        let directory = self.root.as_ref()?.join(kind.directory());
        Some(directory.join(&name[..2]).join(&name[2..]))
    }
}

fn named(directory: &Path) -> Result<tempfile::NamedTempFile, std::io::Error> {
    tempfile::Builder::new()
        .prefix(".new-")
        .tempfile_in(directory)
}

/// Writes a new file beside `path` and renames it.
fn replace(
    path: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<(), std::io::Error>,
) -> Result<(), std::io::Error> {
    let parent = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(parent)?;
    let mut file = named(parent)?;
    write(&mut file)?;
    file.persist(path)?;
    Ok(())
}

fn encode_prefix(header: &[u8], body: &[u8]) -> Result<Vec<u8>, std::io::Error> {
    let header_len = u32::try_from(header.len()).map_err(std::io::Error::other)?;
    let mut prefix = Vec::with_capacity(PREFIX);
    prefix.extend(MAGIC);
    prefix.extend(header_len.to_le_bytes());
    prefix.extend((body.len() as u64).to_le_bytes());
    prefix.extend(checksum(&[header, body]).to_le_bytes());
    Ok(prefix)
}

fn decode(bytes: Bytes) -> Option<Entry> {
    let mut prefix = bytes.get(..PREFIX)?;
    let mut magic = [0; 8];
    let (mut header, mut body, mut crc) = ([0; 4], [0; 8], [0; 4]);
    for field in [&mut magic[..], &mut header, &mut body, &mut crc] {
        prefix.read_exact(field).ok()?;
    }
    let header = usize::try_from(u32::from_le_bytes(header)).ok()?;
    let body = usize::try_from(u64::from_le_bytes(body)).ok()?;
    let start = PREFIX.checked_add(header)?;
    let whole = start.checked_add(body)? == bytes.len();
    let sound = &magic == MAGIC && whole;
    let sound = sound && checksum(&[&bytes[PREFIX..]]) == u32::from_le_bytes(crc);
    sound.then_some(Entry { bytes, body: start })
}

fn checksum(parts: &[&[u8]]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize()
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from(b"0123456789abcdef"[usize::from(half)]);
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.map(digit).collect()
}

/// The bytes of a SHA-256 in lower-case hexadecimal; `None` for anything else.
pub fn from_hex(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 32];
    let pairs = text.as_bytes().chunks_exact(2);
    if text.len() != 64 {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use proptest::prelude::*;

    use super::*;

    fn cache() -> (tempfile::TempDir, Cache) {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::new(Some(directory.path()));
        (directory, cache)
    }

    #[test]
    fn what_is_written_is_read() {
        let (_directory, cache) = cache();
        assert!(cache.read(Kind::Page, "k").is_none());
        cache.write(Kind::Page, "k", b"h", b"body");
        let entry = cache.read(Kind::Page, "k").unwrap();
        assert_eq!((entry.header(), entry.body()), (&b"h"[..], &b"body"[..]));
        assert!(cache.read(Kind::Metadata, "k").is_none());
        cache.write(Kind::Page, "k", b"", b"");
        assert_eq!(cache.read(Kind::Page, "k").unwrap().body(), b"");
    }

    #[test]
    fn damage_is_absence() {
        let (_directory, cache) = cache();
        cache.write(Kind::Page, "k", b"header", b"body");
        let path = cache.entry_path(Kind::Page, "k").unwrap();
        let good = fs::read(&path).unwrap();
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 1;
            assert!(decode(Bytes::Read(bad)).is_none(), "byte {at}");
            assert!(
                decode(Bytes::Read(good[..at].to_vec())).is_none(),
                "cut at {at}"
            );
        }
        fs::write(&path, &good[..10]).unwrap();
        assert!(cache.read(Kind::Page, "k").is_none());
        cache.write(Kind::Page, "k", b"header", b"body");
        assert!(cache.read(Kind::Page, "k").is_some());
    }

    #[test]
    fn a_directory_that_cannot_be_written_is_told_once() {
        let directory = tempfile::tempdir().unwrap();
        // Root may write anywhere; a file where a directory should be stops it too.
        let file = directory.path().join("file");
        fs::write(&file, "").unwrap();
        fs::set_permissions(&file, PermissionsExt::from_mode(0o444)).unwrap();
        let cache = Cache::new(Some(&file));
        assert_eq!(cache.finding(), None);
        cache.write(Kind::Page, "a", b"", b"");
        let first = cache.finding().unwrap();
        cache.write(Kind::Page, "b", b"", b"");
        assert_eq!(cache.finding(), Some(first));
        assert!(cache.temporary().is_ok());
    }

    proptest! {
        #[test]
        fn total(bytes in proptest::collection::vec(any::<u8>(), 0..80)) {
            prop_assert!(decode(Bytes::Read(bytes)).is_none());
        }
    }
}
