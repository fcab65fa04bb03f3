//! `e2e debhelper`: our rules, the add-on and whole builds against the debhelper of each
//! suite, at every compat level that is stable there.

use anyhow::{Result, bail};

use crate::command::{cargo, shell, status};
use crate::say;
use crate::workshop::Workshop;

const SUITES: &[&str] = &["bookworm", "trixie", "sid"];

/// What a build of the example needs, beside what builds anything.
const PACKAGES: &[&str] = &[
    "build-essential",
    "debhelper",
    "dh-python",
    "dwz",
    "pybuild-plugin-pyproject",
    "python3-all",
    "python3-requests",
    "python3-setuptools",
];

const TEST: &[&str] = &[
    "test",
    "--quiet",
    "--locked",
    "--package",
    "dh-tools",
    "--test",
    "debhelper",
];

/// Asks every suite; fails at the end if one of them does not agree.
pub(super) fn run(apt_options: &[String]) -> Result<()> {
    let workshop = Workshop::open(apt_options)?;
    let sh = shell()?;
    let mut bad = Vec::new();
    for suite in SUITES {
        workshop.fetch(&sh, suite)?;
        let root = workshop.prepared(&sh, suite, "debhelper", PACKAGES)?;
        say::line(&format!("asking debhelper of {suite}"));
        if status(cargo(&sh, TEST).env("DEBHELPER_ROOT", &root))? != Some(0) {
            bad.push(*suite);
        }
    }
    match bad.is_empty() {
        true => Ok(()),
        false => bail!("not as debhelper has it: {}", bad.join(", ")),
    }
}
