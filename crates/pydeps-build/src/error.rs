//! Why building cannot even begin, or cannot go on.

use std::io;
use std::path::PathBuf;

use pydeps_core::diagnostic::{Blame, Diagnostic};

use crate::source::SourceError;
use crate::source_package::PackageError;
use pydeps_archive::update::UpdateError;
use pydeps_host::atomic::WriteError;
use pydeps_host::process::ProcessError;

/// Something around the builds is wrong. A package that does not build is no error.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// A file or directory of the build area or of the cache cannot be read or written.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// Likewise.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// A command is missing or failed.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A source package cannot be read.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The mirrors of the suite cannot be told.
    #[error(transparent)]
    Apt(#[from] UpdateError),
    /// An edited source package cannot be packed.
    #[error(transparent)]
    Pack(#[from] PackageError),
    /// Somebody else builds in this area.
    #[error("another build works in {0}")]
    Busy(PathBuf),
    /// What is named as a build area is a file.
    #[error("{0} is no directory, and so no build area")]
    NotDirectory(PathBuf),
    /// One of the build area's own directories is a symbolic link.
    #[error("{0} is a symbolic link: what is written there would be somewhere else")]
    Link(PathBuf),
    /// There is nothing to build.
    #[error("{0} has no source packages")]
    Empty(PathBuf),
    /// A source package that was asked for is not there.
    #[error("{area} has no source package {name}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// Where.
        area: PathBuf,
    },
    /// The list of what was generated is none.
    #[error("{path}: {reason}")]
    Ledger {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// User namespaces need a range of identities.
    #[error("{user} has no range of subordinate user and group identities")]
    NoSubordinates {
        /// The user.
        user: String,
    },
    /// A builder that only root can use.
    #[error("{0} takes root")]
    NotRoot(&'static str),
    /// A chroot could not be made.
    #[error("the chroot of {suite} cannot be made: {source}")]
    Chroot {
        /// The suite.
        suite: String,
        /// What was run.
        source: ProcessError,
    },
}

impl Diagnostic for BuildError {
    fn blame(&self) -> Blame {
        match self {
            Self::Empty(_)
            | Self::NotDirectory(_)
            | Self::Link(_)
            | Self::Unknown { .. }
            | Self::Source(_)
            | Self::Ledger { .. } => Blame::Input,
            _ => Blame::Environment,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Busy(_) => "wait for it to end".to_owned(),
            Self::NotDirectory(_) => "name another directory with --output".to_owned(),
            Self::Link(link) => format!("remove {}, or name another directory with --output", link.display()),
            Self::Empty(_) => {
                "run dh-pydeps generate first, or name another build area with --output".to_owned()
            }
            Self::Unknown { .. } => {
                "names are those of source packages, as in the .dsc files, or of distributions that dh-pydeps generate has packaged".to_owned()
            }
            Self::Ledger { path, .. } => {
                format!("remove {}, and run dh-pydeps generate again", path.display())
            }
            Self::NoSubordinates { user } => format!(
                "usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {user} (as root; see subuid(5))"
            ),
            Self::NotRoot(_) => "run it as root, or with --builder sbuild".to_owned(),
            Self::Process(ProcessError::NotFound { program }) => install(program)?,
            Self::Chroot { source, .. } => match source {
                ProcessError::NotFound { program } => install(program)?,
                ProcessError::Failed { stderr, .. } => {
                    pydeps_archive::apt::Failure::of(stderr).hint()?.to_owned()
                }
                ProcessError::Io { .. } => return None,
            },
            Self::Apt(error) => error.hint()?,
            Self::Source(SourceError::Unreadable { .. }) => {
                "pack the source package again with dpkg-source -b".to_owned()
            }
            Self::Pack(PackageError::Pack { .. }) => {
                "changes outside of debian/ belong into debian/patches: dpkg-source --commit"
                    .to_owned()
            }
            Self::Pack(_) | Self::Io(_) | Self::Write(_) | Self::Process(_) | Self::Source(_) => {
                return None;
            }
        })
    }
}

/// The Debian package that has a program.
fn install(program: &str) -> Option<String> {
    let other = match program {
        "sbuild" => ", or take the other builder: --builder pbuilder, as root",
        "pbuilder" => ", or take the other builder: --builder sbuild",
        _ => "",
    };
    let package = match program {
        "sbuild" | "mmdebstrap" | "pbuilder" | "autopkgtest" | "autodep8" | "zstd" => program,
        "dpkg-scanpackages" | "dpkg-source" => "dpkg-dev",
        "newuidmap" | "newgidmap" => "uidmap",
        "setpriv" => "util-linux",
        _ => return None,
    };
    Some(format!("apt-get install {package}{other}"))
}
