//! From the files of a page to its compact form.

use std::collections::BTreeMap;

use jiff::Timestamp;
use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;

use super::{PYTHON, UPLOADED, YANKED};
use crate::simple::{Hashes, MetadataEntry};
use pydeps_http::cache::from_hex;

/// One file.
pub(crate) struct FileEntry<'a> {
    pub(crate) filename: &'a str,
    /// Its URL, absolute.
    pub(crate) url: &'a str,
    pub(crate) hashes: &'a Hashes<'a>,
    /// A number of [`Writer::python`].
    pub(crate) requires_python: Option<u64>,
    pub(crate) yanked: Option<&'a str>,
    pub(crate) metadata: &'a MetadataEntry<'a>,
    pub(crate) uploaded: Option<Timestamp>,
    pub(crate) size: Option<u64>,
}

/// Texts that occur many times, numbered as they come.
#[derive(Default)]
struct Distinct(BTreeMap<String, u64>);

impl Distinct {
    fn number(&mut self, text: &str) -> u64 {
        if let Some(&number) = self.0.get(text) {
            return number;
        }
        let number = self.0.len() as u64;
        self.0.insert(text.to_owned(), number);
        number
    }

    fn write(&self, out: &mut Out) {
        let mut texts: Vec<_> = self.0.iter().collect();
        texts.sort_by_key(|(_, number)| **number);
        out.number(texts.len() as u64);
        texts.iter().for_each(|(text, _)| out.text(text));
    }
}

/// Collects files, release by release.
#[derive(Default)]
pub(crate) struct Writer {
    pythons: Distinct,
    bases: Distinct,
    /// How many files, and their bytes.
    releases: BTreeMap<Version, (u64, Out)>,
    scratch: Out,
}

impl Writer {
    /// The number of a `requires-python`.
    pub(crate) fn python(&mut self, specifiers: &VersionSpecifiers) -> u64 {
        self.pythons.number(&specifiers.to_string())
    }

    /// Adds a file of a release.
    pub(crate) fn file(&mut self, version: Version, file: &FileEntry<'_>) {
        let (base, path) = file.url.split_at(base_length(file.url));
        let rest = &mut self.scratch;
        rest.0.clear();
        rest.text(file.filename);
        rest.number(self.bases.number(base));
        rest.text(path);
        rest.hashes(file.hashes);
        rest.metadata(file.metadata);
        rest.option(file.size, Out::number);
        let (count, out) = self.releases.entry(version).or_default();
        *count += 1;
        let flag = |set: bool, flag: u64| if set { flag } else { 0 };
        out.number(
            flag(file.yanked.is_some(), YANKED)
                | flag(file.uploaded.is_some(), UPLOADED)
                | flag(file.requires_python.is_some(), PYTHON),
        );
        if let Some(python) = file.requires_python {
            out.number(python);
        }
        if let Some(yanked) = file.yanked {
            out.text(yanked);
        }
        if let Some(time) = file.uploaded {
            out.number(time.as_microsecond() as u64);
        }
        out.number(rest.0.len() as u64);
        out.0.extend(&rest.0);
    }

    /// The whole page.
    pub(crate) fn finish(self, name: &DistName, origin: &str, findings: &[Finding]) -> Vec<u8> {
        let mut out = Out::default();
        out.text(name.as_ref());
        out.text(origin);
        out.text(&serde_json::to_string(findings).unwrap_or_default());
        self.pythons.write(&mut out);
        self.bases.write(&mut out);
        out.number(self.releases.len() as u64);
        for (version, (count, files)) in &self.releases {
            out.text(&version.to_string());
            out.number(*count);
            out.0.extend(&files.0);
        }
        out.0
    }
}

/// How much of a URL those of other files will begin with, too: scheme, host and the
/// first segment of the path.
pub(crate) fn base_length(url: &str) -> usize {
    let slashes = url.match_indices('/').map(|(at, _)| at + 1);
    slashes.take(4).last().unwrap_or(0)
}

#[derive(Default)]
struct Out(Vec<u8>);

impl Out {
    fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value as u8) | 0x80);
            value >>= 7;
        }
        self.0.push(value as u8);
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend(text.as_bytes());
    }

    fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.0.push(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    /// A SHA-256 has no name and half the length.
    fn hashes(&mut self, hashes: &Hashes<'_>) {
        self.number(hashes.0.len() as u64);
        for (name, digest) in &hashes.0 {
            match from_hex(digest).filter(|_| name == "sha256") {
                Some(bytes) => {
                    self.text("");
                    self.0.extend(bytes);
                }
                None => {
                    self.text(name);
                    self.text(digest);
                }
            }
        }
    }

    fn metadata(&mut self, metadata: &MetadataEntry<'_>) {
        match metadata {
            MetadataEntry::Unknown => self.number(0),
            MetadataEntry::Absent => self.number(1),
            MetadataEntry::Present(hashes) => {
                self.number(2);
                self.hashes(hashes);
            }
        }
    }
}
