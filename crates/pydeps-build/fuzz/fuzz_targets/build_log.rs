//! A log of a build.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pydeps_build::{problems, tags};

fuzz_target!(|data: &[u8]| {
    let log = String::from_utf8_lossy(data);
    _ = problems(&log);
    _ = tags(&log);
});
