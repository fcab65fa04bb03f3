//! Local repositories: packages that are not of the suite, but that apt would find.
//!
//! A place is a directory with .deb files, which `dpkg-deb` reads, or one line as in
//! sources.list(5), which apt fetches in a private root. Where a repository has no
//! Contents, only names, versions and `Provides` of its packages are known.

use std::io;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use pydeps_core::archive::{Local, Suite};
use pydeps_core::diagnostic::{Blame, Diagnostic};

use crate::apt::Failure;
use crate::update::UpdateError;
use pydeps_host::process::ProcessError;
use pydeps_host::progress::Listener;

mod debs;
mod line;
#[cfg(test)]
mod tests;

/// Where a local repository is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A directory; the .deb files directly in it count.
    Directory(PathBuf),
    /// A line as in sources.list(5): `deb [trusted=yes] file:/srv/repo ./`.
    Line(String),
}

impl FromStr for Place {
    type Err = LocalError;

    /// A line begins with `deb` and a blank; anything else is a directory.
    fn from_str(text: &str) -> Result<Self, LocalError> {
        let text = text.trim();
        match text.split_once([' ', '\t']) {
            Some(("deb", _)) if text.contains('\n') => Err(LocalError::Line(text.to_owned())),
            Some(("deb", rest)) if line::uri(rest).is_some() => Ok(Self::Line(text.to_owned())),
            Some(("deb" | "deb-src", _)) => Err(LocalError::Line(text.to_owned())),
            _ => Ok(Self::Directory(PathBuf::from(text))),
        }
    }
}

impl Place {
    /// The name under which its packages are shown: the directory as it was given, or
    /// the line's address without credentials.
    pub fn name(&self) -> String {
        match self {
            Self::Directory(path) => path.display().to_string(),
            Self::Line(line) => line::name(line),
        }
    }
}

/// A local repository cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// It looks like a line for apt, but has no address.
    #[error("`{0}` is not a source of binary packages")]
    Line(String),
    /// The directory is not there, or cannot be read.
    #[error("{path}: {source}")]
    Directory {
        /// The directory, as it was given.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// dpkg-deb is not installed.
    #[error("dpkg-deb is not installed: .deb files are read with it")]
    NoDpkgDeb,
    /// A package cannot be read.
    #[error("{path}: not a Debian package that can be read: {reason}")]
    Package {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// apt could not fetch the repository.
    #[error("{place}: {}{}", in_words(*failure), details.iter().map(|line| format!("\n  {line}")).collect::<String>())]
    Fetch {
        /// The line.
        place: String,
        /// What happened.
        failure: Failure,
        /// What apt said.
        details: Vec<String>,
    },
    /// The repository has no packages for this architecture.
    #[error("{0}: apt finds no Packages file there")]
    NoPackages(String),
    /// apt's lists cannot be read, or its private root cannot be made.
    #[error(transparent)]
    Update(#[from] UpdateError),
    /// A command cannot be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

fn in_words(failure: Failure) -> String {
    match failure {
        Failure::Unknown => "apt finds no repository there".to_owned(),
        other => other.to_string(),
    }
}

impl Diagnostic for LocalError {
    fn blame(&self) -> Blame {
        match self {
            Self::Line(_) | Self::Directory { .. } | Self::Package { .. } | Self::NoPackages(_) => {
                Blame::Input
            }
            _ => Blame::Environment,
        }
    }

    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::Line(_) | Self::NoPackages(_) => {
                "write it as in sources.list(5): deb [trusted=yes] file:/srv/repository ./"
            }
            Self::Directory { .. } => {
                "name a directory of .deb files, or a line as in sources.list(5)"
            }
            Self::NoDpkgDeb => "install dpkg",
            Self::Package { .. } => "build it again, or take it out of the directory",
            Self::Fetch { failure, .. } => match failure {
                Failure::Key | Failure::Keyring => {
                    "if you trust it: deb [signed-by=KEYRING] …, or deb [trusted=yes] …"
                }
                Failure::Unknown | Failure::Other => {
                    "check the line against sources.list(5); a repository without signature needs [trusted=yes]"
                }
                Failure::Inconsistent => "write the repository's lists again, or try again later",
                other => return other.hint().map(str::to_owned),
            },
            Self::Update(error) => return error.hint(),
            Self::Process(_) => return None,
        };
        Some(text.to_owned())
    }
}

/// Reads a local repository, for the architecture of `suite`, beside which it is used.
/// What was read of .deb files is kept in the cache directory.
pub fn open(
    place: &Place,
    suite: &Suite,
    cache: &Path,
    listener: &mut dyn Listener,
) -> Result<Local, LocalError> {
    let name = place.name();
    let (packages, contents) = match place {
        Place::Directory(path) => debs::read(path, &suite.architecture, cache, listener)?,
        Place::Line(line) => line::read(line, &name, &suite.architecture, cache, listener)?,
    };
    Ok(Local {
        described: contents.is_known(),
        archive: crate::index::in_memory(suite, &name, packages, contents),
    })
}
