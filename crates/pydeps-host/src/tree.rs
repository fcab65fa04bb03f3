//! The files of a directory tree, and what a reader makes of those that it wants.

mod digest;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use memmap2::{Mmap, MmapOptions};
use walkdir::WalkDir;

pub use digest::sha256;

/// A tree, or a file in it, cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read {}: {source}", path.display())]
pub struct TreeError {
    /// Which.
    pub path: PathBuf,
    /// The system's reason.
    pub source: io::Error,
}

/// A regular file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the tree.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// Its permissions.
    pub mode: u32,
    /// When it was modified: seconds and nanoseconds since 1970.
    pub modified: (i64, i64),
    /// How many names it has.
    pub links: u64,
}

/// A symbolic link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its path in the tree.
    pub path: String,
    /// What it says.
    pub target: PathBuf,
}

/// What a tree has, sorted by path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Regular files.
    pub files: Vec<File>,
    /// Symbolic links, which are not followed.
    pub links: Vec<Link>,
    /// Files and links whose names are not UTF-8, as good as they can be shown. They are in
    /// neither list: no metadata speaks of them, and nobody asks for them.
    pub unnamed: Vec<String>,
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen<T> {
    /// The file.
    pub file: File,
    /// What the reader made of it.
    pub made: T,
}

/// Which files are read, and what is made of them; used from several threads.
#[derive(Debug)]
pub struct Reader<T> {
    /// Whether a file is wanted, by its path and its first bytes.
    pub wants: fn(&str, &[u8]) -> bool,
    /// Makes something of a file that is wanted: its path, and all its bytes, mapped.
    pub read: fn(&str, &[u8]) -> T,
}

/// How many bytes [`Reader`] decides by, at most.
const HEAD: usize = 64;

/// Lists a tree. One that is not there is empty.
pub fn list(root: &Path) -> Result<Tree, TreeError> {
    let mut tree = Tree::default();
    if !root.exists() {
        return Ok(tree);
    }
    for entry in WalkDir::new(root).sort_by_file_name() {
        let entry = entry.map_err(|error| walk_error(root, error))?;
        let kind = entry.file_type();
        if !kind.is_symlink() && !kind.is_file() {
            continue;
        }
        let Ok(path) = inside(root, entry.path()) else {
            tree.unnamed.push(entry.path().display().to_string());
            continue;
        };
        if kind.is_symlink() {
            let target = fs_err::read_link(entry.path()).map_err(|e| read(entry.path(), e))?;
            tree.links.push(Link { path, target });
        } else {
            let data = entry.metadata().map_err(|error| walk_error(root, error))?;
            tree.files.push(file(path, &data));
        }
    }
    tree.files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    tree.links.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    Ok(tree)
}

/// The regular files of a directory, without those below it, sorted; those with names in UTF-8.
pub fn list_here(root: &Path) -> Result<Vec<File>, TreeError> {
    let entries = WalkDir::new(root).max_depth(1).sort_by_file_name();
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| walk_error(root, error))?;
        let path = inside(root, entry.path()).ok();
        if let Some(path) = path.filter(|_| entry.file_type().is_file()) {
            let data = entry.metadata().map_err(|error| walk_error(root, error))?;
            files.push(file(path, &data));
        }
    }
    Ok(files)
}

fn file(path: String, data: &std::fs::Metadata) -> File {
    File {
        path,
        size: data.len(),
        mode: data.mode() & 0o7777,
        modified: (data.mtime(), data.mtime_nsec()),
        links: data.nlink(),
    }
}

/// The path below `root`; an error where that is not UTF-8.
fn inside(root: &Path, path: &Path) -> Result<String, OsString> {
    let relative = path.strip_prefix(root).unwrap_or(path);
    relative.as_os_str().to_owned().into_string()
}

/// Lets `reader` read those of the files that it wants, several at a time. The answer is
/// in the order of the files.
pub fn inspect<T: Send>(
    root: &Path,
    files: &[File],
    reader: &Reader<T>,
) -> Result<Vec<Seen<T>>, TreeError> {
    let seen = several(files, |file| {
        let path = root.join(&file.path);
        look(&path, file, reader).map_err(|error| read(&path, error))
    })?;
    Ok(seen.into_iter().flatten().collect())
}

