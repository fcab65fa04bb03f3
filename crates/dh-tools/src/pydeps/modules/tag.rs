//! What the name of an extension module says (PEP 3149).

/// The tag in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Tag<'a> {
    /// The whole part of the name, as in `cpython-313-x86_64-linux-gnu`.
    pub(crate) part: &'a str,
    /// The minor version.
    pub(crate) minor: u32,
    /// What follows it: `t` of a free-threaded build, `d` of one for debugging, `m` of old ones.
    flags: &'a str,
}

impl<'a> Tag<'a> {
    /// The tag in a file's name.
    pub(crate) fn of(name: &'a str) -> Option<Self> {
        let parts = name.strip_suffix(".so")?.split('.').skip(1);
        let tagged = |part: &'a str| Some((part, part.strip_prefix("cpython-3")?));
        let (part, rest) = parts.filter_map(tagged).next()?;
        let version = rest.split('-').next().unwrap_or(rest);
        Some(Self {
            part,
            minor: number(version)?,
            flags: version.trim_start_matches(|c: char| c.is_ascii_digit()),
        })
    }

    /// Whether `python3` may load it, which is neither free-threaded nor a debug build.
    pub(crate) fn is_plain(&self) -> bool {
        !self.flags.contains(['t', 'd'])
    }

    /// The Python as people write it.
    pub(crate) fn python(&self) -> String {
        let flags = self.flags.trim_matches(['m', 'u']);
        format!("3.{}{flags}", self.minor)
    }
}

/// The number that a text begins with, as in `13`, `7m-x86_64-linux-gnu`.
pub(crate) fn number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let number = text[..end.unwrap_or(text.len())].parse().ok()?;
    // Nobody has more, and what is added to it has to fit.
    (number < 1000).then_some(number)
}

/// The Python whose library has this name.
pub(crate) fn of_library(name: &str) -> Option<u32> {
    let (minor, rest) = name.strip_prefix("libpython3.")?.split_once(".so")?;
    let is_version = rest.chars().all(|c| c.is_ascii_digit() || c == '.');
    is_version.then(|| number(minor)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expect: Option<(&str, bool)>) {
        let found = Tag::of(name).map(|tag| (tag.python(), tag.is_plain()));
        let found = found
            .as_ref()
            .map(|(python, plain)| (python.as_str(), *plain));
        assert_eq!(found, expect);
    }

    #[test]
    fn tags() {
        check("m.cpython-313-x86_64-linux-gnu.so", Some(("3.13", true)));
        check("m.cpython-37m-i386-linux-gnu.so", Some(("3.7", true)));
        check("m.cpython-313t-x86_64-linux-gnu.so", Some(("3.13t", false)));
        check("m.cpython-311d-x86_64-linux-gnu.so", Some(("3.11d", false)));
        check("m.cpython-311.so", Some(("3.11", true)));
        for none in [
            "m.so",
            "m.abi3.so",
            "m.cpython-3.so",
            "m.cpython-399999999999.so",
            "m.cpython-313.pyc",
            "cpython-313.so",
            "m.pypy310-pp73-x86_64-linux-gnu.so",
        ] {
            check(none, None);
        }
    }

    #[test]
    fn libraries() {
        assert_eq!(of_library("libpython3.13.so.1.0"), Some(13));
        assert_eq!(of_library("libpython3.11.so"), Some(11));
        assert_eq!(of_library("libpython3.13.so.1.0-gdb.py"), None);
        assert_eq!(of_library("libpython3.so"), None);
    }
}
