//! The readers of the formats in which Python projects are written, one for each: bytes or
//! text in, values out.
//!
//! Every reader takes foreign bytes: it is total (whatever the input is, it returns), and
//! bounded in size and depth.

pub mod dist_path;
mod error;
pub mod filename;
pub mod ini;
pub mod lockfile;
pub mod metadata;
pub mod project_file;
pub mod requirements_txt;
pub mod requires_python;
pub mod sdist;
pub mod setup_cfg;
pub mod source;
pub mod wheel;

pub use error::ReadError;