/// The SHA-256 of those of the files that are wanted, in hexadecimal digits and by path;
/// several at a time.
pub fn hashes(
    root: &Path,
    files: &[File],
    wanted: &BTreeSet<String>,
) -> Result<BTreeMap<String, String>, TreeError> {
    let mut files: Vec<&File> = files.iter().filter(|f| wanted.contains(&f.path)).collect();
    // One that is begun last and is large would be waited for; two of a size take as long.
    files.sort_by_key(|file| Reverse(file.size));
    let at_once = match files.len() {
        few if few <= 2 * threads(few) => 1,
        _ => 2,
    };
    let parts: Vec<&[&File]> = files.chunks(at_once).collect();
    let done = several(&parts, |part| hashes_of(root, part))?;
    Ok(done.into_iter().flatten().collect())
}

/// One or two files with their hashes.
fn hashes_of(root: &Path, part: &[&File]) -> Result<Vec<(String, String)>, TreeError> {
    let at = |file: &File| root.join(&file.path);
    let hashes = match part {
        [one, other] => digest::pair(&at(one), &at(other))?.to_vec(),
        one => one
            .iter()
            .map(|one| sha256(&at(one)))
            .collect::<Result<_, _>>()?,
    };
    let paths = part.iter().map(|file| file.path.clone());
    Ok(paths.zip(hashes).collect())
}

/// Does one thing with all items, several at a time and the first ones first. The answers
/// are in the order of the items.
fn several<I: Sync, T: Send>(
    items: &[I],
    act: impl Fn(&I) -> Result<T, TreeError> + Sync,
) -> Result<Vec<T>, TreeError> {
    let next = AtomicUsize::new(0);
    let work = || -> Result<Vec<(usize, T)>, TreeError> {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            match items.get(at) {
                Some(item) => done.push((at, act(item)?)),
                None => return Ok(done),
            }
        }
    };
    let mut done = std::thread::scope(|scope| -> Result<Vec<(usize, T)>, TreeError> {
        let others: Vec<_> = (1..threads(items.len()))
            .map(|_| scope.spawn(work))
            .collect();
        let mut done = work()?;
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Ok(done)
    })?;
    done.sort_unstable_by_key(|(at, _)| *at);
    Ok(done.into_iter().map(|(_, made)| made).collect())
}

/// How many threads so much work is worth.
fn threads(items: usize) -> usize {
    const MOST: usize = 8;
    match items {
        0 | 1 => 1,
        _ => std::thread::available_parallelism().map_or(1, |n| n.get().min(MOST).min(items)),
    }
}

fn look<T>(path: &Path, file: &File, reader: &Reader<T>) -> io::Result<Option<Seen<T>>> {
    let open = fs_err::File::open(path)?;
    let mut head = [0; HEAD];
    let length = open.file().read_at(&mut head, 0)?;
    if !(reader.wants)(&file.path, &head[..length]) {
        return Ok(None);
    }
    let made = match length {
        0 => (reader.read)(&file.path, &[]),
        _ => (reader.read)(&file.path, &map(&MmapOptions::new(), &open)?),
    };
    Ok(Some(Seen {
        file: file.clone(),
        made,
    }))
}

/// Maps a file of a tree that only the build works on.
#[allow(unsafe_code)]
fn map(how: &MmapOptions, file: &fs_err::File) -> io::Result<Mmap> {
    // SAFETY: the bytes may only be assumed stable while nobody writes to the file. The
    // commands of a build run one after the other, and every value that a reader takes
    // from the map is checked before it is used as an offset.
    unsafe { how.map(file.file()) }
}

fn read(path: &Path, source: io::Error) -> TreeError {
    let path = path.to_owned();
    TreeError { path, source }
}

fn walk_error(root: &Path, error: walkdir::Error) -> TreeError {
    let path = error.path().unwrap_or(root).to_owned();
    let source = io::Error::from(error);
    TreeError { path, source }
}

#[cfg(test)]
mod tests;
