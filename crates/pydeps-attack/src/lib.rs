//! Hostile inputs for the programs, and what is demanded of every answer.
//!
//! `cargo xtask attack` runs the programs on inputs that an attacker, a damaged disk or bad luck
//! could put before them ([`inputs`]), each in a directory of its own ([`world`]), and judges what
//! comes of it ([`judge`]). Inputs are made while it runs ([`make`]), so that large ones take no
//! place in the repository.

pub mod fuzz;
pub mod input;
pub mod inputs;
pub mod judge;
pub mod limits;
pub mod make;
pub mod record;
pub mod report;
pub mod server;
pub mod snapshot;
pub mod suite;
pub mod world;
