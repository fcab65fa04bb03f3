//! The machine: files, processes, apt, archive indexes, debian/ trees.
//!
//! | module | what it reads or writes |
//! |---|---|
//! | [`update`] | runs apt in a private root, writes one index file per suite |
//! | [`index`] | the format of an index file |
//! | [`paths`], [`atomic`], [`process`], [`progress`] | directories, files, commands, progress |

pub mod apt;
pub mod atomic;
pub mod index;
pub mod paths;
pub mod process;
pub mod progress;
pub mod update;
