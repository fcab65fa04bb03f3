//! A page of an index in HTML.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let (Ok(url), Ok(name)) = ("https://index.example/simple/a/".parse(), "a".parse()) {
        let _ = pydeps_index::simple::parse(data, "text/html", &url, &name);
        let _ = pydeps_index::simple::parse_links(data, &url, &name);
    }
});
