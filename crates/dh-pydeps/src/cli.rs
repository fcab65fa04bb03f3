//! What the program understands; the parser, `--help`, the manual pages and the
//! completions all come from here.

use clap::{CommandFactory, Parser, Subcommand};

/// Native Debian packages for Python applications and their dependency trees.
#[derive(Debug, Parser)]
#[command(name = "dh-pydeps", version, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Action,
}

/// The program's commands.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Fetch the archive indexes of Debian suites, through apt.
    Update,
    /// Find out what Debian has, and the smallest set of packages to build.
    Resolve,
    /// Show which Debian package is a distribution, and the evidence for it.
    Map,
    /// Write a Python requirement as a Debian relation.
    Relation,
}

/// The whole command line, for generators of pages and completions.
pub fn command() -> clap::Command {
    Cli::command()
}
