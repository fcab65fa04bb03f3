//! Native Debian packages for Python applications and their dependency trees.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    dh_pydeps::run(&dh_pydeps::cli::Cli::parse())
}
