//! Arguments that several commands share, and the plain values that they become.

use std::path::{Path, PathBuf};

use clap::builder::FalseyValueParser;
use clap::{ArgAction, Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use pydeps_core::lock::Asked;
use pydeps_core::name::{ArchName, SuiteName};

use crate::machine;
use crate::query::{Query, SuiteQuery};
use crate::session::LockUse;
use crate::ui::Ui;

/// How much to say, and how.
#[derive(Args, Clone, Debug)]
pub struct Talk {
    /// Say nothing but errors on standard error
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Tell what is worth knowing, too; twice: also how much work `resolve` was
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// When to use colours; NO_COLOR is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

impl Talk {
    /// Where the program says things.
    pub(crate) fn ui(&self) -> Ui {
        let color = match self.color {
            Color::Auto => None,
            Color::Always => Some(true),
            Color::Never => Some(false),
        };
        Ui::new(self.quiet, self.verbose, color)
    }
}

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How data is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs; the schema is in the manual page.
    Json,
}

/// Which suite of Debian to look into.
#[derive(Args, Clone, Debug)]
pub struct SuiteArgs {
    /// Debian suite to look into, by codename or alias; by default that of the lock, then
    /// that of the environment variable DH_PYDEPS_SUITE, then this machine's
    #[arg(short, long, value_name = "SUITE")]
    pub suite: Option<SuiteName>,
    /// Debian architecture; by default this machine's
    #[arg(long, value_name = "ARCH")]
    pub architecture: Option<ArchName>,
    /// What there is beside the suite.
    #[command(flatten)]
    pub origins: OriginArgs,
}

/// What may be used beside the suite's own packages.
#[derive(Args, Clone, Debug, Default)]
pub struct OriginArgs {
    /// Use the suite's backports, too; what is rebuilt may be built with them
    #[arg(long)]
    pub backports: bool,
    /// Further repository: a directory of .deb files, or a line as in sources.list(5);
    /// may be repeated. As with apt, the highest version of a package counts
    #[arg(long = "local", value_name = "PLACE")]
    pub locals: Vec<String>,
    /// Newer suite whose source packages may be rebuilt for the suite
    #[arg(long, value_name = "SUITE")]
    pub backport_from: Option<SuiteName>,
}

impl SuiteArgs {
    pub(crate) fn query(&self) -> SuiteQuery {
        let origins = self.origins.clone();
        SuiteQuery {
            suite: self.suite.clone(),
            architecture: self.architecture.clone(),
            backports: origins.backports,
            locals: origins.locals,
            backport_from: origins.backport_from,
        }
    }
}

/// Where distributions that Debian lacks come from.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Package index")]
pub struct IndexArgs {
    /// Base URL of the package index; by default pip's
    #[arg(long, value_name = "URL")]
    pub index_url: Option<String>,
    /// Further index, asked before the others; the first that has a project wins
    #[arg(long, value_name = "URL")]
    pub extra_index_url: Vec<String>,
    /// Directory or page with further files
    #[arg(long, value_name = "PLACE")]
    pub find_links: Vec<String>,
    /// Ask no index, only --find-links
    #[arg(long)]
    pub no_index: bool,
    /// Never connect; only what is cached counts
    #[arg(long)]
    pub offline: bool,
    /// Leave out what was uploaded after this date or time (RFC 3339)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub exclude_newer: Option<Timestamp>,
    /// PEM file of the certificate authorities to trust
    #[arg(long, value_name = "FILE")]
    pub cert: Option<PathBuf>,
}

impl IndexArgs {
    /// The options for the index client.
    pub(crate) fn options(&self) -> pydeps_index::Options {
        let cache = machine::cache_dir().ok();
        pydeps_index::Options {
            index_url: self.index_url.clone(),
            extra_index_urls: self.extra_index_url.clone(),
            find_links: self.find_links.clone(),
            no_index: self.no_index,
            cert: self.cert.clone(),
            offline: self.offline,
            exclude_newer: self.exclude_newer,
            cache_dir: cache.map(|cache| cache.join("index")),
            connections: None,
        }
    }
}

/// A date counts to its end, in UTC.
fn date(text: &str) -> Result<Timestamp, String> {
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time);
    }
    let day: Date = text
        .parse()
        .map_err(|_| "neither a date like 2026-11-22 nor a time like 2026-11-22T12:00:00Z")?;
    format!("{day}T23:59:59Z")
        .parse()
        .map_err(|error| format!("{error}"))
}

