//! Talk to the person at the terminal; standard output is left to the tools.

use std::io::Write;

/// One line on standard error. A closed terminal is no reason to stop.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}
