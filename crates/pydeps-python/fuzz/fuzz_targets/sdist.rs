//! Source archives.

#![no_main]

use std::io::Cursor;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    for filename in ["a-1.tar", "a-1.tar.gz", "a-1.tar.bz2", "a-1.tar.xz", "a-1.zip"] {
        let _ = pydeps_python::sdist::read(Cursor::new(data), filename, "x");
    }
});
