//! The program's parts, as a library: its arguments and its manual.

pub mod cli;
pub mod manual;
