//! Which extras are followed, and into which field. A line of `debian/PACKAGE.pydeps` is
//! `FIELD EXTRA…`, with the field `depends`, `recommends` or `suggests`.

use std::collections::BTreeSet;

use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::relate::Field;

/// The extras of a package.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Chosen(Vec<Choice>);

/// One choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) field: Field,
    /// Of which distribution; of every one that has it where this is `None`.
    pub(crate) distribution: Option<DistName>,
    pub(crate) extra: ExtraName,
    /// Where it was made.
    pub(crate) place: String,
}

/// A choice that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadChoice(String);

impl std::error::Error for BadChoice {}

impl std::fmt::Display for BadChoice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl Chosen {
    /// Adds `EXTRA` or `DISTRIBUTION[EXTRA]`.
    pub(crate) fn add(&mut self, field: Field, text: &str, place: &str) -> Result<(), BadChoice> {
        let bad = || {
            BadChoice(format!(
                "{place}: `{text}` is neither EXTRA nor DISTRIBUTION[EXTRA]"
            ))
        };
        let (distribution, extra) = match text.strip_suffix(']').map(|text| text.split_once('[')) {
            None => (None, text),
            Some(None) => return Err(bad()),
            Some(Some((name, extra))) => (Some(name.parse().map_err(|_| bad())?), extra),
        };
        self.0.push(Choice {
            field,
            distribution,
            extra: extra.parse().map_err(|_| bad())?,
            place: place.to_owned(),
        });
        Ok(())
    }

    /// Adds what a line says.
    pub(crate) fn add_line(&mut self, words: &[String], place: &str) -> Result<(), BadChoice> {
        let (field, extras) = words
            .split_first()
            .map_or(("", words), |(f, e)| (f.as_str(), e));
        let is_named = |known: &Field| known.name().to_lowercase() == field;
        let known = Field::BINARY.into_iter().find(is_named);
        match (known, extras) {
            (Some(field), [_, ..]) => extras.iter().try_for_each(|e| self.add(field, e, place)),
            _ => Err(BadChoice(format!(
                "{place}: a line is `depends EXTRA…`, `recommends EXTRA…` or `suggests EXTRA…`"
            ))),
        }
    }

    /// The choices.
    pub(crate) fn all(&self) -> &[Choice] {
        &self.0
    }

    /// The extras of a distribution that are followed into a field.
    pub(crate) fn of(&self, name: &DistName, field: Field) -> BTreeSet<ExtraName> {
        let is_of = |choice: &&Choice| {
            choice.field == field && choice.distribution.as_ref().is_none_or(|d| d == name)
        };
        let chosen = self.0.iter().filter(is_of);
        chosen.map(|choice| choice.extra.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(line: &str, expect: &str) {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let mut chosen = Chosen::default();
        let shown = match chosen.add_line(&words, "f:1") {
            Err(error) => error.to_string(),
            Ok(()) => {
                let show = |c: &Choice| {
                    format!(
                        "{:?} {:?} {}",
                        c.field,
                        c.distribution.as_ref().map(ToString::to_string),
                        c.extra
                    )
                };
                chosen.all().iter().map(show).collect::<Vec<_>>().join("; ")
            }
        };
        assert_eq!(shown, expect);
    }

    #[test]
    fn lines() {
        check(
            "recommends Socks foo[bar]",
            "Recommends None socks; Recommends Some(\"foo\") bar",
        );
        let form = "f:1: a line is `depends EXTRA…`, `recommends EXTRA…` or `suggests EXTRA…`";
        check("recommends", form);
        check("breaks foo", form);
        check("", form);
        check(
            "depends foo]",
            "f:1: `foo]` is neither EXTRA nor DISTRIBUTION[EXTRA]",
        );
        check(
            "depends ?[a]",
            "f:1: `?[a]` is neither EXTRA nor DISTRIBUTION[EXTRA]",
        );
        check(
            "depends #",
            "f:1: `#` is neither EXTRA nor DISTRIBUTION[EXTRA]",
        );
    }
}
