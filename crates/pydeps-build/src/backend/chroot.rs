//! The tarballs that builds are unpacked from, made by mmdebstrap where sbuild looks for
//! them: `$XDG_CACHE_HOME/sbuild/SUITE-ARCH.tar.zst`.
//!
//! A tarball that somebody else has put there is used as it is. Our own has a stamp beside
//! it, and is made again when it is old. It keeps apt's lists, so that builds on the same
//! day need not fetch them again, each for itself.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::fs::{FlockOperation, flock};

use crate::BuildError;
use pydeps_archive::update::Machine;
use pydeps_core::name::{ArchName, SuiteName};
use pydeps_host::process;
use pydeps_host::progress::Listener;

/// A tarball of ours that is older is made again.
const OLD: Duration = Duration::from_secs(7 * 24 * 3600);
/// As long as the lists in a tarball are younger, builds do not fetch them again.
const FRESH: Duration = Duration::from_secs(24 * 3600);

/// Which chroot is wanted.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The suite, by codename.
    pub suite: SuiteName,
    /// The architecture.
    pub architecture: ArchName,
    /// The user's cache directory: `$XDG_CACHE_HOME`.
    pub cache: PathBuf,
    /// Another main mirror than the machine's.
    pub mirror: Option<String>,
    /// Settings for apt, `NAME=VALUE`.
    pub apt_options: Vec<String>,
    /// Make it anew, however young it is.
    pub renew: bool,
}

/// A tarball to build in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chroot {
    /// The file.
    pub tarball: PathBuf,
    /// Whether its package lists are young enough to do without `apt-get update`.
    pub fresh: bool,
}

/// The tarball, made if it is not there or old.
pub fn ensure(
    wanted: &Wanted,
    machine: &Machine,
    listener: &mut dyn Listener,
) -> Result<Chroot, BuildError> {
    let directory = wanted.cache.join("sbuild");
    fs_err::create_dir_all(&directory)?;
    let name = format!("{}-{}", wanted.suite, wanted.architecture);
    let lock = pydeps_host::atomic::open_lock(&directory.join(format!(".{name}.lock")))?;
    if flock(lock.file(), FlockOperation::NonBlockingLockExclusive).is_err() {
        listener.progress(&format!("waiting for the chroot of {}", wanted.suite), None);
        flock(lock.file(), FlockOperation::LockExclusive).map_err(std::io::Error::from)?;
    }
    let stamp = directory.join(format!(".{name}.stamp"));
    let age = age(&stamp);
    let found = find(&directory, &name)?;
    match (found, age) {
        (Some(tarball), None) if !wanted.renew => Ok(Chroot {
            tarball,
            fresh: false,
        }),
        (Some(tarball), Some(age)) if !wanted.renew && age < OLD => Ok(Chroot {
            tarball,
            fresh: age < FRESH,
        }),
        (found, _) => {
            let tarball = directory.join(format!("{name}.tar.zst"));
            make(wanted, machine, &tarball, listener)?;
            // One of another compression would be found instead.
            if let Some(other) = found.filter(|other| *other != tarball) {
                fs_err::remove_file(other)?;
            }
            pydeps_host::atomic::write(&stamp, b"")?;
            Ok(Chroot {
                tarball,
                fresh: true,
            })
        }
    }
}

/// How long ago a file was written; `None` if it is not there.
fn age(path: &Path) -> Option<Duration> {
    fs_err::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// What sbuild would take: any file whose name goes on with `.t…`.
fn find(directory: &Path, name: &str) -> Result<Option<PathBuf>, BuildError> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs_err::read_dir(directory)? {
        let path = entry?.path();
        let file = path.file_name().and_then(|file| file.to_str());
        let rest = file.and_then(|file| file.strip_prefix(name));
        if rest.is_some_and(|rest| rest.starts_with(".t")) && path.is_file() {
            found.push(path);
        }
    }
    Ok(found.into_iter().min())
}

fn make(
    wanted: &Wanted,
    machine: &Machine,
    tarball: &Path,
    listener: &mut dyn Listener,
) -> Result<(), BuildError> {
    let directory = tarball.parent().unwrap_or(Path::new("."));
    let work = tempfile::Builder::new()
        .prefix(".new-")
        .tempdir_in(directory)?;
    let mut list = tempfile::Builder::new().suffix(".sources").tempfile()?;
    let text = machine.entries(
        &wanted.suite,
        wanted.mirror.as_deref(),
        &wanted.architecture,
    )?;
    std::io::Write::write_all(&mut list, text.as_bytes())?;
    let unfinished = work.path().join("chroot.tar.zst");
    let message = format!("making a chroot of {}, which takes minutes", wanted.suite);
    listener.progress(&message, None);
    let mut command = Command::new("mmdebstrap");
    command
        .args(arguments(wanted))
        .args(["--", wanted.suite.as_str()])
        .args([&unfinished, list.path()]);
    process::run(&mut command).map_err(|source| BuildError::Chroot {
        suite: wanted.suite.to_string(),
        source,
    })?;
    fs_err::rename(&unfinished, tarball)?;
    Ok(())
}

/// Nothing in a chroot outlives its build, so dpkg need not wait for the disk.
fn arguments(wanted: &Wanted) -> Vec<String> {
    let fixed = [
        "--quiet",
        "--variant=buildd",
        "--format=tar",
        "--skip=cleanup/apt/lists",
        "--dpkgopt=force-unsafe-io",
    ];
    let mut arguments = fixed.map(str::to_owned).to_vec();
    arguments.push(format!("--architectures={}", wanted.architecture));
    arguments.extend(wanted.apt_options.iter().filter_map(|option| {
        let (name, value) = option.split_once('=')?;
        Some(format!("--aptopt={name} \"{value}\""))
    }));
    arguments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sbuild_finds_is_found() {
        let directory = tempfile::tempdir().unwrap();
        let write = |name: &str| fs_err::write(directory.path().join(name), "").unwrap();
        write(".sid-amd64.stamp");
        write("sid-amd64-dev.tar");
        assert_eq!(find(directory.path(), "sid-amd64").unwrap(), None);
        write("sid-amd64.tgz");
        let found = find(directory.path(), "sid-amd64").unwrap().unwrap();
        assert_eq!(found.file_name().unwrap(), "sid-amd64.tgz");
    }

    #[test]
    fn settings_for_apt_are_in_its_syntax() {
        let wanted = Wanted {
            suite: "sid".parse().unwrap(),
            architecture: "amd64".parse().unwrap(),
            cache: PathBuf::new(),
            mirror: None,
            apt_options: vec!["Acquire::Check-Valid-Until=false".into()],
            renew: false,
        };
        let arguments = arguments(&wanted);
        let option = "--aptopt=Acquire::Check-Valid-Until \"false\"";
        assert!(arguments.contains(&option.to_owned()), "{arguments:?}");
    }
}
