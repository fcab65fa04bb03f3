//! pbuilder, for who has root and wants it: the same chroot, unpacked by pbuilder.
//!
//! Packages that were built before are a local repository that is mounted into the chroot,
//! and that a hook makes known to apt; another one runs lintian. See pbuilder(8) and
//! pbuilderrc(5).

use std::path::{Path, PathBuf};
use std::process::Command;

use pydeps_core::shell::quoted;
use pydeps_host::atomic;

use super::chroot::Chroot;
use super::job::Job;
use super::run::{Running, bound};
use super::{Backend, BuildEnd};
use crate::log::phase::Phase;
use crate::{BuildError, repository};

/// pbuilder, prepared.
pub(super) struct Pbuilder {
    chroot: Chroot,
    /// Where its chroots are while they are used.
    chroots: PathBuf,
    running: Running,
}

impl Pbuilder {
    /// `template` is how the paths of its chroots begin.
    pub(super) fn new(chroot: Chroot, template: &Path) -> Self {
        Self {
            chroot,
            chroots: PathBuf::from(format!("{}.pbuilder", template.display())),
            running: Running::default(),
        }
    }

    /// The command that builds a job. What it reads is written into the directory where its
    /// results go.
    fn command(&self, job: &Job<'_>, destination: &Path) -> Result<Command, BuildError> {
        let at = destination.canonicalize()?;
        let (packages, hooks) = (at.join("packages"), at.join("hooks"));
        fs_err::create_dir_all(&hooks)?;
        lay_out(job, &packages)?;
        hook(
            &hooks,
            "D10packages",
            &packages_hook(&packages, self.chroot.fresh),
        )?;
        if job.lintian {
            hook(&hooks, "B90lintian", LINTIAN)?;
        }
        let configuration = at.join("pbuilderrc");
        atomic::write(&configuration, rc(&packages, &hooks).as_bytes())?;
        fs_err::create_dir_all(&self.chroots)?;
        let mut command = bound("pbuilder");
        command.arg("build").arg("--configfile").arg(configuration);
        command.arg("--basetgz").arg(&self.chroot.tarball);
        command.arg("--buildplace").arg(&self.chroots);
        command.arg("--buildresult").arg(&at);
        command.args([
            "--distribution",
            job.suite,
            "--architecture",
            job.architecture,
        ]);
        if !job.profiles.is_empty() {
            command.arg("--profiles").arg(job.profiles.join(","));
        }
        command.arg(job.dsc).env("LC_ALL", "C.UTF-8");
        Ok(command)
    }
}

impl Backend for Pbuilder {
    fn build(
        &self,
        job: &Job<'_>,
        destination: &Path,
        log: &Path,
        events: &mut dyn FnMut(Phase),
    ) -> Result<BuildEnd, BuildError> {
        let mut command = self.command(job, destination)?;
        self.running.build(&mut command, log, events)
    }

    fn cancel(&self) {
        self.running.cancel();
    }
}

/// The repository of what is needed.
fn lay_out(job: &Job<'_>, directory: &Path) -> Result<(), BuildError> {
    fs_err::create_dir_all(directory)?;
    for package in job.packages {
        fs_err::copy(
            package,
            directory.join(package.file_name().unwrap_or_default()),
        )?;
    }
    repository::index(directory, jiff::Timestamp::UNIX_EPOCH)
}

fn hook(hooks: &Path, name: &str, text: &str) -> Result<(), BuildError> {
    use std::os::unix::fs::PermissionsExt;
    let path = hooks.join(name);
    atomic::write(&path, text.as_bytes())?;
    Ok(fs_err::set_permissions(
        path,
        std::fs::Permissions::from_mode(0o755),
    )?)
}

/// Fresh lists of the suite are kept; only the repository's are fetched then.
fn packages_hook(packages: &Path, fresh: bool) -> String {
    let list = "/etc/apt/sources.list.d/dh-pydeps.list";
    let only = match fresh {
        true => format!(
            " -o Dir::Etc::sourcelist={list} -o Dir::Etc::sourceparts=- -o APT::Get::List-Cleanup=0"
        ),
        false => String::new(),
    };
    // A line of sources.list(5) separates its words by blanks, and takes `%20` for one.
    let address = packages
        .display()
        .to_string()
        .replace('%', "%25")
        .replace(' ', "%20");
    let line = quoted(&format!("deb [trusted=yes] file:{address} ./"));
    format!("#!/bin/sh\nset -e\necho {line} >{list}\napt-get --quiet{only} update\n")
}

/// Its heading and its verdict are those of sbuild, whose logs are read.
const LINTIAN: &str = "#!/bin/sh\napt-get --quiet --yes --no-install-recommends install lintian\n\
    echo 'Running lintian...'\n\
    su pbuilder -s /bin/sh -c 'cd /build && lintian --display-info --no-tag-display-limit *.changes *.dsc'\n\
    echo 'I: Lintian run has ended.'\n";

fn rc(packages: &Path, hooks: &Path) -> String {
    let quoted = |path: &Path| quoted(&path.display().to_string());
    let (packages, hooks) = (quoted(packages), quoted(hooks));
    format!(
        "# Written by dh-pydeps build.\nCOMPRESSPROG='zstd -q'\nAPTCACHE=''\nCCACHEDIR=''\nUSENETWORK=no\nUSECOLORS=no\n\
         BINDMOUNTS={packages}\nHOOKDIR={hooks}\n\
         PBUILDERSATISFYDEPENDSCMD=/usr/lib/pbuilder/pbuilder-satisfydepends-apt\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_no_shell_text() {
        let place = Path::new("/a'; touch x; '$(y) %");
        let text = rc(place, place);
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            &format!("{text}printf '%s|%s' \"$BINDMOUNTS\" \"$HOOKDIR\""),
        ]);
        let said = pydeps_host::process::run(&mut shell).unwrap().stdout;
        assert_eq!(said, "/a'; touch x; '$(y) %|/a'; touch x; '$(y) %");
        let hook = packages_hook(place, false);
        assert!(
            hook.contains("'deb [trusted=yes] file:/a'\\'';%20touch%20x;%20'\\''$(y)%20%25 ./'"),
            "{hook}"
        );
    }

    #[test]
    fn fresh_lists_are_not_fetched_again() {
        let place = Path::new("/area/packages");
        assert!(packages_hook(place, true).contains("sourceparts=-"));
        let all = packages_hook(place, false);
        assert!(all.ends_with("\napt-get --quiet update\n"), "{all}");
        assert!(
            all.contains("'deb [trusted=yes] file:/area/packages ./'"),
            "{all}"
        );
    }
}
