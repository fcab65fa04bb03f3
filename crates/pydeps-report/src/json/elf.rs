//! The ELF files of a tree.

use pydeps_core::finding::Finding;
use pydeps_core::printable::Printable;
use pydeps_elf::judge::Judgement;
use serde::Serialize;

use super::document::{VERSION, print};

#[derive(Serialize)]
struct ElfDocument<'a> {
    version: u32,
    architecture: &'a str,
    files: &'a [Judgement],
    findings: &'a [Finding],
}

/// What each file is, and what is wrong with the metadata beside them.
pub fn elf(architecture: &str, files: &[Judgement], findings: &[Finding]) -> Printable {
    print(&ElfDocument {
        version: VERSION,
        architecture,
        files,
        findings,
    })
}
