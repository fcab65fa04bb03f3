//! The Pythons that a suite has.

use std::collections::BTreeSet;

use pep440_rs::Version;

/// By minor version.
#[derive(Clone, Debug)]
pub(crate) struct Pythons {
    /// How the suite is named in messages.
    suite: String,
    /// What `python3` is.
    pub(crate) default: u32,
    /// All for which the suite has modules.
    supported: BTreeSet<u32>,
}

/// Which of them load what is for some Pythons only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The default one.
    Default,
    /// Another one.
    Other,
    /// None.
    Nowhere,
}

impl Pythons {
    /// Those of a suite; `None` where the default one is no version of Python 3.
    pub(crate) fn new(suite: &str, default: &Version, supported: &[Version]) -> Option<Self> {
        let minor = |version: &Version| u32::try_from(*version.release().get(1)?).ok();
        Some(Self {
            suite: suite.to_owned(),
            default: minor(default)?,
            supported: supported.iter().filter_map(minor).collect(),
        })
    }

    /// Which of them load what is for these.
    pub(crate) fn fit(&self, minors: &BTreeSet<u32>) -> Fit {
        match () {
            () if minors.contains(&self.default) => Fit::Default,
            () if !minors.is_disjoint(&self.supported) => Fit::Other,
            () => Fit::Nowhere,
        }
    }

    /// Whether one of them has all that the stable ABI had in a version.
    pub(crate) fn reach(&self, since: u32) -> bool {
        self.supported.last().max(Some(&self.default)) >= Some(&since)
    }

    /// Whether a version is one of them.
    pub(crate) fn has(&self, minor: u32) -> bool {
        minor == self.default || self.supported.contains(&minor)
    }

    /// `bookworm has 3.11`, for messages.
    pub(crate) fn shown(&self) -> String {
        let others = self.supported.iter().filter(|m| **m != self.default);
        let others: String = others.map(|minor| format!(", and 3.{minor}")).collect();
        format!("{} has 3.{}{others}", self.suite, self.default)
    }
}
