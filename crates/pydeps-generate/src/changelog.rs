//! `debian/changelog` (Policy 4.4): the first entry, and a new one on top of others.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;

/// What goes into an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The source package.
    pub source: String,
    /// The package's version.
    pub version: String,
    /// The distribution that it is for.
    pub suite: String,
    /// What has changed, one sentence each.
    pub changes: Vec<String>,
    /// Who: `Name <address>`.
    pub maintainer: String,
    /// When.
    pub date: Timestamp,
}

impl Entry {
    /// The entry's text.
    pub fn text(&self) -> String {
        let changes: String = self.changes.iter().map(|change| bullet(change)).collect();
        let date = self.date.to_zoned(TimeZone::UTC);
        let date = strtime::format("%a, %d %b %Y %H:%M:%S +0000", &date).unwrap_or_default();
        format!(
            "{} ({}) {}; urgency=medium\n\n{changes}\n -- {}  {date}\n",
            self.source, self.version, self.suite, self.maintainer
        )
    }

    /// The entry above the text of an older changelog; that text alone where it has an
    /// entry of the same upstream version already, whatever its revision.
    pub fn above(&self, older: &str) -> String {
        let upstream = self
            .version
            .rsplit_once('-')
            .map_or(self.version.as_str(), |(up, _)| up);
        let head = format!("{} ({upstream}-", self.source);
        match older.lines().any(|line| line.starts_with(&head)) {
            true => older.to_owned(),
            false => format!("{}\n{older}", self.text()),
        }
    }
}

/// The version of a changelog's first entry.
pub fn first_version(text: &str) -> Option<&str> {
    let (_, rest) = text
        .lines()
        .find(|line| !line.trim().is_empty())?
        .split_once(" (")?;
    rest.split_once(')').map(|(version, _)| version)
}

/// The date of a changelog's first entry.
pub fn first_date(text: &str) -> Option<Timestamp> {
    let trailer = text.lines().find_map(|line| line.strip_prefix(" -- "))?;
    let (_, date) = trailer.split_once(">  ")?;
    let date = DateTimeParser::new().parse_timestamp(date.trim());
    date.ok()
}

/// `  * change`, wrapped at 80 columns.
fn bullet(change: &str) -> String {
    let mut text = String::from("  *");
    let mut column = 3;
    for word in change.split_whitespace() {
        if column + 1 + word.chars().count() > 79 {
            text.push_str("\n   ");
            column = 3;
        }
        text.push(' ');
        text.push_str(word);
        column += 1 + word.chars().count();
    }
    text + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: &str) -> Entry {
        Entry {
            source: "a".into(),
            version: version.into(),
            suite: "trixie".into(),
            changes: vec!["One.".into(), "word ".repeat(20)],
            maintainer: "J P <j@example.org>".into(),
            date: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn form() {
        let long = ["word"; 15].join(" ");
        let rest = ["word"; 5].join(" ");
        let text = format!(
            "a (1-1) trixie; urgency=medium\n\n  * One.\n  * {long}\n    {rest}\n\n \
             -- J P <j@example.org>  Thu, 01 Jan 1970 00:00:00 +0000\n"
        );
        assert_eq!(entry("1-1").text(), text);
    }

    #[test]
    fn the_same_version_is_entered_once() {
        let one = entry("1-1").text();
        assert_eq!(entry("1-1").above(&one), one);
        assert_eq!(entry("1-2").above(&one), one);
        assert_eq!(first_version(&one), Some("1-1"));
        assert_eq!(first_date(&one), Some(Timestamp::UNIX_EPOCH));
        assert_eq!(first_date("a (1-1) sid; urgency=low\n -- x\n"), None);
        assert_eq!(
            entry("2-1").above(&one),
            format!("{}\n{one}", entry("2-1").text())
        );
    }
}
