//! `debian/py3dist-overrides`: the packager's own mapping, in dh-python's format.
//!
//! ```text
//! NAME [RANGE] [DEPENDENCY] [; [PEP386|PEP440] [RULES]]
//! ```
//!
//! `RANGE` is `3.11` (that one), `3.11-` (or later), `-3.13` (earlier) or
//! `3.11-3.13` (3.11 and 3.12). Without a dependency, the requirement is to be
//! ignored; one that ends with `)` is used as it is. `RULES` are `s/…/…/`,
//! `tr/…/…/` or `y/…/…/`, separated by `;`. Blank lines and lines that start with
//! `#` are skipped. The rules are dh-python's `README.PyDist` and
//! `dhpython/pydist.py`.

use pep440_rs::Version;

use crate::finding::Finding;
use crate::name::DistName;

#[cfg(test)]
mod tests;

/// The entries of a file, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    entries: Vec<Override>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    /// The distribution.
    pub name: DistName,
    /// The Python versions it holds for; all where `None`.
    pub pythons: Option<PythonRange>,
    /// The Debian dependency as written; `None` to ignore the requirement.
    pub dependency: Option<String>,
    /// How dh-python translates the upstream version; not at all where `None`
    /// and without rules.
    pub standard: Option<Standard>,
    /// The rules, as written, in order.
    pub rules: Vec<String>,
    /// The line's number, from 1.
    pub line: usize,
}

/// How dh-python writes an upstream version in a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standard {
    /// `alpha`, `beta`, `rc`, `dev`, `a`, `b`, `c` get a `~`.
    Pep386,
    /// `a`, `b`, `rc` get a `~`. Not known to bookworm's dh-python.
    Pep440,
}

/// Minor versions of Python 3, `from` included and `to` not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PythonRange {
    from: Option<(u64, u64)>,
    to: Option<(u64, u64)>,
}

impl Override {
    /// Whether the dependency is used without adding a version to it.
    pub fn is_verbatim(&self) -> bool {
        self.dependency
            .as_ref()
            .is_some_and(|text| text.ends_with(')'))
    }
}

impl PythonRange {
    /// Whether a Python version is in the range; only major and minor count.
    pub fn contains(&self, python: &Version) -> bool {
        let release = python.release();
        let (major, minor) = (release.first().copied(), release.get(1).copied());
        let version = (major.unwrap_or(0), minor.unwrap_or(0));
        self.from.is_none_or(|from| from <= version) && self.to.is_none_or(|to| version < to)
    }

    fn parse(text: &str) -> Option<Self> {
        let Some((from, to)) = text.split_once('-') else {
            let (major, minor) = major_minor(text)?;
            return Some(Self {
                from: Some((major, minor)),
                to: Some((major, minor.checked_add(1)?)),
            });
        };
        let end = |text: &str| match text {
            "" => Some(None),
            text => major_minor(text).map(Some),
        };
        let range = Self {
            from: end(from)?,
            to: end(to)?,
        };
        (range.from.is_some() || range.to.is_some()).then_some(range)
    }
}

fn major_minor(text: &str) -> Option<(u64, u64)> {
    let (major, minor) = text.split_once('.')?;
    let number = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse().ok())
    };
    Some((number(major)??, number(minor)??))
}

impl Overrides {
    /// Reads a file's text. A line that is no entry is left out with a finding;
    /// `file` is how findings call the file.
    pub fn parse(text: &str, file: &str) -> (Self, Vec<Finding>) {
        let mut overrides = Self::default();
        let mut findings = Vec::new();
        for (index, line) in text.lines().enumerate() {
            let (number, line) = (index + 1, line.trim());
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match parse_line(line, number) {
                Some(entry) => overrides.entries.push(entry),
                None => findings.push(
                    Finding::warning("override-syntax", format!("`{line}` is not an override"))
                        .with_origin(format!("{file}:{number}"))
                        .with_hint("write `NAME [RANGE] [DEPENDENCY] [; [PEP386|PEP440] [RULES]]`"),
                ),
            }
        }
        (overrides, findings)
    }

    /// The first entry of this name that holds for this Python.
    pub fn find(&self, name: &DistName, python: &Version) -> Option<&Override> {
        let fits = |entry: &&Override| {
            entry.name == *name && entry.pythons.is_none_or(|range| range.contains(python))
        };
        self.entries.iter().find(fits)
    }

    /// Every entry, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Override> {
        self.entries.iter()
    }
}

fn parse_line(line: &str, number: usize) -> Option<Override> {
    let (head, tail) = line.split_once(';').unwrap_or((line, ""));
    let (name, rest) = split_word(head.trim());
    let (pythons, rest) = match split_word(rest) {
        (word, after) if word.starts_with(|c: char| c.is_ascii_digit() || c == '-') => {
            (Some(PythonRange::parse(word)?), after)
        }
        _ => (None, rest),
    };
    if !rest.is_empty() && !rest.starts_with(|c: char| c.is_ascii_lowercase()) {
        return None;
    }
    let (standard, rules) = parse_translation(tail.trim())?;
    Some(Override {
        name: name.parse().ok()?,
        pythons,
        dependency: (!rest.is_empty()).then(|| rest.to_owned()),
        standard,
        rules,
        line: number,
    })
}

fn parse_translation(text: &str) -> Option<(Option<Standard>, Vec<String>)> {
    let (standard, rest) = match (text.strip_prefix("PEP386"), text.strip_prefix("PEP440")) {
        (Some(rest), _) => (Some(Standard::Pep386), rest),
        (_, Some(rest)) => (Some(Standard::Pep440), rest),
        _ => (None, text),
    };
    let rules = rest
        .split(';')
        .map(str::trim)
        .filter(|rule| !rule.is_empty());
    let rules: Vec<String> = rules.map(str::to_owned).collect();
    let known = |rule: &String| {
        ["s", "tr", "y"]
            .iter()
            .any(|kind| rule.starts_with(&format!("{kind}/")))
    };
    rules.iter().all(known).then_some((standard, rules))
}

fn split_word(text: &str) -> (&str, &str) {
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (word, rest.trim_start())
}
