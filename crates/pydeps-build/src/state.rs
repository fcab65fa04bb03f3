//! What was built, told from facts: a record, and the files that it names.
//!
//! A record is written last, when all results are in the repository, and removed before
//! they are replaced. So a run that was killed leaves a build either done or not done.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use serde::{Deserialize, Serialize};

use pydeps_host::atomic;

use crate::area::Area;
use crate::digest;
use crate::source::Packed;
use crate::{BuildError, Fix, Tags};

/// The version of the records that this program writes and reads.
const VERSION: u32 = 1;

/// What was built of a source package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Record {
    version: u32,
    /// What it was built for.
    pub(crate) suite: String,
    pub(crate) architecture: String,
    pub(crate) profiles: Vec<String>,
    /// The SHA-256 of the `.dsc`.
    pub(crate) dsc: String,
    /// Files in the repository, with their SHA-256.
    pub(crate) files: BTreeMap<String, String>,
    pub(crate) seconds: u64,
    /// What lintian said, if it was asked.
    pub(crate) lintian: Option<Tags>,
    /// What autopkgtest came to, if it was asked.
    #[serde(default)]
    pub(crate) autopkgtest: Option<String>,
}

impl Record {
    pub(crate) fn new(suite: &str, architecture: &str, profiles: &[String], dsc: &str) -> Self {
        Self {
            version: VERSION,
            suite: suite.to_owned(),
            architecture: architecture.to_owned(),
            profiles: profiles.to_vec(),
            dsc: dsc.to_owned(),
            files: BTreeMap::new(),
            seconds: 0,
            lintian: None,
            autopkgtest: None,
        }
    }

    /// The record of a source package; `None` if there is none that can be read.
    pub(crate) fn read(area: &Area, source: &str) -> Option<Self> {
        let bytes = fs_err::read(area.record(source)).ok()?;
        let record: Self = serde_json::from_slice(&bytes).ok()?;
        (record.version == VERSION).then_some(record)
    }

    pub(crate) fn write(&self, area: &Area, source: &str) -> Result<(), BuildError> {
        let path = area.record(source);
        fs_err::create_dir_all(area.state().join("built"))?;
        let text = serde_json::to_string_pretty(self).map_err(io::Error::from)?;
        Ok(atomic::write(&path, text.as_bytes())?)
    }

    /// Whether it is of this source package and this kind of build, and all files are as
    /// they were.
    pub(crate) fn holds(&self, area: &Area, packed: &Packed, like: &Self) -> bool {
        let same = (&self.suite, &self.architecture, &self.profiles)
            == (&like.suite, &like.architecture, &like.profiles);
        let there = |(name, digest): (&String, &String)| {
            digest::of_file(&area.result(name)).is_ok_and(|found| found == *digest)
        };
        same && self.dsc == packed.digest && self.files.iter().all(there)
    }

    /// Its packages in the repository.
    pub(crate) fn debs(&self, area: &Area) -> Vec<PathBuf> {
        let debs = self.files.keys().filter(|name| name.ends_with(".deb"));
        debs.map(|name| area.result(name)).collect()
    }
}

/// Removes a file of the bookkeeping, whether it is there or not.
pub(crate) fn forget(path: &Path) -> io::Result<()> {
    match fs_err::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// One run at a time in an area. Held as long as the file lives.
pub(crate) fn lock(area: &Area) -> Result<fs_err::File, BuildError> {
    fs_err::create_dir_all(area.state())?;
    let file = atomic::open_lock(&area.state().join("lock"))?;
    flock(file.file(), FlockOperation::NonBlockingLockExclusive)
        .map_err(|_| BuildError::Busy(area.top().to_owned()))?;
    Ok(file)
}

/// Removes a directory, whether it is there or not.
pub(crate) fn discard(path: &Path) -> io::Result<()> {
    match fs_err::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Adds to the record of what was changed to make packages build.
pub(crate) fn remember(area: &Area, fixes: &[Fix]) -> Result<(), BuildError> {
    if fixes.is_empty() {
        return Ok(());
    }
    let path = area.state().join("fixes.json");
    let before = fs_err::read(&path).unwrap_or_default();
    let mut all: Vec<Fix> = serde_json::from_slice(&before).unwrap_or_default();
    all.extend_from_slice(fixes);
    let text = serde_json::to_string_pretty(&all).map_err(io::Error::from)?;
    Ok(atomic::write(&path, text.as_bytes())?)
}
