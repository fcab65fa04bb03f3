//! `debian/changelog` (Policy 4.4): the first entry, and how an older one goes on.

use std::cmp::Ordering;

use jiff::fmt::{rfc2822, strtime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use pydeps_core::deb_version::{DebVersion, is_later};
use pydeps_core::finding::Finding;

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
}

/// The version of the entry on top.
pub fn version_of_top(text: &str) -> Option<&str> {
    sections(text).first().map(|top| top.version)
}

/// The date of the entry on top.
pub fn date_of_top(text: &str) -> Option<Timestamp> {
    sections(text).first().and_then(Section::date)
}

fn bullet(change: &str) -> String {
    let lines = pydeps_core::wrap::lines(change, 74);
    format!("  * {}\n", lines.join("\n    "))
}

/// The changelog that a source package has already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// Its text, as a person may have edited it.
    pub text: String,
    /// Its text when it was generated last.
    pub generated: Option<String>,
}

/// A changelog with the entry that counts on top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changelog {
    /// The text.
    pub text: String,
    /// The version of the entry on top.
    pub version: String,
    /// The date of that entry.
    pub date: Timestamp,
    /// The years of the packager's first entry, and of the newest.
    pub years: (u16, u16),
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// The upstream part of the version of the entry on top, as in the name of its tarball.
pub fn upstream_of_top(text: &str) -> Option<&str> {
    let version = sections(text).first()?.version;
    let version = version.split_once(':').map_or(version, |(_, rest)| rest);
    Some(version.rsplit_once('-').map_or(version, |(up, _)| up))
}

/// The changelog of a package that is generated for the first time, or anew.
///
/// `first` is the entry of a package without a past. Of a newer release there is an entry
/// on top of the others, and later than they are. An entry of the same release stays, but
/// for the one that was generated and not touched since: it says what `first` says now (of
/// another suite, or for Debian itself). `bug` is the ITP that `first` closes; a changelog
/// closes it once.
///
/// # Errors
///
/// The release is older than that of the entry on top, which stays the newest; or there is
/// text without any entry.
pub fn go_on(first: &Entry, bug: Option<u32>, past: &Past) -> Result<Changelog, Finding> {
    let sections = sections(&past.text);
    let Some(top) = sections.first() else {
        return match past.text.trim().is_empty() {
            true => Ok(Changelog::new(first.text(), first)),
            false => Err(unreadable()),
        };
    };
    let generated = past.generated.as_deref().unwrap_or_default();
    let is_untouched = past.text.trim() == generated.trim();
    let closes = bug.filter(|bug| !closes(&past.text, *bug));
    // What Debian has not seen yet begins with its first entry there (Developer's
    // Reference 5.1).
    if closes.is_some() && is_untouched && of_upstream(&first.version, top.version).is_ge() {
        return Ok(Changelog::new(first.text(), first));
    }
    let is_generated = sections_text(generated).is_some_and(|text| text == top.text.trim());
    let older = past.text.trim_start();
    match of_upstream(&first.version, top.version) {
        Ordering::Less => Err(backwards(first, top.version)),
        Ordering::Greater => Ok(above(first, closes, older)),
        Ordering::Equal if is_generated && top.gives_way_to(first) => {
            let below = past
                .text
                .split_once(top.text)
                .map_or("", |(_, below)| below);
            Ok(match below.trim().is_empty() {
                true => Changelog::new(first.text(), first),
                false => above(first, closes, below),
            })
        }
        Ordering::Equal if closes.is_some() && is_later(&first.version, top.version) => {
            Ok(above(first, closes, older))
        }
        Ordering::Equal => Ok(Changelog {
            findings: closes.map(not_closed).into_iter().collect(),
            ..Changelog::new(past.text.clone(), first)
        }),
    }
}

impl Changelog {
    /// Of a text; what cannot be read in it is as in the entry that was to be on top.
    fn new(text: String, entry: &Entry) -> Self {
        let sections = sections(&text);
        let date = sections.first().and_then(Section::date);
        let date = date.unwrap_or(entry.date);
        let own = sections
            .iter()
            .filter(|section| section.is_by(&entry.maintainer));
        let first = own
            .filter_map(Section::date)
            .min()
            .unwrap_or(date)
            .min(date);
        let version = sections
            .first()
            .map_or(entry.version.as_str(), |top| top.version);
        Self {
            version: version.to_owned(),
            years: (year(first), year(date)),
            date,
            findings: Vec::new(),
            text,
        }
    }
}

fn year(date: Timestamp) -> u16 {
    let year = date.to_zoned(TimeZone::UTC).year();
    u16::try_from(year).unwrap_or_default()
}

