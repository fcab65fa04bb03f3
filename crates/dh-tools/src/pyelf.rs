//! What the `dh_pyelf_*` commands share: a package's tree, its record, its held files.

pub(crate) mod dependencies;
pub(crate) mod hold;
pub(crate) mod restore;
pub(crate) mod scan;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use pydeps_debhelper::record::generated;
use pydeps_elf::content::{self, Content};
use pydeps_elf::record::{Entry, Record, VERSION};
use pydeps_elf::rules::Rules;
use pydeps_host::hold::Hold;
use pydeps_host::{atomic, tree};

use crate::session::Session;

/// One package.
pub(crate) struct Package<'a> {
    pub(crate) session: &'a Session,
    pub(crate) name: &'a str,
    pub(crate) root: PathBuf,
    pub(crate) hold: Hold,
}

impl<'a> Package<'a> {
    pub(crate) fn new(session: &'a Session, name: &'a str) -> Self {
        let root = session.directory(name);
        Self {
            session,
            name,
            hold: Hold::new(root.clone(), generated(name, "pyelf/held")),
            root,
        }
    }

    pub(crate) fn acts(&self) -> bool {
        !self.session.asked.no_act
    }

    /// What `debian/PKG.pyelf` says.
    pub(crate) fn rules(&self) -> Result<Rules> {
        let Some((path, lines)) = self.session.config(self.name, "pyelf")? else {
            return Ok(Rules::default());
        };
        let lines = lines
            .iter()
            .map(|line| (line.number, line.words.as_slice()));
        Rules::read(lines).context(path)
    }

    fn record_file(&self) -> PathBuf {
        PathBuf::from(generated(self.name, "pyelf/record.json"))
    }

    /// What `dh_pyelf_scan` has found; `None` if it has not been run.
    pub(crate) fn record(&self) -> Result<Option<Record>> {
        let path = self.record_file();
        if !path.exists() {
            return Ok(None);
        }
        let again = || {
            let path = path.display();
            format!("{path} cannot be read; remove it and run dh_pyelf_scan again")
        };
        let text = fs_err::read_to_string(&path)?;
        let record: Record = serde_json::from_str(&text).with_context(again)?;
        anyhow::ensure!(
            record.version == VERSION,
            "{}: version {} is not known",
            again(),
            record.version
        );
        Ok(Some(record))
    }

    /// Writes the record if it is another one now.
    pub(crate) fn keep(&self, record: &Record) -> Result<()> {
        let path = self.record_file();
        let text = serde_json::to_string_pretty(record)? + "\n";
        if !self.acts() || fs_err::read_to_string(&path).is_ok_and(|old| old == text) {
            return Ok(());
        }
        if let Some(directory) = path.parent() {
            fs_err::create_dir_all(directory)?;
        }
        Ok(atomic::write(&path, text.as_bytes())?)
    }
}

/// Whether a file is the one that was recorded. What has its length and its time has not
/// been written to.
pub(crate) fn is_same(path: &std::path::Path, entry: &Entry) -> Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let Ok(data) = fs_err::symlink_metadata(path) else {
        return Ok(false);
    };
    if !data.is_file() || data.len() != entry.size {
        return Ok(false);
    }
    if (data.mtime(), data.mtime_nsec()) == entry.modified {
        return Ok(true);
    }
    Ok(tree::sha256(path)? == entry.sha256)
}

/// Reads facts alone, of files that are known to be worth it.
pub(crate) struct Facts;

impl tree::Reader for Facts {
    type Made = Content;
    fn wants(&self, _: &str, head: &[u8]) -> bool {
        content::is_candidate(head)
    }
    fn hashes(&self) -> bool {
        false
    }
    fn read(&self, _: &str, bytes: &[u8]) -> Content {
        content::inspect(bytes)
    }
}
