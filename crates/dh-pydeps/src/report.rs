//! Answers as text and as JSON.

pub(crate) mod build;
pub(crate) mod elf;
pub(crate) mod json;
pub(crate) mod mapping;
pub(crate) mod resolution;
pub(crate) mod status;
mod table;
pub(crate) mod tree;
