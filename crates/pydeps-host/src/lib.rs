//! The machine: files, processes, apt, archive indexes, debian/ trees.
//!
//! | module | what it reads or writes |
//! |---|---|
//! | [`update`] | runs apt in a private root, writes one index file per suite |
//! | [`build`] | builds source packages in chroots, and keeps the results in a local repository |
//! | [`local`] | a directory of .deb files, or a local repository, as an archive |
//! | [`open`] | an index file, or the built-in snapshot, as a [`pydeps_core::archive::Archive`] |
//! | [`index`] | the format of an index file |
//! | [`snapshot`] | the tables that are built into the program |
//! | [`installed`], [`here`] | what dpkg has installed on this machine; the same in front of an archive |
//! | [`built`] | the distributions in the tree of a package |
//! | [`decisions`] | `debian/pydeps.toml` |
//! | [`overrides`] | `debian/py3dist-overrides` |
//! | [`source_package`] | source trees, `debian/`, dpkg-source |
//! | [`tree`] | the files of a package that is being built |
//! | [`hold`] | files taken out of such a tree and put back |
//! | [`paths`], [`atomic`], [`process`], [`progress`] | directories, files, commands, progress |

pub mod apt;
pub mod atomic;
pub mod build;
pub mod built;
pub mod decisions;
pub mod here;
pub mod hold;
pub mod index;
pub mod installed;
pub mod local;
pub mod lock;
pub mod open;
pub mod overrides;
pub mod paths;
pub mod process;
pub mod progress;
pub mod snapshot;
pub mod source_package;
pub mod tree;
pub mod update;
