//! All the files of a tree at once: which of them to read, and what they come to together.

use std::collections::BTreeMap;

use pydeps_core::finding::Finding;

use crate::content::{self, Content};
use crate::distribution::{Distribution, metadata_directory};
use crate::judge::{Item, Judgement, Setting, has_library_name, judge, needs_hash};
use crate::rules::Rules;

/// What was read of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Read {
    /// What it is.
    Content(Content),
    /// WHEEL or RECORD of a distribution.
    Metadata(Vec<u8>),
}

/// A file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its path in the tree.
    pub path: String,
    /// Its length in bytes.
    pub size: u64,
    /// What was read.
    pub read: Read,
}

/// How large metadata may be; scipy's RECORD has a quarter of a megabyte.
const LARGEST: usize = 64 << 20;

/// Whether a file is to be read, by its path and its first bytes.
pub fn wants(path: &str, head: &[u8]) -> bool {
    content::is_candidate(head) || has_library_name(path) || metadata_directory(path).is_some()
}

/// Reads a file.
pub fn read(path: &str, bytes: &[u8]) -> Read {
    match metadata_directory(path) {
        Some(_) => Read::Metadata(bytes[..bytes.len().min(LARGEST)].to_vec()),
        None => Read::Content(content::inspect(bytes)),
    }
}

/// All files, and all metadata that they are judged by.
#[derive(Debug)]
pub struct Survey<'a> {
    items: Vec<Item>,
    distributions: Vec<Distribution>,
    /// Wheels for the stable ABI, see [`crate::record::Record::stable`].
    pub stable: BTreeMap<String, u32>,
    rules: &'a Rules,
    architecture: &'a str,
    /// What is wrong with metadata.
    pub findings: Vec<Finding>,
}

impl<'a> Survey<'a> {
    /// Puts together what was read of a tree.
    pub fn new(seen: Vec<Seen>, rules: &'a Rules, architecture: &'a str) -> Self {
        let mut items = Vec::new();
        let mut metadata = Metadata::new();
        for Seen { path, size, read } in seen {
            match read {
                Read::Content(content) => items.push(Item {
                    path,
                    size,
                    content,
                    sha256: None,
                }),
                Read::Metadata(text) => {
                    let directory = metadata_directory(&path).unwrap_or_default().to_owned();
                    let both = metadata.entry(directory).or_default();
                    both[usize::from(path.ends_with("/RECORD"))] = Some(text);
                }
            }
        }
        let (distributions, findings) = distributions(&metadata);
        let found = metadata.keys().zip(&distributions);
        let stable = found.filter_map(|(directory, d)| Some((directory.clone(), d.stable?)));
        Self {
            items,
            stable: stable.collect(),
            distributions,
            rules,
            architecture,
            findings,
        }
    }

    /// The files whose hash is needed before they are judged.
    pub fn unhashed(&self) -> impl Iterator<Item = &str> {
        let setting = self.setting();
        let needed = self.items.iter().filter(move |i| needs_hash(i, &setting));
        needed.map(|item| item.path.as_str())
    }

    /// Judges every ELF file and ar archive, and what looks like one by its name, by their
    /// hashes where they are known. In the order of the files.
    pub fn judgements(&mut self, hashes: &BTreeMap<String, String>) -> Vec<Judgement> {
        for item in &mut self.items {
            item.sha256 = hashes.get(&item.path).cloned();
        }
        let setting = self.setting();
        let items = self.items.iter();
        items.map(|item| judge(item, &setting)).collect()
    }

    fn setting(&self) -> Setting<'_> {
        Setting {
            distributions: &self.distributions,
            rules: self.rules,
            architecture: self.architecture,
        }
    }
}

type Metadata = BTreeMap<String, [Option<Vec<u8>>; 2]>;

fn distributions(metadata: &Metadata) -> (Vec<Distribution>, Vec<Finding>) {
    let read = |(directory, [wheel, record]): (&String, &[Option<Vec<u8>>; 2])| {
        Distribution::read(directory, wheel.as_deref(), record.as_deref())
    };
    let (distributions, findings): (Vec<_>, Vec<_>) = metadata.iter().map(read).unzip();
    (distributions, findings.into_iter().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Class;

    fn seen(path: &str, bytes: &[u8]) -> Seen {
        Seen {
            path: path.to_owned(),
            size: bytes.len() as u64,
            read: read(path, bytes),
        }
    }

    #[test]
    fn metadata_and_files_meet() {
        let record = b"m.so,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,4\n";
        let files = vec![
            seen("lib/m.so", b"\x7fELF"),
            seen("lib/six-1.dist-info/RECORD", record),
            seen(
                "lib/six-1.dist-info/WHEEL",
                b"Tag: cp3-cp3-manylinux1_x86_64\n",
            ),
            seen("lib/t.so", b"text"),
        ];
        let rules = Rules::default();
        let mut survey = Survey::new(files, &rules, "amd64");
        assert_eq!(survey.unhashed().collect::<Vec<_>>(), ["lib/m.so"]);
        let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let hashes = [("lib/m.so".to_owned(), hash.to_owned())].into();
        let judgements = survey.judgements(&hashes);
        let classes: Vec<_> = judgements.iter().map(|j| j.class).collect();
        assert_eq!(classes, [Class::Foreign, Class::NotElf]);
        assert_eq!(judgements[0].distribution.as_deref(), Some("six 1"));
        assert_eq!(survey.findings, []);
    }

    #[test]
    fn few_files_are_read() {
        assert!(wants("bin/ruff", b"\x7fELF\x02"));
        assert!(wants("a/libx.so.1", b"text"));
        assert!(wants("a/x-1.dist-info/RECORD", b""));
        assert!(!wants("a/x.py", b"import"));
    }
}
