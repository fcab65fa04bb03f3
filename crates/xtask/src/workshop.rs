//! The workshop: chroots of suites: one base for each, and a throw-away copy for each run.
//!
//! ```text
//! $XDG_CACHE_HOME/dh-pydeps-xtask/base/SUITE     made once by mmdebstrap, with pip and uv
//!                                                in /opt/judge, off Python's path
//!                                 shared/        downloads, kept from run to run
//!                                 work/NAME      the last run of that name: logs, facts
//! ```
//!
//! apt's sources are those that `dh-pydeps update` derived from the machine's own. A base
//! older than the suite's index is made anew, so that both know the same archive.

mod environment;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rustix::fs::{FlockOperation, flock};
use serde_json::Value;
use xshell::{Shell, cmd};

use self::environment::{PROXIES, settings, variables};
use crate::command::{root, status};
use crate::demo::{self, PROGRAM};
use crate::{needs, say};

/// Debian's own Python, which the scripts on this side are for.
const PYTHON: &str = "/usr/bin/python3";
/// Where the chroot sees what is shared between runs.
pub(crate) const SHARED: &str = "/var/cache/judge";
const TRUST: &str = "/etc/ssl/certs/ca-certificates.crt";
/// What the run needs on this machine.
const TOOLS: &[&str] = &["mmdebstrap", "setpriv", "unshare"];

/// Where bases, downloads and runs are.
pub(crate) struct Workshop {
    top: PathBuf,
    /// The program's own cache.
    cache: PathBuf,
    apt_options: Vec<String>,
    /// Held while this lives: two runs would throw away each other's copies.
    _lock: fs_err::File,
}

