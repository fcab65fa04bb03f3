//! Names as types: parsed and normalised once, then passed on as proof.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A type for names that PEP 503 normalises: lower case, runs of `-`, `_` and `.` folded to
/// one `-`.
macro_rules! normalised_name {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl FromStr for $name {
            type Err = InvalidName;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                normalise(text).map(Self).ok_or_else(|| InvalidName(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidName;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

normalised_name! {
    /// A distribution's name, normalised as PEP 503 says.
    DistName
}

normalised_name! {
    /// An extra's name, normalised like a distribution's (PEP 685).
    ExtraName
}

/// A text that is no name of a distribution or an extra (PEP 508).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a name: letters, digits, `-`, `_` and `.`, the first and the last a letter or digit"
)]
pub struct InvalidName(String);

fn normalise(text: &str) -> Option<String> {
    let is_end = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if !is_end(text.chars().next()) || !is_end(text.chars().next_back()) {
        return None;
    }
    let mut name = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' => name.push(c.to_ascii_lowercase()),
            '-' | '_' | '.' if name.ends_with('-') => {}
            '-' | '_' | '.' => name.push('-'),
            _ => return None,
        }
    }
    Some(name)
}

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

/// A suite of a Debian archive, by codename or alias, as it stands below `dists/`: lower case,
/// `[a-z][a-z0-9.+-]*`, at most 64 bytes. Neither an option nor a path can be one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SuiteName(String);

/// A Debian architecture (Policy 11.1), or `all`: `[a-z0-9][a-z0-9-]*`, at most 64 bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ArchName(String);

/// A string that names no suite.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not the name of a suite: lower-case letters, digits and `.+-`, the first a letter"
)]
pub struct InvalidSuiteName(String);

/// A string that names no architecture.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} is not the name of an architecture: lower-case letters, digits and `-`, as dpkg has it"
)]
pub struct InvalidArchName(String);

/// The longest name of a suite or an architecture, in bytes.
const LONGEST: usize = 64;

fn is_lower_or_digit(b: u8) -> bool {
    b.is_ascii_lowercase() || b.is_ascii_digit()
}

impl FromStr for SuiteName {
    type Err = InvalidSuiteName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = text.bytes();
        let first = bytes.next().is_some_and(|b| b.is_ascii_lowercase());
        let later = |b: u8| is_lower_or_digit(b) || matches!(b, b'.' | b'+' | b'-');
        if first && text.len() <= LONGEST && bytes.all(later) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidSuiteName(text.to_owned()))
        }
    }
}

impl FromStr for ArchName {
    type Err = InvalidArchName;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = text.bytes();
        let first = bytes.next().is_some_and(is_lower_or_digit);
        if first && text.len() <= LONGEST && bytes.all(|b| is_lower_or_digit(b) || b == b'-') {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidArchName(text.to_owned()))
        }
    }
}

/// What a checked name has in common with the text that it was read from.
macro_rules! as_text {
    ($name:ident, $error:ident) => {
        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::ops::Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $error;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.0 == *other
            }
        }
    };
}

impl SuiteName {
    /// What stands for the suite of a machine that does not say which it is.
    pub fn this_system() -> Self {
        Self("this-system".to_owned())
    }
}

impl ArchName {
    /// The architecture that most machines have.
    pub fn amd64() -> Self {
        Self("amd64".to_owned())
    }
}

as_text!(SuiteName, InvalidSuiteName);
as_text!(ArchName, InvalidArchName);

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(input: &str, expect: bool) {
        assert_eq!(input.parse::<DebName>().is_ok(), expect, "{input}");
    }

    #[test]
    fn pep_503() {
        let check = |input: &str, expect: Option<&str>| {
            let name = input.parse::<DistName>().ok();
            assert_eq!(name.as_ref().map(AsRef::as_ref), expect, "{input}");
        };
        check("Foo.-_bar", Some("foo-bar"));
        check("a", Some("a"));
        for wrong in ["", "-", "a-", ".a", "a b", "\u{e9}", "a\u{e9}"] {
            check(wrong, None);
        }
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

    #[track_caller]
    fn check_suite(input: &str, expect: bool) {
        assert_eq!(input.parse::<SuiteName>().is_ok(), expect, "{input:?}");
    }

    #[test]
    fn suites() {
        check_suite("trixie", true);
        check_suite("bookworm-backports", true);
        check_suite("rc-buggy", true);
        check_suite("trixie-0.1+x", true);
        check_suite("--setup-hook=touch /x", false);
        check_suite("-trixie", false);
        check_suite("./../x", false);
        check_suite("a/b", false);
        check_suite("a b", false);
        check_suite("a\n", false);
        check_suite("Trixie", false);
        check_suite("a'b", false);
        check_suite("a$b", false);
        check_suite("9", false);
        check_suite("", false);
        check_suite(&"a".repeat(65), false);
    }

    #[track_caller]
    fn check_architecture(input: &str, expect: bool) {
        assert_eq!(input.parse::<ArchName>().is_ok(), expect, "{input:?}");
    }

    #[test]
    fn architectures() {
        check_architecture("amd64", true);
        check_architecture("kfreebsd-amd64", true);
        check_architecture("all", true);
        check_architecture("-amd64", false);
        check_architecture("../amd64", false);
        check_architecture("amd64 --x", false);
        check_architecture("", false);
    }
}
