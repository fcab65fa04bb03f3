//! The machine: files, processes, dpkg's database, debian/ trees, the files of a session.
//!
//! | module | what it reads or writes |
//! |---|---|
//! | [`installed`] | what dpkg has installed on this machine |
//! | [`built`] | the distributions in the tree of a package |
//! | [`decisions`] | `debian/pydeps.toml` |
//! | [`lock`] | `debian/pydeps.lock` |
//! | [`overrides`] | `debian/py3dist-overrides` |
//! | [`tree`] | the files of a package that is being built |
//! | [`hold`] | files taken out of such a tree and put back |
//! | [`paths`], [`atomic`], [`process`], [`progress`] | directories, files, commands, progress |

pub mod atomic;
pub mod built;
pub mod decisions;
pub mod hold;
pub mod installed;
pub mod lock;
pub mod overrides;
pub mod paths;
pub mod process;
pub mod progress;
pub mod tree;
