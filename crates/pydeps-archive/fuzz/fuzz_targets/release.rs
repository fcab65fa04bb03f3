//! A Release file of a repository.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pydeps_archive::index::Release;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        _ = Release::parse(text);
    }
});
