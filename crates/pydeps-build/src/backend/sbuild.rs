//! sbuild in its unshare mode: a chroot in namespaces of the user's own, unpacked from a
//! tarball, without network while the package builds (sbuild.conf(5), `CHROOT_MODE`).

use std::path::{Path, PathBuf};
use std::process::Command;

use pydeps_core::shell::quoted_for_perl;
use pydeps_host::atomic;

use super::chroot::Chroot;
use super::job::Job;
use super::run::{Running, bound};
use super::{Backend, BuildEnd};
use crate::log::phase::Phase;
use crate::{BuildError, Request};

/// Who may make user namespaces with which identities (subuid(5), subgid(5)).
const SUBORDINATES: [&str; 2] = ["/etc/subuid", "/etc/subgid"];

/// Fails where a builder has failed for want of identities for a namespace. Root needs
/// them, too.
pub(crate) fn check(said: &str, (user, uid): &(String, u32)) -> Result<(), BuildError> {
    if !["subuid", "subgid", "idmap"]
        .iter()
        .any(|word| said.contains(word))
    {
        return Ok(());
    }
    let texts = SUBORDINATES.map(|path| fs_err::read_to_string(path).unwrap_or_default());
    match texts.iter().all(|text| has_range(text, user, *uid)) {
        true => Ok(()),
        false => Err(BuildError::NoSubordinates { user: user.clone() }),
    }
}

/// Lines are `NAME-OR-NUMBER:FIRST:COUNT`.
fn has_range(text: &str, user: &str, uid: u32) -> bool {
    text.lines().any(|line| {
        let mut fields = line.split(':');
        let owner = fields.next().unwrap_or_default();
        let count = fields.nth(1).and_then(|count| count.trim().parse().ok());
        (owner == user || owner.parse() == Ok(uid)) && count.unwrap_or(0) >= 65536_u32
    })
}

/// Minutes without a word after which a build is ended, as tests that wait for something
/// would keep it for the two and a half hours of sbuild's default.
const STALLED: u32 = 30;

/// The user's own sbuild.conf is left out: what is built must not depend on it.
fn configuration(template: &str) -> String {
    let template = quoted_for_perl(&format!("{template}.XXXXXXXXXX"));
    format!(
        "# Written by dh-pydeps build.\n\
         $unshare_tmpdir_template = {template};\n\
         $stalled_pkg_timeout = {STALLED};\n\
         1;\n"
    )
}

/// sbuild, prepared.
pub(super) struct Sbuild {
    chroot: Chroot,
    /// The file that it is configured by.
    configuration: PathBuf,
    user: (String, u32),
    running: Running,
}

impl Sbuild {
    /// Writes the configuration; `template` is how the paths of its chroots begin.
    pub(super) fn new(
        request: &Request,
        chroot: Chroot,
        template: &Path,
    ) -> Result<Self, BuildError> {
        let path = request.area.state().join("sbuild.conf");
        let text = configuration(&template.to_string_lossy());
        atomic::write(&path, text.as_bytes())?;
        Ok(Self {
            chroot,
            configuration: path.canonicalize()?,
            user: request.user.clone(),
            running: Running::default(),
        })
    }

    /// The command that builds a job, in the directory where its results go.
    fn command(&self, job: &Job<'_>, destination: &Path) -> Command {
        let mut command = bound("sbuild");
        command
            .current_dir(destination)
            .env("SBUILD_CONFIG", &self.configuration)
            .env("LC_ALL", "C.UTF-8")
            .args(arguments(job, &self.chroot));
        command
    }
}

impl Backend for Sbuild {
    fn build(
        &self,
        job: &Job<'_>,
        destination: &Path,
        log: &Path,
        events: &mut dyn FnMut(Phase),
    ) -> Result<BuildEnd, BuildError> {
        let mut command = self.command(job, destination);
        let end = self.running.build(&mut command, log, events)?;
        if !end.status.success() {
            let said = fs_err::read(log)?;
            check(&String::from_utf8_lossy(&said), &self.user)?;
        }
        Ok(end)
    }

