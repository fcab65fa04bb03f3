//! `attack`: the programs on hostile inputs, and a judgement of every answer.

use anyhow::{Result, bail};
use xshell::cmd;

use crate::command::{cargo, shell, status};
use crate::setup;

const BUILD: &[&str] = &[
    "build",
    "--quiet",
    "--locked",
    "--profile=attack",
    "--package=dh-pydeps",
    "--package=dh-tools",
    "--package=pydeps-attack",
];

/// Where `cargo build --profile=attack` puts the program that attacks.
const PROGRAM: &str = "target/attack/attack";

/// What to try.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only this class: index, sdist, elf, state or apt
    #[arg(long)]
    class: Option<String>,
    /// Only inputs whose name contains this
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Run as root, let the programs run as an ordinary user alone; by default as both
    #[arg(long)]
    as_user: bool,
    /// Print what was said, too
    #[arg(long)]
    show: bool,
}

/// Builds the programs, and tries all inputs; fails if one was met wrongly.
pub(crate) fn run(options: &Options) -> Result<()> {
    setup::for_programs()?;
    let sh = shell()?;
    if status(cargo(&sh, BUILD).env_remove("CARGO_TARGET_DIR"))? != Some(0) {
        bail!("the build failed");
    }
    let mut words: Vec<String> = Vec::new();
    for (name, value) in [("class", &options.class), ("only", &options.only)] {
        words.extend(value.iter().map(|value| format!("--{name}={value}")));
    }
    for (name, is_set) in [("as-user", options.as_user), ("show", options.show)] {
        words.extend(is_set.then(|| format!("--{name}")));
    }
    match status(cmd!(sh, "{PROGRAM} {words...}").quiet())? {
        Some(0) => Ok(()),
        _ => bail!("not every hostile input was met as it should be"),
    }
}
