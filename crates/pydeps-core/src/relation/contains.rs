//! Whether a version is in specifiers, as PEP 440 defines it.
//!
//! `VersionSpecifiers::contains` of pep440_rs 0.7.3 differs in two places, which
//! Python's `packaging` has shown.

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};

/// Whether a version is in all specifiers. Pre-releases count like other versions.
pub fn contains(specifiers: &VersionSpecifiers, version: &Version) -> bool {
    specifiers
        .iter()
        .all(|specifier| match specifier.operator() {
            Operator::LessThan => below(specifier.version(), version),
            operator if operator.is_star() => prefixed(specifier, version),
            _ => specifier.contains(version),
        })
}

/// `<2` keeps the pre-releases of 2 out, `<2rc1` does not; pep440_rs takes them out
/// of both.
fn below(bound: &Version, version: &Version) -> bool {
    let own_candidate = version.any_prerelease()
        && !bound.any_prerelease()
        && version.epoch() == bound.epoch()
        && version.only_release() == bound.only_release();
    version < bound && !own_candidate
}

/// A version with fewer release segments than the prefix (`==1.2.*`) is padded with
/// zeros, which pep440_rs leaves out.
fn prefixed(specifier: &VersionSpecifier, version: &Version) -> bool {
    let own = version.release();
    let length = specifier.version().release().len().max(own.len());
    let padded = own.iter().copied().chain(std::iter::repeat(0));
    let release: Vec<u64> = padded.take(length).collect();
    specifier.contains(&version.clone().with_release(release))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(specifiers: &str, version: &str, expect: bool) {
        let contained = contains(&specifiers.parse().unwrap(), &version.parse().unwrap());
        assert_eq!(contained, expect, "{version} in {specifiers}");
    }

    #[test]
    fn candidates_below_a_candidate() {
        check("<1.5.0rc1", "1.5.0a1", true);
        check("<2.2rc1", "2.2.0.dev0", true);
        check("<2.2rc1", "2.2rc1", false);
        check("<2.2rc1", "2.2", false);
        check("<2.2", "2.2.0rc1", false);
        check("<2.2", "2.2.0.dev0", false);
        check("<2.2", "2.1.9rc1", true);
        check("<1!2.2", "2.2rc1", true);
        check("<2.2", "2.2+local", false);
        check("<2.2", "2.1+local", true);
    }

    #[test]
    fn prefixes_longer_than_the_version() {
        check("==1.2.*", "1", false);
        check("==1.0.*", "1", true);
        check("==1!3.1.0.0.*", "1!3.1.0", true);
        check("!=1.0.*", "1", false);
    }
}
