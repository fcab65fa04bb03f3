//! Names as types: parsed and normalised once, then passed on as proof.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A distribution's name, normalised as PEP 503 says: lower case, runs of
/// `-`, `_` and `.` folded to one `-`.
pub use pep508_rs::PackageName as DistName;

/// An extra's name, normalised like a distribution's (PEP 685).
pub use pep508_rs::ExtraName;

/// The name of a Debian binary or source package (Policy 5.6.1, 5.6.7): at
/// least two characters of `a-z 0-9 + - .`, the first a letter or digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DebName(String);

/// A string that Policy does not allow as a package name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a Debian package name: at least two of `a-z0-9+.-`, the first a letter or digit"
)]
pub struct InvalidDebName(String);

impl DebName {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DebName {
    type Err = InvalidDebName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = text.bytes();
        let first = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        let later = |b: u8| first(b) || matches!(b, b'+' | b'-' | b'.');
        if text.len() >= 2 && bytes.next().is_some_and(first) && bytes.all(later) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidDebName(text.to_owned()))
        }
    }
}

impl TryFrom<String> for DebName {
    type Error = InvalidDebName;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DebName> for String {
    fn from(name: DebName) -> Self {
        name.0
    }
}

impl fmt::Display for DebName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expect: bool) {
        assert_eq!(input.parse::<DebName>().is_ok(), expect, "{input}");
    }

    #[test]
    fn policy_5_6_7() {
        check("python3-requests", true);
        check("libstdc++6", true);
        check("0ad", true);
        check("g", false);
        check("", false);
        check("-a", false);
        check("Python", false);
        check("a_b", false);
    }
}
