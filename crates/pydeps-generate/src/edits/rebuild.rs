//! A newer suite's source package, rebuilt for an older one: its version, and the entry of
//! its changelog. Nothing else of it changes.
//!
//! The version is `VERSION~bpoRELEASE+NUMBER`, as the rules of Debian's backports
//! and debchange(1) (`--bpo`) have it: it sorts before the newer suite's own,
//! so that an upgrade to that suite replaces it. A rebuild that is not uploaded has `~local1`
//! behind that, and so comes before backports' own package of the same version, should there
//! be one.

use jiff::{Timestamp, ToSpan};

use crate::edits::changelog::{self, Entry};

/// For whom it is rebuilt, and by whom.
#[derive(Clone, Debug)]
pub struct Rebuild<'a> {
    /// The suite's codename.
    pub suite: &'a str,
    /// The version of the suite's `base-files`, which begins with the number of the release.
    pub base_files: Option<&'a str>,
    /// Who: `Name <address>`.
    pub maintainer: &'a str,
    /// Not before this.
    pub not_before: Option<Timestamp>,
}

impl Rebuild<'_> {
    /// The version of the package, rebuilt.
    pub fn version(&self, version: &str) -> String {
        let release = self.base_files.and_then(release);
        let mark = release.map_or_else(|| self.suite.to_owned(), |number| format!("bpo{number}"));
        format!("{version}~{mark}+1~local1")
    }

    /// The entry on top of a changelog; `None` if that is not one. Its date is a second after
    /// the newest one, so that it is the same each time.
    pub fn entry(&self, changelog: &str) -> Option<Entry> {
        let version = changelog::version_of_top(changelog)?;
        let date = changelog::date_of_top(changelog)?;
        let date = date.checked_add(1.second()).ok()?;
        Some(Entry {
            source: changelog.split_whitespace().next()?.to_owned(),
            version: self.version(version),
            suite: self.suite.to_owned(),
            changes: vec![format!("Rebuild for {}.", self.suite)],
            maintainer: self.maintainer.to_owned(),
            date: self.not_before.map_or(date, |first| first.max(date)),
        })
    }
}

/// `13` of `13.8+deb13u2`; a derivative's version says nothing of its own release.
fn release(base_files: &str) -> Option<&str> {
    let end = base_files.find(|c: char| !c.is_ascii_digit());
    let (number, rest) = base_files.split_at(end.unwrap_or(base_files.len()));
    let plain = rest.is_empty() || rest.starts_with(['.', '+', '~']);
    (!number.is_empty() && plain).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rebuild(base_files: Option<&str>) -> Rebuild<'_> {
        Rebuild {
            suite: "trixie",
            base_files,
            maintainer: "J P <j@example.org>",
            not_before: None,
        }
    }

    #[track_caller]
    fn check(base_files: &str, expect: &str) {
        let known = Some(base_files).filter(|text| !text.is_empty());
        assert_eq!(rebuild(known).version("1:2.0-3"), expect);
    }

    #[test]
    fn versions() {
        check("13.8+deb13u2", "1:2.0-3~bpo13+1~local1");
        check("14", "1:2.0-3~bpo14+1~local1");
        check("14~rc1", "1:2.0-3~bpo14+1~local1");
        check("13ubuntu10", "1:2.0-3~trixie+1~local1");
        check("", "1:2.0-3~trixie+1~local1");
    }

    #[test]
    fn the_entry_follows_the_newest_one() {
        let old = "six (1.17-1) unstable; urgency=medium\n\n  * x\n\n -- A B <a@b.example>  Thu, 01 Jan 1970 00:01:00 +0000\n";
        let entry = rebuild(Some("13.1")).entry(old).unwrap();
        assert_eq!(
            entry.text(),
            "six (1.17-1~bpo13+1~local1) trixie; urgency=medium\n\n  * Rebuild for trixie.\n\n -- J P <j@example.org>  Thu, 01 Jan 1970 00:01:01 +0000\n"
        );
        let late = Rebuild {
            not_before: Some("2026-01-01T00:00:00Z".parse().unwrap()),
            ..rebuild(None)
        };
        assert_eq!(late.entry(old).unwrap().date, late.not_before.unwrap());
        assert_eq!(rebuild(None).entry("six 1.17-1"), None);
    }
}
