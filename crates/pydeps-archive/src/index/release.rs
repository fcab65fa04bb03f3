//! The facts at the head of a suite's Release (or InRelease) file.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use pydeps_core::name::{InvalidSuiteName, SuiteName};

/// What a Release file says of its suite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Release {
    /// `Codename`, or `Suite` where that is missing.
    pub codename: SuiteName,
    /// `Suite`.
    pub suite: Option<String>,
    /// `Date`.
    pub date: Timestamp,
}

/// A Release file without what an index needs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReleaseError {
    /// A field is missing.
    #[error("no field `{0}`")]
    Missing(&'static str),
    /// The codename is no name of a suite.
    #[error(transparent)]
    Codename(#[from] InvalidSuiteName),
    /// The date is not one of RFC 2822.
    #[error("`Date: {0}` is not a date")]
    Date(String),
}

impl Release {
    /// Reads the fields before the checksums; a signature around them is skipped,
    /// for apt has verified it.
    pub fn parse(text: &str) -> Result<Self, ReleaseError> {
        let field = |name: &str| {
            let lines = text.lines().take_while(|line| !line.starts_with("SHA256:"));
            let mut fields = lines.filter_map(|line| line.split_once(':'));
            let found = fields.find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim().to_owned())
        };
        let suite = field("Suite");
        let codename = field("Codename").or_else(|| suite.clone());
        let codename = codename.ok_or(ReleaseError::Missing("Codename"))?;
        Ok(Self {
            codename: codename.parse()?,
            suite,
            date: parse_date(&field("Date").ok_or(ReleaseError::Missing("Date"))?)?,
        })
    }
}

/// Debian writes the zone as `UTC`, which RFC 2822 does not know.
fn parse_date(text: &str) -> Result<Timestamp, ReleaseError> {
    let standard = text.replace("UTC", "+0000");
    let parsed = DateTimeParser::new().parse_timestamp(&standard);
    parsed.map_err(|_| ReleaseError::Date(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_release() {
        let text = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nOrigin: Debian\nSuite: stable\n\
                    Codename: trixie\nDate: Sat, 06 Sep 2025 08:13:17 UTC\nSHA256:\n 00 1 Date: x\n";
        let release = Release::parse(text).unwrap();
        assert_eq!(
            (release.codename.as_str(), release.suite.as_deref()),
            ("trixie", Some("stable"))
        );
        assert_eq!(release.date.to_string(), "2025-09-06T08:13:17Z");
    }

    #[test]
    fn what_is_missing_is_named() {
        let error = |text| Release::parse(text).unwrap_err().to_string();
        assert_eq!(
            error("Date: Sat, 06 Sep 2025 08:13:17 UTC"),
            "no field `Codename`"
        );
        assert_eq!(error("Suite: x"), "no field `Date`");
        assert_eq!(
            error("Suite: x\nDate: today"),
            "`Date: today` is not a date"
        );
    }
}
