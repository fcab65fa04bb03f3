//! The suite and the architecture that hold where none is given.

use pydeps_core::name::{ArchName, SuiteName};

use crate::failure::Failure;
use crate::machine;
use crate::session::Session;

/// The suite that was asked for, that of this directory's lock, or the machine's.
pub(crate) fn suite(asked: Option<&SuiteName>) -> Result<SuiteName, Failure> {
    if let Some(asked) = asked {
        return Ok(asked.clone());
    }
    let found = match Session::open()?.lock {
        Some(lock) => Some(lock.suite),
        None => machine::suite_variable()?,
    };
    let own = || machine::installed().codename();
    found.or_else(own).ok_or_else(|| {
        let error = anyhow::anyhow!("this machine does not say which suite of Debian it is");
        Failure::input(error).with_hint("name one: --suite trixie")
    })
}

/// The architecture that was asked for, or dpkg's.
pub(crate) fn architecture(asked: Option<&ArchName>) -> Result<ArchName, Failure> {
    match asked {
        Some(asked) => machine::known_architecture(asked),
        None => machine::architecture(),
    }
}
