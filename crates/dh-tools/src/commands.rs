//! One file for each command: gather, decide, commit.

pub mod pydeps;
pub mod pyelf_check;
pub mod pyelf_hold;
pub mod pyelf_restore;
pub mod pyelf_scan;
