//! The house rules that neither the compiler nor clippy knows. Each rule is a
//! function from text to complaints, shown to complain in a test of its own, and
//! then applied to the whole repository.

mod addresses;
mod arrows;
mod cycles;
mod entry_points;
mod functions;
mod manifests;
mod metadata;
mod report;
mod sizes;
mod third_party;
mod tree;
