//! One file for each command: gather, decide, commit.

pub mod pydeps;
