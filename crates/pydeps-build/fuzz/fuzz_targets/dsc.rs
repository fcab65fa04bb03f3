//! A source package's `.dsc` file.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pydeps_build::parse;

fuzz_target!(|data: &[u8]| {
    _ = parse(&String::from_utf8_lossy(data));
});
