//! WHEEL and RECORD come from wheels: whatever they say, there is an answer.
#![no_main]

use pydeps_elf::distribution::Distribution;

libfuzzer_sys::fuzz_target!(|files: (&[u8], &[u8])| {
    let (wheel, record) = files;
    let (read, _) = Distribution::read("lib/x-1.dist-info", Some(wheel), Some(record));
    let _ = (read.made(), read.platform());
});
