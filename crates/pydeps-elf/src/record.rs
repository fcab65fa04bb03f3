//! What `dh_pyelf_scan` has found, for the commands that come after it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::judge::{Class, Judgement, Treatment};

/// The format that is written and read.
pub const VERSION: u32 = 1;

/// One package's files, sorted by path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The version of this format.
    pub version: u32,
    /// Every ELF file and ar archive.
    pub files: Vec<Entry>,
    /// What the foreign ones were found to need of the system: relations.
    #[serde(skip_serializing_if = "BTreeSet::is_empty", default)]
    pub needs: BTreeSet<String>,
    /// Wheels for the stable ABI: where their metadata is, and the minor version of Python
    /// from which on they work.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub stable: BTreeMap<String, u32>,
}

/// One file as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its path in the package.
    pub path: String,
    /// Its SHA-256, in hexadecimal digits; of a foreign file always.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub sha256: Option<String>,
    /// Its length in bytes.
    pub size: u64,
    /// Its permissions, in octal digits.
    pub mode: String,
    /// When it was modified: seconds and nanoseconds since 1970.
    pub modified: (i64, i64),
    /// Where it came from.
    pub class: Class,
    /// What is done with it.
    pub treatment: Treatment,
    /// The distribution that lists it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub distribution: Option<String>,
    /// Why.
    pub reason: String,
}

/// What the file system knows of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// Length in bytes.
    pub size: u64,
    /// Permissions.
    pub mode: u32,
    /// Seconds and nanoseconds since 1970.
    pub modified: (i64, i64),
}

impl Entry {
    /// An entry for a file that was judged.
    pub fn new(judgement: Judgement, sha256: Option<String>, status: Status) -> Self {
        Self {
            path: judgement.path,
            sha256,
            size: status.size,
            mode: format!("{:04o}", status.mode & 0o7777),
            modified: status.modified,
            class: judgement.class,
            treatment: judgement.treatment,
            distribution: judgement.distribution,
            reason: judgement.reason,
        }
    }

    /// Its name without directories.
    pub fn file_name(&self) -> &str {
        file_name(&self.path)
    }

    /// Whether it is kept away from tools.
    pub fn is_held(&self) -> bool {
        self.treatment == Treatment::Hold
    }
}

impl Record {
    /// A record of these files.
    pub fn new(mut files: Vec<Entry>) -> Self {
        files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Self {
            version: VERSION,
            files,
            needs: BTreeSet::new(),
            stable: BTreeMap::new(),
        }
    }

    /// The same with these wheels for the stable ABI.
    #[must_use]
    pub fn with_stable(self, stable: BTreeMap<String, u32>) -> Self {
        Self { stable, ..self }
    }

    /// The same with these relations as needs.
    #[must_use]
    pub fn with_needs(self, needs: BTreeSet<String>) -> Self {
        Self { needs, ..self }
    }

    /// Whether a file of this length may be one that was found to be foreign, so that its
    /// hash is needed for [`Record::after`].
    pub fn may_have(&self, size: u64) -> bool {
        let mut foreign = self.files.iter().filter(|e| e.class == Class::Foreign);
        foreign.any(|entry| entry.size == size)
    }

    /// What a later scan makes of an earlier one. What was foreign stays so while its
    /// bytes are the same, wherever its metadata has gone meanwhile (dh_python3 removes
    /// RECORD and WHEEL). `is_away` says of a file that it is held at the moment, and
    /// `is_ruled` of a path that the packager has decided it.
    #[must_use]
    pub fn after(
        self,
        earlier: &Self,
        is_away: impl Fn(&Entry) -> bool,
        is_ruled: impl Fn(&str) -> bool,
    ) -> Self {
        let (away, there): (Vec<&Entry>, Vec<&Entry>) = earlier
            .files
            .iter()
            .filter(|entry| entry.class == Class::Foreign)
            .partition(|entry| is_away(entry));
        let merged = |now: Entry| {
            let old = origin(&there, &now).filter(|_| !is_ruled(&now.path));
            match old {
                Some(old) => Entry {
                    path: home(&old.path, &now.path),
                    ..old.clone()
                },
                None => now,
            }
        };
        let mut files: Vec<Entry> = self.files.into_iter().map(merged).collect();
        files.retain(|now| away.iter().all(|old| old.path != now.path));
        files.extend(away.into_iter().cloned());
        let mut stable = earlier.stable.clone();
        stable.extend(self.stable);
        Self::new(files)
            .with_needs(earlier.needs.clone())
            .with_stable(stable)
    }
}

