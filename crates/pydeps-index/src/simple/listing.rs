//! From the entries of a page, whatever its format, to a [`Project`].

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use jiff::Timestamp;
use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::upstream::{File, MetadataFile, Project};
use url::Url;

use crate::filename::{self, Named};
use crate::requirement;

/// One file as a page lists it.
pub struct Entry<'a> {
    /// Its name.
    pub filename: &'a str,
    /// Where it is, as written.
    pub url: &'a str,
    /// Its digests.
    pub hashes: BTreeMap<String, String>,
    /// `requires-python`, as written.
    pub requires_python: Option<&'a str>,
    /// Why it was yanked, if it was.
    pub yanked: Option<&'a str>,
    /// Its `.metadata` file.
    pub metadata: MetadataFile,
    /// `upload-time`, as written.
    pub uploaded: Option<&'a str>,
    /// Its size.
    pub size: Option<u64>,
}

/// Collects entries into a project.
pub struct Listing<'a> {
    base: &'a Url,
    project: Project,
    pythons: BTreeMap<String, Option<VersionSpecifiers>>,
    told: BTreeSet<String>,
}

impl<'a> Listing<'a> {
    /// An empty list of `name`'s files; `base` is what relative URLs refer to.
    pub fn new(base: &'a Url, name: &DistName, origin: String) -> Self {
        Self {
            base,
            project: Project {
                name: name.clone(),
                origin,
                releases: BTreeMap::new(),
                findings: Vec::new(),
            },
            pythons: BTreeMap::new(),
            told: BTreeSet::new(),
        }
    }

    /// Adds one file; what cannot be read becomes a finding.
    pub fn push(&mut self, entry: Entry<'_>) {
        match filename::parse(entry.filename, &self.project.name) {
            Named::Release(version, kind) => self.add(version, kind, entry),
            Named::Other => {}
            Named::Unreadable(why) => self.tell(
                "file-name-unreadable",
                format!("{}: {why}; the file is left out", entry.filename),
            ),
        }
    }

    /// The project, complete.
    pub fn finish(self) -> Project {
        self.project
    }

    fn add(&mut self, version: Version, kind: pydeps_core::upstream::FileKind, entry: Entry<'_>) {
        // A page from the network must not lead to files of this machine.
        let local = self.base.scheme() == "file";
        let usable = |url: &Url| match url.scheme() {
            "http" | "https" => true,
            scheme => local && scheme == "file",
        };
        let Some(mut url) = self.base.join(entry.url).ok().filter(usable) else {
            let message = format!("{}: its address cannot be used", entry.filename);
            return self.tell("file-url-unusable", message);
        };
        url.set_fragment(None);
        let file = File {
            filename: entry.filename.to_owned(),
            url,
            kind,
            hashes: entry.hashes,
            requires_python: self.requires_python(entry.requires_python, entry.filename),
            yanked: entry.yanked.map(str::to_owned),
            metadata: entry.metadata,
            uploaded: self.uploaded(entry.uploaded, entry.filename),
            size: entry.size,
        };
        self.project.releases.entry(version).or_default().push(file);
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
    fn requires_python(&mut self, text: Option<&str>, file: &str) -> Option<VersionSpecifiers> {
        let text = text.map(str::trim).filter(|t| !t.is_empty())?;
        if let Some(known) = self.pythons.get(text) {
            return known.clone();
        }
        let (specifiers, problem) = read_requires_python(text);
        if let Some(problem) = problem {
            self.tell("requires-python-unreadable", format!("{file}: {problem}"));
        }
        self.pythons.insert(text.to_owned(), specifiers.clone());
        specifiers
    }

    fn tell(&mut self, code: &str, message: String) {
        if self.told.insert(message.clone()) {
            let finding = Finding::info(code, message).with_origin(self.project.origin.clone());
            self.project.findings.push(finding);
        }
    }
}

/// Reads a `requires-python`, with repairs; the second value says what was wrong.
pub(crate) fn read_requires_python(text: &str) -> (Option<VersionSpecifiers>, Option<String>) {
    if let Ok(specifiers) = VersionSpecifiers::from_str(text) {
        return (Some(specifiers), None);
    }
    let repaired = requirement::repair_specifiers(text)
        .and_then(|better| Some((VersionSpecifiers::from_str(&better).ok()?, better)));
    match repaired {
        Some((specifiers, better)) => (
            Some(specifiers),
            Some(format!("requires-python `{text}` was read as `{better}`")),
        ),
        None => (
            None,
            Some(format!(
                "requires-python `{text}` cannot be read; it is ignored"
            )),
        ),
    }
}
