//! `dh_pyelf_restore`: foreign files are put back, and their dependencies computed.

use clap::Args;

use crate::failure::Failure;
use crate::pyelf::{Package, dependencies, lintian, restore};
use crate::run::Run;
use crate::tool::Tool;

/// The options of `dh_pyelf_restore`.
#[derive(Args, Debug, Default)]
pub struct PyelfRestore {
    /// Write no overrides for lintian
    #[arg(long)]
    no_lintian_overrides: bool,
}

impl Tool for PyelfRestore {
    const NAME: &'static str = "dh_pyelf_restore";
    const ABOUT: &'static str = "Put foreign ELF files back, and compute their dependencies";
    const LONG_ABOUT: &'static str = "\
Puts the files that dh_pyelf_hold has taken back in the places of their links, with their \
bytes and times. A file whose content has changed meanwhile makes the build fail.

Then dpkg-shlibdeps is asked what these files need, with all directories of bundled libraries \
in its search path, and its answer is added to ${pydeps:Depends}: the package depends on every \
system library that they need, and on none that they bring. Where no field of the package uses \
that variable, and ${shlibs:Depends} has not the same, the build fails. Files for another \
architecture, damaged ones and statically linked ones are left out.

What lintian says of binaries that cannot be built otherwise here is overridden, with the \
reason, in usr/share/lintian/overrides.";

    fn run(&self, run: &Run) -> Result<(), Failure> {
        run.packages
            .iter()
            .try_for_each(|name| self.one(&Package::new(run, name)))
    }
}

impl PyelfRestore {
    fn one(&self, package: &Package<'_>) -> Result<(), Failure> {
        let Some(record) = restore::restore(package)? else {
            return Ok(());
        };
        let foreign = dependencies::foreign(package, &record, !self.no_lintian_overrides)?;
        dependencies::write(package, record, &foreign)?;
        match self.no_lintian_overrides {
            true => Ok(()),
            false => lintian::write(package, &foreign),
        }
    }
}
