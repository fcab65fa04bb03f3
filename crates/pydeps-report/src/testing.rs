//! Values for tests.

use pydeps_core::outcome::{Distribution, Requirer, Resolution, Verdict};
use pydeps_core::source::Source;

/// A distribution that these require, whatever its version.
pub(crate) fn distribution(name: &str, verdict: Verdict, required_by: &[&str]) -> Distribution {
    let requirer = |by: &&str| Requirer {
        name: (*by).to_owned(),
        requirement: name.to_owned(),
        met: true,
        constraint: false,
    };
    Distribution {
        name: name.parse().unwrap(),
        version: None,
        verdict,
        action: None,
        origin: Source::Index,
        package: None,
        package_version: None,
        unstable: None,
        required_by: required_by.iter().map(requirer).collect(),
        evidence: None,
        newest: None,
        stepped_back: Vec::new(),
        saves: None,
        because: Vec::new(),
        licence: None,
        freedom: None,
    }
}

/// A resolution of these alone.
pub(crate) fn resolution(distributions: impl Into<Vec<Distribution>>) -> Resolution {
    Resolution {
        roots: Vec::new(),
        distributions: distributions.into(),
        build_order: Vec::new(),
        conflict: Vec::new(),
        minimality: None,
        choices: Vec::new(),
        findings: Vec::new(),
    }
}
