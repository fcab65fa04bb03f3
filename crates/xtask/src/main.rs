//! `cargo xtask`: set-up, checks, demonstration, manual pages, end-to-end runs.

mod apps;
mod attack;
mod bench;
mod check;
mod command;
mod corpus;
mod demo;
mod dist;
mod e2e;
mod fuzz;
mod needs;
mod pages;
mod say;
mod setup;
mod snapshot;
mod verify;
mod workshop;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The chores of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what the project needs beside a Rust toolchain
    Setup,
    /// Run everything that has to pass before a change is accepted
    Check,
    /// Build the program and resolve a real application with it
    Demo,
    /// Write the manual pages in man/
    Man {
        /// Write nothing; fail if a page is out of date or not well formed
        #[arg(long)]
        check: bool,
    },
    /// Write the shell completions to target/completions/
    Completions,
    /// Write the source package with its crates to target/dist/ (network)
    Dist,
    /// Renew the tables of distributions that are built into the program (network)
    Snapshot,
    /// Resolve real applications and judge the answers (network, long)
    E2e(e2e::Options),
    /// Install the answers into chroots of the suites, and judge them (network, root, long)
    VerifyResolution(verify::Options),
    /// Generate and build packages of many releases, and judge them (network, root, hours)
    Corpus(corpus::Options),
    /// Run the programs on hostile inputs, and judge the answers (long)
    Attack(attack::Options),
    /// Run the fuzz targets on seeds with mutations (long)
    Fuzz(fuzz::Options),
    /// Measure the release build against other tools, side by side (long)
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let result = match Cli::parse().task {
        Task::Setup => setup::run(),
        Task::Check => check::run(),
        Task::Demo => demo::run(),
        Task::Man { check } => pages::man(check),
        Task::Completions => pages::completions(),
        Task::Dist => dist::run(),
        Task::Snapshot => snapshot::run(),
        Task::E2e(options) => e2e::run(&options),
        Task::VerifyResolution(options) => verify::run(&options),
        Task::Corpus(options) => corpus::run(&options),
        Task::Attack(options) => attack::run(&options),
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Bench(options) => bench::run(&options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::line(&format!("xtask: {error:#}"));
            let missing = error.downcast_ref::<setup::Missing>().is_some();
            ExitCode::from(if missing { 3 } else { 1 })
        }
    }
}
