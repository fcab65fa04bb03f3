//! `e2e build`: three small packages that need each other in a row, really built, by sbuild
//! and by pbuilder; then again, which must do nothing.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Result, ensure};
use serde_json::Value;
use xshell::{Shell, cmd};

use crate::command::root;
use crate::demo::PROGRAM;
use crate::say;

const SOURCES: &str = "tests/e2e/build";
const PACKAGES: [&str; 3] = ["tinya", "tinyb", "tinyc"];

/// What to build with.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub(crate) struct Options {
    /// Suite
    #[arg(short, long, default_value = "trixie")]
    suite: String,
    /// The program; by default the release build
    #[arg(long, value_name = "FILE")]
    pub(super) program: Option<PathBuf>,
    /// Only this builder
    #[arg(long, value_name = "BUILDER")]
    only: Option<String>,
}

/// Builds with each builder.
pub(crate) fn run(sh: &Shell, options: &Options) -> Result<()> {
    let program = options
        .program
        .clone()
        .unwrap_or_else(|| root().join(PROGRAM));
    let program = fs_err::canonicalize(program)?;
    for builder in ["sbuild", "pbuilder"] {
        if options.only.as_ref().is_none_or(|only| only == builder) {
            one(sh, &program, &options.suite, builder)?;
        }
    }
    Ok(())
}

fn one(sh: &Shell, program: &Path, suite: &str, builder: &str) -> Result<()> {
    let area = sh.create_temp_dir()?;
    pack(sh, area.path())?;
    let start = Instant::now();
    let first = build(sh, program, area.path(), suite, builder)?;
    let time = start.elapsed().as_secs();
    ensure!(results(&first) == ["built"; 3], "{builder}: {first:#}");
    let sum: u64 = first["builds"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|row| row["seconds"].as_u64())
        .sum();
    let before = listing(sh, area.path())?;
    let second = build(sh, program, area.path(), suite, builder)?;
    ensure!(
        results(&second) == ["built-before"; 3],
        "{builder}: {second:#}"
    );
    ensure!(
        listing(sh, area.path())? == before,
        "{builder}: the second run has changed the repository"
    );
    say::line(&format!(
        "ok {builder}: three packages in {time} s, of which the builder took {sum} s"
    ));
    Ok(())
}

/// Packs the three, each with an upstream tarball.
fn pack(sh: &Shell, area: &Path) -> Result<()> {
    for name in PACKAGES {
        let (source, from) = (format!("python-{name}"), root().join(SOURCES));
        cmd!(sh, "cp -r {from}/{source} {area}").quiet().run()?;
        let _in = sh.push_dir(area);
        let tarball = format!("{source}_1.0.orig.tar.gz");
        let top = format!("s,^{source},{name}-1.0,");
        let plain = [
            "--sort=name",
            "--mtime=@0",
            "--owner=0",
            "--group=0",
            "--exclude=debian",
        ];
        cmd!(
            sh,
            "tar --create --gzip {plain...} --transform {top} --file {tarball} {source}"
        )
        .quiet()
        .run()?;
        cmd!(sh, "dpkg-source --build {source}")
            .quiet()
            .ignore_stdout()
            .run()?;
    }
    Ok(())
}

fn build(sh: &Shell, program: &Path, area: &Path, suite: &str, builder: &str) -> Result<Value> {
    let words = [
        "--no-fix",
        "--format",
        "json",
        "--suite",
        suite,
        "--builder",
        builder,
    ];
    let said = cmd!(sh, "{program} build --output {area} {words...}")
        .quiet()
        .ignore_status()
        .output()?;
    ensure!(
        !said.stdout.is_empty(),
        "{}",
        String::from_utf8_lossy(&said.stderr)
    );
    Ok(serde_json::from_slice(&said.stdout)?)
}

fn results(summary: &Value) -> Vec<&str> {
    let rows = summary["builds"].as_array().into_iter().flatten();
    rows.map(|row| row["result"].as_str().unwrap_or_default())
        .collect()
}

/// The repository's files with their checksums.
fn listing(sh: &Shell, area: &Path) -> Result<String> {
    let _in = sh.push_dir(area.join("repository"));
    let files: Vec<PathBuf> = sh.read_dir(".")?;
    Ok(cmd!(sh, "sha256sum {files...}").quiet().read()?)
}
