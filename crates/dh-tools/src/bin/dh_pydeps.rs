//! Writes the dependencies of Python packages.

use std::process::ExitCode;

pydeps_debhelper::promise!(
    "tmp(usr) tmp(opt) pkgfile(pydeps) cli-options()",
    "pkgfile(pydeps)"
);

fn main() -> ExitCode {
    dh_tools::main::<dh_tools::commands::pydeps::Pydeps>()
}
