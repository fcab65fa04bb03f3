//! The builder on this machine, and what it needs.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::backend::chroot::Chroot;
use crate::backend::job::Job;
use crate::backend::leftovers;
use crate::backend::pbuilder;
use crate::backend::sbuild;
use crate::{BuildError, Builder, Request, state};
use pydeps_host::atomic;
use pydeps_host::process::ProcessError;

/// What builds need on this machine.
pub(crate) struct Machine {
    builder: Builder,
    chroot: Chroot,
    /// The builder's configuration: sbuild's file, or pbuilder's directory.
    configuration: PathBuf,
}

impl Machine {
    /// Checks and prepares what is needed.
    pub(crate) fn prepare(
        request: &Request,
        chroot: impl FnOnce() -> Result<Chroot, BuildError>,
    ) -> Result<Self, BuildError> {
        if request.builder == Builder::Pbuilder && request.user.1 != 0 {
            return Err(BuildError::NotRoot("pbuilder"));
        }
        needed(request)
            .iter()
            .try_for_each(|program| there(program, &request.programs))?;
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
    pub(crate) fn command(&self, job: &Job<'_>, at: &Path) -> Result<Command, BuildError> {
        match self.builder {
            Builder::Sbuild => Ok(sbuild::command(job, &self.chroot, &self.configuration, at)),
            Builder::Pbuilder => pbuilder::command(job, &self.chroot, &self.configuration, at),
        }
    }
}

/// The programs that builds run. It is setpriv that does, which would only tell their logs
/// that one is missing.
fn needed(request: &Request) -> Vec<&'static str> {
    let builder = match request.builder {
        Builder::Sbuild => "sbuild",
        Builder::Pbuilder => "pbuilder",
    };
    match request.autopkgtest {
        // Without autodep8, autopkgtest takes `Testsuite: autopkgtest-pkg-*` for no tests.
        true => vec![builder, "autopkgtest", "autodep8"],
        false => vec![builder],
    }
}

/// Fails if no directory has such a program.
fn there(program: &str, directories: &[PathBuf]) -> Result<(), ProcessError> {
    let mut files = directories.iter().map(|directory| directory.join(program));
    match files.any(|file| is_executable(&file)) {
        true => Ok(()),
        false => Err(ProcessError::NotFound {
            program: program.to_owned(),
        }),
    }
}

fn is_executable(file: &Path) -> bool {
    let metadata = fs_err::metadata(file);
    metadata.is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// mmdebstrap needs identities, too, unless it is root who runs it.
fn explain(request: &Request, error: BuildError) -> BuildError {
    match sbuild::check(&error.to_string(), &request.user) {
        Err(explained) => explained,
        Ok(()) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_files_that_can_be_run() {
        let top = tempfile::tempdir().unwrap();
        let directories = ["a", "b"].map(|name| top.path().join(name));
        let place = |path: &str, mode: u32| {
            crate::source_package::write_file(top.path(), path, b"", false).unwrap();
            let mode = std::fs::Permissions::from_mode(mode);
            fs_err::set_permissions(top.path().join(path), mode).unwrap();
        };
        place("a/text", 0o644);
        place("b/program", 0o755);
        place("b/directory/x", 0o755);
        let check = |program: &str, expect: bool| {
            let found = there(program, &directories).is_ok();
            assert_eq!(found, expect, "{program}");
        };
        check("program", true);
        check("text", false);
        check("directory", false);
        check("nobody", false);
    }
}
