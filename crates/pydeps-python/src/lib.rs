//! The readers of the formats in which Python projects are written, one for each: bytes or
//! text in, values out.
//!
//! Every reader takes foreign bytes: it is total (whatever the input is, it returns), and
//! bounded in size and depth.

pub mod source;
