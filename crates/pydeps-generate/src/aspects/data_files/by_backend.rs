//! What the build backend installs outside of the modules: setuptools' data files, hatchling's
//! shared data, flit's external data.

use std::collections::BTreeSet;
use std::sync::Arc;

use pydeps_python::source::Source;

use crate::rules::word;
use crate::settings::Settings;
use pydeps_core::tree::Tree;

use super::{Carried, Looking, base};

/// What is installed, as far as it is declared.
#[derive(Debug, Default)]
pub(super) struct DataFiles {
    /// The files in the source.
    pub(super) sources: BTreeSet<String>,
    /// The directories, below the prefix, that something is installed into.
    targets: BTreeSet<String>,
    /// A setup.py that has data files of its own, which cannot be told.
    setup_py: Option<Arc<Source>>,
}

impl DataFiles {
    pub(super) fn of(tree: &Tree, settings: &Settings) -> Self {
        let mut data = Self::default();
        data.setuptools(tree, settings);
        data.hatchling(tree, settings);
        data.flit(tree, settings);
        let script = &settings.setup_py;
        data.setup_py = script.mentions("data_files").then(|| script.clone());
        data
    }

    /// Whether a file is installed already, or, by a setup.py, perhaps.
    pub(super) fn installs(&self, path: &str) -> bool {
        let named = |script: &Arc<Source>| {
            let directory = path.rsplit_once('/').map(|(directory, _)| directory);
            script.texts().any(|text| {
                text.contains(base(path)) || directory.is_some_and(|name| text.contains(name))
            })
        };
        self.sources.contains(path) || self.setup_py.as_ref().is_some_and(named)
    }

    /// `[tool.setuptools.data-files]`, `[options.data_files]`: patterns by directory.
    fn setuptools(&mut self, tree: &Tree, settings: &Settings) {
        let place = ["tool", "setuptools", "data-files"];
        for target in settings.keys(&place) {
            let patterns = settings.texts(&[place[0], place[1], place[2], target]);
            self.add(tree, target, &patterns);
        }
        for target in settings.cfg_keys("options.data_files") {
            let patterns = settings.cfg_list("options.data_files", target);
            self.add(tree, target, &patterns);
        }
    }

    fn add(&mut self, tree: &Tree, target: &str, patterns: &[&str]) {
        self.targets.insert(target.to_owned());
        let fits = |path: &&str| patterns.iter().any(|pattern| matches(pattern, path));
        self.sources
            .extend(tree.paths().filter(fits).map(str::to_owned));
    }

    /// `[tool.hatch.build.targets.wheel.shared-data]`: a file or directory, and its place.
    fn hatchling(&mut self, tree: &Tree, settings: &Settings) {
        let place = ["tool", "hatch", "build", "targets", "wheel", "shared-data"];
        for source in settings.keys(&place) {
            let [a, b, c, d, e, f] = place;
            let target = settings.text(&[a, b, c, d, e, f, source]);
            self.targets.insert(target.unwrap_or_default().to_owned());
            self.directory(tree, source);
        }
    }

    /// `[tool.flit.external-data]`: a directory that is laid out like the prefix.
    fn flit(&mut self, tree: &Tree, settings: &Settings) {
        if let Some(directory) = settings.text(&["tool", "flit", "external-data", "directory"]) {
            let names = tree.directories_in(directory.trim_end_matches('/'));
            self.targets.extend(names.into_iter().map(str::to_owned));
            self.directory(tree, directory);
        }
    }

    /// A file, or all below a directory.
    fn directory(&mut self, tree: &Tree, source: &str) {
        let source = source.trim_start_matches("./").trim_end_matches('/');
        let below = format!("{source}/");
        let inside = |path: &&str| *path == source || path.starts_with(&below);
        self.sources
            .extend(tree.paths().filter(inside).map(str::to_owned));
    }

    /// Whether anything goes into a directory; `None` where only a setup.py would know.
    fn fills(&self, directory: &str) -> Option<bool> {
        let below = format!("{directory}/");
        let inside = |target: &String| target == directory || target.starts_with(&below);
        let named = |script: &Arc<Source>| script.texts().any(|text| text.starts_with(directory));
        match self.targets.iter().any(inside) {
            true => Some(true),
            false if self.setup_py.as_ref().is_some_and(named) => None,
            false => Some(false),
        }
    }

    /// The directory of documentation that is not called like the package.
    fn documentation(&self, package: &str) -> Option<String> {
        let names = self
            .targets
            .iter()
            .filter_map(|target| target.strip_prefix("share/doc/"));
        let names: BTreeSet<&str> = names.filter_map(|rest| rest.split('/').next()).collect();
        let other = names
            .first()
            .filter(|name| names.len() == 1 && **name != package)?;
        Some(format!("share/doc/{other}"))
    }
}

/// Whether a path fits a pattern with `*` inside of one part of it.
fn matches(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./");
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, after)) => path.strip_prefix(before).is_some_and(|rest| {
            let end = after.trim_start_matches('*');
            rest.ends_with(end) && (after.starts_with('*') || !rest.contains('/'))
        }),
    }
}

impl Looking<'_> {
    /// pybuild installs data files below /usr as they are named. No configuration belongs there
    /// (FHS 3.0, 3.7; Policy 10.7.2), zsh does not look into site-functions in Debian, and
    /// documentation is in a directory with the package's name (Policy 12.3).
    pub(super) fn relocations(&self, carried: &mut Carried) {
        let documentation = self.data.documentation(self.package);
        let own = format!("usr/share/doc/{}", self.package);
        let places = [
            ("etc", "etc"),
            (
                "share/zsh/site-functions",
                "usr/share/zsh/vendor-completions",
            ),
        ];
        let places = places.into_iter();
        let documentation = documentation
            .iter()
            .map(|from| (from.as_str(), own.as_str()));
        for (from, to) in places.chain(documentation) {
            let root = format!("debian/{}", self.package);
            let from_place = word(&format!("{root}/usr/{from}"));
            let command = format!("mv {from_place} {root}/{to}");
            match self.data.fills(from) {
                Some(false) => continue,
                Some(true) => carried.install.push(command),
                None => carried
                    .install
                    .push(format!("if [ -d {from_place} ]; then {command}; fi")),
            }
            carried.tell(
                from,
                &format!("what the build installs there goes into /{to}"),
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns() {
        for (pattern, path, expect) in [
            ("a/b.conf", "a/b.conf", true),
            ("./a/b.conf", "a/b.conf", true),
            ("a/*.conf", "a/b.conf", true),
            ("a/*.conf", "a/c/b.conf", false),
            ("a/**", "a/c/b.conf", true),
            ("*.1", "b.2", false),
        ] {
            assert_eq!(matches(pattern, path), expect, "{pattern} {path}");
        }
    }
}
