//! The builder on this machine, and what it needs.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::chroot::Chroot;
use super::job::Job;
use super::{BuildError, Builder, Request, leftovers, pbuilder, sbuild, state};
use crate::atomic;
use crate::process::{self, ProcessError};

/// What builds need on this machine.
pub(super) struct Machine {
    builder: Builder,
    chroot: Chroot,
    /// The builder's configuration: sbuild's file, or pbuilder's directory.
    configuration: PathBuf,
}

impl Machine {
    /// Checks and prepares what is needed.
    pub(super) fn prepare(
        request: &Request,
        chroot: impl FnOnce() -> Result<Chroot, BuildError>,
    ) -> Result<Self, BuildError> {
        if request.builder == Builder::Pbuilder && request.user.1 != 0 {
            return Err(BuildError::NotRoot("pbuilder"));
        }
        if request.autopkgtest {
            // Without autodep8, autopkgtest takes `Testsuite: autopkgtest-pkg-*` for no tests.
            ["autopkgtest", "autodep8"]
                .into_iter()
                .try_for_each(there)?;
        }
        state::discard(&request.area.state().join("work"))?;
        let template = leftovers::template(request)?;
        leftovers::sweep(&template, request.user.1)?;
        let configuration = match request.builder {
            Builder::Sbuild => {
                let path = request.area.state().join("sbuild.conf");
                let text = sbuild::configuration(&template.to_string_lossy());
                atomic::write(&path, text.as_bytes())?;
                path.canonicalize()?
            }
            Builder::Pbuilder => template,
        };
        Ok(Self {
            builder: request.builder,
            chroot: chroot().map_err(|error| explain(request, error))?,
            configuration,
        })
    }

    /// The command that builds a job, with its results in a directory.
    pub(super) fn command(&self, job: &Job<'_>, at: &Path) -> Result<Command, BuildError> {
        match self.builder {
            Builder::Sbuild => Ok(sbuild::command(job, &self.chroot, &self.configuration, at)),
            Builder::Pbuilder => pbuilder::command(job, &self.chroot, &self.configuration, at),
        }
    }
}

/// Fails if there is no such program.
fn there(program: &str) -> Result<(), BuildError> {
    match process::run(Command::new(program).arg("--help")) {
        Err(error @ ProcessError::NotFound { .. }) => Err(error.into()),
        _ => Ok(()),
    }
}

/// mmdebstrap needs identities, too, unless it is root who runs it.
fn explain(request: &Request, error: BuildError) -> BuildError {
    match sbuild::check(&error.to_string(), &request.user) {
        Err(explained) => explained,
        Ok(()) => error,
    }
}
