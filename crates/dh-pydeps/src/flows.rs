//! What the larger commands do: plain values in, outcomes out.

pub(crate) mod backport;
pub(crate) mod build;
pub(crate) mod generate;
pub(crate) mod resolve;
