//! `debian/py3dist-overrides`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pydeps_core::overrides::Overrides;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = std::str::from_utf8(data) {
        _ = Overrides::parse(text, "overrides");
    }
});
