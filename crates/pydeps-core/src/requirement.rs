//! One PEP 508 requirement, with repairs of old spellings whose meaning is not in doubt.

use std::str::FromStr;

use crate::finding::Finding;
use pep508_rs::{MarkerTree, Requirement, VerbatimUrl};

/// Reads a requirement. The finding, if any, says what was wrong: a warning if it
/// was repaired, an error if there is no requirement.
pub fn parse(text: &str, origin: &str) -> (Option<Requirement>, Option<Finding>) {
    let error = match read(text) {
        Ok(requirement) => return (Some(requirement), None),
        Err(error) => error,
    };
    let repaired = repair(text).and_then(|better| Some((read(&better).ok()?, better)));
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

/// [`Requirement::from_str`] for foreign text: it panics where a name or an extra
/// ends in `-`, `_` or `.` and on some markers, and puts variables of the environment into URLs.
fn read(text: &str) -> Result<Requirement, String> {
    if text.contains("${") {
        return Err("it refers to an environment variable".to_owned());
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let is_name = |name: &str| !name.ends_with(['-', '_', '.']);
    let text = text.trim();
    let (name, rest) = text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()));
    let extras = rest.trim_start().strip_prefix('[').unwrap_or_default();
    let extras = &extras[..extras.find(']').unwrap_or(extras.len())];
    // Whatever is no part of a name ends one, so that nothing slips through.
    if !is_name(name) || !extras.split(|c| !is_part(c)).all(is_name) {
        return Err("a name has to end in a letter or digit".to_owned());
    }
    let marker = text.split_once(';').map_or("", |(_, marker)| marker);
    if !marker_is_sane(marker) {
        return Err("its marker is not valid, or compares with `~=` what is no version".to_owned());
    }
    Requirement::from_str(text).map_err(|error| error.message.to_string())
}

/// Reads a marker; `None` if it is none.
pub fn marker(text: &str) -> Option<MarkerTree> {
    if text.trim().is_empty() || !marker_is_sane(text) {
        return None;
    }
    MarkerTree::parse_str::<VerbatimUrl>(text).ok()
}

/// Whether [`pep508_rs`] survives the marker: it panics on `~=` between strings, and on
/// some that are not ASCII.
pub fn marker_is_sane(marker: &str) -> bool {
    let is_version = |word: &str| {
        [
            "python_version",
            "python_full_version",
            "implementation_version",
        ]
        .contains(&word)
    };
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    // The parser takes the number of characters for that of bytes between expressions;
    // nothing but ASCII is allowed there or in the strings (PEP 508, "Grammar").
    let compatible = |(at, operator): (usize, &str)| {
        let before = marker[..at].trim_end();
        let before = &before[before.trim_end_matches(is_word).len()..];
        let after = marker[at + operator.len()..].trim_start();
        let after = &after[..after.find(|c| !is_word(c)).unwrap_or(after.len())];
        is_version(before) || is_version(after)
    };
    marker.is_ascii() && marker.match_indices("~=").all(compatible)
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
            "a ; python_full_version >= '3.8' and python_full_version < '4'",
            None,
        );
        check("a; 'x' < 'y' \u{30b}", "", unreadable);
        check("a; os_name == '\u{e9}'", "", unreadable);
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
