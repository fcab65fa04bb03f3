//! What came of building source packages: builds give it, reports show it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// What became of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// Its version.
    pub version: String,
    /// Whether its packages are in the repository.
    pub good: bool,
    /// Whether they were before.
    pub before: bool,
    /// Why not, in a few words.
    pub reason: Option<String>,
    /// How long the build took.
    pub seconds: u64,
    /// What was said.
    pub log: PathBuf,
    /// What lintian found, if it was asked.
    pub lintian: Option<Tags>,
    /// What autopkgtest came to: `pass`, `fail`, `no tests`.
    pub autopkgtest: Option<String>,
    /// What was changed to make it build.
    pub fixes: Vec<Fix>,
}

/// One line of the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// It was tried, or is there.
    Tried(Built),
    /// It was not, as it needs these.
    Skipped {
        /// Its version.
        version: String,
        /// Source packages.
        needs: BTreeSet<String>,
        /// Releases that have no source package.
        absent: BTreeSet<String>,
    },
}

/// What came of it all.
#[derive(Clone, Debug)]
pub struct Summary {
    /// By source package.
    pub rows: BTreeMap<String, Row>,
    /// Source packages that need each other in a circle.
    pub cycle: Option<Cycle>,
    /// What was changed to make packages build, whether they do or not.
    pub fixes: Vec<Fix>,
}

impl Summary {
    /// Whether everything is built.
    pub fn is_good(&self) -> bool {
        let good = |row: &Row| matches!(row, Row::Tried(built) if built.good);
        self.rows.values().all(good)
    }
}

/// Source packages that need each other in a circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cycle {
    /// Each needs the next to be built; the last needs the first.
    pub sources: Vec<String>,
    /// Where it can be cut: a source package, and the build profile in which it does not
    /// need the next one.
    pub cut: Option<(String, &'static str)>,
}

/// What was changed in a source package to make it build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fix {
    /// The source package.
    pub source: String,
    /// Its version.
    pub version: String,
    /// What was changed.
    pub change: String,
    /// Why.
    pub reason: String,
}

/// The tags that lintian gave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags {
    /// `E:`
    pub errors: usize,
    /// `W:`
    pub warnings: usize,
    /// `I:`
    pub infos: usize,
    /// `P:`, `X:` and `C:`
    pub others: usize,
    /// The lines of errors and warnings.
    pub lines: Vec<String>,
}

/// How far a release that is to be packaged has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BuildStatus {
    /// There is no source package of it.
    NotGenerated,
    /// There is none, and this is why.
    Refused(String),
    /// There is one, which is not built, or was changed since.
    Generated,
    /// The last build of it failed; the text says why, and names the log.
    Failed(String),
    /// Its packages are in the repository.
    Built,
}

impl BuildStatus {
    /// In words.
    pub fn words(&self) -> &'static str {
        match self {
            Self::NotGenerated => "not generated",
            Self::Refused(_) => "refused",
            Self::Generated => "generated",
            Self::Failed(_) => "failed",
            Self::Built => "built",
        }
    }

    /// Whether there is a source package.
    pub fn has_source(&self) -> bool {
        !matches!(self, Self::NotGenerated | Self::Refused(_))
    }
}
