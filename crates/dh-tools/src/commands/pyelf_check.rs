//! `dh_pyelf_check`: nothing is held any more when a package is assembled.

use std::process::ExitCode;

use crate::pyelf::{Package, restore};
use crate::session::run;

/// Runs the command.
pub fn main() -> ExitCode {
    run("dh_pyelf_check", &[], |session| {
        let mut packages = session.packages.iter();
        packages.try_for_each(|name| restore::check(&Package::new(session, name)))
    })
}
