//! The Python that requirements are evaluated for: the target suite's, on one of
//! Debian's architectures.

use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder, MarkerTree};

use crate::archive::Suite;
use crate::name::ExtraName;
use crate::relation::contains;

/// Where a requirement is to be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    python: Version,
    own: MarkerEnvironment,
    variants: Vec<MarkerEnvironment>,
}

/// Whether a requirement's marker holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// For the target, and anywhere else a package of this suite may be installed.
    Always,
    /// Not for the target, nor anywhere else.
    Never,
    /// On some architectures or for some of the suite's Pythons only.
    Sometimes,
}

/// What `platform.machine()` says on each Debian architecture.
const MACHINES: [(&str, &str); 11] = [
    ("amd64", "x86_64"),
    ("arm64", "aarch64"),
    ("armel", "armv5tel"),
    ("armhf", "armv7l"),
    ("i386", "i686"),
    ("loong64", "loongarch64"),
    ("mips64el", "mips64"),
    ("ppc64el", "ppc64le"),
    ("riscv64", "riscv64"),
    ("s390x", "s390x"),
    ("sparc64", "sparc64"),
];

impl Target {
    /// The default Python of a suite. `python` is its full version if that is
    /// known, as markers may ask for `python_full_version`.
    pub fn new(suite: &Suite, python: Option<Version>) -> Self {
        let own = |&&(debian, _): &&(&str, &str)| suite.architecture == debian;
        let machine = MACHINES.iter().find(own).map_or("x86_64", |found| found.1);
        let python = python.unwrap_or_else(|| suite.python.clone());
        let machines = MACHINES
            .iter()
            .map(|(_, other)| environment(&python, other));
        let others = suite
            .supported
            .iter()
            .filter(|other| **other != suite.python);
        let pythons = others.map(|other| environment(other, machine));
        Self {
            own: environment(&python, machine),
            variants: machines.chain(pythons).collect(),
            python,
        }
    }

    /// The same for a package that is built for one architecture: markers are judged for
    /// that one, with each of the suite's Pythons.
    #[must_use]
    pub fn on_its_architecture(mut self) -> Self {
        let machine = self.own.platform_machine().to_owned();
        self.variants
            .retain(|other| other.platform_machine() == machine);
        self
    }

    /// The default Python, with as many segments as are known.
    pub fn python(&self) -> &Version {
        &self.python
    }

    /// Whether `Requires-Python` admits the default Python.
    pub fn admits(&self, requires_python: Option<&VersionSpecifiers>) -> bool {
        requires_python.is_none_or(|specifiers| contains(specifiers, &self.python))
    }

    /// Whether a marker holds with the given extras.
    pub fn applies(&self, marker: &MarkerTree, extras: &[ExtraName]) -> Applies {
        if marker.is_true() {
            return Applies::Always;
        }
        let here = self.evaluate(marker, extras);
        let same = self
            .variants
            .iter()
            .all(|env| marker.evaluate(env, extras) == here);
        match (here, same) {
            (true, true) => Applies::Always,
            (false, true) => Applies::Never,
            (_, false) => Applies::Sometimes,
        }
    }

    /// Whether a marker holds for the target itself.
    pub fn evaluate(&self, marker: &MarkerTree, extras: &[ExtraName]) -> bool {
        marker.evaluate(&self.own, extras)
    }
}

fn environment(python: &Version, machine: &str) -> MarkerEnvironment {
    let numbers = python.release().iter().copied().chain(std::iter::repeat(0));
    let full: Vec<String> = numbers.take(3).map(|n| n.to_string()).collect();
    let (full, short) = (full.join("."), full[..2].join("."));
    MarkerEnvironment::try_from(MarkerEnvironmentBuilder {
        implementation_name: "cpython",
        implementation_version: &full,
        os_name: "posix",
        platform_machine: machine,
        platform_python_implementation: "CPython",
        platform_release: "",
        platform_system: "Linux",
        platform_version: "",
        python_full_version: &full,
        python_version: &short,
        sys_platform: "linux",
    })
    .expect("three numbers are a version")
}

#[cfg(test)]
mod tests {
    use std::str::FromStr as _;

    use jiff::Timestamp;

    use super::*;
    use crate::archive::Provenance;

    fn suite(pythons: &[&str]) -> Suite {
        let supported: Vec<Version> = pythons.iter().map(|v| v.parse().unwrap()).collect();
        Suite {
            codename: "sid".parse().unwrap(),
            alias: None,
            architecture: "arm64".parse().unwrap(),
            python: supported[0].clone(),
            supported,
            date: Timestamp::UNIX_EPOCH,
            provenance: Provenance::Memory,
        }
    }

    #[track_caller]
    fn check(marker: &str, extras: &[&str], expect: Applies) {
        let target = Target::new(&suite(&["3.13", "3.14"]), Some("3.13.5".parse().unwrap()));
        let extras: Vec<ExtraName> = extras.iter().map(|e| e.parse().unwrap()).collect();
        let marker = MarkerTree::from_str(marker).unwrap();
        assert_eq!(target.applies(&marker, &extras), expect);
    }

    #[test]
    fn markers() {
        check("python_version >= '3.8'", &[], Applies::Always);
        check("python_version < '3.8'", &[], Applies::Never);
        check("python_version >= '3.14'", &[], Applies::Sometimes);
        check("python_full_version < '3.13.5'", &[], Applies::Never);
        check("sys_platform == 'win32'", &[], Applies::Never);
        check(
            "sys_platform != 'win32' and os_name == 'posix'",
            &[],
            Applies::Always,
        );
        check("platform_machine == 'aarch64'", &[], Applies::Sometimes);
        check("implementation_name == 'pypy'", &[], Applies::Never);
        check("extra == 'x'", &[], Applies::Never);
        check(
            "extra == 'x' and python_version > '3'",
            &["x"],
            Applies::Always,
        );
    }

    #[test]
    fn one_architecture() {
        let target = Target::new(&suite(&["3.13", "3.14"]), None).on_its_architecture();
        let applies = |marker| target.applies(&MarkerTree::from_str(marker).unwrap(), &[]);
        assert_eq!(applies("platform_machine == 'aarch64'"), Applies::Always);
        assert_eq!(applies("platform_machine == 'x86_64'"), Applies::Never);
        assert_eq!(applies("python_version >= '3.14'"), Applies::Sometimes);
    }

    #[test]
    fn architecture_is_translated() {
        let target = Target::new(&suite(&["3.13"]), None);
        let marker = MarkerTree::from_str("platform_machine == 'aarch64'").unwrap();
        assert!(target.evaluate(&marker, &[]));
    }
}
