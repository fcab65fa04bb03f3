//! A page of an index in JSON.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let (Ok(url), Ok(name)) = ("https://index.example/simple/a/".parse(), "a".parse()) {
        let _ = pydeps_index::simple::parse(data, "application/json", &url, &name);
    }
});
