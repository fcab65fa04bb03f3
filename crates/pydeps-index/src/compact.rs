//! A project as bytes that load much faster than the page they came from.
//!
//! What choosing a release takes is read at once: versions, and for each file whether
//! it was yanked, which Python it needs and when it was uploaded. The rest of a file
//! stays as it is until somebody asks for it.
//!
//! Numbers are LEB128, texts have their length before them:
//!
//! ```text
//! page    := name origin findings(JSON) pythons bases releases
//! pythons := count text…            the distinct `requires-python`
//! bases   := count text…            the distinct beginnings of URLs
//! release := version count file…
//! file    := flags [python] [yanked] [uploaded] length rest
//! rest    := filename base path hashes metadata [size]
//! ```

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::upstream::{Details, File, MetadataFile, Packed, Project, Rest};
use url::Url;

use pydeps_http::cache::{Entry, hex};
use pydeps_python::filename::{self, Named};

mod writer;

pub(crate) use writer::{FileEntry, Writer, base_length};

const YANKED: u64 = 1;
const UPLOADED: u64 = 2;
const PYTHON: u64 = 4;

/// Decodes what a [`Writer`] wrote, which is the body of the entry; `None` if it is
/// anything else.
pub(crate) fn decode(entry: &Arc<Entry>) -> Option<Project> {
    let mut input = Reader::new(entry.body());
    let name = DistName::from_str(input.text()?).ok()?;
    let origin = input.text()?.to_owned();
    let findings: Vec<Finding> = serde_json::from_str(input.text()?).ok()?;
    let python = |text| VersionSpecifiers::from_str(text).ok().map(Arc::new);
    let pythons = input.list(|input| python(input.text()?))?;
    let bases = input.list(|input| Some(input.text()?.to_owned()))?;
    let page: Arc<dyn Packed> = Arc::new(Page {
        entry: Arc::clone(entry),
        name: name.clone(),
        bases,
    });
    let release = |input: &mut Reader<'_>| {
        let version = Version::from_str(input.text()?).ok()?;
        let files = input.list(|input| input.file(&pythons, &page))?;
        Some((version, files))
    };
    let releases = input.list(release)?;
    input.rest.is_empty().then_some(Project {
        name,
        origin,
        releases: releases.into_iter().collect(),
        findings,
    })
}

/// Where the details of files are.
#[derive(Debug)]
struct Page {
    entry: Arc<Entry>,
    name: DistName,
    bases: Vec<String>,
}

impl Packed for Page {
    fn details(&self, at: usize) -> Option<Details> {
        let mut input = Reader::new(self.entry.body().get(at..)?);
        let filename = input.text()?;
        let Named::Release(_, kind) = filename::parse(filename, &self.name) else {
            return None;
        };
        let base = self.bases.get(usize::try_from(input.number()?).ok()?)?;
        let path = input.text()?;
        Some(Details {
            filename: filename.to_owned(),
            url: Url::parse(&[base, path].concat()).ok()?,
            kind,
            hashes: input.hashes()?,
            metadata: input.metadata()?,
            size: input.option(Reader::number)?,
        })
    }
}

