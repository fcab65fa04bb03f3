//! `dh_pyelf_scan`: which ELF files of a package came ready-made.

use std::process::ExitCode;

use crate::pyelf::{Package, scan};
use crate::session::run;

/// Runs the command.
pub fn main() -> ExitCode {
    run("dh_pyelf_scan", &[], |session| {
        let mut packages = session.packages.iter();
        packages.try_for_each(|name| scan::scan(&Package::new(session, name)))
    })
}
