//! What the log of a build says. Pure.

pub(crate) mod autopkgtest;
pub(crate) mod lintian;
pub(crate) mod phase;
pub(crate) mod problem;
pub(crate) mod summary;
