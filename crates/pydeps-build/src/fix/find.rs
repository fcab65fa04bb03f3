//! Which package of the suite has what a build lacked: the path tables of its index.

use pydeps_core::archive::Archive;
use pydeps_core::generic::is_generic;
use pydeps_core::name::{DebName, DistName};

use crate::log::problem::{OLDER_COMPILER, Problem};
use pydeps_archive::index::{ArchiveIndex, PathKind};

/// How many packages of one name are looked at.
const ENOUGH: usize = 8;

/// The package that has it; `None` where nobody has, or too many do.
pub(crate) fn package(index: &ArchiveIndex, problem: &Problem) -> Option<String> {
    let path = |kind, name: &str| path(index, kind, name);
    match problem {
        Problem::Module(name) | Problem::Backend(name) => module(index, name),
        Problem::Header(name) => path(PathKind::Header, name),
        Problem::Command(name) => path(PathKind::Command, name),
        Problem::PkgConfig(name) => path(PathKind::PkgConfig, name),
        Problem::Cmake(name) => path(PathKind::Cmake, &name.to_lowercase())
            .or_else(|| path(PathKind::PkgConfig, &name.to_lowercase())),
        Problem::Library(name) => library(index, name),
        Problem::Plugin(dist) => distribution(index, dist),
        Problem::Template { optional: false } => path(PathKind::Command, OLDER_COMPILER),
        Problem::Template { optional: true }
        | Problem::Unmet(_)
        | Problem::Test { .. }
        | Problem::NoTests
        | Problem::Unittest
        | Problem::Unrunnable(_) => None,
    }
}

/// The package of a module, if it is a Python library or is called like it: others put
/// their own modules, as `scripts`, where all programs find them.
fn module(index: &ArchiveIndex, name: &str) -> Option<String> {
    let top = name.split('.').next().unwrap_or(name);
    // `backports` is a namespace of many.
    if is_generic(top) && !name.starts_with("backports.") {
        return None;
    }
    path(index, PathKind::Module, name).filter(|package| is_owner(package, top))
}

fn is_owner(package: &str, module: &str) -> bool {
    package.starts_with("python3-") || package.replace('-', "_") == module.to_lowercase()
}

/// Of several packages that ship it the one that others build with: a library's -dev, a
/// Python module of the common name; else the shortest name.
fn path(index: &ArchiveIndex, kind: PathKind, name: &str) -> Option<String> {
    let hits = index.find(kind, name, ENOUGH).ok()?;
    let exact = hits
        .into_iter()
        .filter(|hit| kind == PathKind::Header || hit.name == name);
    best(kind, exact.flat_map(|hit| hit.packages))
}

fn best(kind: PathKind, packages: impl Iterator<Item = DebName>) -> Option<String> {
    let fits = |name: &str| match kind {
        PathKind::Module => name.starts_with("python3-"),
        PathKind::Header | PathKind::PkgConfig | PathKind::Cmake => name.ends_with("-dev"),
        PathKind::Command => true,
    };
    let names = packages.map(|name| name.as_str().to_owned());
    names.min_by_key(|name| (!fits(name), name.len(), name.clone()))
}

/// `-lyaml` is in libyaml-dev: by its header or `.pc` file, as names of `.so` files are not
/// in the tables.
fn library(index: &ArchiveIndex, name: &str) -> Option<String> {
    let pc = path(index, PathKind::PkgConfig, name)
        .or_else(|| path(index, PathKind::PkgConfig, &format!("lib{name}")));
    pc.or_else(|| path(index, PathKind::Header, &format!("{name}.h")))
        .or_else(|| {
            let package: DebName = format!("lib{name}-dev").parse().ok()?;
            index
                .package(&package)
                .map(|found| found.name.as_str().to_owned())
        })
}

fn distribution(index: &ArchiveIndex, dist: &str) -> Option<String> {
    let name: DistName = dist.parse().ok()?;
    let found = index.distribution(&name).into_iter().next()?;
    Some(found.package.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(kind: PathKind, packages: &[&str], expect: Option<&str>) {
        let packages = packages.iter().map(|name| name.parse().unwrap());
        assert_eq!(best(kind, packages).as_deref(), expect);
    }

    #[test]
    fn whose_modules_count() {
        assert!(is_owner("python3-yaml", "yaml"));
        assert!(is_owner("pre-commit", "pre_commit"));
        assert!(!is_owner("feed2toot", "scripts"));
    }

    #[test]
    fn of_several_packages() {
        check(
            PathKind::Header,
            &["libssl-dev", "libressl", "libssl3t64-dev"],
            Some("libssl-dev"),
        );
        check(
            PathKind::Module,
            &["blender-data", "python3-numpy"],
            Some("python3-numpy"),
        );
        check(PathKind::Command, &["git-man", "git"], Some("git"));
        check(PathKind::Cmake, &[], None);
    }
}
