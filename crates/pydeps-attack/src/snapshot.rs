//! All files below a directory as they are, and what has changed.

use std::collections::BTreeMap;
use std::fmt;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// A file longer than this counts by its length and time alone, in bytes.
const DIGESTED: u64 = 4 << 20;

/// What is at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    kind: &'static str,
    mode: u32,
    owner: (u32, u32),
    /// Not of directories: what is in them has entries of its own.
    size: u64,
    modified: (i64, i64),
    links: u64,
    /// A digest, or where a link leads.
    content: Vec<u8>,
}

/// Entries by their paths below a directory, which stand as they can be shown.
#[derive(Clone, Debug, Default)]
pub struct Snapshot(BTreeMap<PathBuf, Entry>);

/// How a path differs from before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It was not there.
    New,
    /// It is there no more.
    Gone,
    /// It is another one.
    Changed,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "new",
            Self::Gone => "gone",
            Self::Changed => "changed",
        })
    }
}

impl Snapshot {
    /// What is below a directory; links are not followed.
    pub fn of(top: &Path) -> Self {
        let mut snapshot = Self::default();
        snapshot.walk(top, Path::new(""));
        snapshot
    }

    fn walk(&mut self, top: &Path, below: &Path) {
        let entries = std::fs::read_dir(top.join(below)).into_iter().flatten();
        for entry in entries.flatten() {
            let path = below.join(entry.file_name());
            let Some(found) = look(&top.join(&path)) else {
                continue;
            };
            let is_directory = found.kind == "directory";
            self.0.insert(path.clone(), found);
            if is_directory {
                self.walk(top, &path);
            }
        }
    }

    /// The paths that are not as before, sorted.
    pub fn changes(&self, after: &Self) -> Vec<(PathBuf, Change)> {
        let mut changes: Vec<(PathBuf, Change)> = Vec::new();
        for (path, entry) in &self.0 {
            match after.0.get(path) {
                None => changes.push((path.clone(), Change::Gone)),
                Some(now) if now != entry => changes.push((path.clone(), Change::Changed)),
                Some(_) => {}
            }
        }
        let new = after.0.keys().filter(|path| !self.0.contains_key(*path));
        changes.extend(new.map(|path| (path.clone(), Change::New)));
        changes.sort_by(|a, b| a.0.cmp(&b.0));
        changes
    }

    /// The sum of the lengths of all files, in bytes.
    pub fn size(&self) -> u64 {
        self.0.values().map(|entry| entry.size).sum()
    }
}

fn look(path: &Path) -> Option<Entry> {
    let data = std::fs::symlink_metadata(path).ok()?;
    let kind = match data.file_type() {
        kind if kind.is_dir() => "directory",
        kind if kind.is_symlink() => "link",
        kind if kind.is_file() => "file",
        kind if kind.is_fifo() => "fifo",
        _ => "special",
    };
    let content = match kind {
        "link" => std::fs::read_link(path)
            .ok()?
            .as_os_str()
            .as_bytes()
            .to_vec(),
        "file" if data.len() <= DIGESTED => {
            let bytes = std::fs::read(path).unwrap_or_default();
            Sha256::digest(bytes).to_vec()
        }
        _ => Vec::new(),
    };
    let is_directory = kind == "directory";
    Some(Entry {
        kind,
        mode: data.mode(),
        owner: (data.uid(), data.gid()),
        size: if is_directory { 0 } else { data.len() },
        modified: match is_directory {
            true => (0, 0),
            false => (data.mtime(), data.mtime_nsec()),
        },
        links: if is_directory { 0 } else { data.nlink() },
        content,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_change() {
        let top = tempfile::tempdir().unwrap();
        let path = |name: &str| top.path().join(name);
        std::fs::create_dir(path("a")).unwrap();
        std::fs::write(path("a/b"), "x").unwrap();
        std::fs::write(path("c"), "x").unwrap();
        std::os::unix::fs::symlink("c", path("d")).unwrap();
        let before = Snapshot::of(top.path());
        assert!(before.changes(&Snapshot::of(top.path())).is_empty());
        std::fs::write(path("a/b"), "y").unwrap();
        std::fs::remove_file(path("d")).unwrap();
        std::fs::write(path("e"), "").unwrap();
        let expect = [
            ("a/b", Change::Changed),
            ("d", Change::Gone),
            ("e", Change::New),
        ];
        let expect = expect.map(|(path, change)| (PathBuf::from(path), change));
        assert_eq!(before.changes(&Snapshot::of(top.path())), expect);
    }
}
