//! For which Pythons a package's own extension modules are, by their names: the bounds that
//! follow, in dh_python3's spelling, and what no Python of the suite can load.

pub(crate) mod pythons;
pub(crate) mod tag;

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::finding::{Finding, Severity};

use pythons::{Fit, Pythons};
use tag::Tag;

/// One module, with the files that are it for several Pythons.
#[derive(Debug, Default)]
struct Module {
    /// Those of them that `python3` may be.
    minors: BTreeSet<u32>,
    /// All of them, as they are shown.
    pythons: BTreeSet<(u32, String)>,
    /// One of the files.
    path: String,
    /// The tag in its name.
    tag: String,
}

/// The extension modules of a package.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    /// By path, without what is in it of a single Python.
    all: BTreeMap<String, Module>,
    /// Such paths of files that any Python takes.
    for_any: BTreeSet<String>,
    /// Directories `python3.N`.
    directories: BTreeSet<u32>,
    /// The metadata of wheels, and the Python since which their stable ABI is there.
    stable: BTreeMap<String, u32>,
    /// The Pythons that the package brings along.
    own: BTreeSet<u32>,
}

impl Modules {
    /// A file of the package.
    pub(crate) fn add(&mut self, path: &str) {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        let key = key(directory, name);
        self.own.extend(tag::of_library(name));
        if let Some(tag) = Tag::of(name) {
            self.all.entry(key).or_default().add(path, &tag);
        } else if name.ends_with(".so") || name.ends_with(".py") {
            self.for_any.insert(key);
        }
    }

    /// The directories above a file that one Python searches.
    pub(crate) fn add_directories(&mut self, path: &str) {
        self.directories.extend(searched(path));
    }

    /// A wheel, and the Python since which the stable ABI is there that it is for.
    pub(crate) fn add_stable(&mut self, wheel: &str, since: Option<u32>) {
        self.stable
            .extend(since.map(|since| (wheel.to_owned(), since)));
    }

    /// The modules that python3 has to load: not those of a Python that the package has.
    fn needed(&self) -> impl Iterator<Item = (&str, &Module)> {
        let all = self.all.iter();
        let needed = all.filter(|(_, module)| module.minors.is_disjoint(&self.own));
        needed.map(|(key, module)| (key.as_str(), module))
    }

    /// The bounds of python3; none where every Python will do.
    pub(crate) fn bounds(&self, pythons: Option<&Pythons>) -> Vec<String> {
        let fits = |set: &BTreeSet<u32>| pythons.is_none_or(|p| p.fit(set) != Fit::Nowhere);
        let modules = self.needed().map(|(_, module)| &module.minors);
        let directories = self.directories.difference(&self.own).copied().collect();
        let sets: Vec<_> = modules
            .filter(|set| fits(set))
            .chain([&directories])
            .collect();
        let (first, last) = range(&sets);
        let first = first.max(self.stable.values().max().copied());
        // A bound that leaves out the default one would keep the package from being
        // installed: dh_python3 does not write it where another one that is there fits.
        let kept = |minor: &u32, is_good: fn(u32, u32) -> bool| {
            pythons.is_none_or(|p| is_good(*minor, p.default) || !p.has(*minor))
        };
        let last = last.filter(|last| kept(last, |last, default| last >= default));
        let first = first.filter(|first| kept(first, |first, default| first <= default));
        let upper = last.map(|last| format!("python3 (<< 3.{})", last + 1));
        let lower = first.map(|first| format!("python3 (>= 3.{first}~)"));
        upper.into_iter().chain(lower).collect()
    }

    /// What the suite's `python3` cannot load, each kind once.
    pub(crate) fn findings(&self, pythons: &Pythons) -> Vec<Finding> {
        let mut groups: BTreeMap<_, Vec<&Module>> = BTreeMap::new();
        for (key, module) in self.needed() {
            if let Some(severity) = self.severity(key, module, pythons) {
                let group = groups.entry((severity, &module.pythons)).or_default();
                group.push(module);
            }
        }
        let groups = groups.into_iter();
        let modules = groups.map(|((severity, _), group)| unfit(severity, &group, pythons));
        let stable = self
            .stable
            .iter()
            .filter(|(_, since)| !pythons.reach(**since));
        let wheels = stable.map(|(wheel, since)| too_new(wheel, *since, pythons));
        modules.chain(wheels).collect()
    }

