//! Scenarios, trees, wheels and a stub index for tests.
//!
//! [`TestWheel`] and [`TestSdist`] build distributions in memory; a [`Scenario`]
//! holds them and says how the index behaves; a [`StubIndex`] serves it on loopback
//! and remembers what it was asked. [`StubProxy`] is a proxy that does the same.

//!
//! Scenarios ([`Scenario::parse`]) and suites of a Debian archive ([`Repository`]) can be
//! written as text; [`words`], [`Filters`], [`files_below`] and [`Expected`] are what
//! tests of programs share. The languages are described in `tests/README.md`.

mod deb;
mod dist;
mod expected;
mod program;
mod proxy;
mod repository;
mod scenario;
mod scenario_text;
mod server;
mod source;
mod tls;

pub use dist::{Dist, TestSdist, TestWheel};
pub use expected::{Expected, Filters};
pub use program::{files_below, words};
pub use proxy::StubProxy;
pub use repository::Repository;
pub use scenario::{Fault, MetadataFiles, Scenario, Trouble};
pub use server::{Request, StubIndex};
pub use tls::Authority;
