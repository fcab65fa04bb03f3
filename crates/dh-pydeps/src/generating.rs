//! From a name to a source package: what `generate` gathers, and where it writes.

pub(crate) mod area;
pub(crate) mod fetch;
pub(crate) mod lookup;
pub(crate) mod maintainer;
