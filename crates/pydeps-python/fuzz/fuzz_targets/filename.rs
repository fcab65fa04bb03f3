//! Names of files.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|name: &str| {
    if let Ok(project) = "a".parse() {
        let _ = pydeps_python::filename::parse(name, &project);
        let _ = pydeps_python::filename::split(name);
    }
});
