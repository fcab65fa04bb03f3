//! The files of an upstream source, as values.

use std::collections::{BTreeMap, BTreeSet};

/// One file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// Its size in bytes.
    pub size: u64,
    /// Whether its owner may execute it.
    pub executable: bool,
    /// What is in it; empty where it was too large to be read.
    pub bytes: Vec<u8>,
}

/// All files of an upstream source, by their path below its top directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    members: BTreeMap<String, Member>,
}

impl FromIterator<(String, Member)> for Tree {
    fn from_iter<I: IntoIterator<Item = (String, Member)>>(members: I) -> Self {
        Self {
            members: members.into_iter().collect(),
        }
    }
}

impl Tree {
    /// A tree of texts, as tests write it.
    pub fn of_texts(texts: &[(&str, &str)]) -> Self {
        let member = |text: &str| Member {
            size: text.len() as u64,
            executable: false,
            bytes: text.as_bytes().to_vec(),
        };
        texts
            .iter()
            .map(|(path, text)| ((*path).to_owned(), member(text)))
            .collect()
    }

    /// Every file, ascending by path.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Member)> {
        self.members
            .iter()
            .map(|(path, member)| (path.as_str(), member))
    }

    /// Every path, ascending.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// Whether there is a file of that path.
    pub fn has(&self, path: &str) -> bool {
        self.members.contains_key(path)
    }

    /// Whether there is a directory of that path with anything in it.
    pub fn has_directory(&self, path: &str) -> bool {
        let prefix = format!("{path}/");
        let mut after = self.members.range(prefix.clone()..);
        after
            .next()
            .is_some_and(|(path, _)| path.starts_with(&prefix))
    }

    /// A file's text; what is not UTF-8 is replaced.
    pub fn text(&self, path: &str) -> Option<String> {
        let member = self.members.get(path)?;
        Some(String::from_utf8_lossy(&member.bytes).into_owned())
    }

    /// A file's text, if it is UTF-8 and was read.
    pub fn exact_text(&self, path: &str) -> Option<String> {
        let member = self.members.get(path)?;
        let is_read = member.bytes.len() as u64 == member.size;
        let text = String::from_utf8(member.bytes.clone()).ok();
        text.filter(|_| is_read)
    }

    /// The names of the directories in a directory, ascending; the top is `""`.
    pub fn directories_in(&self, directory: &str) -> BTreeSet<&str> {
        self.below(directory)
            .filter_map(|rest| rest.split_once('/').map(|(name, _)| name))
            .collect()
    }

    /// The names of the files in a directory, ascending; the top is `""`.
    pub fn files_in(&self, directory: &str) -> BTreeSet<&str> {
        self.below(directory)
            .filter(|rest| !rest.contains('/'))
            .collect()
    }

    /// The paths below a directory, relative to it.
    pub fn below(&self, directory: &str) -> impl Iterator<Item = &str> {
        let prefix = match directory {
            "" => String::new(),
            directory => format!("{directory}/"),
        };
        self.paths()
            .filter_map(move |path| path.strip_prefix(&prefix))
    }
}

/// Whether a path ends with one of these, whatever their case.
pub fn has_suffix(path: &str, suffixes: &[&str]) -> bool {
    let lower = path.to_ascii_lowercase();
    suffixes.iter().any(|suffix| lower.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_and_files() {
        let tree = Tree::of_texts(&[("a/b/c.py", ""), ("a/d.py", ""), ("ab.py", "x")]);
        assert_eq!(Vec::from_iter(tree.directories_in("")), ["a"]);
        assert_eq!(Vec::from_iter(tree.directories_in("a")), ["b"]);
        assert_eq!(Vec::from_iter(tree.files_in("a")), ["d.py"]);
        assert_eq!(Vec::from_iter(tree.files_in("")), ["ab.py"]);
        assert!(tree.has_directory("a/b") && !tree.has_directory("a/d.py"));
        assert_eq!(tree.text("ab.py").as_deref(), Some("x"));
    }
}