/// What is to be resolved, and how.
#[derive(Args, Clone, Debug)]
pub struct WhatArgs {
    /// Project directory, sdist, wheel, lock, or requirement: `.`, `./src[docs]`,
    /// `copier-9.4.tar.gz`, `uv.lock`, `copier`, `flower==2.0.1`, `fastapi[standard]`.
    /// By default what this directory's lock is about, else the project in it
    #[arg(value_name = "WHAT")]
    pub what: Vec<String>,
    /// Requirements file, as pip reads it; may be repeated
    #[arg(short, long = "requirement", value_name = "FILE")]
    pub requirements: Vec<PathBuf>,
    /// Constraints file: what it says holds for what is in the tree; may be repeated
    #[arg(short, long = "constraint", value_name = "FILE")]
    pub constraints: Vec<PathBuf>,
    /// Extra of the project directories and files; may be repeated
    #[arg(short, long = "extra", value_name = "EXTRA")]
    pub extras: Vec<String>,
    /// Dependency group (PEP 735, or Poetry's) of the project directories, beside what the
    /// projects require; may be repeated
    #[arg(long = "group", value_name = "GROUP")]
    pub groups: Vec<String>,
    /// Let the versions of the locks bind: of those given, and of the project directories'
    #[arg(long)]
    pub locked: bool,
    /// Decision on one distribution, as a line of debian/pydeps.toml, over which it wins:
    /// `six = { action = "relax" }`; may be repeated
    #[arg(long, value_name = "LINE")]
    pub decide: Vec<String>,
    /// The suite.
    #[command(flatten)]
    pub suite: SuiteArgs,
    /// Where distributions come from; `suite` by default
    #[arg(long, value_name = "ORIGIN")]
    pub origin: Option<Origin>,
    /// How far a floating name may step back from its newest release, in days (1096 by
    /// default); 0 for any distance and any major version
    #[arg(long, value_name = "DAYS")]
    pub window: Option<u32>,
    /// How many releases, beyond those of the first answer, may be looked into for one with
    /// fewer packages; 0 to be content with that answer. By default as many as make twice the
    /// number of distributions with the first answer's, or 64 if that is more
    #[arg(long, value_name = "RELEASES")]
    pub budget: Option<usize>,
    /// Look, too, for older releases of what was asked for that take fewer packages
    #[arg(long)]
    pub cheaper: bool,
    /// Take pre-releases, too
    #[arg(long)]
    pub pre: bool,
    /// The package index.
    #[command(flatten)]
    pub index: IndexArgs,
}

/// Where distributions come from.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The suite, and the package index for what it lacks
    Suite,
    /// The package index alone, as if the suite had no Python package but its Python
    Index,
}

impl WhatArgs {
    pub(crate) fn query(&self) -> Query {
        let paths = |paths: &[PathBuf]| paths.iter().map(|path| text(path)).collect();
        let SuiteQuery {
            suite,
            architecture,
            backports,
            locals,
            backport_from,
        } = self.suite.query();
        Query {
            asked: Asked {
                what: self.what.clone(),
                requirements: paths(&self.requirements),
                constraints: paths(&self.constraints),
                extras: self.extras.clone(),
                groups: self.groups.clone(),
                locked: self.locked,
                decide: self.decide.clone(),
                origin: self.origin.map(word),
                window: self.window,
                budget: self.budget,
                cheaper: self.cheaper,
                pre: self.pre,
                backports,
                local: locals,
                backport_from,
                exclude_newer: self.index.exclude_newer,
            },
            suite,
            architecture,
            index: self.index.options(),
        }
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn word(origin: Origin) -> String {
    let value = origin.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

/// What becomes of the lock.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Session")]
pub struct LockArgs {
    /// Only look: leave the lock of this directory as it is, and make none
    #[arg(long, env = "DH_PYDEPS_NO_LOCK", value_parser = FalseyValueParser::new())]
    pub no_lock: bool,
    /// Begin a new session in this directory, although its lock is about something else
    #[arg(long, conflicts_with = "no_lock")]
    pub new: bool,
}

impl LockArgs {
    pub(crate) fn lock_use(&self) -> LockUse {
        match (self.no_lock, self.new) {
            (true, _) => LockUse::Read,
            (false, true) => LockUse::Replace,
            (false, false) => LockUse::Continue,
        }
    }
}
