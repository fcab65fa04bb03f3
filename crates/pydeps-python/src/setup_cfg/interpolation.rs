//! Values that refer to others, as Python's `configparser` reads them.

use crate::ini::Ini;

/// So deep may values refer to each other, as in Python.
const DEPTH: usize = 10;

/// More references than this in one value are no honest ones.
const REFERENCES: usize = 1000;

/// Nothing longer is put in.
const MAX_VALUE: usize = 64 * 1024;

/// The values of a section by their names.
type Get<'g, 'a> = &'g dyn Fn(&str) -> Option<&'a str>;

/// A value in which `%(key)s` is another value of the section, and `%%` a percent sign.
/// A reference that leads nowhere stays as it is.
pub(super) fn interpolated(ini: &Ini, section: &str, value: &str) -> String {
    put_in(
        &|key| ini.get(section, key),
        value,
        DEPTH,
        &mut REFERENCES.clone(),
    )
}

fn put_in<'a>(get: Get<'_, 'a>, value: &str, depth: usize, budget: &mut usize) -> String {
    let mut done = String::new();
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('%') {
        done += before;
        rest = match reference(get, after) {
            Some((inner, tail)) if depth > 0 && *budget > 0 && done.len() < MAX_VALUE => {
                *budget -= 1;
                done += &put_in(get, inner, depth - 1, budget);
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
fn reference<'a, 't>(get: Get<'_, 'a>, text: &'t str) -> Option<(&'a str, &'t str)> {
    let (key, tail) = text.strip_prefix('(')?.split_once(")s")?;
    let inner = get(key).filter(|inner| inner.len() <= MAX_VALUE)?;
    Some((inner, tail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(value: &str, expect: &str) {
        let ini = Ini::parse("[s]\na = 1\nb = <%(a)s>\nloop = x%(loop)s\n").unwrap();
        assert_eq!(interpolated(&ini, "s", value), expect);
    }

    #[test]
    fn references() {
        check("%(a)s, %(b)s", "1, <1>");
        check("50%% %(c)s %", "50% %(c)s %");
        check("%(loop)s", "xxxxxxxxxx%(loop)s");
    }

    #[test]
    fn no_value_grows_without_end() {
        let ini = Ini::parse("[s]\nwide = %(wide)s%(wide)s%(wide)s\n").unwrap();
        assert!(interpolated(&ini, "s", "%(wide)s").len() < MAX_VALUE);
    }
}