impl Workshop {
    /// Fails where the machine cannot do it.
    pub(crate) fn open(apt_options: &[String]) -> Result<Self> {
        if let Some(tool) = TOOLS.iter().find(|tool| !needs::on_path(tool)) {
            bail!("{tool} is not installed: apt-get install mmdebstrap util-linux");
        }
        use std::os::unix::fs::MetadataExt;
        if fs_err::metadata("/proc/self")?.uid() != 0 {
            bail!("making chroots takes root; run it as root, on a machine that may be spoilt");
        }
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let base = set("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(set("HOME")?).join(".cache")))
            .context("HOME is not set")?;
        let top = base.join("dh-pydeps-xtask");
        Ok(Self {
            _lock: lock(&top)?,
            top,
            cache: base.join("dh-pydeps"),
            apt_options: apt_options.to_vec(),
        })
    }

    /// What the chroot sees as [`SHARED`].
    pub(crate) fn shared(&self) -> PathBuf {
        self.top.join("shared/cache")
    }

    fn index(&self, suite: &str) -> Result<PathBuf> {
        let index = self.cache.join(format!("archive/{suite}-amd64.idx"));
        let index = index.exists().then_some(index);
        index.with_context(|| format!("`{PROGRAM} update` left no index of {suite}"))
    }

    /// Fetches the suite's index if it is not there yet.
    pub(crate) fn fetch(&self, sh: &Shell, suite: &str) -> Result<()> {
        if self.index(suite).is_ok() {
            return Ok(());
        }
        demo::build()?;
        let options = self.apt_options.iter().flat_map(|o| ["--apt-option", o]);
        let update = cmd!(
            sh,
            "{PROGRAM} update --suite {suite} --architecture amd64 {options...}"
        );
        match status(update)? {
            Some(0) => Ok(()),
            _ => bail!(
                "{PROGRAM} update --suite {suite} failed; see --apt-option, or run it with other options"
            ),
        }
    }

    /// The suite's distributions as wheels for uv, made if they are older than the index;
    /// as the chroot sees them.
    pub(crate) fn leaves(&self, sh: &Shell, suite: &str) -> Result<String> {
        let shared = self.top.join("shared/cache");
        let leaves = shared.join(format!("leaves-{suite}"));
        if !is_newer(&leaves, &self.index(suite)?) {
            discard(&leaves)?;
            fs_err::create_dir_all(&shared)?;
            let (program, cache) = (root().join(PROGRAM), &self.cache);
            let script = cmd!(
                sh,
                "{PYTHON} -B tests/e2e/leaves.py {program} {cache} {suite} {leaves}"
            );
            if status(script)? != Some(0) {
                discard(&leaves)?;
                bail!("leaves.py failed for {suite}");
            }
        }
        Ok(format!("{SHARED}/leaves-{suite}"))
    }

    /// The base of a suite, made if it is not there or older than the index.
    fn base(&self, sh: &Shell, suite: &str) -> Result<PathBuf> {
        let base = self.top.join("base").join(suite);
        let stamp = base.join("opt/judge/stamp");
        if is_newer(&stamp, &self.index(suite)?) {
            return Ok(base);
        }
        say::line(&format!("making a chroot of {suite}"));
        discard(&base)?;
        fs_err::create_dir_all(self.top.join("base"))?;
        self.bootstrap(sh, suite, &base, &["python3", "ca-certificates"])?;
        let judge = base.join("opt/judge");
        let only = ["--quiet", "--no-deps", "--only-binary", ":all:"];
        let uv = judge.join("uv");
        cmd!(sh, "python3 -m pip download {only...} --dest {judge} pip")
            .quiet()
            .run()?;
        cmd!(sh, "python3 -m pip install {only...} --target {uv} uv")
            .quiet()
            .run()?;
        fs_err::write(stamp, "")?;
        Ok(base)
    }

    /// A chroot of a suite with these packages, of which nothing is thrown away; made if it
    /// is not there or older than the index.
    pub(crate) fn prepared(
        &self,
        sh: &Shell,
        suite: &str,
        name: &str,
        packages: &[&str],
    ) -> Result<PathBuf> {
        let base = self.top.join("base").join(format!("{suite}-{name}"));
        let stamp = base.join("opt/stamp");
        if !is_newer(&stamp, &self.index(suite)?) {
            say::line(&format!("making a chroot of {suite}"));
            discard(&base)?;
            fs_err::create_dir_all(self.top.join("base"))?;
            self.bootstrap(sh, suite, &base, packages)?;
            fs_err::write(stamp, "")?;
        }
        Ok(base)
    }

    fn bootstrap(&self, sh: &Shell, suite: &str, base: &Path, packages: &[&str]) -> Result<()> {
        let sources = self.sources(suite)?;
        let options = self.apt_options.iter().filter_map(|option| {
            let (name, value) = option.split_once('=')?;
            Some(format!("--aptopt={name} \"{value}\";"))
        });
        let words = [
            "--quiet",
            "--variant=apt",
            "--format=directory",
            "--skip=cleanup/apt/lists",
        ];
        let include = format!("--include={}", packages.join(","));
        let list = base.with_extension("sources");
        fs_err::write(&list, sources)?;
        let made = status(cmd!(
            sh,
            "mmdebstrap {words...} {include} {options...} {suite} {base} {list}"
        ))?;
        match made {
            Some(0) => Ok(()),
            _ => bail!("mmdebstrap failed for {suite}; see --apt-option"),
        }
    }

    /// What `update` wrote for the suite and its pockets.
    fn sources(&self, suite: &str) -> Result<String> {
        let mut texts = Vec::new();
        for pocket in ["", "-updates", "-security"] {
            let directory = self
                .cache
                .join(format!("apt/{suite}{pocket}-amd64/sources.list.d"));
            let Ok(entries) = fs_err::read_dir(directory) else {
                continue;
            };
            for entry in entries {
                texts.push(fs_err::read_to_string(entry?.path())?);
            }
        }
        Ok(texts.join("\n"))
    }

    /// Fetches the suite's index and makes its base, before several runs want them at once.
    pub(crate) fn prepare(&self, sh: &Shell, suite: &str) -> Result<()> {
        self.fetch(sh, suite)?;
        self.base(sh, suite).map(|_| ())
    }

    /// Where the corpus of a suite is built.
    pub(crate) fn corpus(&self, suite: &str) -> PathBuf {
        self.top.join("corpus").join(suite)
    }

    /// Runs a script on a task in a fresh copy of the suite's base; what they found.
    pub(crate) fn run(&self, suite: &str, name: &str, script: &str, task: &Value) -> Result<Value> {
        self.run_with(suite, name, script, task, &[])
    }

    /// The same with files beside the task.
    pub(crate) fn run_with(
        &self,
        suite: &str,
        name: &str,
        script: &str,
        task: &Value,
        files: &[PathBuf],
    ) -> Result<Value> {
        let sh = crate::command::shell()?;
        let base = self.base(&sh, suite)?;
        let work = self.top.join("work").join(name.replace('/', "_"));
        discard(&work)?;
        let io = work.join("io");
        fs_err::create_dir_all(&io)?;
        fs_err::write(io.join("task.json"), serde_json::to_string_pretty(task)?)?;
        for file in files {
            let name = file.file_name().context("a file has a name")?;
            fs_err::copy(file, io.join(name))?;
        }
        let listed = cmd!(sh, "python3 -m pip config list").quiet().read()?;
        fs_err::copy(trust(&listed), io.join("ca.pem"))?;
        let environment = inside(&base, &listed)?;
        let shared = self.top.join("shared");
        let run = cmd!(
            sh,
            "setpriv --pdeathsig KILL unshare --mount --pid --fork --kill-child tests/e2e/in-chroot.sh {base} {work} {shared}
             /usr/bin/env -i {environment...} /usr/bin/python3 -B -W ignore /judge/{script} /io"
        );
        let code = status(run.quiet())?;
        for rest in ["upper", "overlay", "root"] {
            discard(&work.join(rest))?;
        }
        if code != Some(0) {
            bail!(
                "the run in the chroot failed; its logs are in {}",
                io.display()
            );
        }
        let facts = fs_err::read_to_string(io.join("facts.json"))?;
        serde_json::from_str(&facts).context("facts.json")
    }
}

/// Fails if another run is under way.
fn lock(top: &Path) -> Result<fs_err::File> {
    fs_err::create_dir_all(top)?;
    let file = fs_err::File::options()
        .create(true)
        .append(true)
        .open(top.join("lock"))?;
    flock(&file, FlockOperation::NonBlockingLockExclusive)
        .with_context(|| format!("another run works in {}; wait for it to end", top.display()))?;
    Ok(file)
}

/// The certificates that lead to the index: pip's, or the system's.
fn trust(listed: &str) -> PathBuf {
    let set = settings(listed)
        .into_iter()
        .rfind(|(key, _)| *key == "cert");
    set.map_or(TRUST, |(_, value)| value).into()
}

/// The environment of the scripts.
fn inside(base: &Path, listed: &str) -> Result<Vec<OsString>> {
    let mut entries = fs_err::read_dir(base.join("opt/judge"))?.filter_map(Result::ok);
    let pip = entries.find_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        name.ends_with(".whl").then_some(name)
    });
    let pip = pip.context("the chroot has no wheel of pip")?;
    let fixed = [
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin".to_owned(),
        "HOME=/tmp".to_owned(),
        "LC_ALL=C.UTF-8".to_owned(),
        "DEBIAN_FRONTEND=noninteractive".to_owned(),
        "PIP_CERT=/io/ca.pem".to_owned(),
        "SSL_CERT_FILE=/io/ca.pem".to_owned(),
        "PIP_DISABLE_PIP_VERSION_CHECK=1".to_owned(),
        "PIP_ROOT_USER_ACTION=ignore".to_owned(),
        format!("PIP_CACHE_DIR={SHARED}/pip"),
        format!("UV_CACHE_DIR={SHARED}/uv"),
        format!("JUDGE_PIP=/opt/judge/{pip}"),
    ];
    let carried = variables(listed)
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"));
    let proxies = PROXIES.iter().filter_map(|name| {
        let value = std::env::var(name).ok()?;
        Some(format!("{name}={value}"))
    });
    let all = fixed.into_iter().chain(carried).chain(proxies);
    Ok(all.map(OsString::from).collect())
}

/// Whether a file is there and not older than the other.
fn is_newer(path: &Path, than: &Path) -> bool {
    let time = |path: &Path| fs_err::metadata(path).and_then(|data| data.modified()).ok();
    matches!((time(path), time(than)), (Some(a), Some(b)) if a >= b)
}

/// Removes a directory, whether it is there or not.
fn discard(path: &Path) -> Result<()> {
    if path.exists() {
        fs_err::remove_dir_all(path)?;
    }
    Ok(())
}
