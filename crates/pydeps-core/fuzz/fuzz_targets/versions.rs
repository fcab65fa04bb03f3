//! A Debian version beside an upstream version and specifiers: whatever the two are,
//! the relation is right at them.
#![no_main]

use pydeps_core::deb_version::DebVersion;
use libfuzzer_sys::fuzz_target;
use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::relation::{Known, contains, translate};
use pydeps_core::spelling::read_back;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.lines();
    let mut next = || lines.next().unwrap_or_default();
    let (debian, upstream, specifiers) = (next(), next(), next());
    let Ok(debian) = debian.parse::<DebVersion>() else { return };
    _ = read_back(&debian);
    let Ok(upstream) = upstream.parse::<Version>() else { return };
    let Ok(specifiers) = specifiers.parse::<VersionSpecifiers>() else { return };
    let known = Known::archive(upstream.clone(), debian.clone());
    let package = "p3".parse().expect("a name");
    let relations = translate(&package, &specifiers, Some(&known)).relations;
    assert_eq!(relations.satisfied_by(&debian), contains(&specifiers, &upstream));
});
