//! `bench`: the release build against the tool that a person would use instead, in
//! turn on the same machine. Medians of repeated runs, with their spread.

mod elf;
mod generate;
mod measure;
mod resolver;
mod rules;
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
    /// Release to generate a source package of
    #[arg(long, value_name = "NAME==VERSION", default_value = "entrypoints==0.4")]
    release: String,
    /// Only these rows; may be repeated
    #[arg(long, value_name = "ROWS")]
    only: Vec<Rows>,
    /// uv, the resolver to compare with
    #[arg(long, value_name = "PROGRAM", default_value = "uv")]
    uv: String,
}

/// Rows that are measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Rows {
    /// `map` of one name
    Map,
    /// `resolve` of the applications
    Resolve,
    /// `resolve` of thirty applications that are hard for Debian first; only if asked for
    ResolveHard,
    /// `dh_pydeps`
    Rules,
    /// `generate` of one release
    Generate,
    /// The ELF scan, and the `dh_pyelf_*` commands
    Elf,
}

/// Builds, measures, prints the table.
pub(crate) fn run(options: &Options) -> Result<()> {
    build()?;
    let sh = shell()?;
    let is_wanted = |kind| options.only.is_empty() || options.only.contains(&kind);
    let mut rows = Vec::new();
    if is_wanted(Rows::Map) {
        rows.push(map(&sh, options)?);
    }
    if is_wanted(Rows::Resolve) {
        rows.extend(resolver::rows(&sh, options)?);
    }
    if options.only.contains(&Rows::ResolveHard) {
        rows.extend(resolver::hard_rows(&sh, options)?);
    }
    if is_wanted(Rows::Rules) {
        rows.extend(rules::rows(&sh, options)?);
    }
    if is_wanted(Rows::Generate) {
        rows.push(generate::row(&sh, options)?);
    }
    if is_wanted(Rows::Elf) {
        rows.extend(elf::rows(&sh, options)?);
    }
    let why = "`cargo xtask e2e build` measures it where it builds";
    rows.push(Row::missing("build", why));
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
