//! Why a directory does not tell what its project requires.

use std::io;

use pydeps_core::diagnostic::{Blame, Diagnostic};
use pydeps_python::ReadError;
use pydeps_python::project_file::TomlError;
use pydeps_python::setup_cfg::SetupCfgError;

/// Why a directory does not tell what its project requires.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TreeError {
    /// There is no such directory.
    #[error("{directory}: there is no such directory")]
    NoDirectory {
        /// The directory.
        directory: String,
    },
    /// The directory has nothing of a project.
    #[error(
        "{directory}: there is no Python project: no pyproject.toml, setup.py or PKG-INFO, and no \
         setup.cfg with [metadata]"
    )]
    NothingHere {
        /// The directory.
        directory: String,
    },
    /// The directory has no project, but a file of requirements.
    #[error("{directory}: there is no Python project, but a {file}")]
    OnlyFile {
        /// The directory.
        directory: String,
        /// The file in it.
        file: &'static str,
    },
    /// A `pyproject.toml` that describes no project.
    #[error("{origin}: there is no [project] table, and no [tool.poetry]")]
    NoProject {
        /// The file.
        origin: String,
    },
    /// `[project]` leaves the requirements to the build backend.
    #[error("{origin}: the dependencies are dynamic, only a build can tell them")]
    Dynamic {
        /// The file.
        origin: String,
    },
    /// Nothing but a program knows the requirements.
    #[error("{origin}: only running it tells the dependencies, and it is not run")]
    Script {
        /// The program.
        origin: String,
    },
    /// `pyproject.toml` is not TOML.
    #[error(transparent)]
    Toml(#[from] TomlError),
    /// `setup.cfg` is not in its format.
    #[error(transparent)]
    SetupCfg(#[from] SetupCfgError),
    /// A file of requirements that the project names cannot be had.
    #[error("{origin}: {reason}")]
    File {
        /// The file that names it.
        origin: String,
        /// Why not.
        reason: String,
    },
    /// Metadata that cannot be read.
    #[error(transparent)]
    Metadata(#[from] ReadError),
    /// A file that cannot be read; the error names it.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Diagnostic for TreeError {
    fn blame(&self) -> Blame {
        Blame::Input
    }

    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NoDirectory { .. } | Self::NothingHere { .. } => {
                "name a project directory, an sdist, a wheel, a requirement, or -r FILE"
            }
            Self::OnlyFile { file, .. } => match *file {
                "pylock.toml" => "name that, as in `dh-pydeps resolve pylock.toml`",
                "uv.lock" => "name that, as in `dh-pydeps resolve uv.lock`",
                _ => "give it with -r, as in `dh-pydeps resolve -r requirements.txt`",
            },
            Self::NoProject { .. } => "give its requirements as arguments or with -r FILE",
            Self::Dynamic { .. } | Self::Script { .. } => {
                "give the requirements as arguments or with -r FILE, or a wheel or an sdist of it"
            }
            Self::File { .. } => {
                "put it there, or give the requirements as arguments or with -r FILE"
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}
