//! From facts about an upstream release to the files under `debian/`. Values in, values
//! out: what reads an sdist and what writes a source package is elsewhere.

pub mod copyright;
pub mod description;
pub mod licence_text;
pub mod manpage;
pub mod notice;
pub mod upstream_metadata;
mod wrap;
