//! The directory that grows, and what is known of it.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use fs_err::os::unix::fs::symlink;
use fs_err::{File, OpenOptions};
use pydeps_core::finding::Finding;

use super::{Archive, Member, Refusal, UnpackError, Unpacked, path};

/// Set-uid, set-gid and sticky.
const SPECIAL_BITS: u32 = 0o7000;

/// What is at a path.
pub(super) enum Node {
    Directory,
    File { size: u64, mode: u32 },
    Link(String),
}

impl Node {
    fn word(&self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::File { .. } => "file",
            Self::Link(_) => "link",
        }
    }
}

/// What an archive says of a file beside its content.
pub(super) struct Attributes {
    /// Bytes, as claimed.
    pub(super) size: u64,
    /// Permissions, with whatever bits.
    pub(super) mode: u32,
    /// Seconds since 1970, if that is said.
    pub(super) modified: Option<u64>,
}

pub(super) struct Tree<'a> {
    base: PathBuf,
    pub(super) archive: &'a Archive,
    nodes: BTreeMap<String, Node>,
    findings: Vec<Finding>,
    members: usize,
}

impl<'a> Tree<'a> {
    /// A tree that grows in the directory `base`.
    pub(super) fn new(base: &Path, archive: &'a Archive) -> Self {
        Self {
            base: base.to_owned(),
            archive,
            nodes: BTreeMap::new(),
            findings: Vec::new(),
            members: 0,
        }
    }

    /// Counts a member, and gives its path.
    pub(super) fn enter(&mut self, name: &[u8]) -> Result<String, UnpackError> {
        self.members += 1;
        let limits = &self.archive.limits;
        if self.members > limits.members {
            return Err(self.archive.refuse(b"", Refusal::Members(limits.members)));
        }
        path::clean(name, limits.depth).map_err(|refusal| self.archive.refuse(name, refusal))
    }

    fn refuse(&self, path: &str, refusal: Refusal) -> UnpackError {
        self.archive.refuse(path.as_bytes(), refusal)
    }

    fn odd(&mut self, code: &str, path: &str, what: &str) {
        let finding = Finding::warning(code, format!("{path:?} {what}"));
        let origin = self.archive.path.file_name().unwrap_or_default();
        let finding = finding.with_origin(origin.to_string_lossy());
        self.findings.push(finding);
    }

    /// A directory, and those above it.
    pub(super) fn directory(&mut self, path: &str) -> Result<(), UnpackError> {
        for directory in path::above(path).chain([path]) {
            match self.nodes.get(directory) {
                Some(Node::Directory) => continue,
                Some(other) if directory == path => {
                    let refusal = Refusal::Changes(other.word(), "directory");
                    return Err(self.refuse(path, refusal));
                }
                Some(_) => return Err(self.refuse(path, Refusal::Below(directory.to_owned()))),
                None if directory.is_empty() => continue,
                None => {}
            }
            fs_err::create_dir(self.base.join(directory))?;
            self.nodes.insert(directory.to_owned(), Node::Directory);
        }
        Ok(())
    }

    /// Makes room for a file or link: what is above it, and nothing of another kind there.
    fn room(&mut self, path: &str, kind: &'static str) -> Result<(), UnpackError> {
        if path.is_empty() {
            return Err(self.refuse(".", Refusal::Changes("directory", kind)));
        }
        match self.nodes.get(path).map(Node::word) {
            Some(word) if word != kind => {
                return Err(self.refuse(path, Refusal::Changes(word, kind)));
            }
            Some(_) => {
                let what = "is in the archive more than once; the last one was taken";
                self.odd("sdist-duplicate-member", path, what);
            }
            None => {}
        }
        match path.rsplit_once('/') {
            Some((parent, _)) => self.parents(path, parent),
            None => Ok(()),
        }
    }

    fn parents(&mut self, path: &str, parent: &str) -> Result<(), UnpackError> {
        let mut all = path::above(path);
        let wrong = all.find(|d| self.nodes.get(*d).is_some_and(|n| n.word() != "directory"));
        match wrong {
            Some(wrong) => Err(self.refuse(path, Refusal::Below(wrong.to_owned()))),
            None => self.directory(parent),
        }
    }

    /// A file, whose content has to be as long as claimed.
    pub(super) fn file(
        &mut self,
        path: &str,
        attributes: &Attributes,
        mut content: impl Read,
    ) -> Result<(), UnpackError> {
        self.room(path, "file")?;
        if attributes.mode & SPECIAL_BITS != 0 {
            let what = "has set-uid, set-gid or sticky bits, which were dropped";
            self.odd("sdist-special-bits", path, what);
        }
        let mode = if attributes.mode & 0o100 == 0 {
            0o644
        } else {
            0o755
        };
        let mut file = self.create(path)?;
        let size = self.copy(path, &mut content, &mut file)?;
        if size != attributes.size {
            let claimed = attributes.size;
            let reason = format!("{path:?} has {size} of the {claimed} bytes that it claims");
            return Err(self.archive.broken(reason));
        }
        file.set_permissions(std::fs::Permissions::from_mode(mode))?;
        if let Some(seconds) = attributes.modified {
            // What no file system can store is left as it is.
            let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
            let _ = time.map(|time| file.file().set_modified(time));
        }
        self.nodes
            .insert(path.to_owned(), Node::File { size, mode });
        Ok(())
    }

