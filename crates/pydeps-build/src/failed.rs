//! Why a source package did not build the last time: `AREA/state/failed/SRC.json`, for
//! `status`. It goes when the package is built.

use std::io;

use serde::{Deserialize, Serialize};

use crate::BuildError;
use crate::area::Area;
use crate::source::Packed;
use pydeps_host::atomic;

/// The version of the files that this program writes and reads.
const VERSION: u32 = 1;

/// A build that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failed {
    version: u32,
    /// What it was to be built for.
    suite: String,
    architecture: String,
    /// The SHA-256 of the `.dsc`.
    dsc: String,
    /// Why, in a few words.
    pub(crate) reason: String,
}

impl Failed {
    /// The build of a source package as it is now.
    pub(crate) fn new(packed: &Packed, suite: &str, architecture: &str, reason: &str) -> Self {
        Self {
            version: VERSION,
            suite: suite.to_owned(),
            architecture: architecture.to_owned(),
            dsc: packed.digest.clone(),
            reason: reason.to_owned(),
        }
    }

    /// The last one of a source package, if that was for this suite and architecture, and
    /// nothing has been changed since.
    pub(crate) fn read(
        area: &Area,
        packed: &Packed,
        suite: &str,
        architecture: &str,
    ) -> Option<Self> {
        let bytes = fs_err::read(area.failed(&packed.source.name)).ok()?;
        let read: Self = serde_json::from_slice(&bytes).ok()?;
        let like = Self::new(packed, suite, architecture, &read.reason);
        (read == like).then_some(read)
    }

    pub(crate) fn write(&self, area: &Area, source: &str) -> Result<(), BuildError> {
        fs_err::create_dir_all(area.state().join("failed"))?;
        let text = serde_json::to_string_pretty(self).map_err(io::Error::from)?;
        Ok(atomic::write(&area.failed(source), text.as_bytes())?)
    }
}
