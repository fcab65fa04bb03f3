//! A page of an index in HTML.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let (Ok(url), Ok(name)) = ("https://index.example/simple/a/".parse(), "a".parse()) {
        let _ = pydeps_index::simple::parse(data, "text/html", &url, &name);
        let project = pydeps_index::simple::parse_links(data, &url, &name);
        let releases = project.iter().flat_map(|project| project.releases.values());
        assert!(releases.flatten().all(|file| file.details().is_some()));
    }
});
