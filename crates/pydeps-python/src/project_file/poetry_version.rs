//! Poetry's version constraints, in the terms of PEP 440: `^1.2`, `~1.2`, `1.2.*`, bare
//! versions, `>=1,<2`, and alternatives with `||`.

use pep440_rs::{Version, VersionSpecifiers, release_specifiers_to_ranges};
use version_ranges::Ranges;

/// A constraint as alternatives, each a list of clauses in the spelling of PEP 440; a
/// list without clauses is any version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Constraint(Vec<Vec<String>>);

/// The one list of clauses for a constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flat {
    /// With commas in between; empty for any version.
    pub(super) specifiers: String,
    /// Whether it lets versions pass that the constraint does not.
    pub(super) is_wider: bool,
}

impl Constraint {
    /// Reads a constraint; `None` if it is none.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let alternatives = text.split("||").flat_map(|part| part.split('|'));
        let alternatives: Option<Vec<_>> = alternatives.map(clauses).collect();
        alternatives.map(Self)
    }

    /// As one list, which is what PEP 440 has: the hull, with the holes that it can say.
    pub(super) fn flat(&self) -> Option<Flat> {
        if let [one] = self.0.as_slice() {
            let specifiers = one.join(",");
            let is_wider = false;
            return Some(Flat {
                specifiers,
                is_wider,
            });
        }
        let mut union = Ranges::empty();
        for clauses in &self.0 {
            union = union.union(&ranges(&clauses.join(","))?);
        }
        let flat = VersionSpecifiers::from_release_only_bounds(union.iter());
        let specifiers = flat.to_string().replace(' ', "");
        let is_wider = ranges(&specifiers)? != union;
        Some(Flat {
            specifiers,
            is_wider,
        })
    }

    /// As a condition on Python; `None` where any will do.
    pub(super) fn python_marker(&self) -> Option<String> {
        if self.0.iter().any(Vec::is_empty) {
            return None;
        }
        let all = |clauses: &Vec<String>| {
            let parts: Vec<String> = clauses.iter().map(|clause| python_clause(clause)).collect();
            parts.join(" and ")
        };
        let alternatives: Vec<String> = self.0.iter().map(all).collect();
        match alternatives.as_slice() {
            [one] => Some(one.clone()),
            several => Some(format!("({})", several.join(") or ("))),
        }
    }
}

fn ranges(specifiers: &str) -> Option<Ranges<Version>> {
    let specifiers = specifiers.parse::<VersionSpecifiers>().ok()?;
    Some(release_specifiers_to_ranges(specifiers))
}

/// `>=3.8` is about `python_version`, `>=3.8.1` about all of it.
fn python_clause(clause: &str) -> String {
    let at = clause.find(|c| !is_operator(c)).unwrap_or(clause.len());
    let (operator, version) = clause.split_at(at);
    let stem = version.strip_suffix(".*").unwrap_or(version);
    let variable = match stem.matches('.').count() {
        1 => "python_version",
        _ => "python_full_version",
    };
    format!("{variable} {operator} '{version}'")
}

fn is_operator(c: char) -> bool {
    matches!(c, '^' | '~' | '<' | '>' | '=' | '!')
}

/// Clauses that have all to hold, with commas or white space in between.
fn clauses(text: &str) -> Option<Vec<String>> {
    let is_filler = |c: char| c == ',' || c.is_whitespace();
    let mut rest = text.trim_matches(is_filler);
    let mut all = Vec::new();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let (operator, after) = rest.split_at(rest.find(|c| !is_operator(c))?);
        let after = after.trim_start();
        let end = after.find(is_filler).unwrap_or(after.len());
        let (version, after) = after.split_at(end);
        all.extend(clause(operator, version)?);
        rest = after.trim_start_matches(is_filler);
    }
    Some(all)
}

/// One clause as clauses of PEP 440.
fn clause(operator: &str, version: &str) -> Option<Vec<String>> {
    if matches!(version, "*" | "x" | "X") && matches!(operator, "" | "=" | "==") {
        return Some(Vec::new());
    }
    let wild = [".*", ".x", ".X"]
        .iter()
        .find_map(|end| version.strip_suffix(end));
    let parsed: Version = wild.unwrap_or(version).parse().ok()?;
    match (operator, wild) {
        ("^" | "~", Some(_)) | ("^", None) => Some(between(&parsed, caret(&parsed))),
        ("~", None) => Some(between(&parsed, tilde(&parsed))),
        ("" | "=" | "==", Some(_)) => Some(vec![format!("=={parsed}.*")]),
        ("!=", Some(_)) => Some(vec![format!("!={parsed}.*")]),
        ("" | "=", None) => Some(vec![format!("=={parsed}")]),
        ("==" | "!=" | ">=" | ">" | "<" | "<=" | "~=" | "===", _) => {
            Some(vec![format!("{operator}{parsed}")])
        }
        _ => None,
    }
}

fn between(version: &Version, place: usize) -> Vec<String> {
    vec![
        format!(">={version}"),
        format!("<{}", bumped(version, place)),
    ]
}

