//! The dependencies of Python packages: gather ([`world`]), decide ([`decide`]), commit
//! ([`substvars`]).

pub(crate) mod built;
pub(crate) mod decide;
pub(crate) mod extras;
pub(crate) mod messages;
pub(crate) mod modules;
pub(crate) mod private;
pub(crate) mod substvars;
pub(crate) mod world;
