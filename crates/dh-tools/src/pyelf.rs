//! What the `dh_pyelf_*` commands share: a package's tree, its record, its held files.

pub(crate) mod dependencies;
pub(crate) mod hold;
pub(crate) mod lintian;
pub(crate) mod restore;
pub(crate) mod scan;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow};
use pydeps_core::name::DebName;
use pydeps_debhelper::record::generated;
use pydeps_elf::record::{Entry, Record, VERSION};
use pydeps_elf::rules::Rules;
use pydeps_host::hold::Hold;
use pydeps_host::{atomic, tree};

use crate::failure::Failure;
use crate::run::Run;

/// One package.
pub(crate) struct Package<'a> {
    pub(crate) run: &'a Run,
    pub(crate) name: &'a DebName,
    /// Where it is put together.
    pub(crate) root: PathBuf,
    pub(crate) hold: Hold,
}

impl<'a> Package<'a> {
    pub(crate) fn new(run: &'a Run, name: &'a DebName) -> Self {
        let root = run.tree(name);
        Self {
            run,
            name,
            hold: Hold::new(root.clone(), generated(name.as_str(), "pyelf/held")),
            root,
        }
    }

    /// Whether anything may be changed.
    pub(crate) fn acts(&self) -> bool {
        !self.run.no_act
    }

    /// A path in the tree, as it is named in messages.
    pub(crate) fn shown(&self, path: &str) -> String {
        self.root.join(path).display().to_string()
    }

    /// The architecture that its programs are for, if it is one of an architecture.
    pub(crate) fn architecture(&self) -> &str {
        let target = self.run.package(self.name).is_some_and(|p| p.for_target);
        match target {
            true => &self.run.build.target,
            false => &self.run.build.host,
        }
    }

    /// What `debhelper`'s configuration `debian/PKG.pyelf` says.
    pub(crate) fn rules(&self) -> Result<Rules, Failure> {
        let (path, lines) = self.run.config(self.name, "pyelf")?;
        let lines = lines
            .iter()
            .map(|line| (line.number, line.words.as_slice()));
        Rules::read(lines).context(path).map_err(Failure::input)
    }

    fn record_file(&self) -> PathBuf {
        PathBuf::from(generated(self.name.as_str(), "pyelf/record.json"))
    }

    /// What `dh_pyelf_scan` has found; `None` if it has not been run.
    pub(crate) fn record(&self) -> Result<Option<Record>, Failure> {
        let path = self.record_file();
        if !path.exists() {
            return Ok(None);
        }
        let text = fs_err::read_to_string(&path).map_err(Failure::environment)?;
        let read = serde_json::from_str(&text).context("this is no record of dh_pyelf_scan");
        let known = read.and_then(|record: Record| match record.version {
            VERSION => Ok(record),
            other => Err(anyhow!(
                "its version is {other}, and only {VERSION} is known"
            )),
        });
        known.map(Some).map_err(|error| {
            let error = error.context(path.display().to_string());
            Failure::input(error).with_hint("build the package from the start")
        })
    }

    /// Writes the record if it is another one now.
    pub(crate) fn keep(&self, record: &Record) -> Result<(), Failure> {
        let path = self.record_file();
        let text = serde_json::to_string_pretty(record).map_err(Failure::environment)? + "\n";
        if !self.acts() || fs_err::read_to_string(&path).is_ok_and(|old| old == text) {
            return Ok(());
        }
        if let Some(directory) = path.parent() {
            fs_err::create_dir_all(directory).map_err(Failure::environment)?;
        }
        atomic::write_in_build(&path, text.as_bytes()).map_err(Failure::environment)
    }
}

/// Whether a file is the one that was recorded. What has its length and its time has not
/// been written to.
pub(crate) fn is_same(path: &Path, entry: &Entry) -> Result<bool, Failure> {
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
    let hash = tree::sha256(path).map_err(Failure::environment)?;
    Ok(Some(hash) == entry.sha256)
}