    fn copy(
        &self,
        path: &str,
        content: &mut impl Read,
        file: &mut File,
    ) -> Result<u64, UnpackError> {
        let mut buffer = vec![0; 64 * 1024];
        let mut size = 0;
        loop {
            let read = content.read(&mut buffer);
            let read = read.map_err(|e| self.archive.failed(path.as_bytes(), e))?;
            if read == 0 {
                return Ok(size);
            }
            file.write_all(&buffer[..read])?;
            size += read as u64;
        }
    }

    /// A new file, in the place of one that may be there.
    fn create(&self, path: &str) -> Result<File, UnpackError> {
        let place = self.base.join(path);
        if self.nodes.contains_key(path) {
            fs_err::remove_file(&place)?;
        }
        let mut options = OpenOptions::new();
        Ok(options.write(true).create_new(true).open(&place)?)
    }

    /// A second name for a file: it gets a copy, which `spend` is asked to allow.
    pub(super) fn hard_link(
        &mut self,
        path: &str,
        target: &[u8],
        spend: impl Fn(u64) -> Result<(), Refusal>,
    ) -> Result<(), UnpackError> {
        let told = || String::from_utf8_lossy(target).escape_debug().to_string();
        let source = path::clean(target, self.archive.limits.depth).unwrap_or_default();
        let Some(&Node::File { size, mode }) = self.nodes.get(&source) else {
            return Err(self.refuse(path, Refusal::HardLink(told())));
        };
        if source == path {
            return Ok(());
        }
        spend(size).map_err(|refusal| self.refuse(path, refusal))?;
        let content = File::open(self.base.join(&source))?;
        let attributes = Attributes {
            size,
            mode,
            modified: None,
        };
        self.file(path, &attributes, content)
    }

    /// A symbolic link, which is made at the end.
    pub(super) fn link(&mut self, path: &str, target: &[u8]) -> Result<(), UnpackError> {
        self.room(path, "link")?;
        let Ok(target) = std::str::from_utf8(target) else {
            return Err(self.refuse(path, Refusal::Encoding));
        };
        if target.is_empty() || target.chars().any(char::is_control) {
            let refusal = Refusal::Name("an empty target, or a control character in it");
            return Err(self.refuse(path, refusal));
        }
        self.nodes
            .insert(path.to_owned(), Node::Link(target.to_owned()));
        Ok(())
    }

    /// Makes the links, and puts all in its place.
    pub(super) fn finish(mut self, dest: &Path) -> Result<Unpacked, UnpackError> {
        if self.nodes.is_empty() {
            return Err(self.archive.refuse(b"", Refusal::Empty));
        }
        let top = self.top();
        self.links(top.as_deref().unwrap_or_default())?;
        let from = match &top {
            Some(top) => self.base.join(top),
            None => {
                let what = "has more than one directory at its top";
                self.odd("sdist-without-top", "the archive", what);
                self.base.clone()
            }
        };
        fs_err::set_permissions(&from, std::fs::Permissions::from_mode(0o755))?;
        fs_err::rename(&from, dest)?;
        Ok(self.report(top))
    }

    /// The single directory at the top.
    fn top(&self) -> Option<String> {
        let mut tops = self.nodes.iter().filter(|(path, _)| !path.contains('/'));
        match (tops.next(), tops.next()) {
            (Some((path, Node::Directory)), None) => Some(path.clone()),
            _ => None,
        }
    }

    fn links(&mut self, root: &str) -> Result<(), UnpackError> {
        let mut dangling = Vec::new();
        for (path, node) in &self.nodes {
            let Node::Link(target) = node else { continue };
            let there = path::follow(&self.nodes, path, root);
            if !there.map_err(|refusal| self.refuse(path, refusal))? {
                dangling.push(path.clone());
            }
            symlink(target, self.base.join(path))?;
        }
        for path in dangling {
            self.odd(
                "sdist-dangling-link",
                &path,
                "is a link to what is not in the archive",
            );
        }
        Ok(())
    }

    fn report(self, top: Option<String>) -> Unpacked {
        let prefix = top.as_ref().map_or(String::new(), |top| format!("{top}/"));
        let member = |(path, node): (String, Node)| {
            let (size, mode, link) = match node {
                Node::Directory => return None,
                Node::File { size, mode } => (size, mode, None),
                Node::Link(target) => (0, 0o777, Some(target)),
            };
            let path = path.strip_prefix(&prefix)?.to_owned();
            Some(Member {
                path,
                size,
                mode,
                link,
            })
        };
        Unpacked {
            files: self.nodes.into_iter().filter_map(member).collect(),
            top,
            findings: self.findings,
        }
    }
}
