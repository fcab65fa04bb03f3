//! Debian versions and dpkg's order of them (Policy 5.6.12, deb-version(7)).

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A version of a Debian package, in dpkg's order: `1.0`, `1.00` and `0:1.0-0` are equal.
#[derive(Clone, Debug)]
pub struct DebVersion {
    /// The epoch, 0 if there is none.
    pub epoch: u32,
    /// The upstream part.
    pub upstream: String,
    /// The revision, if there is one.
    pub revision: Option<String>,
}

/// A text that dpkg does not take for a version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a Debian version")]
pub struct InvalidDebVersion(String);

/// Whether one text is a later version than another. What is no version is older than
/// whatever is one.
pub fn is_later(one: &str, other: &str) -> bool {
    one.parse::<DebVersion>().ok() > other.parse().ok()
}

impl FromStr for DebVersion {
    type Err = InvalidDebVersion;

    /// Any first character will do, as for dpkg, which only warns where it is no digit.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        read(text).ok_or_else(|| InvalidDebVersion(text.to_owned()))
    }
}

fn read(text: &str) -> Option<DebVersion> {
    let (epoch, rest) = match text.split_once(':') {
        Some((epoch, rest)) if !epoch.starts_with('+') => (epoch.parse().ok()?, rest),
        Some(_) => return None,
        None => (0, text),
    };
    let (upstream, revision) = match rest.rsplit_once('-') {
        Some((upstream, revision)) => (upstream, Some(revision)),
        None => (rest, None),
    };
    let is_part = |part: &str, more: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || ".+~".contains(c) || more.contains(c);
        !part.is_empty() && part.chars().all(allowed)
    };
    let good = is_part(upstream, ":-") && revision.is_none_or(|part| is_part(part, ""));
    good.then(|| DebVersion {
        epoch,
        upstream: upstream.to_owned(),
        revision: revision.map(str::to_owned),
    })
}

impl fmt::Display for DebVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.epoch > 0 {
            write!(f, "{}:", self.epoch)?;
        }
        f.write_str(&self.upstream)?;
        match &self.revision {
            Some(revision) => write!(f, "-{revision}"),
            None => Ok(()),
        }
    }
}

impl Ord for DebVersion {
    fn cmp(&self, other: &Self) -> Ordering {
        fn revision(version: &DebVersion) -> &str {
            version.revision.as_deref().unwrap_or_default()
        }
        (self.epoch.cmp(&other.epoch))
            .then_with(|| compare_part(&self.upstream, &other.upstream))
            .then_with(|| compare_part(revision(self), revision(other)))
    }
}

impl PartialOrd for DebVersion {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for DebVersion {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for DebVersion {}

/// Stretches without digits and numbers in turn.
fn compare_part(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while !(a.is_empty() && b.is_empty()) {
        let (letters_a, letters_b) = (cut(&mut a, false), cut(&mut b, false));
        let (number_a, number_b) = (cut(&mut a, true), cut(&mut b, true));
        let order =
            compare_letters(letters_a, letters_b).then_with(|| compare_numbers(number_a, number_b));
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

/// Cuts the digits, or what is before them, off the front.
fn cut<'a>(text: &mut &'a [u8], digits: bool) -> &'a [u8] {
    let end = text.iter().position(|byte| byte.is_ascii_digit() != digits);
    let (front, rest) = text.split_at(end.unwrap_or(text.len()));
    *text = rest;
    front
}

/// `~` before the end, the end before letters, letters before the rest.
fn compare_letters(a: &[u8], b: &[u8]) -> Ordering {
    let weight = |byte: Option<&u8>| match byte {
        Some(b'~') => -1,
        None => 0,
        Some(letter) if letter.is_ascii_alphabetic() => i32::from(*letter),
        Some(other) => i32::from(*other) + 256,
    };
    (0..a.len().max(b.len()))
        .map(|at| weight(a.get(at)).cmp(&weight(b.get(at))))
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

/// Of any length; none at all is 0.
fn compare_numbers(a: &[u8], b: &[u8]) -> Ordering {
    let zeros = |digits: &[u8]| digits.iter().take_while(|digit| **digit == b'0').count();
    let (a, b) = (&a[zeros(a)..], &b[zeros(b)..]);
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// A version as names of files have it: without its epoch (Policy 5.6.12).
pub fn without_epoch(version: &str) -> &str {
    version.split_once(':').map_or(version, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, order: Ordering, b: &str) {
        let (a, b): (DebVersion, DebVersion) = (a.parse().unwrap(), b.parse().unwrap());
        assert_eq!(a.cmp(&b), order);
        assert_eq!(b.cmp(&a), order.reverse());
    }

    #[test]
    fn as_dpkg_says() {
        use Ordering::{Equal, Less};
        check("1.16.2+ds0-1", Less, "1.16.2+ds-3+b7");
        check("1+ds", Equal, "1+ds0-0");
        check("1.0~rc1-1", Less, "1.0-1");
        check("1.0~~", Less, "1.0~");
        check("1.0a", Less, "1.0+");
        check("1.0.post1", Less, "1.1");
        check("9:1", Less, "10:0");
        check("1.09", Equal, "1.9");
        check(
            "20250101000000000000000001",
            Less,
            "20250101000000000000000002",
        );
        check("1-2", Less, "1-10");
    }

    #[test]
    fn what_dpkg_takes_for_a_version() {
        let check = |text: &str, expect: &str| {
            let read = text.parse::<DebVersion>();
            assert_eq!(
                read.map_or("-".to_owned(), |v| v.to_string()),
                expect,
                "{text}"
            );
        };
        check("2:1.0-1-2", "2:1.0-1-2");
        check("0:1.0", "1.0");
        check("1:2:3-4", "1:2:3-4");
        for wrong in [
            "",
            "-1",
            "1-",
            ":1",
            "a:1",
            "1:",
            "1.0-1:2",
            "1 2",
            "1_0",
            "9999999999:1",
        ] {
            check(wrong, "-");
        }
    }

    #[test]
    fn what_is_no_version_is_older() {
        assert!(is_later("1.10", "1.9"));
        assert!(!is_later("1.0", "1.0-0"));
        assert!(is_later("1", "none at all"));
        assert!(!is_later("none at all", "1"));
        assert!(!is_later("no version", "none at all"));
    }
}
