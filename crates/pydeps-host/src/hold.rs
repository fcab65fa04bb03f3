//! Files that are taken out of a tree for a while, and put back.
//!
//! A file that is taken leaves a symbolic link: its name stays there to be found, and tools
//! that skip links leave it alone. At every moment each file is whole, in one of the two
//! places: a command that is killed is run again and goes on.
//!
//! ```text
//! tree/usr/lib/m.so  ->  …/area/usr/lib/m.so
//! ```

use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::atomic::{beside, is_unfinished, remove};
use crate::tree::{self, Link, Tree, TreeError};

/// A file cannot be taken or put back.
#[derive(Debug, thiserror::Error)]
pub enum HoldError {
    /// The system refuses.
    #[error("cannot {act} {}: {source}", path.display())]
    Io {
        /// What was to be done.
        act: &'static str,
        /// With which file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Two files want one name.
    #[error(
        "{} is another file now than the one that is held as {}; remove one of them",
        path.display(), held.display()
    )]
    Taken {
        /// The path in the tree.
        path: PathBuf,
        /// The held file.
        held: PathBuf,
    },
    /// The area cannot be listed.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// A tree, and the area where its files are held.
#[derive(Clone, Debug)]
pub struct Hold {
    root: PathBuf,
    area: PathBuf,
}

/// A held file and the names that stand for it in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its path in the area, which is where it lay in the tree.
    pub path: String,
    /// The links to it, as paths in the tree. Hooks may have moved, copied or removed them.
    pub names: Vec<String>,
}

impl Hold {
    /// Links are relative where `root` is below the current directory, as in a build, and
    /// absolute where it is not.
    pub fn new(root: impl Into<PathBuf>, area: impl Into<PathBuf>) -> Self {
        let (root, area) = (root.into(), area.into());
        let is_below = root.components().all(|part| is_name(&part));
        let area = match is_below {
            true => area,
            false => std::path::absolute(&area).unwrap_or(area),
        };
        Self { root, area }
    }

    /// Where a file lies while it is held.
    pub fn held(&self, path: &str) -> PathBuf {
        self.area.join(path)
    }

    /// Takes a file out of the tree. If it has other names elsewhere, a copy is taken, so
    /// that nothing that is done to it reaches them.
    pub fn take(&self, path: &str) -> Result<(), HoldError> {
        let (from, to) = (self.root.join(path), self.held(path));
        directory_of(&to).map_err(failed("hold", &from))?;
        self.bring(&from, &to).map_err(failed("hold", &from))?;
        let target = self.target(path);
        let beside = beside(&from);
        link(&target, &beside)
            .and_then(|()| fs_err::rename(&beside, &from))
            .map_err(failed("leave a link for", &from))
    }

    /// Brings the file into the area, leaving its name in the tree.
    fn bring(&self, from: &Path, to: &Path) -> io::Result<()> {
        let here = fs_err::metadata(from)?;
        if let Ok(there) = fs_err::symlink_metadata(to) {
            if (there.dev(), there.ino()) == (here.dev(), here.ino()) {
                return Ok(());
            }
            fs_err::remove_file(to)?;
        }
        match here.nlink() {
            // Not every file system has hard links.
            1 => fs_err::hard_link(from, to).or_else(|_| copy(from, to)),
            _ => copy(from, to),
        }
    }

    /// From the directory of a path in the tree to where it is held.
    fn target(&self, path: &str) -> PathBuf {
        let depth = |path: &Path| path.components().count();
        if self.area.is_absolute() {
            return self.held(path);
        }
        let below = Path::new(path).parent().map_or(0, depth);
        let up = "../".repeat(depth(&self.root) + below);
        Path::new(&up).join(self.held(path))
    }

    /// What is held, with the names in `tree` that stand for it.
    pub fn list(&self, tree: &Tree) -> Result<Vec<Held>, HoldError> {
        let files = tree::list(&self.area)?.files;
        let names = |path: &str| {
            let links = tree.links.iter().filter(|link| self.is_for(link, path));
            links.map(|link| link.path.clone()).collect()
        };
        let finished = files.into_iter().filter(|file| !is_unfinished(&file.path));
        let held = finished.map(|file| Held {
            names: names(&file.path),
            path: file.path,
        });
        Ok(held.collect())
    }

    /// A link that was moved within the tree leads nowhere, but still says what it is for.
    fn is_for(&self, link: &Link, path: &str) -> bool {
        let held = self.held(path);
        let names = |path: &Path| -> PathBuf { path.components().filter(is_name).collect() };
        names(&link.target) == names(&held)
    }

