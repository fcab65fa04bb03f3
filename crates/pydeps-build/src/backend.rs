//! Who builds a source package, and in what. A further builder is a file of [`backend`](self)
//! that implements [`Backend`], a variant of [`Builder`], and a line in [`prepare`].

pub(crate) mod chroot;
pub(crate) mod job;
mod leftovers;
mod pbuilder;
pub(crate) mod run;
mod sbuild;

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::time::Duration;

use pydeps_host::process::ProcessError;

use crate::log::phase::Phase;
use crate::{BuildError, Builder, Request, state};
use chroot::Chroot;
use job::Job;
use pbuilder::Pbuilder;
use sbuild::Sbuild;

/// A builder that was prepared: it makes one build after the other, several side by side.
pub(crate) trait Backend: Sync {
    /// Builds a job to its end. Its results go to the directory `destination`, all that is said
    /// to the file `log`, and each phase to `events` as it begins.
    ///
    /// # Errors
    ///
    /// Nothing can be built: that a package does not build is a [`BuildEnd`].
    fn build(
        &self,
        job: &Job<'_>,
        destination: &Path,
        log: &Path,
        events: &mut dyn FnMut(Phase),
    ) -> Result<BuildEnd, BuildError>;

    /// Ends the builds that are under way.
    fn cancel(&self);
}

/// How a build ended.
pub(crate) struct BuildEnd {
    /// The builder's exit status.
    pub(crate) status: ExitStatus,
    /// How long it took.
    pub(crate) time: Duration,
}

/// Checks that the builder can work here, removes what a killed run has left, and makes the
/// chroot.
pub(crate) fn prepare(
    request: &Request,
    chroot: impl FnOnce() -> Result<Chroot, BuildError>,
) -> Result<Box<dyn Backend>, BuildError> {
    if request.builder == Builder::Pbuilder && request.user.1 != 0 {
        return Err(BuildError::NotRoot("pbuilder"));
    }
    for program in needed(request) {
        find_program(program, &request.programs)?;
    }
    state::discard(&request.area.state().join("builds"))?;
    let template = leftovers::template(request)?;
    leftovers::sweep(&template, request.user.1)?;
    let chroot = chroot().map_err(|error| explain(request, error))?;
    Ok(match request.builder {
        Builder::Sbuild => Box::new(Sbuild::new(request, chroot, &template)?),
        Builder::Pbuilder => Box::new(Pbuilder::new(chroot, &template)),
    })
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
fn find_program(program: &str, directories: &[PathBuf]) -> Result<(), ProcessError> {
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
            let found = find_program(program, &directories).is_ok();
            assert_eq!(found, expect, "{program}");
        };
        check("program", true);
        check("text", false);
        check("directory", false);
        check("nobody", false);
    }
}
