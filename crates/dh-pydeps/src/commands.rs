//! One file per command: its arguments, whose comments are its help, and what it
//! does with them.

pub mod backport;
pub mod build;
pub mod completions;
pub mod elf;
pub mod generate;
pub mod map;
pub mod relation;
pub mod resolve;
pub mod status;
pub mod tree;
pub mod update;
pub mod why;
