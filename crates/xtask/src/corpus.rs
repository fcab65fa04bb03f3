//! `corpus`: generate and build source packages of many releases, and let others judge them.
//!
//! Each release goes through the real program by its command line: `generate`, then `build`
//! with lintian. What came of it is installed in a throw-away chroot of the suite, where
//! `tests/e2e/corpus.py` judges it. A row that is finished is kept, with the checksum of its
//! source package, and not done again as long as that is the same. Network, root, hours.

mod component;
mod criteria;
mod list;
mod row;
mod table;

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail};

use self::component::Component;
use self::list::Release;
use self::row::{Place, Row};
use crate::command::{root, shell};
use crate::demo::{PROGRAM, build};
use crate::say;
use crate::workshop::Workshop;

/// What to try.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Table of releases, separated by tabs: a line of names of columns, of which `name` and
    /// `version` are needed; `import`, `requirements` and `licence_expected` are judged
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Debian suite by codename
    #[arg(long, default_value = "trixie")]
    suite: String,
    /// Releases side by side
    #[arg(short, long, default_value_t = 2, value_name = "N")]
    jobs: usize,
    /// Only releases whose name contains this; may be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    /// Do finished rows again, too
    #[arg(long)]
    again: bool,
    /// Write the table to this file, too, separated by tabs
    #[arg(long, value_name = "FILE")]
    tsv: Option<PathBuf>,
    /// The program to judge; by default the release build, made first
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,
    /// Tarball for what the build of a release of the table would fetch; may be repeated
    #[arg(long, value_name = "RELEASE:NAME=TARBALL", value_parser = Component::parse)]
    component: Vec<Component>,
    /// Setting for apt where a suite is fetched or a chroot is made; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    apt_option: Vec<String>,
}

/// Goes through the table; fails at the end if a row is not fully right.
pub(crate) fn run(options: &Options) -> Result<()> {
    let text = fs_err::read_to_string(&options.file)?;
    let mut releases = list::parse(&text)?;
    let chosen = |release: &Release| {
        let mut only = options.only.iter();
        options.only.is_empty() || only.any(|part| release.name.contains(part))
    };
    releases.retain(chosen);
    let program = match &options.program {
        Some(program) => fs_err::canonicalize(program)?,
        None => {
            build()?;
            root().join(PROGRAM)
        }
    };
    let workshop = Workshop::open(&options.apt_option)?;
    workshop.prepare(&shell()?, &options.suite)?;
    let place = Place {
        workshop: &workshop,
        program,
        suite: options.suite.clone(),
        again: options.again,
        apt_options: options.apt_option.clone(),
        components: options.component.clone(),
    };
    place.prepare()?;
    let rows = all(&place, releases, options);
    say::line(&table::text(&rows));
    match rows.iter().filter(|row| !row.is_right()).count() {
        0 => Ok(()),
        bad => bail!("{bad} of {} are not fully right", rows.len()),
    }
}

/// Every release, some at a time; the rows in the order of the table.
fn all(place: &Place<'_>, releases: Vec<Release>, options: &Options) -> Vec<Row> {
    let total = releases.len();
    let queue: Mutex<VecDeque<(usize, Release)>> =
        Mutex::new(releases.into_iter().enumerate().collect());
    let done: Mutex<Vec<Option<Row>>> = Mutex::new(vec![None; total]);
    std::thread::scope(|scope| {
        for _ in 0..options.jobs.max(1) {
            scope.spawn(|| {
                loop {
                    let next = lock(&queue).pop_front();
                    let Some((at, release)) = next else { break };
                    let row = place.row(&release);
                    let mut rows = lock(&done);
                    say::line(&table::progress(&row));
                    rows[at] = Some(row);
                    write(options, &rows);
                }
            });
        }
    });
    let rows = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    rows.into_iter().flatten().collect()
}

fn lock<T>(value: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    value.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The table as far as it is known.
fn write(options: &Options, rows: &[Option<Row>]) {
    if let Some(path) = &options.tsv {
        let known: Vec<Row> = rows.iter().flatten().cloned().collect();
        if let Err(error) = fs_err::write(path, table::tsv(&known)) {
            say::line(&format!("{error}"));
        }
    }
}
