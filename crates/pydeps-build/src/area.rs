//! The build area: where source packages, results, logs and bookkeeping are.
//!
//! ```text
//! AREA/SRC/                     an unpacked source package
//! AREA/SRC_VERSION.dsc, …       packed
//! AREA/generated/SRC/debian/    as it was generated last, before a person's edits
//! AREA/SRC_VERSION_ARCH.changes, .buildinfo    what was built, for dput(1)
//! AREA/PACKAGE_VERSION_ARCH.deb                 links to them in the repository, beside it
//! AREA/repository/              results, as a local apt repository
//! AREA/logs/                    one log for each build; before it was mended, LOG.1 and on
//! AREA/state/built/SRC.json     what was built, and of what
//! AREA/state/failed/SRC.json    why it did not build the last time
//! AREA/state/builds             results of builds that are under way, by source
//! AREA/state/scratch            whatever is not finished; empty when nobody has the turn
//! AREA/state/replaced           trees while others take their place: trees/SRC, generated/SRC
//! AREA/state/lock               whose turn it is
//! ```

use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::{BuildError, state};
use pydeps_core::deb_version::without_epoch;

/// A build area.
#[derive(Clone, Debug)]
pub struct Area {
    top: PathBuf,
}

impl Area {
    /// The area at a directory, whether it is there or not.
    pub fn new(top: impl Into<PathBuf>) -> Self {
        Self { top: top.into() }
    }

    /// The directory itself.
    pub fn top(&self) -> &Path {
        &self.top
    }

    /// That it is a directory, or not there yet, and that its own directories are no links:
    /// what is written to them would be somewhere else.
    pub(crate) fn check(&self) -> Result<(), BuildError> {
        if self.top.exists() && !self.top.is_dir() {
            return Err(BuildError::NotDirectory(self.top.clone()));
        }
        let own = [
            self.state(),
            self.generated_last(),
            self.repository(),
            self.logs(),
        ];
        match own.into_iter().find(|path| path.is_symlink()) {
            Some(link) => Err(BuildError::Link(link)),
            None => Ok(()),
        }
    }

    /// Where unfinished things are.
    pub(crate) fn scratch(&self) -> PathBuf {
        self.state().join("scratch")
    }

    /// A new directory for what is not finished, on the area's file system. It goes when the
    /// value is dropped; after a kill, when the next run takes its turn.
    pub fn scratch_directory(&self) -> io::Result<TempDir> {
        let scratch = self.scratch();
        fs_err::create_dir_all(&scratch)?;
        tempfile::tempdir_in(scratch)
    }

    /// Where a source package's tree is while another takes its place.
    pub(crate) fn replaced_trees(&self) -> PathBuf {
        self.state().join("replaced/trees")
    }

    /// The same of what was generated last.
    pub(crate) fn replaced_generated(&self) -> PathBuf {
        self.state().join("replaced/generated")
    }

    /// Puts a whole source tree in the place of another. The old one is whole until the new
    /// one is, and then goes; killed in between, the next turn puts it back.
    pub fn replace_tree(&self, new: &Path, source: &str) -> io::Result<()> {
        replace(new, &self.tree(source), &self.replaced_trees().join(source))
    }

    /// The same for what was generated last.
    pub fn replace_generated(&self, new: &Path, source: &str) -> io::Result<()> {
        let place = self.generated_last().join(source);
        replace(new, &place, &self.replaced_generated().join(source))
    }

    /// The unpacked source package of that name.
    pub fn tree(&self, source: &str) -> PathBuf {
        self.top.join(source)
    }

    /// What was generated last, by source package.
    pub fn generated_last(&self) -> PathBuf {
        self.top.join("generated")
    }

    /// The local repository.
    pub fn repository(&self) -> PathBuf {
        self.top.join("repository")
    }

    /// The logs.
    pub fn logs(&self) -> PathBuf {
        self.top.join("logs")
    }

    /// The bookkeeping.
    pub fn state(&self) -> PathBuf {
        self.top.join("state")
    }

    /// Which source package was made for which distribution.
    pub(crate) fn generated(&self) -> PathBuf {
        self.state().join("generated.toml")
    }

    /// The place of a result: packages are in the repository; what dput(1) takes, beside the
    /// source packages.
    pub(crate) fn result(&self, name: &str) -> PathBuf {
        match name.ends_with("deb") {
            true => self.repository().join(name),
            false => self.top.join(name),
        }
    }

    /// What was built of a source package.
    pub(crate) fn record(&self, source: &str) -> PathBuf {
        self.state().join("built").join(format!("{source}.json"))
    }

    /// Why a source package did not build the last time.
    pub(crate) fn failed(&self, source: &str) -> PathBuf {
        self.state().join("failed").join(format!("{source}.json"))
    }

    /// Where a build leaves its results until they are complete.
    pub(crate) fn work(&self, source: &str) -> PathBuf {
        self.state().join("builds").join(source)
    }

    /// The log of a build. The epoch is left out, as in names of packages.
    pub fn log(&self, source: &str, version: &str, architecture: &str) -> PathBuf {
        let version = without_epoch(version);
        self.logs()
            .join(format!("{source}_{version}_{architecture}.log"))
    }
}

fn replace(new: &Path, place: &Path, aside: &Path) -> io::Result<()> {
    state::discard(aside)?;
    for directory in [place.parent(), aside.parent()].into_iter().flatten() {
        fs_err::create_dir_all(directory)?;
    }
    if place.exists() {
        fs_err::rename(place, aside)?;
    }
    fs_err::rename(new, place)?;
    state::discard(aside)
}
