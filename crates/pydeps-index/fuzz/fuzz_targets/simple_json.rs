//! A page of an index in JSON.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let (Ok(url), Ok(name)) = ("https://index.example/simple/a/".parse(), "a".parse()) {
        let project = pydeps_index::simple::parse(data, "application/json", &url, &name);
        let releases = project.iter().flat_map(|project| project.releases.values());
        assert!(releases.flatten().all(|file| file.details().is_some()));
    }
});
