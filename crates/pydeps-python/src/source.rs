//! Python source: what a file imports.

mod tokens;

pub use tokens::{Import, imports};