/// The entry of a file with this one's content.
fn origin<'a>(entries: &[&'a Entry], now: &Entry) -> Option<&'a Entry> {
    let known = now.sha256.is_some();
    let same = || entries.iter().filter(|e| known && e.sha256 == now.sha256);
    let here = same().find(|e| e.path == now.path);
    let named = || same().find(|e| is_renamed(&e.path, &now.path));
    here.or_else(named).or_else(|| same().next()).copied()
}

/// Whether the names of two paths are one but for what dh_python3 puts in between:
/// `libz.so` and `libz.cpython-313-x86_64-linux-gnu.so`.
pub fn is_renamed(recorded: &str, found: &str) -> bool {
    let stem = |path| file_name(path).split('.').next().unwrap_or_default();
    stem(recorded) == stem(found)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Where a file belongs that was recorded as `recorded` and is found as `found`: in the
/// directory where it is now, under the name that it had before dh_python3. Under another
/// name it is a copy.
pub fn home(recorded: &str, found: &str) -> String {
    match found.rsplit_once('/') {
        _ if !is_renamed(recorded, found) => found.to_owned(),
        Some((directory, _)) => format!("{directory}/{}", file_name(recorded)),
        None => file_name(recorded).to_owned(),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// An entry of a file with this content.
    pub(crate) fn entry(path: &str, sha256: &str, class: Class) -> Entry {
        Entry {
            path: path.to_owned(),
            sha256: Some(sha256.to_owned()),
            size: 1,
            mode: "0644".to_owned(),
            modified: (1, 0),
            class,
            treatment: match class {
                Class::Foreign => Treatment::Hold,
                _ => Treatment::Tools,
            },
            distribution: None,
            reason: String::new(),
        }
    }

    #[track_caller]
    fn after(now: Vec<Entry>, earlier: Vec<Entry>, away: &str, expect: &[(&str, Class)]) {
        let earlier = Record::new(earlier);
        let ruled = |path: &str| path == "ruled";
        let found = Record::new(now).after(&earlier, |entry| entry.path == away, ruled);
        let found: Vec<_> = found
            .files
            .iter()
            .map(|e| (e.path.as_str(), e.class))
            .collect();
        assert_eq!(found, expect);
    }

    use Class::{Foreign, Local};

    #[test]
    fn what_was_foreign_stays_so() {
        let (now, old) = (entry("a", "1", Local), entry("a", "1", Foreign));
        after(vec![now.clone()], vec![old.clone()], "", &[("a", Foreign)]);
        let moved = entry("b", "1", Local);
        after(vec![moved], vec![old.clone()], "", &[("b", Foreign)]);
        let (now, old_rule) = (entry("ruled", "1", Local), entry("ruled", "1", Foreign));
        after(vec![now], vec![old_rule], "", &[("ruled", Local)]);
        let changed = entry("a", "2", Local);
        after(vec![changed], vec![old], "", &[("a", Local)]);
    }

    #[test]
    fn what_is_away_stays_in_the_record() {
        let old = entry("a", "1", Foreign);
        after(vec![], vec![old.clone()], "a", &[("a", Foreign)]);
        after(vec![], vec![old], "", &[]);
    }

    /// dh_python3 removes WHEEL.
    #[test]
    fn wheels_are_remembered() {
        let one = |wheel: &str, since| BTreeMap::from([(wheel.to_owned(), since)]);
        let earlier = Record::new(Vec::new()).with_stable(one("a", 9));
        let after = |now| Record::new(Vec::new()).with_stable(now);
        let after = |now| after(now).after(&earlier, |_| false, |_| false).stable;
        assert_eq!(after(BTreeMap::new()), one("a", 9));
        assert_eq!(after(one("a", 8)), one("a", 8));
        assert_eq!(after(one("b", 8)).len(), 2);
    }

    #[test]
    fn renamed_files_are_known_by_their_content() {
        let earlier = vec![entry("x/a.so", "1", Foreign), entry("x/b.so", "1", Foreign)];
        let of = |path| vec![entry(path, "1", Local)];
        after(of("x/b.so"), earlier.clone(), "", &[("x/b.so", Foreign)]);
        after(
            of("y/b.cpython-313.so"),
            earlier.clone(),
            "",
            &[("y/b.so", Foreign)],
        );
        after(of("y/c.so"), earlier, "", &[("y/c.so", Foreign)]);
    }

    #[test]
    fn the_name_that_it_had_where_it_is_now() {
        assert_eq!(home("usr/a/m.so", "usr/b/m.cpython.so"), "usr/b/m.so");
        assert_eq!(home("m.so", "m.abi3.so"), "m.so");
        assert_eq!(home("usr/a/m.so", "usr/b/n.so"), "usr/b/n.so");
    }
}
