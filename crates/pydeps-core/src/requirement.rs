//! One requirement (PEP 508), with repairs of old spellings whose meaning is not in doubt.

use std::fmt;
use std::str::FromStr;

use pep440_rs::{VersionSpecifier, VersionSpecifiers};
use serde::{Serialize, Serializer};

use crate::finding::Finding;
use crate::marker::{self, InvalidMarker, Marker};
use crate::name::{DistName, ExtraName};

/// A requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The distribution that is required.
    pub name: DistName,
    /// What of it is required beside its base.
    pub extras: Vec<ExtraName>,
    /// The versions that will do; empty if all will.
    pub specifiers: VersionSpecifiers,
    /// Where it has to come from.
    pub url: Option<String>,
    /// Where it holds.
    pub marker: Marker,
}

/// Why a text is no requirement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRequirement {
    /// It does not begin with a name, or has an extra that is none.
    #[error("a name has to begin and end with a letter or digit")]
    Name,
    /// The extras have no end.
    #[error("the list of extras has no end")]
    Extras,
    /// What follows the name is nothing that may stand there.
    #[error("expected version specifiers, `@` or `;` at `{0}`")]
    Rest(String),
    /// Of the version specifiers one is wrong, in the words of their reader.
    #[error("{0}")]
    Specifier(String),
    /// What follows `@` is no URL, or its end is in doubt.
    #[error("`{0}` is no URL with a blank behind it")]
    Url(String),
    /// A URL with a variable, which only a requirements file may have.
    #[error("it refers to an environment variable")]
    Variable,
    /// The marker.
    #[error(transparent)]
    Marker(#[from] InvalidMarker),
}

impl Requirement {
    /// A distribution in any version.
    pub fn any(name: DistName) -> Self {
        Self {
            name,
            extras: Vec::new(),
            specifiers: VersionSpecifiers::empty(),
            url: None,
            marker: Marker::default(),
        }
    }

    /// Whether any version from anywhere will do.
    pub fn is_unbounded(&self) -> bool {
        self.specifiers.is_empty() && self.url.is_none()
    }

    /// Lets any version from anywhere do.
    pub fn drop_bounds(&mut self) {
        (self.specifiers, self.url) = (VersionSpecifiers::empty(), None);
    }

    /// The same without its marker.
    #[must_use]
    pub fn without_marker(mut self) -> Self {
        self.marker = Marker::default();
        self
    }

    /// The same where an extra is asked for.
    #[must_use]
    pub fn with_extra_marker(mut self, extra: &ExtraName) -> Self {
        self.marker.and_extra(extra);
        self
    }
}

impl FromStr for Requirement {
    type Err = InvalidRequirement;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains("${") {
            return Err(InvalidRequirement::Variable);
        }
        let text = text.trim();
        let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let (name, rest) = text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()));
        let mut requirement = Self::any(name.parse().map_err(|_| InvalidRequirement::Name)?);
        let rest = requirement.read_extras(rest.trim_start())?;
        let marker = match rest.strip_prefix('@') {
            Some(rest) => requirement.read_url(rest.trim_start())?,
            None => requirement.read_specifiers(rest)?,
        };
        if let Some(marker) = marker {
            requirement.marker = marker::parse(marker)?;
        }
        Ok(requirement)
    }
}

impl Requirement {
    /// Returns what follows the extras.
    fn read_extras<'a>(&mut self, text: &'a str) -> Result<&'a str, InvalidRequirement> {
        let Some(list) = text.strip_prefix('[') else {
            return Ok(text);
        };
        let (list, rest) = list.split_once(']').ok_or(InvalidRequirement::Extras)?;
        if !list.trim().is_empty() {
            let names = list.split(',').map(|name| name.trim().parse());
            let names: Result<Vec<ExtraName>, _> = names.collect();
            self.extras = names.map_err(|_| InvalidRequirement::Name)?;
        }
        Ok(rest.trim_start())
    }

    /// Returns the marker.
    fn read_url<'a>(&mut self, text: &'a str) -> Result<Option<&'a str>, InvalidRequirement> {
        let (url, rest) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
        let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        // With a semicolon at its end, it is not known whether that is a part of it.
        if scheme.is_empty() || !scheme.chars().all(is_scheme) || url.ends_with(';') {
            return Err(InvalidRequirement::Url(url.to_owned()));
        }
        self.url = Some(url.to_owned());
        match rest.trim_start() {
            "" => Ok(None),
            rest => match rest.strip_prefix(';') {
                Some(marker) => Ok(Some(marker)),
                None => Err(InvalidRequirement::Url(text.to_owned())),
            },
        }
    }

    /// Returns the marker.
    fn read_specifiers<'a>(
        &mut self,
        text: &'a str,
    ) -> Result<Option<&'a str>, InvalidRequirement> {
        let (text, marker) = match text.split_once(';') {
            Some((text, marker)) => (text.trim(), Some(marker)),
            None => (text.trim(), None),
        };
        let inner = text
            .strip_prefix('(')
            .and_then(|text| text.strip_suffix(')'));
        let inner = inner.unwrap_or(text).trim();
        if !inner.is_empty() {
            self.specifiers = inner.parse().map_err(|_| wrong_specifier(inner))?;
        }
        Ok(marker)
    }
}

