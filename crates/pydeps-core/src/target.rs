//! The Python that requirements are evaluated for: the target suite's, on one of
//! Debian's architectures.

use pep440_rs::{Version, VersionSpecifiers};

use crate::archive::Suite;
use crate::marker::{Environment, Marker};
use crate::name::ExtraName;
use crate::relation::contains;

/// Where a requirement is to be met.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    python: Version,
    own: Environment,
    variants: Vec<Environment>,
}

/// Whether a requirement's marker holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// For the target, and anywhere else a package of this suite may be installed.
    Always,
    /// Not for the target, nor anywhere else.
    Never,
    /// On some architectures, kernels or for some of the suite's Pythons only.
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
            .map(|(_, other)| Environment::new(&python, other));
        let others = suite
            .supported
            .iter()
            .filter(|other| **other != suite.python);
        let pythons = others.map(|other| Environment::new(other, machine));
        Self {
            own: Environment::new(&python, machine),
            variants: machines.chain(pythons).collect(),
            python,
        }
    }

    /// The same for a package that is built for one architecture: markers are judged for
    /// that one, with each of the suite's Pythons.
    #[must_use]
    pub fn on_its_architecture(mut self) -> Self {
        let machine = self.own.machine();
        self.variants.retain(|other| other.machine() == machine);
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
    pub fn applies(&self, marker: &Marker, extras: &[ExtraName]) -> Applies {
        if marker.is_empty() {
            return Applies::Always;
        }
        let here = marker.evaluate(&self.own, extras);
        let is_same = |other: &Environment| marker.evaluate(other, extras) == here;
        match here.filter(|_| self.variants.iter().all(is_same)) {
            Some(true) => Applies::Always,
            Some(false) => Applies::Never,
            None => Applies::Sometimes,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::archive::Provenance;
    use crate::marker::parse;

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
        let marker = parse(marker).unwrap();
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
        check("platform_release >= '6.1'", &[], Applies::Sometimes);
        check(
            "platform_release >= '6.1' and sys_platform == 'darwin'",
            &[],
            Applies::Never,
        );
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
        let applies = |marker| target.applies(&parse(marker).unwrap(), &[]);
        assert_eq!(applies("platform_machine == 'aarch64'"), Applies::Always);
        assert_eq!(applies("platform_machine == 'x86_64'"), Applies::Never);
        assert_eq!(applies("python_version >= '3.14'"), Applies::Sometimes);
    }

    #[test]
    fn architecture_is_translated() {
        let target = Target::new(&suite(&["3.13"]), None).on_its_architecture();
        let marker = parse("platform_machine == 'aarch64'").unwrap();
        assert_eq!(target.applies(&marker, &[]), Applies::Always);
    }
}
