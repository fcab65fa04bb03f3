//! The contract of debhelper's commands as functions over text: arguments, selection of
//! packages, compat levels, configuration files, substvars.
//!
//! A command reads [`control`], asks [`compat`] for the level, gives its arguments to
//! [`argv`] and gets from [`selection`] the packages to act on. For each of them it finds its
//! configuration ([`pkgfile`], [`config`]) and edits [`substvars`]; [`record`] says which
//! marks it leaves. The rules are debhelper's own, from 13.11 (bookworm) to 14.5 (sid); a test
//! asks the installed debhelper whether they are.

pub mod argv;
pub mod compat;
pub mod config;
pub mod control;
pub mod pkgfile;
pub mod promise;
pub mod record;
pub mod selection;
pub mod substvars;
