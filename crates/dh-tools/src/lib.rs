//! The `dh_*` programs: one small file for each, over what they share.

pub mod commands;
mod pyelf;
mod session;
