//! A Contents file of a repository.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pydeps_archive::index::Contents;

fuzz_target!(|data: &[u8]| {
    _ = Contents::default().read(&mut &data[..]);
});
