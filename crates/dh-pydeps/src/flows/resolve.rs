//! What is to be resolved, and the resolution of it: for every command that shows one.

mod fetch_loop;
pub(crate) mod menu;
mod reverse_dep_impact;

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pydeps_core::archive::Suite;
use pydeps_core::finding::Finding;
use pydeps_core::lock::Sdist;
use pydeps_core::mapping::Answer;
use pydeps_core::name::DistName;
use pydeps_core::offer::Offer;
use pydeps_resolve::{Budget, Resolution, ResolutionProblem, ResolveOptions};

use crate::archive::Debian;
use crate::failure::Failure;
use crate::inputs::{self, Given};
use crate::session::Session;
use crate::shared_args::{IndexArgs, SuiteArgs};
use crate::ui::Ui;

use fetch_loop::Gathered;

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

/// Three years, in days.
const WINDOW: u32 = 1096;

/// How many releases are asked for ahead where each is a request to the index, and where
/// all are files of the cache.
const FETCHED: usize = 3;
const AT_HAND: usize = 12;

impl WhatArgs {
    fn options(&self) -> ResolveOptions {
        let window = self.window.unwrap_or(WINDOW);
        let budget = self.budget.map_or(Budget::Fitting, Budget::Releases);
        let looks_further = budget != Budget::Releases(0) && self.origin() == Origin::Suite;
        ResolveOptions {
            window_days: (window > 0).then_some(window),
            pre_releases: self.pre,
            fewest: looks_further,
            budget,
            prefetch: if self.index.offline { AT_HAND } else { FETCHED },
            choices: looks_further,
            cheaper: self.cheaper,
        }
    }

    fn origin(&self) -> Origin {
        self.origin.unwrap_or(Origin::Suite)
    }

    fn given(&self) -> Given<'_> {
        Given {
            what: &self.what,
            files: &self.requirements,
            constraints: &self.constraints,
            extras: &self.extras,
            groups: &self.groups,
            locked: self.locked,
            decide: &self.decide,
        }
    }
}

/// Where distributions come from.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The suite, and the package index for what it lacks
    Suite,
    /// The package index alone, as if the suite had no Python package but its Python
    Index,
}

impl Origin {
    /// What else there is beside the suite's.
    fn offers(self, debian: &Debian, name: &DistName) -> Vec<Offer> {
        match self {
            Self::Suite => debian.offers(name),
            Self::Index => Vec::new(),
        }
    }

    /// What the suite says of a distribution, as far as it is asked. What is to be
    /// ignored is nobody's to deliver.
    fn look_up(self, debian: &Debian, name: &DistName) -> Answer {
        match (self, debian.look_up(name)) {
            (Self::Suite, answer) | (Self::Index, answer @ Answer::Ignored(_)) => answer,
            (Self::Index, _) => Answer::Missing {
                unstable: None,
                findings: Vec::new(),
            },
        }
    }
}

/// A resolution, and the suite it is for.
pub(crate) struct Resolved {
    pub(crate) debian: Debian,
    pub(crate) resolution: Resolution,
    /// The source archives of what is to be generated.
    pub(crate) sdists: BTreeMap<DistName, Sdist>,
}

/// The tree of the lock where nothing else is asked for, else a new one; and its suite.
pub(crate) fn locked_or_resolved(args: &WhatArgs, ui: &Ui) -> Result<(Suite, Resolution), Failure> {
    let session = Session::open()?;
    if let Some(lock) = session.answers(args) {
        return Ok((lock.suite(), lock.resolution()));
    }
    let resolved = resolve(&session.goes_on(args), ui)?;
    let suite = resolved.debian.archive().suite().clone();
    Ok((suite, resolved.resolution))
}

/// Reads what was given, asks the suite and the index, and resolves.
pub(crate) fn resolve(args: &WhatArgs, ui: &Ui) -> Result<Resolved, Failure> {
    let asked = inputs::read(&args.given())?;
    ui.findings(&asked.findings);
    let debian = Debian::open(&args.suite, ui)?;
    let client = args.index.client()?;
    let target = debian.target();
    let problem = ResolutionProblem {
        roots: asked.roots,
        constraints: asked.constraints,
        target: &target,
        suite: &debian.archive().suite().codename,
        lookup: &|name| args.origin().look_up(&debian, name),
        offers: &|name| args.origin().offers(&debian, name),
        decisions: asked.decisions,
        options: args.options(),
    };
    let Gathered {
        mut resolution,
        sdists,
    } = fetch_loop::resolve(problem, &client, ui)?;
    known_roots(
        &resolution,
        args.origin(),
        &debian.archive().suite().codename,
    )?;
    ui.findings(&client.findings());
    reverse_dep_impact::tell(&debian, &mut resolution);
    resolution
        .findings
        .extend(without_source(&resolution, &sdists));
    Ok(Resolved {
        debian,
        resolution,
        sdists,
    })
}

/// What is to be packaged, and has no source in the index to package.
fn without_source(resolution: &Resolution, sdists: &BTreeMap<DistName, Sdist>) -> Option<Finding> {
    let rows = resolution.to_build().filter(|row| row.origin == "index");
    let without = rows.filter(|row| !sdists.contains_key(&row.name));
    let names: Vec<String> = without
        .filter_map(|row| Some(format!("{} {}", row.name, row.version.as_ref()?)))
        .collect();
    (!names.is_empty()).then(|| {
        let message = format!(
            "the index has no sdist of {}: `dh-pydeps generate` cannot make a package of it",
            names.join(", ")
        );
        Finding::warning("no-sdist", message).with_hint(
            "take another release that has one, or package it from the project's repository",
        )
    })
}

/// Something that was asked for and that nobody has is a slip of the pen.
fn known_roots(resolution: &Resolution, origin: Origin, suite: &str) -> Result<(), Failure> {
    let roots = resolution
        .roots
        .iter()
        .filter_map(|root| root.name.as_ref());
    let mut known = roots.filter_map(|name| resolution.get(name));
    match known.find(|root| root.origin == "none" && root.action.is_none()) {
        Some(root) => {
            let nobody = match origin {
                Origin::Suite => format!("neither {suite} nor the package index has a"),
                Origin::Index => "the package index has no".to_owned(),
            };
            let error = anyhow::anyhow!("{nobody} distribution `{}`", root.name);
            let hint = "check its spelling, or name the index that has it with --extra-index-url";
            Err(Failure::input(error).with_hint(hint))
        }
        None => Ok(()),
    }
}
