#![no_main]
//! The first byte chooses the kind of archive; whatever it holds, nothing is written beside
//! the destination, and nothing is left after an error.

use libfuzzer_sys::fuzz_target;
use pydeps_index::unpack::{Limits, unpack_within};

fuzz_target!(|bytes: &[u8]| {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let names = ["a.tar", "a.zip", "a.tar.gz", "a.tar.xz"];
    let name = names[usize::from(*kind) % names.len()];
    let scratch = tempfile::tempdir().unwrap();
    let sdist = scratch.path().join(name);
    std::fs::write(&sdist, bytes).unwrap();
    let area = scratch.path().join("area");
    std::fs::create_dir(&area).unwrap();
    let limits = Limits {
        bytes: 1 << 20,
        small: 1 << 20,
        members: 100,
        ..Limits::default()
    };
    let result = unpack_within(&sdist, &area.join("dest"), &limits);
    let left = std::fs::read_dir(&area).unwrap().count();
    assert_eq!(left, usize::from(result.is_ok()), "{result:?}");
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 2);
    let real = area.join("dest").canonicalize();
    for member in result.into_iter().flat_map(|unpacked| unpacked.files) {
        if let Ok(path) = area.join("dest").join(&member.path).canonicalize() {
            assert!(path.starts_with(real.as_ref().unwrap()), "{member:?}");
        }
    }
});
