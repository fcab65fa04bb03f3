//! One file per command.

pub mod pyelf_check;
pub mod pyelf_hold;
pub mod pyelf_restore;
pub mod pyelf_scan;
