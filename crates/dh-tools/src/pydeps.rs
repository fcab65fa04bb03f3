//! The dependencies of Python packages: gather ([`world`]), decide ([`decide`]).

pub(crate) mod decide;
pub(crate) mod extras;
pub(crate) mod world;