fn wrong_specifier(specifiers: &str) -> InvalidRequirement {
    if !specifiers.starts_with(['<', '>', '=', '!', '~']) {
        return InvalidRequirement::Rest(specifiers.to_owned());
    }
    let errors = specifiers.split(',').map(str::parse::<VersionSpecifier>);
    let error = errors.filter_map(Result::err).next();
    InvalidRequirement::Specifier(error.map_or_else(String::new, |error| error.to_string()))
}

impl Serialize for Requirement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)?;
        if !self.extras.is_empty() {
            let extras: Vec<&str> = self.extras.iter().map(AsRef::as_ref).collect();
            write!(f, "[{}]", extras.join(","))?;
        }
        if let Some(url) = &self.url {
            write!(f, " @ {url}")?;
        }
        for (at, specifier) in self.specifiers.iter().enumerate() {
            write!(f, "{}{specifier}", if at == 0 { "" } else { "," })?;
        }
        match self.marker.is_empty() {
            true => Ok(()),
            false => write!(f, " ; {}", self.marker),
        }
    }
}

/// Reads a requirement. The finding, if any, says what was wrong: a warning if it
/// was repaired, an error if there is no requirement.
pub fn parse(text: &str, origin: &str) -> (Option<Requirement>, Option<Finding>) {
    let error = match text.parse() {
        Ok(requirement) => return (Some(requirement), None),
        Err(error) => error,
    };
    let repaired = repair(text).and_then(|better| Some((better.parse().ok()?, better)));
    match repaired {
        Some((requirement, better)) => {
            let message = format!("`{text}` is not valid (PEP 508); it was read as `{better}`");
            let finding = Finding::warning("requirement-repaired", message);
            (Some(requirement), Some(finding.with_origin(origin)))
        }
        None => {
            let message = format!("cannot read the requirement `{text}`: {error}");
            let finding = Finding::error("requirement-unreadable", message);
            (None, Some(finding.with_origin(origin)))
        }
    }
}

/// Repairs the version specifiers of a requirement; name, extras and marker stay.
fn repair(text: &str) -> Option<String> {
    if text.contains('@') {
        return None;
    }
    let (spec, marker) = text.split_once(';').unwrap_or((text, ""));
    let at = spec.find(['<', '>', '=', '!', '~'])?;
    let (name, specifiers) = spec.split_at(at);
    let name = name.trim_end();
    // `foo (>1.0.*)` has parentheses around the specifiers.
    let (name, specifiers) = match name.strip_suffix('(') {
        Some(name) => (name, specifiers.trim_end().strip_suffix(')')?),
        None => (name, specifiers),
    };
    let specifiers = repair_specifiers(specifiers)?;
    let marker = match marker.trim() {
        "" => String::new(),
        marker => format!(" ; {marker}"),
    };
    Some(format!("{}{specifiers}{marker}", name.trim_end()))
}

/// Repairs a list of version specifiers: `>=1.0.*` is `>=1.0` and `<2.*` is `<2`;
/// quotes, a missing comma and a comma too many. `>1.*` and `<=1.*` stay wrong:
/// they were never read in only one way.
pub fn repair_specifiers(text: &str) -> Option<String> {
    let clean: String = text.chars().filter(|c| !matches!(c, '"' | '\'')).collect();
    let clauses: Vec<String> = clauses(&clean)?
        .into_iter()
        .map(|(operator, version)| {
            let stem = version
                .strip_suffix(".*")
                .filter(|_| operator == ">=" || operator == "<");
            format!("{operator}{}", stem.unwrap_or(version))
        })
        .collect();
    (!clauses.is_empty()).then(|| clauses.join(","))
}

