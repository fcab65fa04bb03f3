//! The Debian suite that all inputs are tried on, whose index the program itself makes, once.

use std::path::Path;
use std::process::Command;

use jiff::Timestamp;
use pydeps_testkit::Repository;

/// Its name.
pub const SUITE: &str = "hazel";

/// What it has: some distributions, and what generated packages build with.
pub const TEXT: &str = "\
suite hazel
python 3.13.5-1
dist six 1.17.0
dist click 8.2.0 python3-click 8.2.0-1
dist setuptools 78.1.1 python3-setuptools 78.1.1-0.1
dist pytest 8.3.5
package debhelper 13.24.2
package debian-policy 4.7.2.0
package dpkg 1.22.21
package lintian 2.122.0
package base-files 13.8
package pybuild-plugin-pyproject 6.20250414
package python3-all 3.13.5-1
";

/// apt's whole configuration: nothing of this machine.
pub const APT: &str = "Dir::Etc::main \"/dev/null\";\nDir::Etc::parts \"/dev/null\";\n\
    Dir::Etc::sourcelist \"/dev/null\";\nDir::Etc::sourceparts \"/dev/null\";\n\
    Dir::State::status \"/dev/null\";\nAcquire::Retries \"0\";\n";

/// Makes the index file with the program `dh_pydeps`.
///
/// # Panics
/// If that fails: nothing can be tried then.
pub fn index(dh_pydeps: &Path) -> Vec<u8> {
    let scratch = tempfile::tempdir().expect("a temporary directory");
    let top = scratch.path();
    let repository = Repository::parse(TEXT).expect("the text above");
    repository.write(&top.join("debian"), Timestamp::now());
    fs_err::write(top.join("apt.conf"), APT).expect("a temporary directory");
    let output = Command::new(dh_pydeps)
        .args(["update", "--architecture", "amd64", "--suite", SUITE])
        .arg("--mirror")
        .arg(format!("file://{}", top.join("debian").display()))
        .arg("--trusted")
        .env("XDG_CACHE_HOME", top.join("cache"))
        .env("APT_CONFIG", top.join("apt.conf"))
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "no index of {SUITE}: {said}");
    let file = top.join(format!("cache/dh-pydeps/archive/{SUITE}-amd64.idx"));
    fs_err::read(file).expect("the index")
}
