//! Patterns for sets of files: directories where that says the same.

use std::collections::{BTreeMap, BTreeSet};

/// A path as a pattern: `*`, `?` and `\` mean themselves, a blank is any character
/// (copyright-format 1.0, "Files").
pub(super) fn escaped(path: &str) -> String {
    let (path, end) = match path.strip_suffix("/*") {
        Some(path) => (path, "/*"),
        None => (path, ""),
    };
    let mut escaped = String::new();
    for c in path.chars() {
        match c {
            '*' | '?' | '\\' => escaped.extend(['\\', c]),
            c if c.is_whitespace() => escaped.push('?'),
            c => escaped.push(c),
        }
    }
    escaped + end
}

/// A directory, or what else there is of a vendored work: one module, its metadata.
pub(super) fn of_root(root: &str, all: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let mut patterns = Vec::new();
    if all.contains_key(root) {
        patterns.push(escaped(root));
    }
    let directory = format!("{root}/");
    if all.keys().any(|path| path.starts_with(&directory)) {
        patterns.push(escaped(&format!("{directory}*")));
    }
    for end in [".dist-info/", ".egg-info/"] {
        let has = |path: &&String| path.starts_with(&format!("{root}-")) && path.contains(end);
        if let Some(found) = all.keys().find(has) {
            let length = found.find(end).unwrap_or_default() + end.len();
            patterns.push(escaped(&format!("{}*", &found[..length])));
        }
    }
    patterns
}

/// The fewest patterns that mean `mine`, where files that say nothing may come along if they
/// are no more than those that do, and none of `others` is in the directory.
pub(super) fn of(
    mine: &BTreeSet<&str>,
    others: &BTreeSet<&str>,
    all: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let mut patterns = Vec::new();
    below("", mine, others, all, &mut patterns);
    patterns
}

fn below(
    directory: &str,
    mine: &BTreeSet<&str>,
    others: &BTreeSet<&str>,
    all: &BTreeMap<String, Vec<u8>>,
    patterns: &mut Vec<String>,
) {
    let mut inner: BTreeSet<&str> = BTreeSet::new();
    for path in mine.iter().filter(|path| path.starts_with(directory)) {
        match path[directory.len()..].find('/') {
            Some(at) => {
                inner.insert(&path[..directory.len() + at + 1]);
            }
            None => patterns.push(escaped(path)),
        }
    }
    for directory in inner {
        let count = |set: &BTreeSet<&str>| set.iter().filter(|p| p.starts_with(directory)).count();
        let of_all = all
            .keys()
            .filter(|path| path.starts_with(directory))
            .count();
        match count(others) == 0 && count(mine) * 2 >= of_all && count(mine) > 1 {
            true => patterns.push(escaped(&format!("{directory}*"))),
            false => below(directory, mine, others, all, patterns),
        }
    }
}
