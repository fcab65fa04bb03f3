//! What a command was asked for, as plain values.

use pydeps_core::lock::{Asked, Lock};
use pydeps_core::name::{ArchName, SuiteName};

/// A suite, and what may be used beside its own packages. What is not given is decided where
/// the suite is opened.
#[derive(Clone, Debug, Default)]
pub(crate) struct SuiteQuery {
    pub(crate) suite: Option<SuiteName>,
    pub(crate) architecture: Option<ArchName>,
    /// Whether the suite's backports may be used.
    pub(crate) backports: bool,
    /// Directories of .deb files, or lines of sources.list(5).
    pub(crate) locals: Vec<String>,
    /// The suite whose source packages may be rebuilt.
    pub(crate) backport_from: Option<SuiteName>,
}

/// What is to be resolved, how, and for which suite.
#[derive(Clone, Debug)]
pub(crate) struct Query {
    /// What of it a lock keeps.
    pub(crate) asked: Asked,
    pub(crate) suite: Option<SuiteName>,
    pub(crate) architecture: Option<ArchName>,
    /// Where the package index is, and how to reach it.
    pub(crate) index: pydeps_index::Options,
}

impl Query {
    /// The same where the lock was left: what is not given is as it was then.
    pub(crate) fn after(self, lock: &Lock) -> Self {
        Self {
            asked: self.asked.after(&lock.asked),
            suite: self.suite.or_else(|| Some(lock.suite.clone())),
            architecture: self
                .architecture
                .or_else(|| Some(lock.architecture.clone())),
            index: self.index,
        }
    }

    /// Whether the lock holds the answer to it.
    pub(crate) fn is_of(&self, lock: &Lock) -> bool {
        self.asked.clone().kept() == lock.asked
            && self.suite.as_ref() == Some(&lock.suite)
            && self.architecture.as_ref() == Some(&lock.architecture)
    }

    /// The suite, and what there is beside it.
    pub(crate) fn suite_query(&self) -> SuiteQuery {
        SuiteQuery {
            suite: self.suite.clone(),
            architecture: self.architecture.clone(),
            backports: self.asked.backports,
            locals: self.asked.local.clone(),
            backport_from: self.asked.backport_from.clone(),
        }
    }

    /// The options for the index client.
    pub(crate) fn index_options(&self) -> pydeps_index::Options {
        pydeps_index::Options {
            exclude_newer: self.asked.exclude_newer,
            ..self.index.clone()
        }
    }
}
