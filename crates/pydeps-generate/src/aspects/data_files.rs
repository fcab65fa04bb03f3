//! What an sdist carries beside modules: units, completions, manual pages, desktop files,
//! device rules, configuration; where Debian wants it, and what the build backend has put
//! there by itself.
//!
//! | module | what |
//! |---|---|
//! | `by_backend` | what the backend installs, and where that belongs |
//! | `systemd_units` | units of systemd |
//! | `sysusers_tmpfiles` | users and temporary files that systemd makes |
//! | `completions` | completions for bash, zsh and fish |
//! | `desktop` | desktop files, their metadata and icons |
//! | `man_pages` | manual pages |
//! | `privileges` | what acts as root where the package is installed |
//!
//! Only what is about a program of the package is installed, only where one file comes into
//! question, and never what the backend installs as well.

mod by_backend;
mod completions;
mod desktop;
mod man_pages;
mod privileges;
mod systemd_units;
mod sysusers_tmpfiles;

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::finding::Finding;
use pydeps_core::purpose::Purpose;

use crate::rules::word;
use crate::settings::Settings;
use pydeps_core::tree::Tree;

use by_backend::DataFiles;

/// How it is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Carried {
    /// Files for `debian/`, by their path, with their text.
    pub files: BTreeMap<String, String>,
    /// Commands after `dh_auto_install`.
    pub install: Vec<String>,
    /// Further targets of `debian/rules`: name, commands, reason.
    pub targets: Vec<(&'static str, Vec<String>, &'static str)>,
    /// Manual pages in the source.
    pub pages: Vec<String>,
    /// The users that it declares, so that systemd makes them.
    pub users: BTreeSet<String>,
    /// Paths in the source that the backend installs.
    pub by_backend: BTreeSet<String>,
    /// What was decided, one line for each file.
    pub findings: Vec<Finding>,
}

/// What the files are judged by.
struct Looking<'a> {
    tree: &'a Tree,
    package: &'a str,
    programs: &'a [String],
    data: DataFiles,
}

/// Finds what a source carries for a package with these programs.
pub fn find(tree: &Tree, settings: &Settings, package: &str, programs: &[String]) -> Carried {
    let looking = Looking {
        tree,
        package,
        programs,
        data: DataFiles::of(tree, settings),
    };
    let mut carried = Carried::default();
    looking.relocations(&mut carried);
    looking.users(&mut carried);
    looking.temporary_files(&mut carried);
    looking.units(&mut carried);
    looking.completions(&mut carried);
    looking.desktop(&mut carried);
    looking.rules_of_udev(&mut carried);
    looking.pages(&mut carried);
    carried.by_backend.clone_from(&looking.data.sources);
    carried
}

impl Carried {
    /// A line about a file.
    fn tell(&mut self, path: &str, what: &str) {
        let message = format!("{path}: {what}");
        self.findings.push(Finding::info("carried", message));
    }

    /// A line about a file that acts on the system that the package is installed on: it is shown
    /// at every run.
    fn tell_always(&mut self, path: &str, what: &str) {
        let message = format!("{path}: {what}");
        let finding = Finding::warning("acts-on-system", message);
        self.findings
            .push(finding.with_hint("read it before the package is installed"));
    }

    /// Installs a file of the source under a path.
    fn put(&mut self, package: &str, path: &str, to: &str) {
        self.install.push(format!(
            "install -D -m 644 {} {}",
            word(path),
            word(&format!("debian/{package}/{to}"))
        ));
        self.tell(path, &format!("installed as /{to}"));
    }
}

impl<'a> Looking<'a> {
    /// The files that may be installed: neither tests' nor others' nor what the backend installs.
    fn paths(&self) -> impl Iterator<Item = &'a str> + '_ {
        let is_own = |path: &str| {
            let purpose = Purpose::of(path);
            !purpose.test && !purpose.test_support && !purpose.vendored
        };
        let paths = self.tree.paths();
        paths.filter(move |path| is_own(path) && !self.data.installs(path))
    }

    /// Files by a key, where they have one; of several files for one key none is taken, which
    /// is told.
    fn single(
        &self,
        key: impl Fn(&str) -> Option<String>,
        carried: &mut Carried,
    ) -> Vec<(String, &'a str)> {
        let mut found: BTreeMap<String, Vec<&'a str>> = BTreeMap::new();
        for path in self.paths() {
            if let Some(key) = key(path) {
                found.entry(key).or_default().push(path);
            }
        }
        let mut single = Vec::new();
        for (key, paths) in found {
            match paths.as_slice() {
                [path] => single.push((key, *path)),
                several => carried.tell(
                    &several.join(", "),
                    "several come into question; none is installed",
                ),
            }
        }
        single
    }

    fn is_program(&self, name: &str) -> bool {
        self.programs.iter().any(|program| program == name)
    }

    /// Rules for devices: one file, which dh_installudev(1) installs.
    fn rules_of_udev(&self, carried: &mut Carried) {
        let is_rules = |path: &str| path.ends_with(".rules") && path.contains("udev");
        let found = self.single(|path| is_rules(path).then(|| "udev".to_owned()), carried);
        for (_, path) in found {
            let text = self.tree.text(path).unwrap_or_default();
            if let Some(why) = privileges::refused_rules(&text) {
                carried.tell_always(path, &format!("not installed: {why}"));
                continue;
            }
            let file = format!("debian/{}.udev", self.package);
            carried.tell_always(path, &format!("installed by dh_installudev, from {file}"));
            carried.files.insert(file, text);
        }
    }
}

/// The last part of a path.
fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests;