/// Bytes yet to be read, and how many there were before.
struct Reader<'a> {
    whole: usize,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self {
            whole: bytes.len(),
            rest: bytes,
        }
    }

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

    fn bytes(&mut self, length: u64) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(usize::try_from(length).ok()?)?;
        self.rest = rest;
        Some(bytes)
    }

    fn text(&mut self) -> Option<&'a str> {
        let length = self.number()?;
        std::str::from_utf8(self.bytes(length)?).ok()
    }

    /// A count, and so many of something.
    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = usize::try_from(self.number()?).ok()?;
        // Each takes a byte at least, whatever the count says.
        let mut list = Vec::with_capacity(count.min(self.rest.len()));
        for _ in 0..count {
            list.push(read(self)?);
        }
        Some(list)
    }

    /// `Some(None)` is a value that is absent; `None` is a broken encoding.
    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        match self.number()? {
            0 => Some(None),
            1 => Some(Some(read(self)?)),
            _ => None,
        }
    }

    fn file(&mut self, pythons: &[Arc<VersionSpecifiers>], page: &Arc<dyn Packed>) -> Option<File> {
        let flags = self.number()?;
        let mut file = File {
            requires_python: None,
            yanked: None,
            uploaded: None,
            rest: Rest::Packed(Arc::clone(page), 0),
        };
        if flags & PYTHON != 0 {
            let python = pythons.get(usize::try_from(self.number()?).ok()?)?;
            file.requires_python = Some(Arc::clone(python));
        }
        if flags & YANKED != 0 {
            file.yanked = Some(self.text()?.to_owned());
        }
        if flags & UPLOADED != 0 {
            file.uploaded = Some(Timestamp::from_microsecond(self.number()? as i64).ok()?);
        }
        let length = self.number()?;
        file.rest = Rest::Packed(Arc::clone(page), self.whole - self.rest.len());
        self.bytes(length)?;
        Some(file)
    }

    fn hashes(&mut self) -> Option<BTreeMap<String, String>> {
        let digest = |input: &mut Self| match input.text()? {
            "" => Some(("sha256".to_owned(), hex(input.bytes(32)?))),
            name => Some((name.to_owned(), input.text()?.to_owned())),
        };
        Some(self.list(digest)?.into_iter().collect())
    }

    fn metadata(&mut self) -> Option<MetadataFile> {
        match self.number()? {
            0 => Some(MetadataFile::Unknown),
            1 => Some(MetadataFile::Absent),
            2 => Some(MetadataFile::Present(self.hashes()?)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PAGE: &str = r#"{"files": [
        {"filename": "a-1.0-py2.py3-none-any.whl", "url": "a-1.0-py2.py3-none-any.whl",
         "hashes": {"sha256": "00", "": "1"}, "requires-python": ">=3.8, <4", "yanked": "why",
         "core-metadata": {"sha256": "DIGEST", "sha512": "11"},
         "upload-time": "2024-01-02T03:04:05.678901Z", "size": 12345},
        {"filename": "a-1.0.tar.gz", "url": "a-1.0.tar.gz", "core-metadata": false,
         "upload-time": "1960-01-01T00:00:00Z"},
        {"filename": "a-x.tar.gz", "url": "x"}]}"#;

    fn page() -> Vec<u8> {
        let url = "https://index.example/simple/a/".parse().unwrap();
        let page = PAGE.replace("DIGEST", &"0f".repeat(32));
        let name = "a".parse().unwrap();
        crate::simple::pack(page.as_bytes(), "application/json", &url, &name).unwrap()
    }

    fn read(bytes: &[u8]) -> Option<Project> {
        decode(&Arc::new(Entry::unstored(bytes.to_vec())))
    }

    #[test]
    fn all_of_a_file_comes_back() {
        let project = read(&page()).unwrap();
        let files: Vec<&File> = project.releases.values().flatten().collect();
        let [wheel, sdist] = files[..] else {
            panic!("{files:?}")
        };
        assert_eq!(wheel.yanked.as_deref(), Some("why"));
        let python = wheel.requires_python.as_ref().unwrap();
        assert_eq!(python.to_string(), ">=3.8, <4");
        let time = wheel.uploaded.unwrap().to_string();
        assert_eq!(time, "2024-01-02T03:04:05.678901Z");
        let details = wheel.details().unwrap();
        assert_eq!(
            details.hashes,
            [("sha256".to_owned(), "00".to_owned())].into()
        );
        let hashes = [("sha256", "0f".repeat(32)), ("sha512", "11".to_owned())];
        let hashes = hashes.map(|(name, digest)| (name.to_owned(), digest));
        assert_eq!(details.metadata, MetadataFile::Present(hashes.into()));
        assert_eq!(details.size, Some(12345));
        assert_eq!(sdist.uploaded.unwrap().to_string(), "1960-01-01T00:00:00Z");
        let details = sdist.details().unwrap();
        assert_eq!(
            (details.url.as_str(), details.metadata),
            (
                "https://index.example/simple/a/a-1.0.tar.gz",
                MetadataFile::Absent
            )
        );
        assert_eq!(project.findings.len(), 1);
    }

    #[test]
    fn a_cut_is_noticed() {
        let bytes = page();
        for end in 0..bytes.len() {
            assert_eq!(read(&bytes[..end]), None, "cut at {end}");
        }
    }

    /// Reads all that there is to read.
    fn read_all(bytes: &[u8]) -> usize {
        let project = read(bytes);
        let releases = project.iter().flat_map(|project| project.releases.values());
        releases.flatten().filter_map(File::details).count()
    }

    proptest! {
        #[test]
        fn total(at in 0_usize..400, byte: u8, bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            read_all(&bytes);
            let mut good = page();
            prop_assert_eq!(read_all(&good), 2);
            let at = at % good.len();
            good[at] = byte;
            read_all(&good);
        }
    }
}
