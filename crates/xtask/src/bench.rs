//! `bench`: medians of repeated warm runs of the release build, and of the tool that
//! a person would use instead, in turn on the same machine.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::command::shell;
use crate::demo::{PROGRAM, build};
use crate::{needs, say};

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Runs of each command, after one that is not counted
    #[arg(long, default_value_t = 11)]
    runs: usize,
    /// Distribution to map
    #[arg(long, default_value = "requests")]
    name: String,
    /// Application to resolve, without the network; resolve it once before
    #[arg(long, default_value = "copier")]
    application: String,
    /// Suite to resolve it for
    #[arg(long, default_value = "trixie")]
    suite: String,
}

/// Builds, measures, prints the table.
pub(crate) fn run(options: &Options) -> Result<()> {
    build()?;
    let sh = shell()?;
    let (name, application, suite) = (&options.name, &options.application, &options.suite);
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<String>>();
    let map = words(&format!("{PROGRAM} map {name}"));
    let mut rows = Vec::new();
    if needs::on_path("apt-file") {
        let path = metadata_path(&sh, name)?;
        let search = words(&format!("apt-file search -x {path}$"));
        rows.extend(side_by_side(&sh, &[map, search], options.runs)?);
    } else {
        say::line("apt-file is not installed: `map` has nothing to compare with");
        rows.extend(side_by_side(&sh, &[map], options.runs)?);
    }
    let resolve = words(&format!(
        "{PROGRAM} resolve {application} --suite {suite} --offline"
    ));
    rows.extend(side_by_side(&sh, &[resolve], options.runs)?);
    say::line(&table(&rows));
    Ok(())
}

/// Where the machine's own suite has the metadata of a distribution.
fn metadata_path(sh: &Shell, name: &str) -> Result<String> {
    let output = cmd!(sh, "{PROGRAM} map {name} --format json")
        .quiet()
        .read()?;
    let answer: Value = serde_json::from_str(&output)?;
    let path = answer["distributions"][0]["evidence"]["path"].as_str();
    let path = path.context("no package of this suite has its metadata")?;
    let path = path.trim_start_matches('/');
    let file = if path.ends_with(".dist-info") {
        "METADATA"
    } else {
        "PKG-INFO"
    };
    Ok(format!("{path}/{file}").replace('.', "\\."))
}

/// A command with the times of its runs, ascending, and the median of the first
/// command of its group.
#[derive(Debug)]
struct Row {
    command: String,
    times: Vec<Duration>,
    first: Duration,
}

/// Runs the commands in turn, so that what else the machine does hits all alike.
fn side_by_side(sh: &Shell, commands: &[Vec<String>], runs: usize) -> Result<Vec<Row>> {
    let mut times = vec![Vec::new(); commands.len()];
    for round in 0..=runs.max(1) {
        for (command, times) in commands.iter().zip(&mut times) {
            let time = one(sh, command)?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    times.iter_mut().for_each(|times| times.sort());
    let first = times.first().map_or(Duration::ZERO, |times| median(times));
    let rows = commands.iter().zip(times);
    Ok(rows
        .map(|(command, times)| Row {
            command: command.join(" "),
            times,
            first,
        })
        .collect())
}

fn one(sh: &Shell, command: &[String]) -> Result<Duration> {
    let (program, words) = command.split_first().context("no command")?;
    let start = Instant::now();
    let output = cmd!(sh, "{program} {words...}")
        .quiet()
        .ignore_status()
        .output()?;
    let time = start.elapsed();
    if !matches!(output.status.code(), Some(0 | 1)) || output.stdout.is_empty() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` gives no answer: {said}", command.join(" "));
    }
    Ok(time)
}

fn median(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

fn table(rows: &[Row]) -> String {
    let ms = |time: Duration| format!("{:.1}", time.as_secs_f64() * 1000.0);
    let mut text = format!(
        "{:>9} {:>19} {:>7}  command\n",
        "median ms", "spread", "ratio"
    );
    for row in rows {
        let (least, most) = (row.times.first(), row.times.last());
        let end = |time: Option<&Duration>| ms(time.copied().unwrap_or_default());
        let spread = format!("{} – {}", end(least), end(most));
        let median = median(&row.times);
        let ratio = median.as_secs_f64() / row.first.as_secs_f64();
        let command = &row.command;
        text += &format!("{:>9} {spread:>19} {ratio:>7.1}  {command}\n", ms(median));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(command: &str, times: &[u64], first: u64) -> Row {
        Row {
            command: command.to_owned(),
            times: times.iter().copied().map(Duration::from_millis).collect(),
            first: Duration::from_millis(first),
        }
    }

    #[test]
    fn a_table_has_medians_spreads_and_ratios() {
        let text = table(&[
            row("ours", &[2, 4, 9], 4),
            row("theirs", &[90, 400, 500], 4),
        ]);
        let words: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!(words[1], ["4.0", "2.0", "–", "9.0", "1.0", "ours"]);
        assert_eq!(words[2], ["400.0", "90.0", "–", "500.0", "100.0", "theirs"]);
    }

    #[test]
    fn a_command_that_answers_nothing_is_not_measured() {
        let sh = shell().unwrap();
        assert!(one(&sh, &["true".to_owned()]).is_err());
        assert!(one(&sh, &["echo".to_owned(), "x".to_owned()]).is_ok());
    }
}
