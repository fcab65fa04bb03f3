//! `fuzz`: the readers of foreign bytes on seeds with mutations.
//!
//! One plain program runs all targets. Where cargo-fuzz and a nightly compiler are installed, each
//! is run by them as well, guided by what code is reached.

use anyhow::{Result, bail};
use xshell::{Shell, cmd};

use crate::command::{cargo, shell, status, succeeds};
use crate::say;

const BUILD: &[&str] = &[
    "build",
    "--quiet",
    "--locked",
    "--profile=attack",
    "--package=pydeps-attack",
    "--bin=fuzz",
];

/// Where `cargo build --profile=attack` puts the program.
const PROGRAM: &str = "target/attack/fuzz";

/// Where cargo-fuzz keeps what it has found worth keeping.
const CORPUS: &str = "target/fuzz/corpus";

const FUZZ_DIR: &str = "crates/pydeps-attack/fuzz";

/// How long, and what.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// About how long all targets take together; each has ten seconds at least
    #[arg(long, value_name = "N", default_value_t = 20.0)]
    minutes: f64,
    /// Only targets whose name contains this
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// Number of the first mutation: the same number gives the same inputs
    #[arg(long, value_name = "N", default_value_t = 0)]
    first: u64,
}

/// Runs the targets; fails if one was not up to something.
pub(crate) fn run(options: &Options) -> Result<()> {
    let sh = shell()?;
    if status(cargo(&sh, BUILD).env_remove("CARGO_TARGET_DIR"))? != Some(0) {
        bail!("the build failed");
    }
    let only = options.only.clone().unwrap_or_default();
    let names = cmd!(sh, "{PROGRAM} --list").quiet().read()?;
    let names: Vec<&str> = names.lines().filter(|name| name.contains(&only)).collect();
    if names.is_empty() {
        bail!("no target has a name that contains `{only}`");
    }
    // Two run side by side.
    let seconds = options.minutes * 60.0 * 2.0 / names.len() as f64;
    let seconds = seconds.max(10.0).to_string();
    let first = options.first.to_string();
    let own = cmd!(
        sh,
        "{PROGRAM} --seconds {seconds} --first {first} --only {only}"
    );
    let good = status(own.quiet())? == Some(0);
    let guided = match succeeds("cargo", &["+nightly", "fuzz", "--version"]) {
        true => guided(&sh, &names, &seconds)?,
        false => {
            say::line("cargo-fuzz or a nightly compiler is missing: not guided by coverage");
            true
        }
    };
    match good && guided {
        true => Ok(()),
        false => bail!("a reader was not up to what it was given"),
    }
}

fn guided(sh: &Shell, names: &[&str], seconds: &str) -> Result<bool> {
    cmd!(sh, "{PROGRAM} --seeds {CORPUS}").quiet().run()?;
    let whole = seconds.split('.').next().unwrap_or(seconds);
    let mut good = true;
    for name in names {
        let corpus = format!("{CORPUS}/{name}");
        let fuzz = cmd!(
            sh,
            "cargo +nightly fuzz run --fuzz-dir {FUZZ_DIR} any {corpus} -- -max_total_time={whole}"
        );
        good &= status(fuzz.env("FUZZ_TARGET", name).quiet())? == Some(0);
    }
    Ok(good)
}