    fn cancel(&self) {
        self.running.cancel();
    }
}

fn arguments(job: &Job<'_>, chroot: &Chroot) -> Vec<String> {
    let mut arguments = vec![
        "--chroot-mode=unshare".to_owned(),
        format!("--chroot={}", chroot.tarball.display()),
        format!("--dist={}", job.suite),
        format!("--arch={}", job.architecture),
        "--arch-all".to_owned(),
        "--no-source".to_owned(),
        "--batch".to_owned(),
        "--nolog".to_owned(),
        "--bd-uninstallable-explainer=".to_owned(),
        "--no-run-piuparts".to_owned(),
        switch("run-lintian", job.lintian),
        switch("apt-update", !chroot.fresh),
        switch("apt-distupgrade", !chroot.fresh),
    ];
    arguments.extend(autopkgtest(job, chroot));
    if job.lintian {
        arguments.extend(LINTIAN.map(|option| format!("--lintian-opt={option}")));
    }
    if !job.profiles.is_empty() {
        arguments.push(format!("--profiles={}", job.profiles.join(",")));
    }
    let packages = job.packages.iter();
    arguments.extend(packages.map(|path: &PathBuf| format!("--extra-package={}", path.display())));
    arguments.extend(["--".to_owned(), job.dsc.display().to_string()]);
    arguments
}

/// autopkgtest in a chroot of the same tarball, with what the package needs beside it.
fn autopkgtest(job: &Job<'_>, chroot: &Chroot) -> Vec<String> {
    if !job.autopkgtest {
        return vec!["--no-run-autopkgtest".to_owned()];
    }
    let packages = job.packages.iter().map(|path| path.display().to_string());
    let server = [
        "--",
        "unshare",
        "--release",
        job.suite,
        "--arch",
        job.architecture,
    ];
    let tarball = ["--tarball".to_owned(), chroot.tarball.display().to_string()];
    let words = packages.chain(server.map(str::to_owned)).chain(tarball);
    let words = words.map(|word| format!("--autopkgtest-opt={word}"));
    let switches = ["--run-autopkgtest", "--autopkgtest-root-args="].map(str::to_owned);
    switches.into_iter().chain(words).collect()
}

/// Everything that is worth knowing; what counts is decided by who reads it.
const LINTIAN: [&str; 3] = ["--info", "--display-info", "--no-tag-display-limit"];

fn switch(name: &str, on: bool) -> String {
    format!("--{}{name}", if on { "" } else { "no-" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_range(text: &str, expect: bool) {
        assert_eq!(has_range(text, "jane", 1000), expect, "{text}");
    }

    #[test]
    fn ranges() {
        check_range("joe:1:65536\njane:100000:65536\n", true);
        check_range("1000:100000:65536", true);
        check_range("jane:100000:1000", false);
        check_range("janet:100000:65536", false);
        check_range("", false);
    }

    #[test]
    fn what_was_built_before_is_given() {
        let job = Job {
            dsc: Path::new("/a/b_1-1.dsc"),
            suite: &"trixie".parse().unwrap(),
            architecture: &"amd64".parse().unwrap(),
            packages: &[PathBuf::from("/a/repository/a.deb")],
            profiles: &["nocheck".to_owned()],
            lintian: false,
            autopkgtest: true,
        };
        let chroot = Chroot {
            tarball: "/c/trixie-amd64.tar.zst".into(),
            fresh: true,
        };
        let line = arguments(&job, &chroot).join(" ");
        let tests =
            "--autopkgtest-opt=/a/repository/a.deb --autopkgtest-opt=-- --autopkgtest-opt=unshare ";
        assert!(line.contains(tests), "{line}");
        assert!(line.ends_with("/c/trixie-amd64.tar.zst --profiles=nocheck --extra-package=/a/repository/a.deb -- /a/b_1-1.dsc"), "{line}");
    }
}
