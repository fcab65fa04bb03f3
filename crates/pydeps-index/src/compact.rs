//! A project as bytes that load much faster than the page they came from.
//!
//! Versions are parsed once for each release instead of once for each file, and
//! `requires-python` once for each distinct text.

use std::collections::BTreeMap;
use std::str::FromStr;

use jiff::Timestamp;
use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::upstream::{File, FileKind, MetadataFile, Project};
use url::Url;

/// Encodes a project.
pub(crate) fn encode(project: &Project) -> Vec<u8> {
    let mut out = Writer(Vec::new());
    out.text(project.name.as_ref());
    out.text(&project.origin);
    out.text(&serde_json::to_string(&project.findings).unwrap_or_default());
    out.number(project.releases.len() as u64);
    for (version, files) in &project.releases {
        out.text(&version.to_string());
        out.number(files.len() as u64);
        for file in files {
            out.file(file);
        }
    }
    out.0
}

/// Decodes what [`encode`] wrote; `None` if it is anything else.
pub(crate) fn decode(bytes: &[u8]) -> Option<Project> {
    let mut input = Reader {
        rest: bytes,
        pythons: BTreeMap::new(),
    };
    let name = DistName::from_str(input.text()?).ok()?;
    let origin = input.text()?.to_owned();
    let findings: Vec<Finding> = serde_json::from_str(input.text()?).ok()?;
    let mut releases = Vec::new();
    for _ in 0..input.number()? {
        let version = Version::from_str(input.text()?).ok()?;
        let files = (0..input.number()?).map(|_| input.file());
        releases.push((version, files.collect::<Option<Vec<File>>>()?));
    }
    input.rest.is_empty().then_some(Project {
        name,
        origin,
        releases: releases.into_iter().collect(),
        findings,
    })
}

struct Writer(Vec<u8>);

impl Writer {
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

    fn texts<'a>(&mut self, texts: impl ExactSizeIterator<Item = &'a String>) {
        self.number(texts.len() as u64);
        texts.for_each(|text| self.text(text));
    }

    fn hashes(&mut self, hashes: &BTreeMap<String, String>) {
        self.number(hashes.len() as u64);
        for (name, digest) in hashes {
            self.text(name);
            self.text(digest);
        }
    }

    fn file(&mut self, file: &File) {
        self.text(&file.filename);
        self.text(file.url.as_str());
        match &file.kind {
            FileKind::Sdist => self.number(0),
            FileKind::Wheel { tags } => {
                self.number(1);
                self.texts(tags.iter());
            }
        }
        self.hashes(&file.hashes);
        let python = file.requires_python.as_ref().map(ToString::to_string);
        self.option(python, |out, text| out.text(&text));
        self.option(file.yanked.as_ref(), |out, text| out.text(text));
        match &file.metadata {
            MetadataFile::Unknown => self.number(0),
            MetadataFile::Absent => self.number(1),
            MetadataFile::Present(hashes) => {
                self.number(2);
                self.hashes(hashes);
            }
        }
        let uploaded = file.uploaded.map(Timestamp::as_microsecond);
        self.option(uploaded, |out, time| out.number(time.cast_unsigned()));
        self.option(file.size, Writer::number);
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    pythons: BTreeMap<&'a str, VersionSpecifiers>,
}

impl<'a> Reader<'a> {
    fn number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let (&byte, rest) = self.rest.split_first()?;
            self.rest = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        std::str::from_utf8(text).ok()
    }

    /// `Some(None)` is a value that is absent; `None` is a broken encoding.
    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.number()? {
            0 => Some(None),
            1 => Some(Some(read(self)?)),
            _ => None,
        }
    }

    fn hashes(&mut self) -> Option<BTreeMap<String, String>> {
        let count = self.number()?;
        (0..count)
            .map(|_| Some((self.text()?.to_owned(), self.text()?.to_owned())))
            .collect()
    }

    fn python(&mut self) -> Option<VersionSpecifiers> {
        let text = self.text()?;
        if let Some(known) = self.pythons.get(text) {
            return Some(known.clone());
        }
        let specifiers = VersionSpecifiers::from_str(text).ok()?;
        self.pythons.insert(text, specifiers.clone());
        Some(specifiers)
    }

    fn kind(&mut self) -> Option<FileKind> {
        match self.number()? {
            0 => Some(FileKind::Sdist),
            1 => {
                let count = self.number()?;
                let tags = (0..count).map(|_| Some(self.text()?.to_owned()));
                Some(FileKind::Wheel {
                    tags: tags.collect::<Option<_>>()?,
                })
            }
            _ => None,
        }
    }

    fn metadata(&mut self) -> Option<MetadataFile> {
        match self.number()? {
            0 => Some(MetadataFile::Unknown),
            1 => Some(MetadataFile::Absent),
            2 => Some(MetadataFile::Present(self.hashes()?)),
            _ => None,
        }
    }

    fn file(&mut self) -> Option<File> {
        Some(File {
            filename: self.text()?.to_owned(),
            url: Url::parse(self.text()?).ok()?,
            kind: self.kind()?,
            hashes: self.hashes()?,
            requires_python: self.option(Self::python)?,
            yanked: self.option(|input| Some(input.text()?.to_owned()))?,
            metadata: self.metadata()?,
            uploaded: self
                .option(|input| Timestamp::from_microsecond(input.number()?.cast_signed()).ok())?,
            size: self.option(Self::number)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = r#"{"files": [
        {"filename": "a-1.0-py2.py3-none-any.whl", "url": "a-1.0-py2.py3-none-any.whl",
         "hashes": {"sha256": "00"}, "requires-python": ">=3.8, <4", "yanked": "why",
         "core-metadata": {"sha256": "11"}, "upload-time": "2024-01-02T03:04:05.678901Z",
         "size": 12345},
        {"filename": "a-1.0.tar.gz", "url": "a-1.0.tar.gz", "core-metadata": false,
         "upload-time": "1960-01-01T00:00:00Z"},
        {"filename": "a-x.tar.gz", "url": "x"}]}"#;

    fn project() -> Project {
        let url = "https://index.example/simple/a/".parse().unwrap();
        let name = "a".parse().unwrap();
        crate::simple::parse(PAGE.as_bytes(), "application/json", &url, &name).unwrap()
    }

    #[test]
    fn decoding_inverts_encoding() {
        let project = project();
        assert_eq!(project.releases.values().map(Vec::len).sum::<usize>(), 2);
        assert_eq!(decode(&encode(&project)), Some(project));
    }

    #[test]
    fn a_cut_is_noticed() {
        let bytes = encode(&project());
        for end in 0..bytes.len() {
            assert_eq!(decode(&bytes[..end]), None, "cut at {end}");
        }
    }

    proptest! {
        #[test]
        fn total(at in 0_usize..400, byte: u8, bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let _ = decode(&bytes);
            let mut good = encode(&project());
            let at = at % good.len();
            good[at] = byte;
            let _ = decode(&good);
        }
    }
}
