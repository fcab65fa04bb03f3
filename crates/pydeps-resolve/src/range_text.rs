//! Ranges of versions as text.

use std::ops::Bound;

use pep440_rs::Version;
use version_ranges::Ranges;

/// A range with more intervals than this is written with its two ends alone.
const MAX_INTERVALS: usize = 3;

/// The one release in a range, or the first and the last of several. `None` if the range is
/// full or has no known release.
pub(crate) fn releases(range: &Ranges<Version>, known: &[&Version]) -> Option<String> {
    let inside: Vec<&&Version> = known
        .iter()
        .filter(|version| range.contains(**version))
        .collect();
    match inside.as_slice() {
        _ if *range == Ranges::full() => None,
        [] => None,
        [only] => Some(only.to_string()),
        [first, .., last] => Some(format!("{first} to {last}")),
    }
}

/// The range as a specifier; empty for all versions.
pub(crate) fn specifiers(range: &Ranges<Version>) -> String {
    if range.is_empty() {
        return "in a version that cannot exist".to_owned();
    }
    let parts: Vec<String> = range
        .iter()
        .map(|(low, high)| interval(low, high))
        .collect();
    if parts.len() > MAX_INTERVALS {
        return format!("{} with gaps", hull(range));
    }
    parts.join(" or ")
}

/// The two ends of a range.
fn hull(range: &Ranges<Version>) -> String {
    match range.bounding_range() {
        Some((low, high)) => interval(&low.cloned(), &high.cloned()),
        None => "in no version".to_owned(),
    }
}

fn interval(low: &Bound<Version>, high: &Bound<Version>) -> String {
    if let (Bound::Included(low), Bound::Included(high)) = (low, high) {
        if low == high {
            return format!("=={low}");
        }
    }
    let low = match low {
        Bound::Unbounded => None,
        Bound::Included(version) => Some(format!(">={}", specifier_version(version))),
        Bound::Excluded(version) => Some(format!(">{}", specifier_version(version))),
    };
    let high = match high {
        Bound::Unbounded => None,
        Bound::Included(version) => Some(format!("<={}", specifier_version(version))),
        Bound::Excluded(version) => Some(format!("<{}", specifier_version(version))),
    };
    low.into_iter().chain(high).collect::<Vec<_>>().join(",")
}

/// The version of a specifier that the bound stands for.
fn specifier_version(version: &Version) -> Version {
    match (version.min(), version.max(), version.dev()) {
        (Some(_), _, _) => version.clone().with_min(None),
        (_, Some(_), _) => version.clone().with_max(None),
        (_, _, Some(0)) => version.clone().with_dev(None),
        _ => version.clone(),
    }
}

#[cfg(test)]
mod tests {
    use pep440_rs::VersionSpecifiers;
    use pydeps_core::relation::ranges;

    use super::*;

    #[track_caller]
    fn check(specifiers_text: &str, expect: &str, expect_releases: Option<&str>) {
        let range = ranges(&specifiers_text.parse::<VersionSpecifiers>().unwrap());
        let known: Vec<Version> = ["1.0", "1.1", "1.2", "2.0"]
            .map(|v| v.parse().unwrap())
            .into();
        let known: Vec<&Version> = known.iter().collect();
        assert_eq!(specifiers(&range), expect);
        assert_eq!(releases(&range, &known).as_deref(), expect_releases);
    }

    #[test]
    fn as_people_write_them() {
        check("", "", None);
        check(">=1.1", ">=1.1", Some("1.1 to 2.0"));
        check("<2", "<2", Some("1.0 to 1.2"));
        check("==1.1", "==1.1", Some("1.1"));
        check("~=1.1", ">=1.1,<2", Some("1.1 to 1.2"));
        check(">1.2", ">1.2", Some("2.0"));
        check("!=1.1", "<1.1 or >1.1", Some("1.0 to 2.0"));
        check("!=1,!=2,!=3,!=4,<9", "<9 with gaps", Some("1.1 to 1.2"));
        check("==7", "==7", None);
        check(">2,<1", "in a version that cannot exist", None);
    }
}
