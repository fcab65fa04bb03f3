//! What the project needs beside a Rust toolchain, and why.

use std::path::Path;

use crate::command::succeeds;

/// A Debian package, with the reason for it.
pub(crate) struct Need {
    /// The package that has it.
    pub(crate) package: &'static str,
    /// Why it is needed.
    pub(crate) reason: &'static str,
    probe: Probe,
}

/// How to find out whether something is there, however it was installed.
enum Probe {
    /// A command on the search path.
    Command(&'static str),
    /// A file.
    File(&'static str),
    /// A module that the system's Python, or the first one on the path, imports.
    Python(&'static str),
    /// A subcommand of cargo.
    Cargo(&'static str),
}

impl Need {
    const fn new(package: &'static str, probe: Probe, reason: &'static str) -> Self {
        Self {
            package,
            reason,
            probe,
        }
    }

    /// Whether it is there.
    pub(crate) fn is_met(&self) -> bool {
        match self.probe {
            Probe::Command(name) => on_path(name),
            Probe::File(path) => Path::new(path).exists(),
            Probe::Python(module) => imports(module),
            Probe::Cargo(name) => succeeds("cargo", &[name, "--version"]),
        }
    }
}

/// What running the programs and their tests takes.
pub(crate) const NEEDS: &[Need] = &[
    Need::new(
        "apt",
        Probe::File("/usr/lib/apt/apt-helper"),
        "`update` fetches and verifies archive indexes with it",
    ),
    Need::new(
        "ca-certificates",
        Probe::File("/etc/ssl/certs/ca-certificates.crt"),
        "the trust store for the package index",
    ),
    Need::new(
        "debhelper",
        Probe::Command("dh_assistant"),
        "the tests compare the debhelper commands with it",
    ),
    Need::new(
        "debian-archive-keyring",
        Probe::File("/usr/share/keyrings/debian-archive-keyring.gpg"),
        "apt verifies the archives of other suites with it",
    ),
    Need::new(
        "dh-python",
        Probe::File("/usr/share/perl5/Debian/Debhelper/Sequence/python3.pm"),
        "the tests look where the sequence places commands beside dh_python3",
    ),
    Need::new(
        "dpkg-dev",
        Probe::Command("dpkg-source"),
        "builds the packages that tests look into; brings dpkg's Perl modules",
    ),
    Need::new(
        "gcc",
        Probe::Command("cc"),
        "links Rust programs, and compiles the C and assembler in `ring`",
    ),
    Need::new(
        "libc6-dev",
        Probe::File("/usr/include/stdio.h"),
        "the headers that C needs",
    ),
    Need::new(
        "man-db",
        Probe::Command("man"),
        "checks that the manual pages are well formed",
    ),
    Need::new(
        "python3",
        Probe::Command("python3"),
        "runs pip and the test oracle",
    ),
    Need::new(
        "python3-packaging",
        Probe::Python("packaging"),
        "test oracle: the reference for version order and specifiers",
    ),
    Need::new(
        "python3-pip",
        Probe::Python("pip"),
        "knows the address of the default package index, which is written nowhere here",
    ),
    Need::new(
        "strace",
        Probe::Command("strace"),
        "the tests kill commands with it at each change that they make",
    ),
];

/// What `check` asks of the toolchain itself; Debian has it in packages of its own.
pub(crate) const COMPONENTS: &[Need] = &[
    Need::new(
        "rustfmt",
        Probe::Cargo("fmt"),
        "`cargo fmt` checks the layout of the source",
    ),
    Need::new(
        "rust-clippy",
        Probe::Cargo("clippy"),
        "`cargo clippy` enforces the house rules",
    ),
];

/// Whether the search path has a file of that name.
pub(crate) fn on_path(name: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(name).is_file()))
}

fn imports(module: &str) -> bool {
    ["/usr/bin/python3", "python3"]
        .iter()
        .any(|python| succeeds(python, &["-c", &format!("import {module}")]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absent_things_are_noticed() {
        let probes = [
            Probe::Command("no-such-command"),
            Probe::File("/no/such/file"),
            Probe::Python("no_such_module"),
            Probe::Cargo("no-such-subcommand"),
        ];
        for probe in probes {
            assert!(!Need::new("none", probe, "none").is_met());
        }
    }

    #[test]
    fn the_table_is_sorted_and_has_reasons() {
        let names: Vec<_> = NEEDS.iter().map(|need| need.package).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert!(NEEDS.iter().all(|need| !need.reason.is_empty()));
    }
}
