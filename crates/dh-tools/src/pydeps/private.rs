//! Python itself, for what dh_python3 leaves alone: trees that `debian/PKG.pyelf` declares,
//! whatever lies below `opt/`, and extension modules anywhere outside of the public
//! directories.
//!
//! A module that was compiled for one Python is loaded by that one only, and so is a
//! directory `lib/python3.13` found by that one only: the bounds are those that dh_python3
//! writes for such a file in a public directory.

use std::collections::BTreeSet;

use pydeps_core::archive::PathClass;
use pydeps_core::finding::Finding;
use pydeps_core::name::DebName;
use pydeps_elf::record::{Record, is_renamed};
use pydeps_host::built::BuiltDist;
use pydeps_host::tree::{self, Tree};

use super::modules::Modules;
use super::modules::pythons::Pythons;
use crate::failure::Failure;
use crate::pyelf;
use crate::run::Run;

/// What a package's own modules need of Python, and what is wrong with them.
pub(crate) fn relations(
    run: &Run,
    name: &DebName,
    dists: &[BuiltDist],
    pythons: Option<&Pythons>,
) -> Result<(Vec<String>, Vec<Finding>), Failure> {
    let package = pyelf::Package::new(run, name);
    let trees = trees(&package, dists)?;
    let record = package.record()?;
    let found = tree::list(&package.root).map_err(Failure::environment)?;
    let mut needs = Needs::default();
    for path in paths(&found).filter(|path| !run.excludes(&package.root.join(path))) {
        let path = name_before(record.as_ref(), path);
        needs.add(path, trees.iter().any(|tree| is_below(path, tree)));
    }
    let stable = record.map(|record| record.stable).unwrap_or_default();
    let private = dists.iter().filter(|d| d.class == PathClass::Private);
    for dist in private {
        let since = stable.get(&dist.path).copied();
        needs.modules.add_stable(&dist.path, since);
    }
    let findings = pythons.map(|pythons| needs.modules.findings(pythons));
    Ok((needs.relations(pythons), findings.unwrap_or_default()))
}

/// Where everything is an application's own.
fn trees(package: &pyelf::Package<'_>, dists: &[BuiltDist]) -> Result<BTreeSet<String>, Failure> {
    let rules = package.rules()?;
    let below_opt = dists
        .iter()
        .filter(|dist| dist.class == PathClass::Private && dist.path.starts_with("opt/"));
    let below_opt = below_opt.map(|dist| dist.directory().to_owned());
    Ok(rules.trees().iter().cloned().chain(below_opt).collect())
}

/// Files, and links, which stand for files that are held.
fn paths(tree: &Tree) -> impl Iterator<Item = &str> {
    let files = tree.files.iter().map(|file| file.path.as_str());
    files.chain(tree.links.iter().map(|link| link.path.as_str()))
}

/// dh_python3 puts the tag of the default Python into the names of all libraries in a
/// directory with the package's name; foreign ones get their own names back.
fn name_before<'a>(record: Option<&'a Record>, path: &'a str) -> &'a str {
    let directory = |path: &str| path.rsplit_once('/').map(|(directory, _)| directory.len());
    let all = || record.iter().flat_map(|record| &record.files);
    if all().any(|entry| entry.path == path) {
        return path;
    }
    let beside = |before: &str| {
        let length = directory(before);
        length == directory(path) && before[..length.unwrap_or(0)] == path[..length.unwrap_or(0)]
    };
    let mut before = all().filter(|entry| entry.is_held() && is_renamed(&entry.path, path));
    let before = before.find(|entry| beside(&entry.path));
    before.map_or(path, |entry| entry.path.as_str())
}

fn is_below(path: &str, directory: &str) -> bool {
    let rest = path.strip_prefix(directory);
    rest.is_some_and(|rest| rest.starts_with('/'))
}

/// Where dh_python3 looks itself, and where debugging symbols are.
fn is_anothers(path: &str) -> bool {
    let below = path
        .strip_prefix("usr/lib/")
        .and_then(|rest| rest.split_once('/'));
    below.is_some_and(|(top, _)| matches!(top, "python3" | "debug") || top.starts_with("python3."))
}

/// What files tell of the Python that they are for.
#[derive(Debug, Default)]
struct Needs {
    any: bool,
    /// Compiled modules that fit every later Python: an interpreter of this architecture.
    compiled: bool,
    modules: Modules,
}

impl Needs {
    /// A file; whether it is in a tree that is an application's own.
    fn add(&mut self, path: &str, is_own: bool) {
        let is_module = path.ends_with(".so");
        if is_own && (is_module || path.ends_with(".py")) {
            self.any = true;
            self.compiled |= is_module;
            self.modules.add_directories(path);
        }
        if is_own || !is_anothers(path) {
            self.modules.add(path);
        }
    }

    fn relations(&self, pythons: Option<&Pythons>) -> Vec<String> {
        match self.modules.bounds(pythons) {
            bounds if !bounds.is_empty() => bounds,
            _ if self.compiled => vec!["python3".to_owned()],
            _ if self.any => vec!["python3:any".to_owned()],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In trees of an application's own; anywhere else.
    #[track_caller]
    fn check_both(paths: &[&str], own: &[&str], other: &[&str]) {
        for (is_own, expect) in [(true, own), (false, other)] {
            let mut needs = Needs::default();
            paths.iter().for_each(|path| needs.add(path, is_own));
            assert_eq!(needs.relations(None), expect, "{is_own}");
        }
    }

    #[test]
    fn what_files_need() {
        check_both(&["opt/x/data"], &[], &[]);
        check_both(&["opt/x/a.py"], &["python3:any"], &[]);
        check_both(&["opt/x/a.py", "opt/x/m.abi3.so"], &["python3"], &[]);
        let bounds = ["python3 (<< 3.14)", "python3 (>= 3.13~)"];
        let module = "x/m.cpython-313-x86_64-linux-gnu.so";
        check_both(&[&format!("opt/{module}")], &bounds, &bounds);
        check_both(&["opt/x/lib/python3.13/site-packages/a.py"], &bounds, &[]);
        let public = format!("usr/lib/python3/dist-packages/{module}");
        check_both(&[&public], &bounds, &[]);
        let wide = ["python3 (<< 3.14)", "python3 (>= 3.7~)"];
        let both = ["x/m.cpython-37m-x86_64-linux-gnu.so", module];
        check_both(&both, &wide, &wide);
        check_both(&["x/m.cpython-3.so", "x/python3./a.py"], &["python3"], &[]);
        check_both(&["x/m.cpython-399999999999.so"], &["python3"], &[]);
    }

    #[test]
    fn directories_of_others() {
        assert!(is_anothers("usr/lib/python3/dist-packages/m.so"));
        assert!(is_anothers("usr/lib/python3.13/dist-packages/m.so"));
        assert!(is_anothers("usr/lib/debug/m.so"));
        assert!(!is_anothers("usr/lib/python3-app/m.so"));
        assert!(!is_anothers("opt/usr/lib/python3/m.so"));
    }

    #[test]
    fn trees_hold_what_is_in_them() {
        assert!(is_below("opt/x/m.so", "opt/x"));
        assert!(!is_below("opt/xy/m.so", "opt/x"));
    }
}
