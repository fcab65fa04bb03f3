//! From the entries of a page, whatever its format, to a [`Project`].

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use pep440_rs::Version;
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use url::Url;

use crate::compact::{FileEntry, Writer, base_length};
use pydeps_python::filename::{self, Named};
use pydeps_python::requires_python;

/// Digests by lower-case algorithm name, in lower-case hexadecimal.
#[derive(Debug, Default)]
pub(crate) struct Hashes<'a>(pub(crate) Vec<(Cow<'a, str>, Cow<'a, str>)>);

/// What a page says of a `.metadata` file.
#[derive(Debug, Default)]
pub(crate) enum MetadataEntry<'a> {
    #[default]
    Unknown,
    Absent,
    Present(Hashes<'a>),
}

/// One file as a page lists it.
pub(crate) struct Entry<'a> {
    /// Its name.
    pub(crate) filename: &'a str,
    /// Where it is, as written.
    pub(crate) url: &'a str,
    /// Its digests.
    pub(crate) hashes: Hashes<'a>,
    /// `requires-python`, as written.
    pub(crate) requires_python: Option<&'a str>,
    /// Why it was yanked, if it was.
    pub(crate) yanked: Option<&'a str>,
    /// Its `.metadata` file.
    pub(crate) metadata: MetadataEntry<'a>,
    /// `upload-time`, as written.
    pub(crate) uploaded: Option<&'a str>,
    /// Its size.
    pub(crate) size: Option<u64>,
}

/// Collects the entries of a page.
pub(crate) struct Listing<'a> {
    base: &'a Url,
    name: &'a DistName,
    origin: String,
    findings: Vec<Finding>,
    writer: Writer,
    /// How the last URL that was usable as it stands begins.
    known: String,
    pythons: BTreeMap<String, Option<u64>>,
    told: BTreeSet<String>,
}

impl<'a> Listing<'a> {
    /// An empty list of `name`'s files; `base` is what relative URLs refer to.
    pub(crate) fn new(base: &'a Url, name: &'a DistName, origin: String) -> Self {
        Self {
            base,
            name,
            origin,
            findings: Vec::new(),
            writer: Writer::default(),
            known: String::new(),
            pythons: BTreeMap::new(),
            told: BTreeSet::new(),
        }
    }

    /// Adds one file; what cannot be read becomes a finding.
    pub(crate) fn push(&mut self, entry: &Entry<'_>) {
        match filename::parse(entry.filename, self.name) {
            Named::Release(version, _) => self.add(version, entry),
            Named::Other => {}
            Named::Unreadable(why) => self.tell(
                "file-name-unreadable",
                format!("{}: {why}; the file is left out", entry.filename),
            ),
        }
    }

    /// The project in its compact form.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.writer.finish(self.name, &self.origin, &self.findings)
    }

    fn add(&mut self, version: Version, entry: &Entry<'_>) {
        let Some(url) = self.absolute(entry.url) else {
            let message = format!("{}: its address cannot be used", entry.filename);
            return self.tell("file-url-unusable", message);
        };
        let file = FileEntry {
            filename: entry.filename,
            url: &url,
            hashes: &entry.hashes,
            requires_python: self.requires_python(entry.requires_python, entry.filename),
            yanked: entry.yanked,
            metadata: &entry.metadata,
            uploaded: self.uploaded(entry.uploaded, entry.filename),
            size: entry.size,
        };
        self.writer.file(version, &file);
    }

    /// A usable absolute URL without fragment. One that begins like the last one and
    /// has nothing special in it needs no second look.
    fn absolute<'t>(&mut self, text: &'t str) -> Option<Cow<'t, str>> {
        let base = &text[..base_length(text)];
        if !base.is_empty() && base == self.known && text.bytes().all(is_plain) {
            return Some(Cow::Borrowed(text));
        }
        // A page from the network must not lead to files of this machine.
        let local = self.base.scheme() == "file";
        let usable = |url: &Url| match url.scheme() {
            "http" | "https" => true,
            scheme => local && scheme == "file",
        };
        let mut url = self.base.join(text).ok().filter(usable)?;
        url.set_fragment(None);
        if url.as_str() == text {
            base.clone_into(&mut self.known);
        }
        Some(Cow::Owned(url.into()))
    }

    fn uploaded(&mut self, text: Option<&str>, filename: &str) -> Option<Timestamp> {
        let text = text?;
        let time = text.parse().ok();
        if time.is_none() {
            let message = format!("{filename}: cannot read the upload time `{text}`");
            self.tell("upload-time-unreadable", message);
        }
        time
    }

    /// Files share a handful of `requires-python` strings; each is parsed once.
    fn requires_python(&mut self, text: Option<&str>, file: &str) -> Option<u64> {
        let text = text.map(str::trim).filter(|t| !t.is_empty())?;
        if let Some(known) = self.pythons.get(text) {
            return *known;
        }
        let (specifiers, problem) = requires_python::read(text);
        if let Some(problem) = problem {
            self.tell("requires-python-unreadable", format!("{file}: {problem}"));
        }
        let number = specifiers.map(|specifiers| self.writer.python(&specifiers));
        self.pythons.insert(text.to_owned(), number);
        number
    }

    fn tell(&mut self, code: &str, message: String) {
        if self.told.insert(message.clone()) {
            let finding = Finding::info(code, message).with_origin(&self.origin);
            self.findings.push(finding);
        }
    }
}

/// Whether a byte stands for itself in a URL's path, and ends it nowhere.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/:-._~+!@%=,()".contains(&byte)
}
