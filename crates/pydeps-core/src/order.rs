//! dpkg's order of versions (Policy 5.6.12).
//!
//! Not `debversion`'s: 0.5.5 puts `1+ds` before `1+ds0`, where dpkg takes a missing
//! number for 0 and goes on to the revisions.

use std::cmp::Ordering;

use debversion::Version as DebVersion;

/// Compares as `dpkg --compare-versions` does.
pub fn compare(a: &DebVersion, b: &DebVersion) -> Ordering {
    let epoch = |version: &DebVersion| version.epoch.unwrap_or(0);
    let revision = |version: &DebVersion| version.debian_revision.clone().unwrap_or_default();
    epoch(a)
        .cmp(&epoch(b))
        .then_with(|| compare_part(&a.upstream_version, &b.upstream_version))
        .then_with(|| compare_part(&revision(a), &revision(b)))
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(a: &str, order: Ordering, b: &str) {
        let (a, b) = (a.parse().unwrap(), b.parse().unwrap());
        assert_eq!(compare(&a, &b), order);
        assert_eq!(compare(&b, &a), order.reverse());
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
}
