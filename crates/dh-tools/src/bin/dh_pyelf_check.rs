//! Makes sure that nothing is held when a package is assembled.

use std::process::ExitCode;

pydeps_debhelper::promise!(
    "tmp(usr) tmp(opt) tmp(srv) tmp(lib) tmp(var) tmp(etc) pkgfile(pyelf) cli-options()",
    "pkgfile(pyelf)"
);

fn main() -> ExitCode {
    dh_tools::main::<dh_tools::commands::pyelf_check::PyelfCheck>()
}
