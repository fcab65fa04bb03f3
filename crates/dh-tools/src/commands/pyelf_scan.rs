//! `dh_pyelf_scan`: which ELF files of a package came ready-made.

use anyhow::anyhow;
use clap::Args;
use pydeps_elf::options::{Tool as Helper, options};

use crate::failure::Failure;
use crate::pyelf::{Package, scan};
use crate::run::Run;
use crate::tool::Tool;

/// The options of `dh_pyelf_scan`.
#[derive(Args, Debug, Default)]
pub struct PyelfScan {
    /// Record nothing; print the options by which COMMAND leaves foreign files alone, one on
    /// a line: dh_strip, dh_dwz, dh_makeshlibs, dh_shlibdeps, dh_strip_nondeterminism or
    /// dh_python3
    #[arg(long, value_name = "COMMAND")]
    print_options: Option<String>,
    /// Print the options that follow from debian/PACKAGE.pyelf alone, whatever was recorded
    #[arg(long)]
    declared: bool,
}

impl Tool for PyelfScan {
    const NAME: &'static str = "dh_pyelf_scan";
    const ABOUT: &'static str = "Record which ELF files of a package came ready-made";
    const LONG_ABOUT: &'static str = "\
Looks at every ELF file and ar archive in the trees of the packages, and records which of \
them are foreign: came ready-made, as in a wheel, and were not linked in this build. The tags \
and RECORD of the Python distribution that a file belongs to tell it, or the traces that \
auditwheel and patchelf leave. dh_pyelf_hold and dh_pyelf_restore go by that record. It has \
to be run before dh_python3, which removes RECORD and WHEEL.

Files with several hard links get a content of their own, so that nothing that is done to a \
package reaches the cache of an installer.

A damaged file that was not damaged when it came makes the build fail.";

    fn run(&self, run: &Run) -> Result<(), Failure> {
        match &self.print_options {
            Some(command) => self.print(run, command),
            None => run
                .packages
                .iter()
                .try_for_each(|name| scan::scan(&Package::new(run, name))),
        }
    }
}

impl PyelfScan {
    fn print(&self, run: &Run, command: &str) -> Result<(), Failure> {
        let Some(tool) = Helper::named(command) else {
            let names = Helper::NAMES.map(|(name, _)| name).join(", ");
            let error = anyhow!("--print-options={command}: not one of {names}");
            return Err(Failure::input(error));
        };
        for name in &run.packages {
            let package = Package::new(run, name);
            let record = match self.declared {
                true => None,
                false => package.record()?,
            };
            let options = options(tool, name.as_str(), &package.rules()?, record.as_ref());
            options.iter().for_each(|option| run.say.data(option));
        }
        Ok(())
    }
}
