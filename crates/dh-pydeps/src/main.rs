//! Native Debian packages for Python applications and their dependency trees.

use clap::Parser;

fn main() {
    dh_pydeps::cli::Cli::parse();
}
