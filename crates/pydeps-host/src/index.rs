//! The archive index: one file per suite and architecture.
//!
//! | module | what |
//! |---|---|
//! | `container` | magic, format version, length, sections with their checksums |
//! | `table` | rows of text sorted by their first column: what a section of rows is |
//! | `names` | maps from a path to the packages that ship it: what an fst section is |
//! | `contents`, `packages`, `release` | the archive's own files |
//! | `build` | those files → the index; newest version wins |
//! | `reader` | the index → answers |
//!
//! Everything is sorted before it is written: same input bytes, same index bytes.

mod build;
mod container;
mod contents;
mod names;
mod packages;
mod reader;
mod release;
mod rows;
mod table;

pub use build::{BuildError, Counts, Facts, Part, PocketFacts, build};
pub use container::{FORMAT, FormatError};
pub use contents::{Contents, dist_of_path};
pub use names::{PathHit, PathKind};
pub use packages::{PackageFacts, PackagesError, parse_packages};
pub use reader::{ArchiveIndex, IndexError};
pub use release::{Release, ReleaseError};
