//! `resolve` against `uv pip compile`, each with a cache of its own.
//!
//! Cold is a cache without anything of the package index. What is found out once on a
//! machine stays: for us where pip says that the index is, for uv what it knows of the
//! interpreter, which is named to it. Looking for one took it ten seconds where `python3`
//! is a script that looks for others.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;
use xshell::Shell;

use super::Options;
use super::measure::{Contest, Runnable};
use super::table::Row;
use crate::command::{root, succeeds};
use crate::demo::PROGRAM;

/// Applications that are hard for Debian first: they have many releases, many conflicts
/// with the suite, or no answer. Most are in `tests/e2e`.
const HARD: &[&str] = &[
    "apache-airflow",
    "apache-superset",
    "cfn-lint",
    "checkov",
    "crewai",
    "dagster",
    "dagster-webserver",
    "dbt-core",
    "detect-secrets",
    "fastapi-cloud-cli",
    "frictionless",
    "great-expectations",
    "import-linter",
    "jupyterlab",
    "langchain",
    "litellm",
    "luigi",
    "meltano",
    "mistral-vibe",
    "mlflow",
    "opik",
    "pip-audit",
    "poetry",
    "prefect",
    "semgrep",
    "streamlit",
    "trafilatura",
    "vcs-versioning",
    "weasel",
    "zappa",
];

/// All rows, for each application.
pub(super) fn rows(sh: &Shell, options: &Options) -> Result<Vec<Row>> {
    for_each(&options.applications, sh, options, Bench::rows)
}

/// The rows of the hard applications, Debian first.
pub(super) fn hard_rows(sh: &Shell, options: &Options) -> Result<Vec<Row>> {
    for_each(HARD, sh, options, Bench::debian_first_rows)
}

/// The rows of each application.
fn for_each<'a>(
    applications: &'a [impl AsRef<str>],
    sh: &Shell,
    options: &'a Options,
    rows_of: impl Fn(&Bench<'a>, &Shell) -> Result<Vec<Row>>,
) -> Result<Vec<Row>> {
    if !succeeds(&options.uv, &["--version"]) {
        let why = "uv is not there; `pip install uv`, and name it with --uv";
        return Ok(vec![Row::missing("resolve", why)]);
    }
    let mut rows = Vec::new();
    for application in applications {
        rows.extend(rows_of(&Bench::new(options, application.as_ref())?, sh)?);
    }
    Ok(rows)
}

struct Bench<'a> {
    options: &'a Options,
    application: &'a str,
    directory: PathBuf,
}

impl<'a> Bench<'a> {
    fn new(options: &'a Options, application: &'a str) -> Result<Self> {
        let directory = root().join("target/bench");
        fs_err::create_dir_all(&directory)?;
        fs_err::write(directory.join("requirements.in"), application)?;
        Ok(Self {
            options,
            application,
            directory,
        })
    }

    fn rows(&self, sh: &Shell) -> Result<Vec<Row>> {
        let name = self.application;
        // Now all that is asked once has been asked.
        self.ours(&["--origin", "index"]).run(sh)?;
        self.uv(&[]).run(sh)?;
        let mut rows = vec![
            self.contest(
                sh,
                format!("resolve --origin index {name}, cold"),
                [self.cold(&["--origin", "index"])?, self.cold_uv()?],
                1.0,
            )?,
            self.contest(
                sh,
                format!("resolve --origin index --offline {name}, warm"),
                [
                    self.ours(&["--origin", "index", "--offline"]),
                    self.uv(&["--offline"]),
                ],
                1.0,
            )?,
        ];
        rows.extend(self.debian_first_rows(sh)?);
        Ok(rows)
    }

    fn debian_first_rows(&self, sh: &Shell) -> Result<Vec<Row>> {
        let name = self.application;
        // What there is to look up once on a machine is looked up now.
        self.ours(&[]).run(sh)?;
        self.uv(&[]).run(sh)?;
        Ok(vec![
            self.contest(
                sh,
                format!("resolve {name}, cold"),
                [self.cold(&[])?, self.cold_uv()?],
                1.5,
            )?,
            self.contest(
                sh,
                format!("resolve --offline {name}, warm"),
                [self.ours(&["--offline"]), self.uv(&["--offline"])],
                1.0,
            )?,
            self.fetches(sh)?,
        ])
    }

