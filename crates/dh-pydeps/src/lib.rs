//! The program, as a library: its arguments, its manual, its commands.
//!
//! Each command gathers (through `pydeps-host` and `pydeps-index`), decides (in the
//! pure crates) and reports. Exit statuses are decided in `failure` only.

pub mod cli;
pub mod commands;
pub mod manual;

mod archive;
mod build_area;
mod defaults;
mod elf_tree;
mod failure;
mod flows;
mod inputs;
mod machine;
mod maintainer;
mod query;
mod session;
mod shared_args;
mod ui;

use std::process::ExitCode;

use cli::{Action, Cli};
use failure::Outcome;
use ui::Ui;

/// Runs a command line; what went wrong is on standard error.
pub fn run(cli: &Cli) -> ExitCode {
    let ui = cli.talk.ui();
    match dispatch(cli, &ui) {
        Ok(_) if ui.lost_data() => Outcome::Lost.code(),
        Ok(outcome) => outcome.code(),
        Err(failure) => failure.report(&ui),
    }
}

fn dispatch(cli: &Cli, ui: &Ui) -> Result<Outcome, failure::Failure> {
    match &cli.command {
        Action::Update(args) => commands::update::run(args, ui),
        Action::Resolve(args) => commands::resolve::run(args, ui),
        Action::Status(args) => commands::status::run(args, ui),
        Action::Tree(args) => commands::tree::run(args, ui),
        Action::Why(args) => commands::why::run(args, ui),
        Action::Generate(args) => commands::generate::run(args, ui),
        Action::Backport(args) => commands::backport::run(args, ui),
        Action::Map(args) => commands::map::run(args, ui),
        Action::Relation(args) => commands::relation::run(args, ui),
        Action::Elf(args) => commands::elf::run(args, ui),
        Action::Build(args) => commands::build::run(args, ui),
        Action::Completions(args) => commands::completions::run(args, cli::command(), ui),
    }
}
