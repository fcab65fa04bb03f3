//! What a Python file imports, and where that is.

use std::collections::BTreeSet;

use pydeps_core::name::DebName;
use pydeps_python::source::Source;

use super::tables::BUILT_IN;
use crate::depends::Context;
use pydeps_core::tree::Tree;

/// The directory from which a test's absolute imports are found: the first above it that is
/// no package (pytest's `prepend` mode).
pub(super) fn base_of<'p>(path: &'p str, tree: &Tree) -> &'p str {
    let mut base = path.rsplit_once('/').map_or("", |(directory, _)| directory);
    while !base.is_empty() && tree.has(&format!("{base}/__init__.py")) {
        base = base.rsplit_once('/').map_or("", |(above, _)| above);
    }
    base
}

/// The modules that a file imports whenever it is imported itself, unless relative to it.
pub(super) fn imported(source: &Source) -> BTreeSet<&str> {
    let modules = source.imports_at_top().map(|import| import.module.as_str());
    modules
        .filter(|module| !module.starts_with('.') && *module != "__future__")
        .collect()
}

/// Where a module is.
pub(super) enum Found {
    Package(String),
    Standard,
    Nowhere,
}

pub(super) fn by_module(module: &str, context: &Context<'_>) -> Found {
    let mut name = module;
    loop {
        let packages = context.archive.module(name);
        let mut names = packages.iter().map(DebName::as_str);
        if BUILT_IN.contains(&name) || names.clone().any(is_standard) {
            return Found::Standard;
        }
        let policy = format!(
            "python3-{}",
            module
                .split('.')
                .next()
                .unwrap_or(module)
                .to_lowercase()
                .replace('_', "-")
        );
        let chosen = names
            .clone()
            .find(|name| *name == policy)
            .or_else(|| names.find(|name| name.starts_with("python3-")));
        if let Some(package) = chosen {
            return Found::Package(package.to_owned());
        }
        match name.rsplit_once('.') {
            Some((above, _)) => name = above,
            None => return to_be(module, context),
        }
    }
}

/// A module of what is made in the same go.
fn to_be(module: &str, context: &Context<'_>) -> Found {
    let mut names = std::iter::successors(Some(module), |name| Some(name.rsplit_once('.')?.0));
    let package = names.find_map(|name| context.archive.module_to_be(name));
    package.map_or(Found::Nowhere, |package| {
        Found::Package(package.to_string())
    })
}

/// [`by_module`] in a namespace, which by itself says nothing: the package that ships the
/// module, or what it is part of.
pub(super) fn in_namespace(module: &str, context: &Context<'_>) -> Found {
    let mut name = module;
    while let Some((above, _)) = name.rsplit_once('.') {
        let owners = context.archive.module_owners(name);
        let mut names = owners.iter().map(DebName::as_str);
        if let Some(package) = names.find(|name| name.starts_with("python3-")) {
            return Found::Package(package.to_owned());
        }
        name = above;
    }
    to_be(module, context)
}

/// Whether a package is a part of Python that every Python has.
pub(crate) fn is_standard(package: &str) -> bool {
    package.starts_with("libpython3")
        || package.starts_with("python3.")
        || package == "python3-minimal"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let source = Source::parse(text);
        assert_eq!(Vec::from_iter(imported(&source)), expect);
    }

    #[test]
    fn imports() {
        check(
            "import os, a.b as c # d\nfrom x.y import z\nfrom . import q\n",
            &["a.b", "os", "x.y"],
        );
        check(
            "try:\n    import maybe\nexcept ImportError:\n    pass\n",
            &[],
        );
        check(
            "from __future__ import annotations\nimport a; import b\n",
            &["a", "b"],
        );
    }
}
