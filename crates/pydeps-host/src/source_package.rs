//! Source packages on disk: an upstream tree with `debian/`, and what dpkg-source makes
//! of it. Nothing of what is in them is executed.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use walkdir::WalkDir;

use crate::atomic::{self, WriteError};
use crate::process::{self, ProcessError};

/// A text that is read to find out about a release is not larger.
const MAX_TEXT: u64 = 4 * 1024 * 1024;

/// A source package could not be written or packed.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// A file or directory.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A file could not be replaced.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// dpkg-source.
    #[error("dpkg-source cannot pack {directory}: {source}")]
    Pack {
        /// The directory.
        directory: PathBuf,
        /// What it said.
        source: ProcessError,
    },
}

/// A file that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadFile {
    /// Its size in bytes.
    pub size: u64,
    /// Whether its owner may execute it.
    pub executable: bool,
    /// What is in it; empty if it is too large.
    pub bytes: Vec<u8>,
}

/// Reads the regular files below a directory; links are not followed. `debian` at the top
/// is left out.
pub fn read_upstream(directory: &Path) -> io::Result<BTreeMap<String, ReadFile>> {
    let own = directory.join("debian");
    let mut files = BTreeMap::new();
    let entries = WalkDir::new(directory).sort_by_file_name().into_iter();
    for entry in entries.filter_entry(|entry| entry.path() != own) {
        let entry = entry.map_err(io::Error::from)?;
        if entry.file_type().is_file() {
            if let Some(path) = relative(entry.path(), directory) {
                files.insert(path, read_file(entry.path())?);
            }
        }
    }
    Ok(files)
}

/// Reads the regular files below `debian` in a source tree; none if there is no such
/// directory. The paths begin with `debian/`.
pub fn read_debian(tree: &Path) -> io::Result<BTreeMap<String, ReadFile>> {
    let directory = tree.join("debian");
    if !directory.is_dir() {
        return Ok(BTreeMap::new());
    }
    let files = read_upstream(&directory)?.into_iter();
    Ok(files
        .map(|(path, file)| (format!("debian/{path}"), file))
        .collect())
}

fn relative(path: &Path, directory: &Path) -> Option<String> {
    let path = path.strip_prefix(directory).ok()?;
    path.to_str().map(str::to_owned)
}

fn read_file(path: &Path) -> io::Result<ReadFile> {
    let file = fs_err::File::open(path)?;
    let metadata = file.metadata()?;
    let mut read = ReadFile {
        size: metadata.len(),
        executable: metadata.permissions().mode() & 0o100 != 0,
        bytes: Vec::new(),
    };
    if read.size <= MAX_TEXT {
        file.take(MAX_TEXT).read_to_end(&mut read.bytes)?;
    }
    Ok(read)
}

/// Writes a file below a directory, with the directories above it.
pub fn write_file(
    tree: &Path,
    path: &str,
    bytes: &[u8],
    executable: bool,
) -> Result<(), PackageError> {
    let path = tree.join(path);
    if let Some(parent) = path.parent() {
        fs_err::create_dir_all(parent)?;
    }
    atomic::write(&path, bytes)?;
    let mode = if executable { 0o755 } else { 0o644 };
    fs_err::set_permissions(&path, std::fs::Permissions::from_mode(mode))?;
    Ok(())
}

/// Puts an unpacked upstream source in the place of `tree`, keeping `tree/debian` if there
/// is one. Whatever else is there goes.
pub fn place_upstream(upstream: &Path, tree: &Path) -> Result<(), PackageError> {
    // What upstream has of its own under that name is not ours.
    remove(&upstream.join("debian"))?;
    let debian = tree.join("debian");
    if debian.is_dir() {
        fs_err::rename(&debian, upstream.join("debian"))?;
    }
    remove(tree)?;
    fs_err::rename(upstream, tree)?;
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(metadata) if metadata.is_dir() => fs_err::remove_dir_all(path),
        Ok(_) => fs_err::remove_file(path),
    }
}

/// Puts an sdist beside the source trees under the name that dpkg-source looks for, byte
/// for byte; one in a format that dpkg-source does not read is refused.
pub fn place_tarball(
    sdist: &Path,
    area: &Path,
    source: &str,
    version: &str,
) -> Result<PathBuf, PackageError> {
    let name = sdist
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .to_lowercase();
    let suffixes = [
        (".tar.gz", "gz"),
        (".tgz", "gz"),
        (".tar.bz2", "bz2"),
        (".tbz", "bz2"),
        (".tar.xz", "xz"),
        (".txz", "xz"),
    ];
    let found = suffixes.iter().find(|(suffix, _)| name.ends_with(suffix));
    let Some((_, kind)) = found else {
        let message = format!("{name}: dpkg-source reads tarballs with gzip, bzip2 or xz only");
        return Err(io::Error::new(io::ErrorKind::Unsupported, message).into());
    };
    let target = area.join(format!("{source}_{version}.orig.tar.{kind}"));
    fs_err::copy(sdist, &target)?;
    Ok(target)
}

/// Packs a source tree with dpkg-source(1) into the directory that it lies in, beside the
/// upstream tarball, and returns the path of the `.dsc`. `epoch` is the time, in seconds,
/// that no file in the package is newer than.
pub fn pack(tree: &Path, dsc: &str, epoch: i64) -> Result<PathBuf, PackageError> {
    let area = tree.parent().unwrap_or(Path::new("."));
    let mut command = Command::new("dpkg-source");
    command
        .current_dir(area)
        .env("SOURCE_DATE_EPOCH", epoch.to_string())
        .env("LC_ALL", "C.UTF-8")
        .arg("--build")
        .arg(tree.file_name().unwrap_or_default());
    process::run(&mut command).map_err(|source| PackageError::Pack {
        directory: tree.to_owned(),
        source,
    })?;
    Ok(area.join(dsc))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_and_links_are_not_followed() {
        let top = tempfile::tempdir().unwrap();
        write_file(top.path(), "a/b", b"x", true).unwrap();
        write_file(top.path(), "debian/c", b"y", false).unwrap();
        std::os::unix::fs::symlink("/etc/passwd", top.path().join("link")).unwrap();
        let upstream = read_upstream(top.path()).unwrap();
        assert_eq!(Vec::from_iter(upstream.keys()), ["a/b"]);
        assert!(upstream["a/b"].executable);
        let debian = read_debian(top.path()).unwrap();
        assert_eq!(debian["debian/c"].bytes, b"y");
    }
}
