//! Locks.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pydeps_python::lockfile::{self, Kind};

fuzz_target!(|text: &str| {
    let _ = lock::parse(text, Kind::Uv, "x");
    let _ = lock::parse(text, Kind::Pylock, "x");
});
