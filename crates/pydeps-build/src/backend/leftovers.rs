//! Chroots that a run left behind which was killed with its builder.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{BuildError, Request};
use pydeps_host::process;

/// A builder that was told to end is waited for so long.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(200);

/// How the paths of this build area's chroots begin.
pub(crate) fn template(request: &Request) -> Result<PathBuf, BuildError> {
    let area = request.area.top().canonicalize()?;
    let number = crc32fast::hash(area.as_os_str().as_encoded_bytes());
    Ok(request.temporary.join(format!("dh-pydeps-{number:08x}")))
}

/// Removes what is left of the area's chroots. Only for who holds its lock. Their files
/// belong to identities of the user's namespace, in which mmdebstrap runs a command.
pub(crate) fn sweep(template: &Path, uid: u32) -> Result<(), BuildError> {
    for path in left(template)? {
        if uid == 0 {
            remove(&path)?;
        } else {
            let mut command = Command::new("mmdebstrap");
            process::run(command.args(["--unshare-helper", "rm", "-rf"]).arg(&path)).or_else(
                |error| {
                    if path.read_dir()?.next().is_none() {
                        Ok(Default::default())
                    } else {
                        Err(BuildError::from(error))
                    }
                },
            )?;
            remove(&path)?;
        }
    }
    Ok(())
}

/// Removes a directory in which the builder that was killed may still be unpacking or
/// clearing away: it has been told to end, and takes its time.
fn remove(path: &Path) -> io::Result<()> {
    let start = Instant::now();
    loop {
        match fs_err::remove_dir_all(path) {
            Err(error) if is_passing(&error) && start.elapsed() < PATIENCE => sleep(PAUSE),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            removed => return removed,
        }
    }
}

/// Whether somebody else may have put something there, or taken it away.
fn is_passing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::DirectoryNotEmpty
}

fn left(template: &Path) -> io::Result<Vec<PathBuf>> {
    let directory = template.parent().unwrap_or(Path::new("/"));
    let begin = format!(
        "{}.",
        template.file_name().unwrap_or_default().to_string_lossy()
    );
    let mut left = Vec::new();
    for entry in fs_err::read_dir(directory)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(&begin) {
            left.push(entry.path());
        }
    }
    Ok(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_still_unpacked_is_waited_for() {
        let top = tempfile::tempdir().unwrap();
        let chroot = top.path().join("dh-pydeps-1.abc");
        fs_err::create_dir_all(chroot.join("usr")).unwrap();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0..2000 {
                    let _ = fs_err::create_dir_all(chroot.join(format!("usr/share/{number}")));
                }
            });
            while chroot.exists() {
                sweep(&top.path().join("dh-pydeps-1"), 0).unwrap();
            }
        });
    }

    #[test]
    fn only_this_areas_chroots() {
        let top = tempfile::tempdir().unwrap();
        for name in ["dh-pydeps-1.abc", "dh-pydeps-2.abc", "dh-pydeps-1"] {
            fs_err::create_dir_all(top.path().join(name).join("etc")).unwrap();
        }
        sweep(&top.path().join("dh-pydeps-1"), 0).unwrap();
        let left = fs_err::read_dir(top.path()).unwrap();
        assert_eq!(left.count(), 2);
    }
}
