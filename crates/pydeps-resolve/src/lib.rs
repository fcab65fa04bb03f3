//! Debian-first dependency resolution, without I/O.
//!
//! The solver takes a distribution that the target suite has as a leaf: its version is
//! fixed, and apt resolves its dependencies. Only distributions that would have to be
//! generated contribute requirements, with versions from the package index.
//!
//! [`ResolutionSession::step`] returns either the answer or the index pages and metadata
//! that it needs next. The caller fetches them, adds them to the [`KnownIndex`] and calls
//! it again.

mod budget;
mod build_order;
mod cache;
mod candidates;
mod choices;
mod cost;
mod edges;
mod explain;
mod facts;
mod gallop_back;
mod hitting_set;
mod known_index;
mod no_such_release;
mod node;
mod node_edges;
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
mod statistics;
mod unsat_core;
mod unsatisfiable;
mod unused_decisions;
mod verdict;
mod why_not_newest;
mod window;

pub use budget::Budget;
pub use known_index::{IndexRequest, IndexRequests, KnownIndex, MetadataUnavailable};
pub use problem::{OffersLookup, ResolutionProblem, ResolutionRoot, ResolveOptions, SuiteLookup};
pub use pydeps_core::outcome::{
    Action, Distribution, Minimality, Requirer, Resolution, RootOutcome, Verdict, Way,
};
pub use session::{ResolutionSession, SessionStep};
pub use statistics::SolverStatistics;

#[cfg(test)]
mod tests;
