//! Whether our rules are debhelper's: the installed one is asked, through its Perl library
//! and through `dh`. Without debhelper nothing is asked, and `cargo xtask setup` installs it.
//!
//! `DEBHELPER_ROOT` names a chroot whose debhelper is asked instead; `cargo xtask e2e
//! debhelper` sets it to one of each suite.
#![allow(clippy::unwrap_used, reason = "tests")]

mod addon;
mod ask;
mod build;
mod oracle;
