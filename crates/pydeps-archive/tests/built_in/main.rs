//! Laws of the built-in tables: what they say of the archive's actual names and
//! versions. The oracles are PEP 440 as `relation::contains` has it, and dpkg.
#![allow(
    clippy::disallowed_methods,
    reason = "the oracle for dpkg's order is dpkg, a process"
)]
#![allow(clippy::unwrap_used, reason = "tests")]
#![allow(
    clippy::print_stdout,
    reason = "`cargo xtask e2e specifiers` shows the counts"
)]

mod mapping;
mod order;
mod relations;
mod shapes;

use pydeps_archive::snapshot::{self, Snapshot};
use pydeps_core::archive::ArchiveDist;

/// The built-in snapshots.
fn snapshots() -> impl Iterator<Item = Snapshot<'static>> {
    snapshot::built_in_suites().map(|suite| snapshot::built_in(suite).unwrap())
}

/// Every row of every snapshot.
fn rows() -> Vec<ArchiveDist> {
    snapshots()
        .flat_map(|snapshot| snapshot.distributions().collect::<Vec<_>>())
        .collect()
}
