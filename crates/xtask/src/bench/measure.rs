//! Two commands, run in turn, so that what else the machine does hits both alike.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use super::table::{Row, Times};

/// A command, and what is put in order before each of its runs.
#[derive(Clone, Debug, Default)]
pub(super) struct Runnable {
    pub(super) words: Vec<String>,
    pub(super) environment: Vec<(String, String)>,
    /// Directories that are removed, so that it starts cold.
    pub(super) forget: Vec<PathBuf>,
    /// A directory that it runs in, and what is copied there first, as it changes it.
    pub(super) place: Option<Place>,
    /// Whether its answer is not on standard output.
    pub(super) silent: bool,
}

/// A directory that is made from another one.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) directory: PathBuf,
    pub(super) template: PathBuf,
}

impl Place {
    fn make(&self, sh: &Shell) -> Result<()> {
        let (from, to) = (&self.template, &self.directory);
        sh.remove_path(to)?;
        cmd!(sh, "cp -a {from} {to}").quiet().run()?;
        Ok(())
    }
}

impl Runnable {
    /// A command as it is.
    pub(super) fn new(words: &[&str]) -> Self {
        Self {
            words: words.iter().map(|&word| word.to_owned()).collect(),
            ..Self::default()
        }
    }

    /// One run: its time and what it printed.
    pub(super) fn run(&self, sh: &Shell) -> Result<(Duration, String)> {
        for directory in &self.forget {
            if directory.exists() {
                fs_err::remove_dir_all(directory)?;
            }
        }
        let _in_place = match &self.place {
            Some(place) => {
                place.make(sh)?;
                Some(sh.push_dir(&place.directory))
            }
            None => None,
        };
        let (program, words) = self.words.split_first().context("no command")?;
        let environment = self.environment.iter().map(|(name, value)| (name, value));
        // Directories that only one of two reads would not be fair.
        let command = cmd!(sh, "{program} {words...}").env_remove("PIP_FIND_LINKS");
        let command = command.envs(environment).quiet().ignore_status();
        let start = Instant::now();
        let output = command.output()?;
        let time = start.elapsed();
        let said_nothing = output.stdout.is_empty() && !self.silent;
        if !matches!(output.status.code(), Some(0 | 1)) || said_nothing {
            let said = String::from_utf8_lossy(&output.stderr);
            bail!("`{}` gives no answer: {said}", self.words.join(" "));
        }
        Ok((time, String::from_utf8_lossy(&output.stdout).into_owned()))
    }
}

/// Ours against theirs.
pub(super) struct Contest {
    pub(super) what: String,
    pub(super) ours: Runnable,
    pub(super) theirs: Runnable,
    /// The ratio of the medians, at most.
    pub(super) target: f64,
}

impl Contest {
    /// The row of the table, after so many counted runs of each. A command that gives
    /// no answer is a row that says so.
    pub(super) fn row(&self, sh: &Shell, runs: usize) -> Result<Row> {
        let mut times = [Vec::new(), Vec::new()];
        for round in 0..=runs.max(1) {
            for (command, times) in [&self.ours, &self.theirs].into_iter().zip(&mut times) {
                let time = match command.run(sh) {
                    Ok((time, _)) => time,
                    Err(error) => return Ok(Row::missing(&self.what, &first_line(&error))),
                };
                if round > 0 {
                    times.push(time);
                }
            }
        }
        let [ours, theirs] = times.map(Times::new);
        Ok(Row::contest(&self.what, &ours, &theirs, self.target))
    }
}

fn first_line(error: &anyhow::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::shell;

    #[test]
    fn a_command_that_answers_nothing_is_not_measured() {
        let sh = shell().unwrap();
        assert!(Runnable::new(&["true"]).run(&sh).is_err());
        assert!(Runnable::new(&["echo", "x"]).run(&sh).is_ok());
    }
}
