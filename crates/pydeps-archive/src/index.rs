//! The archive index: one file per suite and architecture.
//!
//! | module | what |
//! |---|---|
//! | `container` | magic, format version, length, sections with their checksums |
//! | `table` | rows of text sorted by their first column: what a section of rows is |
//! | `names` | maps from a path to the packages that ship it: what an fst section is |
//! | `contents`, `packages`, `sources`, `release` | the archive's own files |
//! | `build` | those files → the index; newest version wins |
//! | `reader` | the index → answers |
//! | `memory` | the files of a small repository → answers, without an index |
//!
//! Everything is sorted before it is written: same input bytes, same index bytes.

mod build;
mod container;
mod contents;
mod memory;
mod names;
mod packages;
mod reader;
mod release;
mod rows;
mod sources;
mod table;
#[cfg(test)]
mod tests;

pub use build::{BuildError, Counts, Facts, Part, PocketFacts, build};
pub use container::{FORMAT, FormatError};
pub use contents::Contents;
pub use memory::in_memory;
pub use names::{PathHit, PathKind};
pub use packages::{PackageFacts, PackagesError, parse_packages};
pub use reader::{ArchiveIndex, IndexError};
pub use release::{Release, ReleaseError};
pub(crate) use rows::{class_code, class_of, origin_code, origin_of};
pub use sources::parse_sources;
pub(crate) use table::{Row, Table, TableWriter};