    /// Nobody can import what is for no Python of the suite. It is no error, as trees of wheels
    /// are packaged whole; and less than a warning where something else is there that is
    /// imported instead.
    fn severity(&self, key: &str, module: &Module, pythons: &Pythons) -> Option<Severity> {
        match pythons.fit(&module.minors) {
            Fit::Default => None,
            Fit::Nowhere if self.has_substitute(key, pythons) => Some(Severity::Info),
            Fit::Other | Fit::Nowhere => Some(Severity::Warning),
        }
    }

    /// Whether there is the same module for any Python, or in another directory one of its
    /// name that fits, as where a program has a directory for each Python.
    fn has_substitute(&self, key: &str, pythons: &Pythons) -> bool {
        let name = |key: &str| key.rsplit('/').next().map(str::to_owned);
        let fits = |module: &Module| pythons.fit(&module.minors) != Fit::Nowhere;
        let mut namesakes = self
            .all
            .iter()
            .filter(|(other, _)| name(other) == name(key));
        self.for_any.contains(key) || namesakes.any(|(_, module)| fits(module))
    }
}

impl Module {
    fn add(&mut self, path: &str, tag: &Tag<'_>) {
        if self.path.is_empty() {
            (self.path, self.tag) = (path.to_owned(), tag.part.to_owned());
        }
        self.minors.extend(tag.is_plain().then_some(tag.minor));
        self.pythons.insert((tag.minor, tag.python()));
    }
}

/// What is the same for the files of one module for several Pythons: the path without tags,
/// and without the version of a directory `python3.13`.
fn key(directory: &str, name: &str) -> String {
    let stem = name.split('.').next().unwrap_or(name);
    let parts = directory.split('/').chain([stem]);
    let parts = parts.map(|part| version_of(part).map_or(part, |_| "python3"));
    parts.collect::<Vec<_>>().join("/")
}

fn version_of(part: &str) -> Option<u32> {
    part.strip_prefix("python3.").and_then(tag::number)
}

fn searched(path: &str) -> impl Iterator<Item = u32> {
    let directory = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    directory.split('/').filter_map(version_of)
}

/// The first and the last Python that all of these have a file for. Where there is none the
/// bounds are as wide as dh_python3 makes them.
fn range(sets: &[&BTreeSet<u32>]) -> (Option<u32>, Option<u32>) {
    let first = || sets.iter().filter_map(|set| set.first().copied());
    let last = || sets.iter().filter_map(|set| set.last().copied());
    match (first().max(), last().min()) {
        (Some(first), Some(last)) if first <= last => (Some(first), Some(last)),
        _ => (first().min(), last().max()),
    }
}

fn unfit(severity: Severity, group: &[&Module], pythons: &Pythons) -> Finding {
    let module = group[0];
    let versions: Vec<&str> = module
        .pythons
        .iter()
        .map(|(_, text)| text.as_str())
        .collect();
    let versions = versions.join(" and ");
    let more = match group.len() - 1 {
        0 => String::new(),
        more => format!("; and {more} more like it"),
    };
    let shown = pythons.shown();
    let text = format!("it can be loaded by CPython {versions} only, and {shown}{more}");
    let make = match severity {
        Severity::Info => Finding::info,
        _ => Finding::warning,
    };
    let hint = format!(
        "{}; if python3 has nothing to do with it: dh_pydeps -X.{} in debian/rules",
        other_wheel(pythons),
        module.tag
    );
    make("module-python", text)
        .with_origin(&module.path)
        .with_hint(hint)
}

fn too_new(wheel: &str, since: u32, pythons: &Pythons) -> Finding {
    let shown = pythons.shown();
    let text = format!("its modules are for CPython 3.{since} and later, and {shown}");
    let finding = Finding::warning("module-python", text).with_origin(wheel);
    finding.with_hint(other_wheel(pythons))
}

fn other_wheel(pythons: &Pythons) -> String {
    let default = pythons.default;
    format!(
        "put a wheel for CPython 3.{default} (cp3{default}) into the package, or build it for another suite"
    )
}

#[cfg(test)]
mod tests;