/// An entry on top of others, and later than they are; with the ITP that it still has to
/// close.
fn above(first: &Entry, bug: Option<u32>, older: &str) -> Changelog {
    let change = bug.map_or_else(|| "New upstream release.".to_owned(), initial);
    let below = sections(older).into_iter().next();
    let below = below.and_then(|section| section.date());
    let later = below.map(|date| date.saturating_add(SignedDuration::from_secs(1)));
    let date = later
        .and_then(Result::ok)
        .map_or(first.date, |later| later.max(first.date));
    let entry = Entry {
        changes: vec![change],
        date,
        ..first.clone()
    };
    Changelog::new(format!("{}\n{older}", entry.text()), &entry)
}

/// What is said of a package that is new in Debian.
pub fn initial(bug: u32) -> String {
    format!("Initial release. (Closes: #{bug})")
}

fn closes(text: &str, bug: u32) -> bool {
    let number = format!("#{bug}");
    text.match_indices(&number).any(|(at, _)| {
        let after = text[at + number.len()..].chars().next();
        !after.is_some_and(|c| c.is_ascii_digit())
    })
}

fn not_closed(bug: u32) -> Finding {
    let message =
        format!("debian/changelog has an entry of this version, and it does not close #{bug}");
    Finding::warning("itp-not-closed", message)
        .with_hint(format!("add it there: debchange --closes {bug}"))
}

fn unreadable() -> Finding {
    let message = "debian/changelog has no entry that can be read";
    let hint = "begin it as deb-changelog(5) says: SOURCE (VERSION) SUITE; urgency=medium";
    Finding::error("changelog-unreadable", message).with_hint(hint)
}

fn backwards(first: &Entry, top: &str) -> Finding {
    let message = format!(
        "debian/changelog is at {top} already, and {} is older: dpkg and apt never go back",
        first.version
    );
    Finding::error("older-than-changelog", message).with_hint(format!(
        "generate it into another area with --output; or, if {top} was never published, move \
         its source directory {} out of the build area first",
        first.source
    ))
}

/// An entry of a changelog, as it stands there.
struct Section<'a> {
    text: &'a str,
    version: &'a str,
    suite: &'a str,
}

impl Section<'_> {
    fn date(&self) -> Option<Timestamp> {
        let trailer = self
            .text
            .lines()
            .rev()
            .find_map(|line| line.strip_prefix(" -- "))?;
        let (_, date) = trailer.split_once(">  ")?;
        Some(rfc2822::parse(date.trim()).ok()?.timestamp())
    }

    fn is_by(&self, maintainer: &str) -> bool {
        let who = format!(" -- {maintainer}  ");
        self.text.lines().any(|line| line.starts_with(&who))
    }

    /// Whether an entry of the same release is another one, or another person's, and does not
    /// go back.
    fn gives_way_to(&self, entry: &Entry) -> bool {
        let same = (self.version, self.suite) == (entry.version.as_str(), entry.suite.as_str());
        let same = same && self.is_by(&entry.maintainer);
        !same && !is_later(self.version, &entry.version)
    }
}

/// The entries: each begins with `SOURCE (VERSION) SUITE; …` (deb-changelog(5)).
fn sections(text: &str) -> Vec<Section<'_>> {
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if heading(line).is_some() {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let section = |(start, end): (&usize, usize)| {
        let text = &text[*start..end];
        let (version, suite) = heading(text.lines().next()?)?;
        Some(Section {
            text,
            version,
            suite,
        })
    };
    starts.iter().zip(ends).filter_map(section).collect()
}

fn heading(line: &str) -> Option<(&str, &str)> {
    if line.starts_with(char::is_whitespace) {
        return None;
    }
    let (_, rest) = line.split_once(" (")?;
    let (version, rest) = rest.split_once(')')?;
    Some((version, rest.split(';').next().unwrap_or(rest).trim()))
}

fn sections_text(text: &str) -> Option<&str> {
    sections(text).first().map(|top| top.text.trim())
}