    /// Puts a held file back under these names and forgets it. Without a name it is
    /// removed, as its last name was.
    pub fn give_back(&self, held: &Held) -> Result<(), HoldError> {
        let from = self.held(&held.path);
        let Some((last, others)) = held.names.split_last() else {
            return fs_err::remove_file(&from).map_err(failed("remove", &from));
        };
        for name in others {
            let to = self.root.join(name);
            copy(&from, &to).map_err(failed("put back", &to))?;
        }
        let to = self.root.join(last);
        fs_err::rename(&from, &to).map_err(failed("put back", &to))
    }

    /// Removes the area, which has to be empty but for directories.
    pub fn close(&self) -> Result<(), HoldError> {
        if !self.area.exists() {
            return Ok(());
        }
        let files = tree::list(&self.area)?.files;
        let left = files.iter().find(|file| !is_unfinished(&file.path));
        match left {
            Some(left) => Err(HoldError::Taken {
                path: self.root.join(&left.path),
                held: self.held(&left.path),
            }),
            None => fs_err::remove_dir_all(&self.area).map_err(failed("remove", &self.area)),
        }
    }
}

/// Gives a file of a tree a content of its own if it has other names, so that nothing that
/// is done to it reaches them. Says whether that was so.
pub fn separate(root: &Path, path: &str) -> Result<bool, HoldError> {
    let path = root.join(path);
    let data = fs_err::symlink_metadata(&path).map_err(failed("read", &path))?;
    let shared = data.is_file() && data.nlink() > 1;
    if shared {
        copy(&path, &path).map_err(failed("copy", &path))?;
    }
    Ok(shared)
}

/// Renames a file within a tree, unless another one has that name.
pub fn rename(root: &Path, from: &str, to: &str) -> Result<(), HoldError> {
    let (from, to) = (root.join(from), root.join(to));
    if fs_err::symlink_metadata(&to).is_ok() {
        return Err(HoldError::Taken {
            path: to,
            held: from,
        });
    }
    fs_err::rename(&from, &to).map_err(failed("rename", &from))
}

/// Sets permissions.
pub fn set_mode(path: &Path, mode: u32) -> Result<(), HoldError> {
    fs_err::set_permissions(path, std::fs::Permissions::from_mode(mode))
        .map_err(failed("change the permissions of", path))
}

/// Gives a file to root, as everything in a package is; only root, or somebody who is made
/// to believe it by fakeroot(1), can do that, and others need not.
pub fn give_to_root(path: &Path) -> Result<(), HoldError> {
    let data = fs_err::metadata(path).map_err(failed("read", path))?;
    let is_root = fs_err::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if !is_root || (data.uid(), data.gid()) == (0, 0) {
        return Ok(());
    }
    std::os::unix::fs::chown(path, Some(0), Some(0)).map_err(failed("give to root", path))
}

/// Sets when a file was modified.
pub fn set_modified(path: &Path, (seconds, nanoseconds): (i64, i64)) -> Result<(), HoldError> {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let rest = Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(0));
    let time = match seconds < 0 {
        true => SystemTime::UNIX_EPOCH.checked_sub(whole),
        false => SystemTime::UNIX_EPOCH.checked_add(whole),
    };
    // What no clock can show is no time that a file had.
    let time = time.and_then(|time| time.checked_add(rest));
    let time = time.unwrap_or(SystemTime::UNIX_EPOCH);
    fs_err::File::open(path)
        .and_then(|file| file.file().set_modified(time))
        .map_err(failed("set the time of", path))
}

/// Writes a copy of `from` over `to`, with its permissions and times.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    let new = beside(to);
    let data = fs_err::metadata(from)?;
    remove(&new)?;
    fs_err::copy(from, &new)?;
    // A read-only file can be given its times only before it is read-only again.
    fs_err::set_permissions(&new, std::fs::Permissions::from_mode(0o600))?;
    let file = fs_err::File::options().write(true).open(&new)?;
    file.file().set_modified(data.modified()?)?;
    fs_err::set_permissions(&new, data.permissions())?;
    fs_err::rename(&new, to)
}

fn link(target: &Path, at: &Path) -> io::Result<()> {
    remove(at)?;
    symlink(target, at)
}

fn directory_of(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs_err::create_dir_all)
}

fn is_name(part: &Component<'_>) -> bool {
    matches!(part, Component::Normal(_))
}

fn failed(act: &'static str, path: &Path) -> impl FnOnce(io::Error) -> HoldError {
    let path = path.to_owned();
    move |source| HoldError::Io { act, path, source }
}

#[cfg(test)]
mod tests;
