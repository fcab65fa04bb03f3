//! Where the version of a distribution comes from.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::archive::Origin;
use crate::name::{InvalidSuiteName, SuiteName};

/// Where the version of a distribution comes from. As text (in a lock): `suite`, `updates`,
/// `security`, `backports`, `local PLACE`, `rebuild SUITE`, `index`, `none`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Source {
    /// A binary package that apt installs.
    Package(Origin),
    /// A newer suite's source package, to be rebuilt.
    Rebuild(SuiteName),
    /// The package index.
    Index,
    /// Nobody has it.
    Nobody,
}

/// A text that names no source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSource {
    /// It begins with none of the known words.
    #[error(
        "{0:?} is no source: suite, updates, security, backports, local, rebuild, index or none"
    )]
    Word(String),
    /// What is to be rebuilt is no suite's.
    #[error(transparent)]
    Suite(#[from] InvalidSuiteName),
}

impl Source {
    /// In a word, for people and JSON: a newer suite's codename, a local repository's name.
    pub fn word(&self) -> &str {
        match self {
            Self::Package(origin) => origin.word(),
            Self::Rebuild(suite) => suite,
            Self::Index => "index",
            Self::Nobody => "none",
        }
    }

    /// What format 1 of a lock says in one word. A word that is not known is a newer suite's
    /// where something is to be rebuilt, else a local repository's.
    pub fn of_word(word: &str, rebuilt: bool) -> Self {
        if let Ok(source) = word.parse() {
            return source;
        }
        match word.parse() {
            Ok(suite) if rebuilt => Self::Rebuild(suite),
            _ => Self::Package(Origin::Local(word.to_owned())),
        }
    }
}

impl FromStr for Source {
    type Err = InvalidSource;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(' ') {
            Some(("local", place)) => return Ok(Self::Package(Origin::Local(place.to_owned()))),
            Some(("rebuild", suite)) => return Ok(Self::Rebuild(suite.parse()?)),
            _ => {}
        }
        Ok(match text {
            "suite" => Self::Package(Origin::Suite),
            "updates" => Self::Package(Origin::Updates),
            "security" => Self::Package(Origin::Security),
            "backports" => Self::Package(Origin::Backports),
            "index" => Self::Index,
            "none" => Self::Nobody,
            _ => return Err(InvalidSource::Word(text.to_owned())),
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Package(Origin::Local(place)) => write!(f, "local {place}"),
            Self::Rebuild(suite) => write!(f, "rebuild {suite}"),
            source => f.write_str(source.word()),
        }
    }
}

impl TryFrom<String> for Source {
    type Error = InvalidSource;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Source> for String {
    fn from(source: Source) -> Self {
        source.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, word: &str) {
        let source: Source = text.parse().unwrap();
        assert_eq!((source.to_string().as_str(), source.word()), (text, word));
    }

    #[test]
    fn texts() {
        check("suite", "suite");
        check("backports", "backports");
        check("local ./a b", "./a b");
        check("rebuild sid", "sid");
        check("index", "index");
        check("none", "none");
        assert!("sid".parse::<Source>().is_err());
        assert!("rebuild --x".parse::<Source>().is_err());
    }

    #[test]
    fn words_of_format_1() {
        let check = |word: &str, rebuilt: bool, expect: &str| {
            assert_eq!(Source::of_word(word, rebuilt).to_string(), expect);
        };
        check("sid", true, "rebuild sid");
        check("debs", false, "local debs");
        check("index", true, "index");
        check("../x", true, "local ../x");
    }
}
