//! Answers for people.

pub mod build;
pub mod elf;
pub mod mapping;
mod page;
pub mod release;
pub mod resolution;
pub mod status;
mod style;
mod table;
pub mod tree;

pub use page::{Line, Page};
pub use style::TextStyle;
