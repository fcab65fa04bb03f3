//! What is done to a `debian/` that is there already.
//!
//! | module | question |
//! |---|---|
//! | [`changelog`] | how an older changelog goes on |
//! | [`merge`] | what a person has changed since |
//! | [`rebuild`] | how a newer suite's package is called that is rebuilt |

pub mod changelog;
pub mod merge;
pub mod rebuild;
