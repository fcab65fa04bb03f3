//! A relation field of a control file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pydeps_core::clause::parse;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        for clause in parse(text).flatten() {
            _ = clause.reduced("amd64", &["nocheck"]);
        }
    }
});
