//! Values that refer to others, as Python's `configparser` reads them.

use ini::Properties;

/// So deep may values refer to each other, as in Python.
const DEPTH: usize = 10;

/// More references than this in one value are no honest ones.
const REFERENCES: usize = 1000;

/// Nothing longer is put in.
const MAX_VALUE: usize = 64 * 1024;

/// A value in which `%(key)s` is another value of the section, and `%%` a percent sign.
/// A reference that leads nowhere stays as it is.
pub(super) fn interpolated(section: &Properties, value: &str) -> String {
    put_in(section, value, DEPTH, &mut REFERENCES.clone())
}

fn put_in(section: &Properties, value: &str, depth: usize, budget: &mut usize) -> String {
    let mut done = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('%') {
        done += before;
        rest = match reference(section, after) {
            Some((inner, tail)) if depth > 0 && *budget > 0 && done.len() < MAX_VALUE => {
                *budget -= 1;
                done += &put_in(section, inner, depth - 1, budget);
                tail
            }
            _ => {
                done.push('%');
                after.strip_prefix('%').unwrap_or(after)
            }
        };
    }
    done + rest
}

/// The value that `(key)s` stands for, and what follows.
fn reference<'a>(section: &'a Properties, text: &'a str) -> Option<(&'a str, &'a str)> {
    let (key, tail) = text.strip_prefix('(')?.split_once(")s")?;
    let inner = section.get(key).filter(|inner| inner.len() <= MAX_VALUE)?;
    Some((inner, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(values: &[(&str, &str)]) -> Properties {
        let mut section = Properties::new();
        for (key, value) in values {
            section.insert(*key, *value);
        }
        section
    }

    #[track_caller]
    fn check(value: &str, expect: &str) {
        let section = section(&[("a", "1"), ("b", "<%(a)s>"), ("loop", "x%(loop)s")]);
        assert_eq!(interpolated(&section, value), expect);
    }

    #[test]
    fn references() {
        check("%(a)s, %(b)s", "1, <1>");
        check("50%% %(c)s %", "50% %(c)s %");
        check("%(loop)s", "xxxxxxxxxx%(loop)s");
    }

    #[test]
    fn no_value_grows_without_end() {
        let section = section(&[("wide", "%(wide)s%(wide)s%(wide)s")]);
        assert!(interpolated(&section, "%(wide)s").len() < MAX_VALUE);
    }
}
