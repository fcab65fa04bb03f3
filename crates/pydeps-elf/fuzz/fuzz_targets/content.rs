//! Any bytes are something: headers, sections and dynamic entries never panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = pydeps_elf::content::inspect(bytes);
});
