//! Decisions: the file, and one line.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = pydeps_host::decisions::parse(text, "x");
    let _ = pydeps_host::decisions::parse_line(text, "x");
});
