//! Python itself, for trees that dh_python3 leaves alone: those that `debian/PKG.pyelf`
//! declares, and whatever lies below `opt/`.
//!
//! A module that was compiled for one Python is loaded by that one only, and so is a
//! directory `lib/python3.13` found by that one only: the bounds are those that dh_python3
//! writes for such a file in a public directory.

use std::collections::BTreeSet;
use std::path::Path;

use pydeps_core::archive::PathClass;
use pydeps_core::name::DebName;
use pydeps_host::built::BuiltDist;
use pydeps_host::tree;

use crate::failure::Failure;
use crate::pyelf;
use crate::run::Run;

/// What the package's own trees need of Python.
pub(crate) fn relations(
    run: &Run,
    name: &DebName,
    dists: &[BuiltDist],
) -> Result<Vec<String>, Failure> {
    let package = pyelf::Package::new(run, name);
    let rules = package.rules()?;
    let below_opt = dists
        .iter()
        .filter(|dist| dist.class == PathClass::Private && dist.path.starts_with("opt/"));
    let below_opt = below_opt.map(|dist| dist.directory().to_owned());
    let trees: BTreeSet<String> = rules.trees().iter().cloned().chain(below_opt).collect();
    let mut needs = Needs::default();
    for top in trees {
        let root = package.root.join(&top);
        let paths = tree::list(Path::new(&root)).map_err(Failure::environment)?;
        for file in &paths.files {
            needs.add(&format!("{top}/{}", file.path));
        }
    }
    Ok(needs.relations())
}

/// What files tell of the Python that they are for.
#[derive(Debug, Default)]
struct Needs {
    any: bool,
    /// Compiled modules that fit every later Python: an interpreter of this architecture.
    compiled: bool,
    /// The minor versions that modules or directories are for.
    minor: BTreeSet<u32>,
}

impl Needs {
    fn add(&mut self, path: &str) {
        let (directory, name) = path.rsplit_once('/').unwrap_or(("", path));
        let is_module = name.ends_with(".so");
        self.any |= is_module || name.ends_with(".py");
        self.compiled |= is_module;
        if is_module {
            let tag = name
                .split('.')
                .find_map(|part| part.strip_prefix("cpython-3"));
            self.minor.extend(tag.and_then(number));
        }
        let parts = directory.split('/');
        let versions = parts.filter_map(|part| part.strip_prefix("python3."));
        self.minor.extend(versions.filter_map(number));
    }

    fn relations(&self) -> Vec<String> {
        match (self.minor.first(), self.minor.last()) {
            _ if !self.any => Vec::new(),
            (Some(first), Some(last)) => vec![
                format!("python3 (<< 3.{})", last + 1),
                format!("python3 (>= 3.{first}~)"),
            ],
            _ if self.compiled => vec!["python3".to_owned()],
            _ => vec!["python3:any".to_owned()],
        }
    }
}

/// The number that a text begins with, as in `13`, `7m-x86_64-linux-gnu`.
fn number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let number = text[..end.unwrap_or(text.len())].parse().ok()?;
    // Nobody has more, and what is added to it has to fit.
    (number < 1000).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(paths: &[&str], expect: &[&str]) {
        let mut needs = Needs::default();
        paths.iter().for_each(|path| needs.add(path));
        assert_eq!(needs.relations(), expect);
    }

    #[test]
    fn what_files_need() {
        check(&["opt/x/data"], &[]);
        check(&["opt/x/a.py"], &["python3:any"]);
        check(&["opt/x/a.py", "opt/x/m.abi3.so"], &["python3"]);
        let bounds = ["python3 (<< 3.14)", "python3 (>= 3.13~)"];
        check(&["opt/x/m.cpython-313-x86_64-linux-gnu.so"], &bounds);
        check(&["opt/x/lib/python3.13/site-packages/a.py"], &bounds);
        check(
            &[
                "x/m.cpython-37m-x86_64-linux-gnu.so",
                "x/m.cpython-313-i386-linux-gnu.so",
            ],
            &["python3 (<< 3.14)", "python3 (>= 3.7~)"],
        );
        check(&["x/m.cpython-3.so", "x/python3./a.py"], &["python3"]);
        check(&["x/m.cpython-399999999999.so"], &["python3"]);
    }
}
