//! `e2e`: resolve real applications with the release build, and judge the answers.
//!
//! It needs the network and takes minutes, so it is no part of `check`.

mod build;
mod debhelper;
mod elf;
mod index;
mod judge;
mod kill;
mod oracle;

use std::time::Instant;

use anyhow::{Result, bail};
use xshell::{Shell, cmd};

use crate::command::shell;
use crate::demo::{PROGRAM, build};
use crate::{apps, say};

/// What to run.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    oracle: Option<oracle::Oracle>,
    /// Only applications whose name contains this
    #[arg(value_name = "NAME")]
    filter: Option<String>,
}

/// Asks an oracle, or runs the list; fails at the end if an answer was not sound.
pub(crate) fn run(options: &Options) -> Result<()> {
    match &options.oracle {
        Some(oracle) => oracle.run(),
        None => applications(options),
    }
}

fn applications(options: &Options) -> Result<()> {
    let list = apps::chosen()?;
    build()?;
    let sh = shell()?;
    let wanted = |name: &str| options.filter.as_deref().is_none_or(|f| name.contains(f));
    let mut runs = 0;
    let mut bad = 0;
    for application in list.iter().filter(|a| wanted(&a.name)) {
        for suite in &application.suites {
            runs += 1;
            bad += usize::from(!one(&sh, &application.name, suite)?);
        }
    }
    match (runs, bad) {
        (0, _) => bail!("no application of that name in {}", apps::CHOSEN),
        (_, 0) => say::line(&format!("{runs} runs, all sound")),
        _ => bail!("{bad} of {runs} runs are not sound"),
    }
    Ok(())
}

/// One run; prints its line and says whether the answer is sound.
fn one(sh: &Shell, name: &str, suite: &str) -> Result<bool> {
    let start = Instant::now();
    let output = cmd!(
        sh,
        "{PROGRAM} resolve {name} --suite {suite} --format json --no-lock"
    )
    .quiet()
    .ignore_status()
    .output()?;
    let problems = judge::problems(output.status.code(), &output.stdout);
    let mark = if problems.is_empty() { "ok " } else { "BAD" };
    let time = start.elapsed().as_secs_f64();
    say::line(&format!("{mark} {name} for {suite}, {time:.1} s"));
    for problem in &problems {
        say::line(&format!("      {problem}"));
    }
    if !problems.is_empty() {
        say::line(String::from_utf8_lossy(&output.stderr).trim_end());
    }
    Ok(problems.is_empty())
}
