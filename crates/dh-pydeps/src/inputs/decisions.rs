//! What a person has decided: the file of this directory, then the command line, which
//! wins.

use pydeps_core::decision::Decisions;
use pydeps_host::decisions;

use crate::failure::Failure;
use crate::session;

/// The origin of a decision on the command line.
const OPTION: &str = "--decide";

/// The decisions of this directory and those in `lines`.
pub(super) fn read(lines: &[String]) -> Result<Decisions, Failure> {
    let mut all = session::decided()?;
    let mut given = Decisions::new();
    for line in lines {
        let (name, decision) = decisions::parse_line(line, OPTION)?;
        if given.insert(name.clone(), decision).is_some() {
            let error = anyhow::anyhow!("{OPTION}: `{name}` is decided twice");
            return Err(Failure::input(error).with_hint("take one of them out"));
        }
    }
    all.extend(given);
    Ok(all)
}
