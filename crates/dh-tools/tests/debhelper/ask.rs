//! The debhelper that is asked, and source packages to ask about.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// A debhelper: this machine's, or a chroot's.
pub(crate) struct Debhelper {
    root: Option<PathBuf>,
    /// A directory below the root.
    scratch: tempfile::TempDir,
    /// The compat levels that it has and that are stable.
    pub(crate) levels: Vec<u64>,
    /// How many command lines it is asked about: more where that is what is run.
    pub(crate) samples: usize,
    /// Of how many sets of files one is looked at.
    pub(crate) step: usize,
}

/// Where the repository's add-on is.
const ADD_ON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/share/perl5");

impl Debhelper {
    /// `None` where there is none.
    pub(crate) fn new() -> Option<Self> {
        let root = std::env::var_os("DEBHELPER_ROOT").map(PathBuf::from);
        let top = root
            .as_ref()
            .map_or_else(std::env::temp_dir, |root| root.join("tmp"));
        let mut found = Self {
            samples: if root.is_some() { 900 } else { 150 },
            step: if root.is_some() { 1 } else { 7 },
            root,
            scratch: tempfile::tempdir_in(top).unwrap(),
            levels: Vec::new(),
        };
        let module = "Debian/Debhelper/Sequence/pydeps.pm";
        let copy = found.scratch.path().join("perl5").join(module);
        fs_err::create_dir_all(copy.parent().unwrap()).unwrap();
        fs_err::copy(Path::new(ADD_ON).join(module), copy).unwrap();
        found.levels = found.stable_levels()?;
        Some(found)
    }

    fn stable_levels(&self) -> Option<Vec<u64>> {
        let mut command = self.command("dh_assistant");
        let output = command.arg("supported-compat-levels").output().ok()?;
        let said: Value = serde_json::from_slice(&output.stdout).ok()?;
        let highest = said["HIGHEST_STABLE_COMPAT_LEVEL"].as_u64()?;
        Some((12..=highest).collect())
    }

    /// A path as the one who is asked sees it.
    pub(crate) fn inside(&self, path: &Path) -> PathBuf {
        match &self.root {
            Some(root) => Path::new("/").join(path.strip_prefix(root).unwrap()),
            None => path.to_owned(),
        }
    }

    /// A command of the system that is asked, with nothing of ours in its environment but the
    /// add-on.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = match &self.root {
            None => Command::new(program),
            Some(root) => {
                let mut command = Command::new("chroot");
                command.arg(root).arg(program);
                command
            }
        };
        let add_on = self.inside(&self.scratch.path().join("perl5"));
        command.env_clear();
        command.env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin");
        command.env("LC_ALL", "C.UTF-8");
        command.env("PERL5LIB", add_on);
        command
    }

    /// A source package with these files. Those whose text begins with `#!` may be run.
    pub(crate) fn package(&self, name: &str, files: &[(&str, String)]) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = self.scratch.path().join(name);
        for (path, text) in files {
            let path = directory.join(path);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(&path, text).unwrap();
            if text.starts_with("#!") {
                fs_err::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
            }
        }
        directory
    }

    /// What debhelper's library answers.
    pub(crate) fn ask(&self, questions: &[Value]) -> Vec<Value> {
        let file = self.scratch.path().join("questions.json");
        let script = self.scratch.path().join("oracle.pl");
        fs_err::write(&file, serde_json::to_vec(questions).unwrap()).unwrap();
        fs_err::write(&script, include_str!("oracle.pl")).unwrap();
        let mut command = self.command("perl");
        command.args([self.inside(&script), self.inside(&file)]);
        let output = command.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {stderr}"))
    }
}
