//! What packages of a suite look like, read from the suite's own tools: the versions of
//! debhelper, dpkg, policy and devscripts that it has. So a suite that comes after this
//! program was written, or a derivative, is met as well.

use jiff::Timestamp;
use pydeps_core::deb_version::is_later;

use crate::facts::ArchiveQueries;

/// The form of a source package for a suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SuiteConventions {
    /// The codename.
    pub codename: String,
    /// debhelper's compat level (debhelper(7)).
    pub compat: u8,
    /// `Standards-Version`: the suite's policy, which its lintian knows.
    pub standards: String,
    /// The day after that policy came out: no changelog entry that names it is older
    /// (lintian: timewarp-standards-version).
    pub not_before: Timestamp,
    /// Whether `Priority: optional` is written; dpkg's default since 1.22.13, which the
    /// suite's lintian has to know.
    pub priority: bool,
    /// Whether `Rules-Requires-Root: no` is written; dpkg's default since 1.22.13.
    pub rules_requires_root: bool,
    /// The format of `debian/watch`: 5 since devscripts 2.25.21 (`Template: Pypi`).
    pub watch: u8,
    /// The files of `/usr/share/common-licenses` that a copyright file may refer to.
    pub common_licences: Vec<String>,
    /// Whether setuptools builds wheels by itself, which it does since 70.1.
    pub wheel_in_setuptools: bool,
}

impl SuiteConventions {
    /// The form that a suite's tools ask for; where they are not known, the older one.
    pub fn of(codename: &str, archive: &dyn ArchiveQueries) -> Self {
        let since = |package: &str, version: &str| {
            archive
                .version(package)
                .is_some_and(|has| at_least(&has, version))
        };
        let (standards, since_day) = standards(archive.version("debian-policy").as_deref());
        Self {
            codename: codename.to_owned(),
            compat: if since("debhelper", "14~") { 14 } else { 13 },
            standards: standards.to_owned(),
            not_before: format!("{since_day}T00:00:00Z").parse().unwrap_or_default(),
            priority: !since("lintian", "2.123"),
            rules_requires_root: !since("dpkg", "1.22.13"),
            watch: if since("devscripts", "2.25.21") { 5 } else { 4 },
            common_licences: common_licences(since("base-files", "13.4")),
            wheel_in_setuptools: since("python3-setuptools", "70.1"),
        }
    }
}

/// Whether a Debian version is this one or a later one.
pub fn at_least(version: &str, bound: &str) -> bool {
    !is_later(bound, version)
}

/// What base-files has had for long; the BSD file is of one holder, and no reference.
const COMMON: [&str; 13] = [
    "Apache-2.0",
    "Artistic",
    "CC0-1.0",
    "GFDL-1.2",
    "GFDL-1.3",
    "GPL-1",
    "GPL-2",
    "GPL-3",
    "LGPL-2",
    "LGPL-2.1",
    "LGPL-3",
    "MPL-1.1",
    "MPL-2.0",
];

/// What came with Debian 13.
const COMMON_SINCE_13: [&str; 9] = [
    "AGPL-3.0",
    "Artistic-2.0",
    "BSL-1.0",
    "CC-BY-3.0",
    "CC-BY-4.0",
    "CC-BY-SA-3.0",
    "CC-BY-SA-4.0",
    "GFDL-1.1",
    "OFL-1.1",
];

fn common_licences(all: bool) -> Vec<String> {
    let new: &[&str] = if all { &COMMON_SINCE_13 } else { &[] };
    COMMON
        .iter()
        .chain(new)
        .map(|name| (*name).to_owned())
        .collect()
}

/// Versions of Debian Policy, and the day after each came out. What a later one asks of a
/// package is not known here.
const POLICIES: [(&str, &str); 6] = [
    ("4.6.2", "2022-12-18"),
    ("4.7.0", "2024-04-08"),
    ("4.7.1", "2025-02-21"),
    ("4.7.2", "2025-02-28"),
    ("4.7.3", "2025-12-24"),
    ("4.7.4", "2026-04-01"),
];

/// The newest policy that is known and that the suite has.
fn standards(policy: Option<&str>) -> (&'static str, &'static str) {
    let policy = policy.unwrap_or("4.6.2");
    let known = POLICIES
        .iter()
        .rev()
        .find(|(version, _)| at_least(policy, version));
    *known.unwrap_or(&POLICIES[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn standards_of_the_suite() {
        assert_eq!(standards(Some("4.7.2.0")).0, "4.7.2");
        assert_eq!(standards(Some("5.0.0.0")).0, "4.7.4");
        assert_eq!(standards(Some("4.1")).0, "4.6.2");
        assert_eq!(standards(None).0, "4.6.2");
    }
}
