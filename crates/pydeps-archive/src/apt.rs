//! apt: what the machine's sources are, and fetching another suite's lists.
//!
//! | module | what |
//! |---|---|
//! | `targets` | `apt-get indextargets`: configured sources and the lists there are |
//! | `sources` | the machine's Debian sources → those of another suite; pure |
//! | `root` | a private root, in which apt fetches one release |
//! | `source` | a source package, by version
//! | `offered` | which version of a package apt would install |
//! | `failure` | what apt says when it fails → what to do about it; pure |
//!
//! Everything that is downloaded is downloaded, verified and unpacked by apt.

mod failure;
mod offered;
mod root;
mod source;
mod sources;
mod targets;

pub use failure::{Failure, KNOWN_SUITES};
pub use offered::offered;
pub(crate) use root::{Entry, Root, RootError, entry};
pub use source::{FetchError, Wanted, fetch_source};
pub use sources::{MachineSource, NoSource, Plan, Pocket, Request, Trust, is_rolling, plan};
pub(crate) use targets::{Lists, Target, cat, machine_sources, machine_targets};
