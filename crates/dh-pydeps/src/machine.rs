//! This machine: what it is, where things are on it, and what its environment says.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::process::Command;

use jiff::Timestamp;
use pydeps_core::name::{ArchName, SuiteName};
use pydeps_elf::machine::architectures;
use pydeps_host::installed::Installed;
use pydeps_host::{paths, process};
use pydeps_index::{Client, Config, Env};

use crate::failure::Failure;

/// The environment variable that names a suite.
const SUITE: &str = "DH_PYDEPS_SUITE";

/// What is installed.
pub(crate) fn installed() -> Installed {
    Installed::new("/")
}

/// The suite of the environment variable. An empty variable is as good as none.
pub(crate) fn suite_variable() -> Result<Option<SuiteName>, Failure> {
    match std::env::var(SUITE) {
        Ok(suite) if !suite.is_empty() => suite.parse().map(Some).map_err(|error| {
            Failure::input(error).with_hint(format!("mend or unset the variable {SUITE}"))
        }),
        _ => Ok(None),
    }
}

/// An architecture's name, if it is one: nothing would be foreign to one that nobody knows.
pub(crate) fn known_architecture(name: &ArchName) -> Result<ArchName, Failure> {
    if architectures().any(|known| *name == known) {
        return Ok(name.clone());
    }
    let error = anyhow::anyhow!("`{name}` is no architecture of Debian");
    let known: Vec<&str> = architectures().collect();
    Err(Failure::input(error).with_hint(format!("known are: {}", known.join(", "))))
}

/// The architecture of this machine, which dpkg names.
pub(crate) fn architecture() -> Result<ArchName, Failure> {
    let mut dpkg = Command::new("dpkg");
    let said = process::run(dpkg.arg("--print-architecture"))
        .map_err(|error| Failure::environment(error).with_hint("name one: --architecture amd64"))?;
    said.stdout.trim().parse().map_err(Failure::environment)
}

/// The program's cache directory.
pub(crate) fn cache_dir() -> Result<PathBuf, Failure> {
    paths::cache_dir(&|name| std::env::var_os(name)).map_err(Failure::environment)
}

/// The index client, as options and this machine's configuration have it.
pub(crate) fn index_client(options: &pydeps_index::Options) -> Result<Client, Failure> {
    let config = Config::gather(options, &Env::from_process())?;
    Ok(Client::new(config))
}

/// One build takes a processor and a half.
pub(crate) fn default_jobs() -> usize {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    if processors >= 4 { 2 } else { 1 }
}

/// `$XDG_CACHE_HOME`, which sbuild looks into, too.
pub(crate) fn user_cache() -> io::Result<PathBuf> {
    let own = paths::cache_dir(&|name| std::env::var_os(name));
    let own = own.map_err(|error| io::Error::new(io::ErrorKind::NotFound, error))?;
    Ok(own.parent().unwrap_or(&own).to_owned())
}

/// Where programs are.
pub(crate) fn programs() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).collect()
}

/// The user's name and number.
pub(crate) fn user() -> io::Result<(String, u32)> {
    let uid = fs_err::metadata("/proc/self")?.uid();
    let users = fs_err::read_to_string("/etc/passwd").unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(uid)).then(|| name.to_owned())
    });
    Ok((name.unwrap_or_else(|| uid.to_string()), uid))
}

/// `SOURCE_DATE_EPOCH`, if it is set.
pub(crate) fn epoch() -> Result<Option<Timestamp>, Failure> {
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else {
        return Ok(None);
    };
    let seconds = text.trim().parse().ok();
    let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map(Some).ok_or_else(|| {
        let error = anyhow::anyhow!("SOURCE_DATE_EPOCH: `{text}` is not a number of seconds");
        Failure::input(error).with_hint("unset it, or see reproducible-builds.org")
    })
}
