//! What an ELF file or ar archive is, where it came from, and what debhelper may do to it.
//!
//! Bytes become facts ([`content`]); facts, the metadata of the distribution that a file
//! belongs to ([`distribution`]) and what the packager has said ([`rules`]) become a
//! judgement with its evidence ([`judge`]); judgements are kept from one command to the
//! next ([`record`]).
//!
//! A *foreign* file came ready-made, as in a wheel; a *local* one was linked in this build.

pub mod content;
pub mod distribution;
pub mod embedded;
pub mod judge;
pub mod machine;
pub mod options;
pub mod overrides;
pub mod record;
pub mod rules;
pub mod survey;
pub mod traces;
