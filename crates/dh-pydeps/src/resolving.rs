//! What is to be resolved, and the resolution of it: for every command that shows one.

use std::path::PathBuf;

use clap::Args;
use pydeps_core::decision::Decisions;
use pydeps_index::{Client, Config, ConfigError, Env};
use pydeps_resolve::{Options, Problem, Resolution};

use crate::archive::Debian;
use crate::failure::Failure;
use crate::settings::{IndexArgs, SuiteArgs};
use crate::ui::Ui;
use crate::{gather, roots};

/// What is to be resolved, and how.
#[derive(Args, Debug)]
pub struct WhatArgs {
    /// Project directory, or requirement: `.`, `copier`, `flower==2.0.1`, `fastapi[standard]`.
    /// By default the project in this directory
    #[arg(value_name = "WHAT")]
    pub what: Vec<String>,
    /// Requirements file, as pip reads it; may be repeated
    #[arg(short, long = "requirement", value_name = "FILE")]
    pub requirements: Vec<PathBuf>,
    /// Constraints file: what it says holds for what is in the tree; may be repeated
    #[arg(short, long = "constraint", value_name = "FILE")]
    pub constraints: Vec<PathBuf>,
    /// Extra of the project directories; may be repeated
    #[arg(short, long = "extra", value_name = "EXTRA")]
    pub extras: Vec<String>,
    /// The suite.
    #[command(flatten)]
    pub suite: SuiteArgs,
    /// How far a floating name may step back from its newest release, in days; 0 for
    /// any distance and any major version
    #[arg(long, value_name = "DAYS", default_value_t = 1096)]
    pub window: u32,
    /// How many releases, beyond those of the first answer, may be looked into for one with
    /// fewer packages; 0 to be content with that answer
    #[arg(long, value_name = "RELEASES", default_value_t = 64)]
    pub budget: usize,
    /// Take pre-releases, too
    #[arg(long)]
    pub pre: bool,
    /// The package index.
    #[command(flatten)]
    pub index: IndexArgs,
}

impl WhatArgs {
    fn options(&self) -> Options {
        Options {
            window_days: (self.window > 0).then_some(self.window),
            pre_releases: self.pre,
            fewest: self.budget > 0,
            budget: self.budget,
            choices: self.budget > 0,
        }
    }
}

/// A resolution, and the suite it is for.
pub(crate) struct Resolved {
    pub(crate) debian: Debian,
    pub(crate) resolution: Resolution,
}

/// Reads what was given, asks the suite and the index, and resolves.
pub(crate) fn resolve(args: &WhatArgs, ui: &Ui) -> Result<Resolved, Failure> {
    let asked = roots::read(
        &args.what,
        &args.requirements,
        &args.constraints,
        &args.extras,
    )?;
    ui.findings(&asked.findings);
    let debian = Debian::open(&args.suite, ui)?;
    let config =
        Config::gather(&args.index.options(), &Env::from_process()).map_err(bad_configuration)?;
    let client = Client::new(config);
    let target = debian.target();
    let problem = Problem {
        roots: asked.roots,
        constraints: asked.constraints,
        target: &target,
        suite: &debian.archive().suite().codename,
        lookup: &|name| debian.look_up(name),
        offers: &|_| Vec::new(),
        decisions: Decisions::new(),
        options: args.options(),
    };
    let resolution = gather::resolve(problem, &client, ui)?;
    known_roots(&resolution, &debian.archive().suite().codename)?;
    ui.findings(&client.findings());
    Ok(Resolved { debian, resolution })
}

fn bad_configuration(error: ConfigError) -> Failure {
    match error.is_input() {
        true => Failure::input(error),
        false => Failure::environment(error),
    }
}

/// Something that was asked for and that nobody has is a slip of the pen.
fn known_roots(resolution: &Resolution, suite: &str) -> Result<(), Failure> {
    let roots = resolution
        .roots
        .iter()
        .filter_map(|root| root.name.as_ref());
    let mut known = roots.filter_map(|name| resolution.get(name));
    match known.find(|root| root.origin == "none" && root.action.is_none()) {
        Some(root) => Err(Failure::input(anyhow::anyhow!(
            "neither {suite} nor the package index has a distribution `{}`",
            root.name
        ))
        .with_hint("check its spelling, or name the index that has it with --extra-index-url")),
        None => Ok(()),
    }
}
