//! `dh_pyelf_check`: nothing is held any more when a package is assembled.

use clap::Args;

use crate::failure::Failure;
use crate::pyelf::{Package, restore};
use crate::run::Run;
use crate::tool::Tool;

/// The options of `dh_pyelf_check`: none of its own.
#[derive(Args, Debug, Default)]
pub struct PyelfCheck {}

impl Tool for PyelfCheck {
    const NAME: &'static str = "dh_pyelf_check";
    const ABOUT: &'static str = "Fail if foreign ELF files are still held";
    const LONG_ABOUT: &'static str = "\
The last one of the dh_pyelf commands, before the package is assembled: fails if a foreign file \
is still kept in debian/.debhelper, so that no package is built that has a dangling link in \
its place.";

    fn run(&self, run: &Run) -> Result<(), Failure> {
        run.packages
            .iter()
            .try_for_each(|name| restore::check(&Package::new(run, name)))
    }
}
