//! Core metadata, `requires.txt`, `pyproject.toml`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pydeps_core::upstream::MetadataSource;

fuzz_target!(|data: &[u8]| {
    let _ = pydeps_index::metadata::parse(data, MetadataSource::Wheel, "x");
    if let Ok(text) = std::str::from_utf8(data) {
        let _ = pydeps_index::sdist::parse_requires_txt(text, "x");
        let _ = pydeps_index::project_file::parse(text, "x");
        let _ = pydeps_index::requirement::parse(text, "x");
    }
});
