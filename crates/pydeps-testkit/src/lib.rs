//! Scenarios, trees, wheels and a stub index for tests.
//!
//! [`TestWheel`] and [`TestSdist`] build distributions in memory; a [`Scenario`]
//! holds them and says how the index behaves; a [`StubIndex`] serves it on loopback
//! and remembers what it was asked. [`StubProxy`] is a proxy that does the same.

mod dist;
mod proxy;
mod scenario;
mod server;
mod tls;

pub use dist::{Dist, TestSdist, TestWheel};
pub use proxy::StubProxy;
pub use scenario::{Fault, MetadataFiles, Scenario, Trouble};
pub use server::{Request, StubIndex};
pub use tls::Authority;
