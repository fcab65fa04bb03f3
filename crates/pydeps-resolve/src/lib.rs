//! Debian-first dependency resolution, without I/O.
//!
//! A distribution that the target suite has is a leaf: its version is given, and
//! what it needs is apt's business. Only distributions that would have to be
//! generated contribute requirements, with versions from the package index.
//!
//! A [`ResolutionSession`]'s step either answers or says which pages and metadata it needs
//! next; the caller obtains them, puts them into the [`KnownIndex`] and steps again.

mod budget;
mod build_order;
mod cache;
mod candidates;
mod choices;
mod cost;
mod edges;
mod explain;
mod gallop_back;
mod graph;
mod hitting_set;
mod known_index;
mod no_such_release;
mod node;
mod origins;
mod policy;
mod prefetch;
mod problem;
mod provider;
mod range_text;
mod root_outcome;
mod search;
mod search_phase;
mod session;
mod unsat_core;
mod unsatisfiable;
mod unused_decisions;
mod verdict;
mod why_not_newest;
mod window;

pub use graph::{ResolutionGraph, Visit};
pub use known_index::{IndexRequest, IndexRequests, KnownIndex, MetadataUnavailable};
pub use problem::{
    Budget, OffersLookup, ResolutionProblem, ResolutionRoot, ResolveOptions, SuiteLookup,
};
pub use pydeps_core::outcome::{
    Action, Distribution, Minimality, Requirer, Resolution, RootOutcome, Verdict, Way,
};
pub use session::{ResolutionSession, SessionStep};

#[cfg(test)]
mod tests;
