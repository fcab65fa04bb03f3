//! `check`: everything that has to pass before a change is accepted.

use std::time::Instant;

use anyhow::{Result, bail};
use xshell::Shell;

use crate::command::{cargo, shell, status};
use crate::{pages, say, setup};

/// A cargo command that must succeed.
struct Step {
    name: &'static str,
    environment: &'static [(&'static str, &'static str)],
    words: &'static [&'static str],
}

const STEPS: &[Step] = &[
    Step {
        name: "layout",
        environment: &[],
        words: &["fmt", "--all", "--check"],
    },
    Step {
        name: "lints",
        environment: &[],
        words: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
    },
    Step {
        name: "tests",
        environment: &[],
        words: &["test", "--workspace", "--locked"],
    },
    Step {
        name: "documentation",
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
        words: &["doc", "--workspace", "--no-deps", "--locked"],
    },
];

/// Set-up, then every step; the first failure stops.
///
/// Whether the manual pages are up to date is one of the tests; here man only
/// reads them.
pub(crate) fn run() -> Result<()> {
    let start = Instant::now();
    setup::run()?;
    let sh = shell()?;
    let total = STEPS.len() + 1;
    for (number, step) in STEPS.iter().enumerate() {
        timed(number + 1, total, step.name, || step.run(&sh))?;
    }
    timed(total, total, "manual pages", pages::well_formed)?;
    let time = seconds(start);
    say::line(&format!("check passed: {total} steps in {time}"));
    Ok(())
}

fn timed(number: usize, total: usize, name: &str, run: impl Fn() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    say::line(&format!("[{number}/{total}] {name}"));
    run()?;
    say::line(&format!("      {name} passed in {}", seconds(start)));
    Ok(())
}

impl Step {
    fn run(&self, sh: &Shell) -> Result<()> {
        let command = cargo(sh, self.words).envs(self.environment.iter().copied());
        self.judge(status(command)?)
    }

    fn judge(&self, code: Option<i32>) -> Result<()> {
        if code == Some(0) {
            return Ok(());
        }
        bail!(
            "check stopped at: {}; to repeat this step: {}",
            self.name,
            self.by_hand()
        )
    }

    /// The command as a person types it.
    fn by_hand(&self) -> String {
        let environment = self
            .environment
            .iter()
            .map(|(name, value)| format!("{name}='{value}' "));
        format!(
            "{}cargo {}",
            environment.collect::<String>(),
            self.words.join(" ")
        )
    }
}

fn seconds(since: Instant) -> String {
    format!("{:.1} s", since.elapsed().as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_that_fails_says_how_to_repeat_it() {
        let step = Step {
            name: "nonsense",
            environment: &[("COLOUR", "blue")],
            words: &["no-such-subcommand"],
        };
        assert!(step.judge(Some(0)).is_ok());
        assert!(step.judge(None).is_err());
        let error = step.judge(Some(101)).unwrap_err().to_string();
        assert_eq!(
            error,
            "check stopped at: nonsense; to repeat this step: COLOUR='blue' cargo no-such-subcommand"
        );
    }
}
