//! A Packages file of a repository.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pydeps_archive::index::parse_packages;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        _ = parse_packages(text);
    }
});
