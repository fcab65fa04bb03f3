//! What `dh_pyelf_scan` has found, for the commands that come after it.

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
}

/// One file as it was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its path in the package.
    pub path: String,
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
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
    pub fn new(judgement: Judgement, sha256: String, status: Status) -> Self {
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
        }
    }

    /// What a later scan makes of an earlier one. What was foreign stays so while its
    /// bytes are the same, wherever its metadata has gone meanwhile (dh_python3 removes
    /// RECORD and WHEEL); `is_away` says of a path that its file is held at the moment.
    #[must_use]
    pub fn after(self, earlier: &Self, is_away: impl Fn(&Entry) -> bool) -> Self {
        let (away, there): (Vec<&Entry>, Vec<&Entry>) = earlier
            .files
            .iter()
            .filter(|entry| entry.class == Class::Foreign)
            .partition(|entry| is_away(entry));
        let before = |now: &Entry| {
            let same = |old: &&&Entry| old.sha256 == now.sha256;
            let same_path = there.iter().filter(same).find(|old| old.path == now.path);
            same_path.or_else(|| there.iter().find(same))
        };
        let mut files: Vec<Entry> = self
            .files
            .into_iter()
            .map(|now| match before(&now) {
                Some(old) if now.class == Class::Local => Entry {
                    path: now.path.clone(),
                    ..(**old).clone()
                },
                _ => now,
            })
            .collect();
        files.retain(|now| away.iter().all(|old| old.path != now.path));
        files.extend(away.into_iter().cloned());
        Self::new(files)
    }

    /// The foreign file that has been found as `path` with this content: the one of that
    /// path, else one whose name it is after a renaming by dh_python3, else any.
    pub fn origin_of(&self, path: &str, sha256: &str) -> Option<&Entry> {
        let held = || {
            self.files
                .iter()
                .filter(|e| e.is_held() && e.sha256 == sha256)
        };
        let stem = |path: &str| file_name(path).split('.').next().unwrap_or("").to_owned();
        let named = || held().find(|e| stem(&e.path) == stem(path));
        let same = held().find(|e| e.path == path);
        same.or_else(named).or_else(|| held().next())
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Where a file belongs that was recorded as `recorded` and is found as `found`: in the
/// directory where it is now, under the name that it had.
pub fn home(recorded: &str, found: &str) -> String {
    match found.rsplit_once('/') {
        Some((directory, _)) => format!("{directory}/{}", file_name(recorded)),
        None => file_name(recorded).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, sha256: &str, class: Class) -> Entry {
        Entry {
            path: path.to_owned(),
            sha256: sha256.to_owned(),
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
        let found = Record::new(now).after(&earlier, |entry| entry.path == away);
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
        let changed = entry("a", "2", Local);
        after(vec![changed], vec![old], "", &[("a", Local)]);
    }

    #[test]
    fn what_is_away_stays_in_the_record() {
        let old = entry("a", "1", Foreign);
        after(vec![], vec![old.clone()], "a", &[("a", Foreign)]);
        after(vec![], vec![old], "", &[]);
    }

    #[test]
    fn renamed_files_are_known_by_their_content() {
        let record = Record::new(vec![
            entry("x/a.so", "1", Foreign),
            entry("x/b.so", "1", Foreign),
        ]);
        let of = |path| record.origin_of(path, "1").map(|e| e.path.as_str());
        assert_eq!(of("x/b.so"), Some("x/b.so"));
        assert_eq!(of("y/b.cpython-311.so"), Some("x/b.so"));
        assert_eq!(of("y/c.so"), Some("x/a.so"));
        assert_eq!(record.origin_of("x/a.so", "2"), None);
    }

    #[test]
    fn the_name_that_it_had_where_it_is_now() {
        assert_eq!(home("usr/a/m.so", "usr/b/m.cpython.so"), "usr/b/m.so");
        assert_eq!(home("m.so", "n.so"), "m.so");
    }
}
