//! Debian-first dependency resolution, without I/O.
//!
//! A distribution that the target suite has is a leaf: its version is given, and
//! what it needs is apt's business. Only distributions that would have to be
//! generated contribute requirements, with versions from the package index.
//!
//! A [`Session`]'s step either answers or says which pages and metadata it needs
//! next; the caller obtains them, puts them into the [`World`] and steps again.

mod behind;
mod blocked;
mod build_order;
mod candidates;
mod choices;
mod cores;
mod expand;
mod explain;
mod foresee;
mod graph;
mod hitting;
mod leap;
mod memo;
mod meter;
mod node;
mod policy;
mod price;
mod problem;
mod provider;
mod range_text;
mod reach;
mod search;
mod solve;
mod stage;
mod steps_back;
mod supply;
mod unreleased;
mod unused;
mod verdict;
mod world;

pub use graph::{Graph, Visit};
pub use problem::{Budget, Lookup, Offers, Options, Problem, Root};
pub use pydeps_core::outcome::{
    Action, Distribution, Minimality, Requirer, Resolution, RootOutcome, Verdict, Way,
};
pub use solve::{Session, Step};
pub use world::{Request, Unavailable, Wanted, World};

#[cfg(test)]
mod tests;
