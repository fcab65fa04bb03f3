//! What Debian has: suites with their updates, backports and local repositories.
//!
//! | module | what it reads or writes |
//! |---|---|
//! | [`apt`] | apt in a private root: sources, lists, source packages |
//! | [`update`] | runs apt, writes one index file per suite |
//! | [`index`] | the format of an index file |
//! | [`snapshot`] | the tables that are built into the program |
//! | [`open`] | an index file, or the snapshot, as a [`pydeps_core::archive::Archive`] |
//! | [`local`] | a directory of .deb files, or a local repository, as an archive |
//! | [`here`] | what dpkg has installed on this machine, in front of an archive |

pub mod apt;
pub mod here;
pub mod index;
pub mod local;
pub mod open;
pub mod snapshot;
pub mod update;
