//! Who builds a source package, and in what.

pub(crate) mod chroot;
pub(crate) mod job;
pub(crate) mod leftovers;
pub(crate) mod machine;
pub(crate) mod pbuilder;
pub(crate) mod run;
pub(crate) mod sbuild;
