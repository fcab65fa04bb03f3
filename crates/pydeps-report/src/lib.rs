//! Answers as text, as JSON and for Graphviz: from the same values, without printing.
//!
//! | module | what |
//! |---|---|
//! | `text` | for people: a table, a tree, a few lines |
//! | `json` | for programs; a document for each command |
//! | `dot` | the graph of a resolution, for Graphviz |
//! | `graph` | a resolution as nodes and edges, and its walks |
//! | `release_outcome` | what became of a release that was to be packaged |
//!
//! A new format of output is a module beside these.

pub mod dot;
pub mod graph;
pub mod json;
pub mod release_outcome;
pub mod text;

#[cfg(test)]
mod testing;
