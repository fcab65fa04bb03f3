//! What a person has decided: the file of this directory, then the command line, which
//! wins.

use std::path::Path;

use pydeps_core::decision::Decisions;
use pydeps_host::decisions::{self, DecisionError, ReadError};

use crate::failure::Failure;

/// The origin of a decision on the command line.
const OPTION: &str = "--decide";

/// The decisions of this directory and those in `lines`.
pub(super) fn read(lines: &[String]) -> Result<Decisions, Failure> {
    let mut all = decided()?;
    let mut given = Decisions::new();
    for line in lines {
        let (name, decision) = decisions::parse_line(line, OPTION).map_err(wrong)?;
        if given.insert(name.clone(), decision).is_some() {
            let error = anyhow::anyhow!("{OPTION}: `{name}` is decided twice");
            return Err(Failure::input(error).with_hint("take one of them out"));
        }
    }
    all.extend(given);
    Ok(all)
}

/// The decisions of this directory.
pub(crate) fn decided() -> Result<Decisions, Failure> {
    decisions::read(Path::new(".")).map_err(|error| match error {
        ReadError::Io(error) => Failure::input(error),
        ReadError::Wrong(error) => wrong(error),
    })
}

fn wrong(error: DecisionError) -> Failure {
    let help = error.help.clone();
    Failure::input(error).with_hint(help)
}
