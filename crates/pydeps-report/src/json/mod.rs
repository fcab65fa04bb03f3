//! Answers for programs. The manual pages document the schema, which has a version; a change
//! that may break a reader raises it.
//!
//! A document is a view of the values of the core. Where the core's own serialization is that
//! of another file (a lock writes other keys and leaves out what is empty), the view is a
//! remote derive: it lists fields, and nothing is copied.

mod build;
mod document;
mod elf;
mod mapping;
mod relation;
mod release;
mod resolution;

pub use build::build;
pub use elf::elf;
pub use mapping::mappings;
pub use relation::relations;
pub use release::releases;
pub use resolution::{graph, resolution, why};
