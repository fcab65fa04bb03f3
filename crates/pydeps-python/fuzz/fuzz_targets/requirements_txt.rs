//! pip's requirements files.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = pydeps_python::requirements_txt::parse(text, "x");
});
