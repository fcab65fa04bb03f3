//! Arguments that several commands share, and what they mean on this machine.

use std::path::PathBuf;
use std::process::Command;

use clap::Args;
use jiff::Timestamp;
use jiff::civil::Date;
use pydeps_elf::machine::architectures;
use pydeps_host::installed::Installed;
use pydeps_host::{paths, process};
use pydeps_index::{Client, Config, Env};

use crate::failure::Failure;
use crate::session::Session;
use pydeps_core::name::{ArchName, SuiteName};

/// The environment variable that names a suite.
const SUITE: &str = "DH_PYDEPS_SUITE";

/// Which suite of Debian to look into.
#[derive(Args, Clone, Debug)]
pub struct SuiteArgs {
    /// Debian suite to look into, by codename or alias; by default that of the lock, then
    /// that of the environment variable DH_PYDEPS_SUITE, then this machine's
    #[arg(short, long, value_name = "SUITE")]
    pub suite: Option<SuiteName>,
    /// Debian architecture; by default this machine's
    #[arg(long, value_name = "ARCH")]
    pub architecture: Option<ArchName>,
    /// What there is beside the suite.
    #[command(flatten)]
    pub origins: OriginArgs,
}

/// What may be used beside the suite's own packages.
#[derive(Args, Clone, Debug, Default)]
pub struct OriginArgs {
    /// Use the suite's backports, too; what is rebuilt may be built with them
    #[arg(long)]
    pub backports: bool,
    /// Further repository: a directory of .deb files, or a line as in sources.list(5);
    /// may be repeated. As with apt, the highest version of a package counts
    #[arg(long = "local", value_name = "PLACE")]
    pub locals: Vec<String>,
    /// Newer suite whose source packages may be rebuilt for the suite
    #[arg(long, value_name = "SUITE")]
    pub backport_from: Option<SuiteName>,
}

impl SuiteArgs {
    /// The suite that was asked for, that of this directory's lock, or the machine's.
    pub(crate) fn suite(&self) -> Result<SuiteName, Failure> {
        if let Some(asked) = &self.suite {
            return Ok(asked.clone());
        }
        let locked = Session::open()?.lock.map(|lock| lock.suite);
        let own = || machine().codename();
        let found = match locked {
            Some(locked) => Some(locked),
            None => variable()?,
        };
        found.or_else(own).ok_or_else(|| {
            Failure::input(anyhow::anyhow!(
                "this machine does not say which suite of Debian it is"
            ))
            .with_hint("name one: --suite trixie")
        })
    }
}

/// The suite of the environment variable. An empty variable is as good as none.
fn variable() -> Result<Option<SuiteName>, Failure> {
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

impl SuiteArgs {
    /// The architecture that was asked for, or dpkg's.
    pub(crate) fn architecture(&self) -> Result<ArchName, Failure> {
        if let Some(architecture) = &self.architecture {
            return known_architecture(architecture);
        }
        own_architecture()
    }
}

/// The architecture of this machine, which dpkg names.
pub(crate) fn own_architecture() -> Result<ArchName, Failure> {
    let mut dpkg = Command::new("dpkg");
    let said = process::run(dpkg.arg("--print-architecture"))
        .map_err(|error| Failure::environment(error).with_hint("name one: --architecture amd64"))?;
    said.stdout.trim().parse().map_err(Failure::environment)
}

/// This machine.
pub(crate) fn machine() -> Installed {
    Installed::new("/")
}

/// Where distributions that Debian lacks come from.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Package index")]
pub struct IndexArgs {
    /// Base URL of the package index; by default pip's
    #[arg(long, value_name = "URL")]
    pub index_url: Option<String>,
    /// Further index, asked before the others; the first that has a project wins
    #[arg(long, value_name = "URL")]
    pub extra_index_url: Vec<String>,
    /// Directory or page with further files
    #[arg(long, value_name = "PLACE")]
    pub find_links: Vec<String>,
    /// Ask no index, only --find-links
    #[arg(long)]
    pub no_index: bool,
    /// Never connect; only what is cached counts
    #[arg(long)]
    pub offline: bool,
    /// Leave out what was uploaded after this date or time (RFC 3339)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub exclude_newer: Option<Timestamp>,
    /// PEM file of the certificate authorities to trust
    #[arg(long, value_name = "FILE")]
    pub cert: Option<PathBuf>,
}

impl IndexArgs {
    /// The options for the index client.
    pub(crate) fn options(&self) -> pydeps_index::Options {
        pydeps_index::Options {
            index_url: self.index_url.clone(),
            extra_index_urls: self.extra_index_url.clone(),
            find_links: self.find_links.clone(),
            no_index: self.no_index,
            cert: self.cert.clone(),
            offline: self.offline,
            exclude_newer: self.exclude_newer,
            cache_dir: cache_dir().ok().map(|cache| cache.join("index")),
            connections: None,
        }
    }

    /// The index client, as these options and the machine's configuration have it.
    pub(crate) fn client(&self) -> Result<Client, Failure> {
        let config = Config::gather(&self.options(), &Env::from_process())?;
        Ok(Client::new(config))
    }
}

/// A date counts to its end, in UTC.
fn date(text: &str) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let day: Date = text
        .parse()
        .map_err(|_| "neither a date like 2026-11-22 nor a time like 2026-11-22T12:00:00Z")?;
    format!("{day}T23:59:59Z")
        .parse()
        .map_err(|error| format!("{error}"))
}

/// The program's cache directory.
pub(crate) fn cache_dir() -> Result<PathBuf, Failure> {
    paths::cache_dir(&|name| std::env::var_os(name)).map_err(Failure::environment)
}
