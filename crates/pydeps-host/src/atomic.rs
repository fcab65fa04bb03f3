//! Files that are either the old one or the new one, never half of one.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use tempfile::NamedTempFile;

/// How the names of unfinished files begin that commands of one build hand on.
const PREFIX: &str = ".new-";
/// What the name of another unfinished file has between the file's name and six letters or
/// digits: `.NAME.dh-pydeps-a1B2c3`.
const OURS: &str = ".dh-pydeps-";
const RANDOM: usize = 6;

/// A file could not be replaced.
#[derive(Debug, thiserror::Error)]
#[error("cannot write {path}: {source}")]
pub struct WriteError {
    /// The file that keeps its old content.
    pub path: PathBuf,
    /// What went wrong; names the file or directory it happened to.
    pub source: io::Error,
}

/// Writes `bytes` to a new file beside `path`, syncs it, and renames it over
/// `path`. An existing file's mode is kept; a new one gets 0644 less the umask.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace(path, bytes).map_err(failed(path))
}

/// The same for what a build makes, one command after the other. It is not synced: the file
/// is whole after a kill, and after a power cut one builds again; to wait for the disk would
/// take longer than all the rest. What a killed writer has left the next one uses up.
pub fn write_in_build(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace_in_build(path, bytes).map_err(failed(path))
}

fn replace_in_build(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = beside(path);
    remove(&new)?;
    fs_err::File::create_new(&new)?.write_all(bytes)?;
    if let Ok(old) = fs_err::metadata(path) {
        fs_err::set_permissions(&new, old.permissions())?;
    }
    fs_err::rename(&new, path)
}

/// A name for something unfinished, in the same directory.
pub fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{PREFIX}{name}"))
}

/// Whether a path is of something that was left unfinished.
pub fn is_unfinished(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with(PREFIX)
}

/// Removes a file, if it is there.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> WriteError {
    let path = path.to_owned();
    move |source| WriteError { path, source }
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let directory = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.unwrap_or(Path::new("."));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    sweep_where(directory, |found| is_ours(found, Some(&name)))?;
    let mut file = create(directory, &name)?;
    file.write_all(bytes)?;
    if let Ok(old) = fs_err::metadata(path) {
        fs_err::set_permissions(file.path(), old.permissions())?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

/// Removes what writers that were killed have left in a directory. What is being written has
/// a lock, and stays.
pub fn sweep(directory: &Path) -> io::Result<()> {
    sweep_where(directory, |name| is_ours(name, None))
}

fn sweep_where(directory: &Path, is_left: impl Fn(&str) -> bool) -> io::Result<()> {
    for entry in fs_err::read_dir(directory)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if is_left(&name) && !is_locked(&path) {
            remove(&path)?;
        }
    }
    Ok(())
}

/// Whether a name is one that [`write`] gives an unfinished file: of any file, or of this one.
fn is_ours(name: &str, of: Option<&str>) -> bool {
    let Some((whose, random)) = name.rsplit_once(OURS) else {
        return false;
    };
    let random_fits =
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let whose = whose.strip_prefix('.');
    random_fits && whose.is_some_and(|whose| of.is_none_or(|of| of == whose))
}

/// Whether somebody is still writing the file. One that cannot be opened is left alone.
fn is_locked(path: &Path) -> bool {
    open_lock(path).map_or(true, |file| {
        flock(file.file(), FlockOperation::NonBlockingLockExclusive).is_err()
    })
}

/// Opens a file to be locked with flock(2), and makes it if it is not there. What is in it
/// stays, and a symbolic link is not followed.
pub fn open_lock(path: &Path) -> io::Result<fs_err::File> {
    use fs_err::os::unix::fs::OpenOptionsExt as _;
    let mut options = fs_err::OpenOptions::new();
    let no_follow = rustix::fs::OFlags::NOFOLLOW.bits();
    options
        .create(true)
        .append(true)
        .custom_flags(no_follow as i32);
    options.open(path)
}

/// A new file beside the one that it is to replace, locked as long as it is written.
fn create(directory: &Path, name: &str) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    let file = tempfile::Builder::new()
        .prefix(&format!(".{name}{OURS}"))
        .rand_bytes(RANDOM)
        .permissions(std::fs::Permissions::from_mode(0o644))
        .tempfile_in(directory)?;
    // Where there are no locks, a second writer may take the file away: the first one fails.
    let _ = flock(file.as_file(), FlockOperation::NonBlockingLockExclusive);
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn replaces_and_keeps_the_mode() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        write(&path, b"one").unwrap();
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(fs_err::read(&path).unwrap(), b"two");
        assert_eq!(
            fs_err::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        assert_eq!(fs_err::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn in_a_build_nothing_unfinished_is_left() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs_err::write(dir.path().join(".new-file"), "from one that was killed").unwrap();
        write_in_build(&path, b"one").unwrap();
        fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        write_in_build(&path, b"two").unwrap();
        assert_eq!(fs_err::read(&path).unwrap(), b"two");
        let mode = fs_err::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs_err::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn only_unfinished_files_are_swept() {
        let dir = tempfile::tempdir().unwrap();
        for name in [".x.dh-pydeps-abc123", "file", ".hidden"] {
            fs_err::write(dir.path().join(name), "").unwrap();
        }
        sweep(dir.path()).unwrap();
        assert!(!dir.path().join(".x.dh-pydeps-abc123").exists());
        assert_eq!(fs_err::read_dir(dir.path()).unwrap().count(), 2);
    }

    #[test]
    fn failure_names_the_file_and_leaves_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("absent/file");
        let error = write(&path, b"x").unwrap_err();
        assert!(error.to_string().contains("absent"), "{error}");
        assert_eq!(fs_err::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_lock_file_is_neither_emptied_nor_a_link() {
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file"), dir.path().join("link"));
        fs_err::write(&file, "kept").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        open_lock(&file).unwrap();
        assert!(open_lock(&link).is_err());
        assert_eq!(fs_err::read_to_string(&file).unwrap(), "kept");
    }

    #[test]
    fn only_what_a_killed_writer_of_the_same_file_has_left_goes() {
        let dir = tempfile::tempdir().unwrap();
        let stay = [
            ".new-idea",
            ".other.dh-pydeps-abc123",
            ".a.dh-pydeps-notes",
            ".a.dh-pydeps-abc_12",
            "a.dh-pydeps-abc123",
        ];
        for name in stay.iter().chain(&[".a.dh-pydeps-abc123"]) {
            fs_err::write(dir.path().join(name), "").unwrap();
        }
        write(&dir.path().join("a"), b"x").unwrap();
        for name in stay {
            assert!(dir.path().join(name).exists(), "{name}");
        }
        assert_eq!(
            fs_err::read_dir(dir.path()).unwrap().count(),
            stay.len() + 1
        );
        let writing = create(dir.path(), "a").unwrap();
        write(&dir.path().join("a"), b"y").unwrap();
        assert!(writing.path().exists());
        sweep(dir.path()).unwrap();
        assert!(!dir.path().join(".other.dh-pydeps-abc123").exists());
        assert!(writing.path().exists());
    }
}
