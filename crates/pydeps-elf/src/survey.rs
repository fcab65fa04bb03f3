//! All the files of a tree at once: which of them to read, and what they come to together.

use std::collections::BTreeMap;

use pydeps_core::finding::Finding;

use crate::content::{self, Content};
use crate::distribution::{Distribution, metadata_directory};
use crate::judge::{Item, Judgement, Setting, has_library_name, judge};
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
    /// Its SHA-256, in hexadecimal digits.
    pub sha256: String,
    /// What was read.
    pub read: Read,
}

/// What a tree comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// Every ELF file and ar archive, and what looks like one by its name, in the order
    /// of the files.
    pub judgements: Vec<Judgement>,
    /// What is wrong with metadata.
    pub findings: Vec<Finding>,
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

/// Judges all files in the light of all metadata.
pub fn survey(seen: Vec<Seen>, rules: &Rules, architecture: &str) -> Survey {
    let mut items = Vec::new();
    let mut metadata: BTreeMap<String, [Option<Vec<u8>>; 2]> = BTreeMap::new();
    for Seen { path, sha256, read } in seen {
        match read {
            Read::Content(content) => items.push(Item {
                path,
                content,
                sha256,
            }),
            Read::Metadata(text) => {
                let directory = metadata_directory(&path).unwrap_or_default().to_owned();
                let both = metadata.entry(directory).or_default();
                both[usize::from(path.ends_with("/RECORD"))] = Some(text);
            }
        }
    }
    let (distributions, findings) = distributions(&metadata);
    let setting = Setting {
        distributions: &distributions,
        rules,
        architecture,
    };
    Survey {
        judgements: items.iter().map(|item| judge(item, &setting)).collect(),
        findings,
    }
}

fn distributions(
    metadata: &BTreeMap<String, [Option<Vec<u8>>; 2]>,
) -> (Vec<Distribution>, Vec<Finding>) {
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
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".to_owned(),
            read: read(path, bytes),
        }
    }

    #[test]
    fn metadata_and_files_meet() {
        let record = b"m.so,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n";
        let files = vec![
            seen("lib/m.so", b"\x7fELF"),
            seen("lib/six-1.dist-info/RECORD", record),
            seen(
                "lib/six-1.dist-info/WHEEL",
                b"Tag: cp3-cp3-manylinux1_x86_64\n",
            ),
            seen("lib/t.so", b"text"),
        ];
        let survey = survey(files, &Rules::default(), "amd64");
        let classes: Vec<_> = survey.judgements.iter().map(|j| j.class).collect();
        assert_eq!(classes, [Class::Foreign, Class::NotElf]);
        let first = &survey.judgements[0];
        assert_eq!(first.distribution.as_deref(), Some("six 1"));
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
