//! A source archive becomes a directory, and nothing else happens, whoever made it.
//!
//! Everything is written to a new directory beside the destination, which is renamed when
//! all is well and removed when not. Symbolic links are kept back until every other member
//! is written, so that nothing is ever written through one.

mod error;
mod meter;
mod path;
mod tar;
#[cfg(test)]
mod tests;
mod tree;
mod zip;

use std::path::{Path, PathBuf};

use fs_err::File;
use pydeps_core::finding::Finding;

pub use error::{Refusal, UnpackError};
use meter::Meter;
use tree::Tree;

use pydeps_python::sdist::compression::{Kind, UNKNOWN};
use pydeps_python::sdist::{MAX_ENTRIES, MAX_INFLATED};

/// What an archive may come to.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes after decompression, everything counted.
    pub bytes: u64,
    /// How many times the size of the archive that may be, where it is more than `small`.
    pub ratio: u64,
    /// What may be unpacked of any archive: short texts compress very well.
    pub small: u64,
    /// Members of any kind.
    pub members: usize,
    /// Directories in one another.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: MAX_INFLATED,
            ratio: 200,
            small: 64 * 1024 * 1024,
            members: MAX_ENTRIES,
            depth: 64,
        }
    }
}

/// What was unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpacked {
    /// The single directory at the top of the archive. Its content is the destination's.
    /// Nothing where the archive has several members at the top, which then are the
    /// destination's content (as `dpkg-source` does it).
    pub top: Option<String>,
    /// Files and links below the destination, sorted by path.
    pub files: Vec<Member>,
    /// What is odd.
    pub findings: Vec<Finding>,
}

/// A file or a symbolic link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its path below the destination, with `/`.
    pub path: String,
    /// Bytes; 0 for a link.
    pub size: u64,
    /// Permissions: 0o644 or 0o755.
    pub mode: u32,
    /// Where a link leads, as it says itself. Never out of the destination.
    pub link: Option<String>,
}

/// Unpacks a `.zip`, `.tar`, `.tar.gz`, `.tar.bz2` or `.tar.xz` to the new directory `dest`,
/// whose parent has to be there, within the default [`Limits`].
/// Set-uid bits and write permission for others are dropped.
///
/// After an error there is no `dest`, and nothing else of what was unpacked.
pub fn unpack(sdist: &Path, dest: &Path) -> Result<Unpacked, UnpackError> {
    unpack_within(sdist, dest, &Limits::default())
}

/// As [`unpack`], within these limits.
pub fn unpack_within(sdist: &Path, dest: &Path, limits: &Limits) -> Result<Unpacked, UnpackError> {
    if dest.symlink_metadata().is_ok() {
        return Err(UnpackError::Exists(dest.to_owned()));
    }
    let archive = Archive {
        path: sdist.to_owned(),
        limits: *limits,
    };
    let parent = match dest.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let scratch = tempfile::Builder::new()
        .prefix(".unpacking-")
        .tempdir_in(parent)?;
    let mut tree = Tree::new(scratch.path(), &archive);
    archive.read_into(&mut tree)?;
    tree.finish(dest)
}

/// The archive at hand.
struct Archive {
    path: PathBuf,
    limits: Limits,
}

impl Archive {
    fn read_into(&self, tree: &mut Tree<'_>) -> Result<(), UnpackError> {
        let file = File::open(&self.path)?;
        let meter = Meter::new(&self.limits, file.metadata()?.len());
        let name = self.path.file_name().unwrap_or_default().to_string_lossy();
        match Kind::of(&name) {
            Some(Kind::Zip) => zip::read(file, &meter, tree),
            Some(Kind::Tar(compression)) => tar::read(compression.open(file), &meter, tree),
            None => Err(self.broken(UNKNOWN)),
        }
    }

    /// What a library or the file system says, or the limit that hides in it.
    fn failed(&self, member: &[u8], error: std::io::Error) -> UnpackError {
        match error.downcast::<Refusal>() {
            Ok(refusal) => self.refuse(member, refusal),
            Err(error) => self.broken(error),
        }
    }

    fn broken(&self, reason: impl std::fmt::Display) -> UnpackError {
        UnpackError::Broken {
            archive: self.path.clone(),
            reason: reason.to_string(),
        }
    }

    fn refuse(&self, member: &[u8], refusal: Refusal) -> UnpackError {
        UnpackError::Refused {
            archive: self.path.clone(),
            member: member.to_owned(),
            refusal,
        }
    }
}
