//! `dh_pyelf_restore`: foreign files are put back, and their dependencies are computed.

use std::process::ExitCode;

use crate::pyelf::{Package, dependencies, restore};
use crate::session::run;

/// Runs the command.
pub fn main() -> ExitCode {
    run("dh_pyelf_restore", &[], |session| {
        for name in &session.packages {
            let package = Package::new(session, name);
            if let Some(record) = restore::restore(&package)? {
                dependencies::write(&package, &record)?;
            }
        }
        Ok(())
    })
}
