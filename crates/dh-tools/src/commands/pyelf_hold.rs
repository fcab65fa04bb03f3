//! `dh_pyelf_hold`: foreign files are kept away from debhelper's ELF tools.

use clap::Args;

use crate::failure::Failure;
use crate::pyelf::{Package, hold};
use crate::run::Run;
use crate::tool::Tool;

/// The options of `dh_pyelf_hold`: none of its own.
#[derive(Args, Debug, Default)]
pub struct PyelfHold {}

impl Tool for PyelfHold {
    const NAME: &'static str = "dh_pyelf_hold";
    const ABOUT: &'static str = "Keep foreign ELF files away from debhelper's tools";
    const LONG_ABOUT: &'static str = "\
Moves the files that dh_pyelf_scan has found to be foreign to debian/.debhelper, and leaves a \
symbolic link in the place of each. dh_dwz, dh_strip, dh_makeshlibs and dh_shlibdeps, which \
would break them, skip links; hooks find the names, and so does a module that was linked \
here against a library that came ready-made. Files that dh_python3 has renamed get back the \
names that they came with.

Hooks may move, copy and remove these links; dh_pyelf_restore puts the files where the links \
are. The permissions of a held file become those that dh_fixperms would give it.";

    fn run(&self, run: &Run) -> Result<(), Failure> {
        run.packages
            .iter()
            .try_for_each(|name| hold::hold(&Package::new(run, name)))
    }
}