/// Operators and versions, with or without commas in between.
fn clauses(text: &str) -> Option<Vec<(&str, &str)>> {
    let is_operator = |c: char| matches!(c, '<' | '>' | '=' | '!' | '~');
    let is_filler = |c: char| c == ',' || c.is_whitespace();
    let mut rest = text.trim_start_matches(is_filler);
    let mut clauses = Vec::new();
    while !rest.is_empty() {
        let end = rest.find(|c| !is_operator(c))?;
        let (operator, after) = rest.split_at(end);
        let after = after.trim_start();
        let end = after
            .find(|c| is_operator(c) || is_filler(c))
            .unwrap_or(after.len());
        let (version, after) = after.split_at(end);
        if operator.is_empty() || version.is_empty() {
            return None;
        }
        clauses.push((operator, version));
        rest = after.trim_start_matches(is_filler);
    }
    Some(clauses)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(input: &str, expect: &str, code: Option<&str>) {
        let (requirement, finding) = parse(input, "x");
        assert_eq!(
            requirement.map(|r| r.to_string()).unwrap_or_default(),
            expect
        );
        assert_eq!(finding.map(|f| f.code), code.map(str::to_owned), "{input}");
    }

    #[test]
    fn valid_ones_are_silent() {
        check("Foo_Bar[X] >= 1, < 2", "foo-bar[x]>=1,<2", None);
        check("foo (>=1) ; extra == 'x'", "foo>=1 ; extra == 'x'", None);
    }

    #[test]
    fn safe_repairs_are_told() {
        let repaired = Some("requirement-repaired");
        check("foo>=1.0.*", "foo>=1.0", repaired);
        check("foo (>=1.0.*,<2.*)", "foo>=1.0,<2", repaired);
        check("foo>=1 <2", "foo>=1,<2", repaired);
        check("foo>=1,", "foo>=1", repaired);
        check(
            "foo>='1.0'; os_name == 'nt'",
            "foo>=1.0 ; os_name == 'nt'",
            repaired,
        );
    }

    #[test]
    fn doubtful_ones_are_not_repaired() {
        let unreadable = Some("requirement-unreadable");
        check("foo>1.0.*", "", unreadable);
        check("foo<=1.*", "", unreadable);
        check("foo>=", "", unreadable);
        check("foo bar", "", unreadable);
        check("0-{", "", unreadable);
        check("a; os_name ~= '1.0'", "", unreadable);
        check(
            "a; python_version ~= '3.8'",
            "a ; python_version ~= '3.8'",
            None,
        );
        check("a; 'x' < 'y' \u{30b}", "", unreadable);
        check("a; os_name == '\u{e9}'", "a ; os_name == '\u{e9}'", None);
        check("a [b-] >=1", "", unreadable);
        check("a @ https://files.example/${HOME}", "", unreadable);
        check("", "", unreadable);
    }

    proptest! {
        #[test]
        fn total(text in "\\PC{0,60}") {
            let (requirement, finding) = parse(&text, "x");
            prop_assert!(requirement.is_some() || finding.is_some());
        }

        #[test]
        fn total_near_names(text in "[ab0._ -]{0,5}[\\[{(;@]?[ab0._, -]{0,6}[\\])]?") {
            let _ = parse(&text, "x");
        }

        #[test]
        fn total_near_markers(text in "a ?; ?(\\(|python_version|extra|os_name|'3\\.[0-9*]?'| in | not in |[<>=!~]=?|==| and | or |'a-'|~=|\\)){0,7}") {
            let _ = parse(&text, "x");
        }

        #[test]
        fn a_repair_never_adds_a_wildcard(text in "foo[<>=!~]{1,2}[0-9.*, <>=]{0,20}") {
            if let (Some(requirement), Some(_)) = parse(&text, "x") {
                let stars = |t: &str| t.matches('*').count();
                prop_assert!(stars(&requirement.to_string()) <= stars(&text));
            }
        }
    }
}
