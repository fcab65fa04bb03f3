//! `snapshot`: renew the tables of distributions that are built into the program.

use anyhow::{Result, bail};
use xshell::cmd;

use crate::command::{cargo, shell, status};
use crate::{demo, say};

const SUITES: &[&str] = &["trixie", "bookworm", "sid"];
const WRITE: &[&str] = &[
    "run",
    "--release",
    "--locked",
    "--package",
    "pydeps-archive",
    "--example",
    "snapshot",
];

/// Fetches the suites with the program itself, then writes the tables.
pub(crate) fn run() -> Result<()> {
    demo::build()?;
    let sh = shell()?;
    let program = demo::PROGRAM;
    for suite in SUITES {
        if status(cmd!(
            sh,
            "{program} update --suite {suite} --architecture amd64"
        ))? != Some(0)
        {
            bail!("{program} update --suite {suite} failed");
        }
    }
    if status(cargo(&sh, WRITE))? != Some(0) {
        bail!("the tables were not written");
    }
    say::line("written to crates/pydeps-archive/data; look at `git diff --stat`, then commit");
    Ok(())
}
