//! Core metadata, `requires.txt`, `pyproject.toml`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pydeps_core::upstream::MetadataSource;

fuzz_target!(|data: &[u8]| {
    let _ = pydeps_python::metadata::parse(data, MetadataSource::Wheel, "x");
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = pydeps_python::sdist::parse_requires_txt(text, "x");
        let _ = pydeps_python::project_file::parse(text, "x");
        let _ = pydeps_core::requirement::parse(text, "x");
    }
});
