//! `dh_pyelf_hold`: foreign files are kept away from debhelper's ELF tools.

use std::process::ExitCode;

use crate::pyelf::{Package, hold};
use crate::session::run;

/// Runs the command.
pub fn main() -> ExitCode {
    run("dh_pyelf_hold", &[], |session| {
        let mut packages = session.packages.iter();
        packages.try_for_each(|name| hold::hold(&Package::new(session, name)))
    })
}