/// The segment that `^` lets not grow: the first that is not zero, else the last.
fn caret(version: &Version) -> usize {
    let release = version.release();
    let first = release.iter().position(|&segment| segment != 0);
    first.unwrap_or(release.len().saturating_sub(1))
}

/// The segment that `~` lets not grow: the second, or the only one.
fn tilde(version: &Version) -> usize {
    usize::from(version.release().len() > 1)
}

/// The version with this segment one higher and zeros behind it.
fn bumped(version: &Version, place: usize) -> Version {
    let segment = |(at, &segment): (usize, &u64)| match at.cmp(&place) {
        std::cmp::Ordering::Less => segment,
        std::cmp::Ordering::Equal => segment.saturating_add(1),
        std::cmp::Ordering::Greater => 0,
    };
    let release: Vec<u64> = version.release().iter().enumerate().map(segment).collect();
    Version::new(release).with_epoch(version.epoch())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(input: &str, expect: &str) {
        let flat = Constraint::parse(input).and_then(|constraint| constraint.flat());
        let got = flat.map_or("none".to_owned(), |flat| {
            let wider = if flat.is_wider { " (wider)" } else { "" };
            format!("{}{wider}", flat.specifiers)
        });
        assert_eq!(got, expect, "{input}");
    }

    /// The examples of Poetry's documentation, and what stands in real files.
    #[test]
    fn poetrys_own_operators() {
        check("^1.2.3", ">=1.2.3,<2.0.0");
        check("^1.2", ">=1.2,<2.0");
        check("^1", ">=1,<2");
        check("^0.2.3", ">=0.2.3,<0.3.0");
        check("^0.0.3", ">=0.0.3,<0.0.4");
        check("^0.0", ">=0.0,<0.1");
        check("^0", ">=0,<1");
        check("~1.2.3", ">=1.2.3,<1.3.0");
        check("~1.2", ">=1.2,<1.3");
        check("~1", ">=1,<2");
        check("^1.0b2", ">=1.0b2,<2.0");
        check("^1!2.0", ">=1!2.0,<1!3.0");
        check("^ 2", ">=2,<3");
    }

    #[test]
    fn wildcards_and_bare_versions() {
        check("*", "");
        check("1.*", "==1.*");
        check("1.2.x", "==1.2.*");
        check("==1.2.*", "==1.2.*");
        check("!=1.2.*", "!=1.2.*");
        check("1.2.3", "==1.2.3");
        check("=1.2", "==1.2");
        check("v1.2", "==1.2");
    }

    #[test]
    fn all_have_to_hold() {
        check(">=1.2,<2", ">=1.2,<2");
        check(">= 1.2 , < 2", ">=1.2,<2");
        check(">=1 <2", ">=1,<2");
        check("~=1.4.2", "~=1.4.2");
        check("^1.2,!=1.3", ">=1.2,<2.0,!=1.3");
        check(">=1,", ">=1");
    }

    #[test]
    fn alternatives() {
        check("^1.0 || ^2.0", ">=1.0,<3.0");
        check("^1.0||^3.0", ">=1.0,<4.0 (wider)");
        check("~2.7 || ^3.5", ">=2.7,<4.0 (wider)");
        check("<3.0 || >=3.1", "!=3.0.*");
        check("<1.5 | >1.5", "!=1.5");
        check("* || ^1", "");
    }

    #[test]
    fn nonsense() {
        for input in [
            "",
            "latest",
            "^",
            "1.2.3.x.y",
            ">>1",
            "^1 ||",
            ">=1.0 or 2",
            "~=1",
        ] {
            let flat = Constraint::parse(input).and_then(|c| c.flat());
            let read = flat.map(|f| f.specifiers.parse::<VersionSpecifiers>().is_ok());
            assert_ne!(read, Some(true), "{input}");
        }
    }

    #[track_caller]
    fn check_marker(input: &str, expect: Option<&str>) {
        let marker = Constraint::parse(input).unwrap().python_marker();
        assert_eq!(marker.as_deref(), expect);
    }

    #[test]
    fn markers() {
        check_marker("*", None);
        check_marker(
            "^3.8",
            Some("python_version >= '3.8' and python_version < '4.0'"),
        );
        check_marker("<3.8.1", Some("python_full_version < '3.8.1'"));
        check_marker("3.8.*", Some("python_version == '3.8.*'"));
        check_marker(
            "<3.8 || >=3.10",
            Some("(python_version < '3.8') or (python_version >= '3.10')"),
        );
    }

    proptest! {
        #[test]
        fn total(text in "([~^<>=!]{0,2}|[0-9]{1,22}|\\.|\\*|,| |\\|\\||a|rc|dev|\\PC){0,12}") {
            if let Some(constraint) = Constraint::parse(&text) {
                let _ = constraint.flat();
                let _ = constraint.python_marker();
            }
        }

        #[test]
        fn a_caret_has_its_version_and_ends(release in proptest::collection::vec(0u64..9, 1..4)) {
            let version = Version::new(&release);
            let flat = Constraint::parse(&format!("^{version}")).unwrap().flat().unwrap();
            let all: VersionSpecifiers = flat.specifiers.parse().unwrap();
            prop_assert!(all.contains(&version));
            prop_assert!(!all.contains(&bumped(&version, caret(&version))));
        }
    }
}
