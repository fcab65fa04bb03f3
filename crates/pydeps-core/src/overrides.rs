//! `debian/py3dist-overrides`, in dh-python's format.
//!
//! A line is `DISTRIBUTION [PYTHONS] [DEPENDENCY] [; [PEP386|PEP440] [RULES]]`
//! (dh_python3(1), pydist files): for these Python versions the distribution is
//! satisfied by this Debian dependency; without one, the requirement is ignored.

use pep440_rs::Version;

use crate::finding::Finding;
use crate::name::{DebName, DistName};

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The distribution.
    pub distribution: DistName,
    /// The Python versions it is for, inclusive.
    pub pythons: PythonRange,
    /// The dependency as written; `None` drops the requirement.
    pub dependency: Option<String>,
    /// Counted from 1.
    pub line: usize,
}

/// `3.9-3.11`, `3.9-`, `-3.11` or `3.9`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PythonRange {
    lowest: Option<Version>,
    highest: Option<Version>,
}

impl PythonRange {
    /// Whether it includes a Python, of which the first two segments count.
    pub fn contains(&self, python: &Version) -> bool {
        let release = python.release();
        let python = Version::new(&release[..release.len().min(2)]);
        let above = |low: &Version| python >= *low;
        let below = |high: &Version| python <= *high;
        self.lowest.as_ref().is_none_or(above) && self.highest.as_ref().is_none_or(below)
    }

    fn parse(text: &str) -> Option<Self> {
        let one = |part: &str| match part {
            "" => Some(None),
            part => part.parse().ok().map(Some),
        };
        let (lowest, highest) = match text.split_once('-') {
            Some((low, high)) => (one(low)?, one(high)?),
            None => (one(text)?, one(text)?),
        };
        Some(Self { lowest, highest })
    }
}

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides(Vec<Override>);

/// A line that is not an override.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: `{text}` is not `DISTRIBUTION [PYTHONS] [DEPENDENCY]`")]
pub struct OverrideError {
    /// The file.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// The line.
    pub text: String,
}

impl Overrides {
    /// Reads a file's text. `file` is for messages.
    pub fn parse(text: &str, file: &str) -> Result<(Self, Vec<Finding>), OverrideError> {
        let mut findings = Vec::new();
        let mut overrides = Vec::new();
        for (at, text) in text.lines().enumerate() {
            let (text, line) = (text.trim(), at + 1);
            if text.is_empty() || text.starts_with('#') {
                continue;
            }
            let parsed = parse_line(text, line).ok_or_else(|| OverrideError {
                file: file.to_owned(),
                line,
                text: text.to_owned(),
            })?;
            findings.extend(rules_finding(text, file, line));
            overrides.push(parsed);
        }
        Ok((Self(overrides), findings))
    }

    /// The first line for a distribution and a Python.
    pub fn get(&self, name: &DistName, python: &Version) -> Option<&Override> {
        self.0
            .iter()
            .find(|line| line.distribution == *name && line.pythons.contains(python))
    }
}

fn parse_line(text: &str, line: usize) -> Option<Override> {
    let text = text.split(';').next().unwrap_or(text).trim();
    let (name, rest) = split_word(text);
    let (word, after) = split_word(rest);
    let is_range = word.starts_with(|c: char| c.is_ascii_digit() || c == '-');
    let (pythons, dependency) = if is_range {
        (PythonRange::parse(word)?, after)
    } else {
        (PythonRange::default(), rest)
    };
    if !dependency.is_empty() {
        first_package(dependency)?;
    }
    Some(Override {
        distribution: name.parse().ok()?,
        pythons,
        dependency: (!dependency.is_empty()).then(|| dependency.to_owned()),
        line,
    })
}

/// The package that a dependency names first.
pub(crate) fn first_package(dependency: &str) -> Option<DebName> {
    let end = dependency.find(|c: char| " ,|(:[<".contains(c));
    dependency[..end.unwrap_or(dependency.len())].parse().ok()
}

fn split_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}

/// Translation rules are dh_python3's way to an epoch or a suffix. Here bounds are
/// written in the archive's spelling, so rules have nothing left to do.
fn rules_finding(text: &str, file: &str, line: usize) -> Option<Finding> {
    let (_, flags) = text.split_once(';')?;
    let rules = ["s/", "tr/", "y/"].iter().any(|rule| flags.contains(rule));
    rules.then(|| {
        Finding::info(
            "override-rules-unused",
            format!(
                "`{}`: bounds follow the archive's spelling instead",
                flags.trim()
            ),
        )
        .with_origin(format!("{file}:{line}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `name` becomes under Python 3.13; `ignored` without a dependency.
    #[track_caller]
    fn check(file: &str, name: &str, expect: Option<&str>) {
        let (overrides, _) = Overrides::parse(file, "overrides").unwrap();
        let name: DistName = name.parse().unwrap();
        let found = overrides.get(&name, &Version::new([3, 13, 5]));
        let found = found.map(|line| line.dependency.as_deref().unwrap_or("ignored"));
        assert_eq!(found, expect, "{file}");
    }

    #[test]
    fn format_of_dh_python() {
        check("foo python3-foo", "foo", Some("python3-foo"));
        check(
            "Foo_Bar python3-foo (>= 2), bar | baz",
            "foo-bar",
            Some("python3-foo (>= 2), bar | baz"),
        );
        check("foo", "foo", Some("ignored"));
        check("# foo python3-foo\n\nfoo  ", "foo", Some("ignored"));
        check(
            "foo 3.2-3.5 python3-old\nfoo python3-new",
            "foo",
            Some("python3-new"),
        );
        check("foo 3.2- python3-new", "foo", Some("python3-new"));
        check("foo -3.12 python3-old", "foo", None);
        check("foo 3.13 python3-now", "foo", Some("python3-now"));
        check(
            "foo python3-foo; PEP440 s/^/1:/",
            "foo",
            Some("python3-foo"),
        );
        check("bar python3-bar", "foo", None);
    }

    #[test]
    fn rules_are_told() {
        let (_, findings) = Overrides::parse("a bb\nfoo bar; PEP440 s/^/1:/\n", "o").unwrap();
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].origin.as_deref(), Some("o:2"));
    }

    #[test]
    fn errors_name_the_line() {
        let error = Overrides::parse("foo bar\nfoo Bar\n", "o").unwrap_err();
        assert_eq!(
            error.to_string(),
            "o:2: `foo Bar` is not `DISTRIBUTION [PYTHONS] [DEPENDENCY]`"
        );
        assert!(Overrides::parse("?\n", "o").is_err());
        let error = Overrides::parse("foo a\n", "o").unwrap_err();
        assert_eq!(error.line, 1, "`a` is too short for a package");
    }
}
