//! `bench`: the release build against the tool that a person would use instead, in
//! turn on the same machine. Medians of repeated runs, with their spread.

mod debhelper;
mod measure;
mod resolver;
mod table;

use anyhow::{Context, Result};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::command::shell;
use crate::demo::{PROGRAM, build};
use crate::{needs, say};
use measure::{Contest, Runnable};
use table::Row;

/// What to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Runs of each command, after one that is not counted
    #[arg(long, default_value_t = 5)]
    runs: usize,
    /// Distribution to map
    #[arg(long, default_value = "requests")]
    name: String,
    /// Application to resolve; may be repeated
    #[arg(long = "application", value_name = "NAME",
        default_values = ["mlflow", "apache-airflow", "copier", "flower"])]
    applications: Vec<String>,
    /// Suite to resolve it for
    #[arg(long, default_value = "trixie")]
    suite: String,
    /// Python of that suite, for uv
    #[arg(long, default_value = "3.13")]
    python: String,
    /// Leave out what was uploaded later, so that figures of different days compare
    #[arg(long, value_name = "DATE", default_value = "2026-11-01")]
    exclude_newer: String,
    /// uv, the resolver to compare with
    #[arg(long, value_name = "PROGRAM", default_value = "uv")]
    uv: String,
    /// Only this part
    #[arg(long, value_name = "PART")]
    only: Option<Part>,
}

/// A part of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// `map` against apt-file
    Map,
    /// `resolve` against uv
    Resolve,
    /// The debhelper commands against dh_python3, the ELF scan against reading
    Debhelper,
}

/// Rows of the budget for which there is nothing to run yet.
const NOT_YET: [(&str, &str); 2] = [
    ("generate", "nothing measures it here"),
    ("build", "nothing measures it here"),
];

/// Builds, measures, prints the table.
pub(crate) fn run(options: &Options) -> Result<()> {
    build()?;
    let sh = shell()?;
    let wanted = |part| options.only.is_none_or(|only| only == part);
    let mut rows = Vec::new();
    if wanted(Part::Map) {
        rows.push(map(&sh, options)?);
    }
    if wanted(Part::Resolve) {
        rows.extend(resolver::rows(&sh, options)?);
    }
    if wanted(Part::Debhelper) {
        rows.extend(debhelper::rows(&sh, options.runs)?);
    }
    if options.only.is_none() {
        let missing = NOT_YET.iter();
        rows.extend(missing.map(|(what, why)| Row::missing(what, why)));
    }
    say::line(&table::text(&rows));
    Ok(())
}

/// `map` of one name against `apt-file search`.
fn map(sh: &Shell, options: &Options) -> Result<Row> {
    let name = &options.name;
    let what = format!("map {name}");
    if !needs::on_path("apt-file") {
        return Ok(Row::missing(&what, "apt-file is not installed"));
    }
    let path = metadata_path(sh, name)?;
    let contest = Contest {
        what,
        ours: Runnable::new(&[PROGRAM, "map", name]),
        theirs: Runnable::new(&["apt-file", "search", "-x", &format!("{path}$")]),
        target: 0.01,
    };
    contest.row(sh, options.runs)
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
