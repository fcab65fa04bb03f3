//! The oracles: what the archive, dh-python, `packaging`, dpkg and Python's parsers say.
//!
//! Each is a Python script in `tests/e2e`, which reads what we read without our own
//! readers and judges the answers. The files of the suites are fetched by
//! the program itself, if they are not there yet.

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use xshell::{Shell, cmd};

use crate::command::{cargo, root, shell, status};
use crate::demo::{self, PROGRAM};

/// Debian's own Python: `python3-packaging` is for that one.
const PYTHON: &str = "/usr/bin/python3";
const SPECIFIERS: &str = "crates/pydeps-archive/tests/data/real-specifiers.tsv";
const MARKERS: &str = "crates/pydeps-core/tests/data/markers.tsv";
/// The laws of the built-in tables, on every value instead of a part of them.
const LAWS: &[&str] = &[
    "test",
    "--release",
    "--locked",
    "--package",
    "pydeps-archive",
    "--test",
    "built_in",
    "--",
    "--nocapture",
];

/// Which oracle to ask.
#[derive(Clone, Debug, PartialEq, Eq, clap::Subcommand)]
pub(crate) enum Oracle {
    /// Map every distribution in the Contents of trixie and bookworm
    Archive,
    /// Compare the mapping with dh-python's table
    DhPython,
    /// Judge relations at the versions of trixie and bookworm by packaging and dpkg
    Specifiers,
    /// Ask Python's own parsers whether the recorded answers of the readers' tests are right
    Readers,
    /// Judge markers by packaging: the table of the tests, and the program's answers
    Markers,
    /// Package real wheels in chroots of each suite, and judge what became of them (root)
    Elf(super::elf::Options),
    /// Compare the debhelper commands with debhelper in chroots of each suite (root)
    Debhelper {
        /// Option for apt, as in verify-resolution; may be repeated
        #[arg(long = "apt-option", value_name = "NAME=VALUE")]
        apt_options: Vec<String>,
    },
    /// Compare answers that come from the package index alone with uv's (root)
    Index {
        /// Only this application of tests/e2e/index-applications.toml
        #[arg(value_name = "NAME")]
        only: Option<String>,
    },
    /// Kill each step of a session at random moments, start it again, and compare (root)
    Kill(super::kill::Options),
    /// Build three packages that need each other, by sbuild and by pbuilder (root)
    Build(super::build::Options),
}

impl Oracle {
    /// Whether the release build is asked itself; others need it to fetch a suite at most.
    fn needs_the_program(&self) -> bool {
        match self {
            Self::Build(options) => options.program.is_none(),
            Self::Readers | Self::Elf(_) | Self::Debhelper { .. } => false,
            _ => true,
        }
    }

    /// Runs it on the release build; fails if anything is unexplained.
    pub(crate) fn run(&self) -> Result<()> {
        if self.needs_the_program() {
            demo::build()?;
        }
        let sh = shell()?;
        let cache = cache()?;
        match self {
            Self::Kill(options) => super::kill::run(options),
            Self::Build(options) => super::build::run(&sh, options),
            Self::Archive => {
                fetch(&sh, &cache, &["trixie", "bookworm"])?;
                script(&sh, &cache, "archive", &["trixie", "bookworm"])
            }
            Self::DhPython => {
                fetch(&sh, &cache, &["trixie", "sid"])?;
                script(&sh, &cache, "dh_python", &["trixie"])
            }
            Self::Specifiers => {
                fetch(&sh, &cache, &["trixie", "bookworm"])?;
                if status(cargo(&sh, LAWS))? != Some(0) {
                    bail!("the laws do not hold");
                }
                let data = root().join(SPECIFIERS);
                let data = data.to_str().context("the path is not text")?;
                script(&sh, &cache, "specifiers", &["trixie", data])?;
                script(&sh, &cache, "specifiers", &["bookworm", data])
            }
            Self::Readers => {
                let asked = status(cmd!(sh, "{PYTHON} -B tests/e2e/readers.py"))?;
                ensure!(asked == Some(0), "readers: see above");
                Ok(())
            }
            Self::Markers => {
                fetch(&sh, &cache, &["trixie"])?;
                let table = root().join(MARKERS);
                let table = table.to_str().context("the path is not text")?;
                script(&sh, &cache, "markers", &["trixie", table])
            }
            Self::Debhelper { apt_options } => super::debhelper::run(apt_options),
            Self::Index { only } => super::index::run(only.as_deref()),
            Self::Elf(options) => super::elf::run(options),
        }
    }
}

/// Where the program keeps what it fetched.
fn cache() -> Result<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let base = set("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(set("HOME")?).join(".cache")));
    Ok(base.context("HOME is not set")?.join("dh-pydeps"))
}

/// Fetches the suites whose index is missing.
fn fetch(sh: &Shell, cache: &std::path::Path, suites: &[&str]) -> Result<()> {
    for suite in suites {
        let index = cache.join(format!("archive/{suite}-amd64.idx"));
        let update = cmd!(sh, "{PROGRAM} update --suite {suite} --architecture amd64");
        if !index.exists() && status(update)? != Some(0) {
            bail!("{PROGRAM} update --suite {suite} failed");
        }
    }
    Ok(())
}

fn script(sh: &Shell, cache: &std::path::Path, name: &str, words: &[&str]) -> Result<()> {
    let program = root().join(PROGRAM);
    let script = cmd!(
        sh,
        "{PYTHON} -B tests/e2e/{name}.py {program} {cache} {words...}"
    );
    match status(script)? {
        Some(0) => Ok(()),
        _ => bail!("{name}: see above"),
    }
}