    fn contest(
        &self,
        sh: &Shell,
        what: String,
        [ours, theirs]: [Runnable; 2],
        target: f64,
    ) -> Result<Row> {
        let contest = Contest {
            what,
            ours,
            theirs,
            target,
        };
        contest.row(sh, self.options.runs)
    }

    /// How much metadata a cold run has fetched, for how many distributions.
    fn fetches(&self, sh: &Shell) -> Result<Row> {
        self.cold(&[])?.run(sh)?;
        let (_, answer) = self.ours(&["--offline", "--format", "json"]).run(sh)?;
        let answer: Value = serde_json::from_str(&answer)?;
        let distributions = answer["distributions"].as_array();
        let distributions = distributions.context("an answer without distributions")?;
        let mut fetched = 0;
        for directory in self.of_the_index()? {
            if directory.ends_with("metadata") {
                fetched += count_files(&directory)?;
            }
        }
        let what = format!(
            "resolve {}: metadata fetched, distributions",
            self.application
        );
        Ok(Row::counts(&what, fetched, distributions.len(), 2.0))
    }

    fn ours(&self, more: &[&str]) -> Runnable {
        let suite = ["--suite", &self.options.suite];
        let date = ["--exclude-newer", &self.options.exclude_newer];
        let mut words = vec![PROGRAM, "resolve", "--no-lock", self.application];
        words.extend(suite.iter().chain(&date).chain(more));
        let mut ours = Runnable::new(&words);
        let cache = self.directory.join("ours").display().to_string();
        ours.environment.push(("XDG_CACHE_HOME".to_owned(), cache));
        ours
    }

    /// [`Bench::ours`] with a cold cache, each time.
    fn cold(&self, more: &[&str]) -> Result<Runnable> {
        let mut ours = self.ours(more);
        ours.forget = self.of_the_index()?;
        Ok(ours)
    }

    fn cold_uv(&self) -> Result<Runnable> {
        let mut uv = self.uv(&[]);
        let kept = entries(&self.directory.join("uv"))?.into_iter();
        let is_interpreter = |path: &PathBuf| {
            let name = path.file_name().unwrap_or_default();
            name.to_string_lossy().starts_with("interpreter")
        };
        uv.forget = kept
            .filter(|path| path.is_dir() && !is_interpreter(path))
            .collect();
        Ok(uv)
    }

    fn uv(&self, more: &[&str]) -> Runnable {
        let cache = self.directory.join("uv").display().to_string();
        let requirements = self.directory.join("requirements.in").display().to_string();
        let platform = [
            "--python-version",
            &self.options.python,
            "--python-platform",
            "linux",
        ];
        let date = ["--exclude-newer", &self.options.exclude_newer];
        let mut words = vec![&*self.options.uv, "pip", "compile", "--no-build", "--quiet"];
        words.extend(["--python", "/usr/bin/python3"]);
        words.extend(platform.iter().chain(&date).chain(more));
        words.extend(["--cache-dir", &cache, &requirements]);
        let mut uv = Runnable::new(&words);
        // The index that we go to, where it is not everybody's.
        let index = std::env::var("PIP_INDEX_URL").ok();
        uv.environment
            .extend(index.map(|url| ("UV_DEFAULT_INDEX".to_owned(), url)));
        uv
    }

    /// What our cache keeps of the package index, except for where that is.
    fn of_the_index(&self) -> Result<Vec<PathBuf>> {
        let mut found = Vec::new();
        for format in entries(&self.directory.join("ours/dh-pydeps/index"))? {
            let kinds = entries(&format)?.into_iter();
            found.extend(kinds.filter(|kind| !kind.ends_with("default-index")));
        }
        Ok(found)
    }
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs_err::read_dir(directory)?.map(|entry| Ok(entry?.path()));
    entries.collect()
}

/// The files in the directories of a directory.
fn count_files(directory: &Path) -> Result<usize> {
    let mut count = 0;
    for shard in entries(directory)? {
        count += entries(&shard)?.len();
    }
    Ok(count)
}