/// The order of two package versions without their revisions; the same where one cannot be
/// read.
fn of_upstream(one: &str, other: &str) -> Ordering {
    let upstream = |version: &str| -> Option<DebVersion> {
        let end = version.rfind('-').unwrap_or(version.len());
        version[..end].parse().ok()
    };
    match (upstream(one), upstream(other)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(version: &str) -> Entry {
        Entry {
            source: "a".into(),
            version: version.into(),
            suite: "trixie".into(),
            changes: vec!["First.".into()],
            maintainer: "J P <j@example.org>".into(),
            date: Timestamp::UNIX_EPOCH,
        }
    }

    fn dated(version: &str, change: &str, second: i64) -> String {
        let mut entry = entry(version);
        entry.changes = vec![change.to_owned()];
        entry.date = Timestamp::from_second(second).unwrap();
        entry.text()
    }

    fn past(text: &str, generated: &str) -> Past {
        Past {
            text: text.to_owned(),
            generated: Some(generated.to_owned()),
        }
    }

    #[test]
    fn form() {
        let long = ["word"; 15].join(" ");
        let rest = ["word"; 5].join(" ");
        let mut entry = entry("1-1");
        entry.changes = vec!["One.".into(), "word ".repeat(20)];
        let text = format!(
            "a (1-1) trixie; urgency=medium\n\n  * One.\n  * {long}\n    {rest}\n\n \
             -- J P <j@example.org>  Thu, 01 Jan 1970 00:00:00 +0000\n"
        );
        assert_eq!(entry.text(), text);
    }

    /// What becomes of a changelog, edited or as it was generated, with this version.
    #[track_caller]
    fn check(version: &str, bug: Option<u32>, past: &Past, expect: &[&str]) {
        let mut first = entry(version);
        first.changes = vec![bug.map_or("First.".to_owned(), initial)];
        let made = go_on(&first, bug, past).unwrap();
        assert_eq!(made.text, expect.join("\n"));
        assert_eq!(
            Some(made.version.as_str()),
            expect.first().and_then(|text| {
                text.split_once('(')?
                    .1
                    .split_once(')')
                    .map(|(version, _)| version)
            })
        );
    }

    #[test]
    fn an_entry_of_the_same_release_stays() {
        let own = dated("1-1~local1", "First.", 5);
        check("1-1~local1", None, &past(&own, &own), &[&own]);
        let edited = dated("1-2", "Mine.", 5);
        check("1-1~local1", None, &past(&edited, &own), &[&edited]);
        // Who packages it may be somebody else now.
        let theirs = own.replace("J P", "L P");
        let ours = dated("1-1~local1", "First.", 0);
        check("1-1~local1", None, &past(&theirs, &theirs), &[&ours]);
        check("1-1~local1", None, &past(&theirs, &own), &[&theirs]);
    }

    #[test]
    fn newer_releases_are_later() {
        let own = dated("1-1", "First.", 5);
        let next = dated("2-1", "New upstream release.", 6);
        check("2-1", None, &past(&own, &own), &[&next, &own]);
        // What is on top is no older than what it is on.
        let dates = go_on(&entry("2-1"), None, &past(&own, &own)).unwrap();
        assert_eq!(dates.date, Timestamp::from_second(6).unwrap());
    }

    #[test]
    fn older_releases_are_refused() {
        let own = dated("2-1", "First.", 5);
        let refused = go_on(&entry("1-1"), None, &past(&own, &own)).unwrap_err();
        assert_eq!(refused.code, "older-than-changelog");
        // Whatever Debian's revision, and whatever stands below.
        let two = format!("{own}\n{}", dated("1-1", "First.", 1));
        assert!(go_on(&entry("1-9"), None, &past(&two, &own)).is_err());
        assert!(go_on(&entry("1:1-1"), None, &past(&own, &own)).is_ok());
        assert!(go_on(&entry("1-1"), None, &past("text\n", "")).is_err());
        assert_eq!(upstream_of_top("a (1:2-3-4) x; y\n"), Some("2-3"));
        assert_eq!(version_of_top(&own), Some("2-1"));
        assert_eq!(date_of_top(&own), Timestamp::from_second(5).ok());
    }

    #[test]
    fn for_debian_itself() {
        let own = dated("1-1~local1", "First.", 5);
        let first = dated("1-1", &initial(7), 0);
        check("1-1", Some(7), &past(&own, &own), &[&first]);
        check(
            "2-1",
            Some(7),
            &past(&own, &own),
            &[&dated("2-1", &initial(7), 0)],
        );
        // A person's changelog keeps its entries.
        let edited = dated("1-1~local1", "Mine.", 5);
        let next = dated("1-1", &initial(7), 6);
        check("1-1", Some(7), &past(&edited, &own), &[&next, &edited]);
        check("1-1", Some(7), &past(&first, &first), &[&first]);
        // Without the number again, nothing goes back to a local version.
        let back = go_on(&entry("1-1~local1"), None, &past(&first, &first));
        assert_eq!(back.unwrap().text, first);
        let edited = dated("1-1", "Mine.", 5);
        let made = go_on(&entry("1-1"), Some(7), &past(&edited, &own)).unwrap();
        assert_eq!(
            (made.text, made.findings[0].code.as_str()),
            (edited, "itp-not-closed")
        );
    }

    #[test]
    fn another_suite() {
        let mut own = entry("1-1");
        own.suite = "bookworm".into();
        let own = own.text();
        check(
            "1-1",
            None,
            &past(&own, &own),
            &[&dated("1-1", "First.", 0)],
        );
        let edited = own.replace("First.", "Mine.");
        check("1-1", None, &past(&edited, &own), &[&edited]);
        let two = format!("{own}\n{}", dated("0-1", "Mine.", 7));
        let next = dated("1-1", "New upstream release.", 8);
        check(
            "1-1",
            None,
            &past(&two, &own),
            &[&next, &dated("0-1", "Mine.", 7)],
        );
    }

    #[test]
    fn years() {
        let text = format!(
            "{}\n{}",
            dated("2-1", "x", 1_700_000_000),
            dated("1-1", "x", 5)
        );
        let made = go_on(&entry("2-1"), None, &past(&text, "")).unwrap();
        assert_eq!(made.years, (1970, 2023));
    }
}
