//! The modules of others that a release's own modules import whenever they are imported.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::tree::{Tree, has_suffix};
use pydeps_python::source::Source;

use crate::aspects::compiled::Compiled;
use crate::facts::Release;
use crate::modules::Modules;

/// A module of somebody else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    /// The module, dotted.
    pub(super) module: String,
    /// What of it is a namespace that the release has modules in, too, or nothing.
    pub(super) namespace: String,
    /// The file that imports it.
    pub(super) file: String,
}

/// Finds them, ascending, beginning with the modules that the release is for, and going on
/// with those that they import. Python's own are among them.
pub(super) fn find(release: &Release, modules: &Modules, compiled: &Compiled) -> Vec<Foreign> {
    let own = Own { release, modules };
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    let mut open: Vec<String> = modules.names.clone();
    let mut seen: BTreeSet<String> = open.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let Some((file, is_package)) = own.file(&name) else {
            continue;
        };
        for target in own.targets(&file, &name, is_package) {
            if own.is_foreign(&target) {
                found.entry(target).or_insert_with(|| file.clone());
            } else {
                let way = ancestors(&target).filter(|name| seen.insert((*name).to_owned()));
                open.extend(way.map(str::to_owned));
            }
        }
    }
    if compiled.any {
        found.extend(by_extensions(&release.tree));
    }
    let foreign = found.into_iter();
    let foreign = foreign.filter(|(module, _)| own.is_foreign(module));
    foreign
        .map(|(module, file)| own.foreign(module, file))
        .collect()
}

/// The modules of a release, and where they lie.
struct Own<'a> {
    release: &'a Release,
    modules: &'a Modules,
}

impl Own<'_> {
    /// A module's file, and whether it is a package.
    fn file(&self, name: &str) -> Option<(String, bool)> {
        let path = name.replace('.', "/");
        let path = match self.modules.root.as_str() {
            "" => path,
            root => format!("{root}/{path}"),
        };
        let package = (format!("{path}/__init__.py"), true);
        let module = (format!("{path}.py"), false);
        [package, module]
            .into_iter()
            .find(|(path, _)| self.release.tree.has(path))
    }

    fn names(&self) -> impl Iterator<Item = &String> {
        self.modules.names.iter().chain(&self.modules.stray)
    }

    /// Whether a module lies neither in the release's nor above them.
    fn is_foreign(&self, module: &str) -> bool {
        let beside = |name: &String| !is_inside(module, name) && !is_inside(name, module);
        self.names().all(beside) && self.file(module).is_none()
    }

    /// What a file imports: modules, and what is taken from the release's where that may be
    /// a module.
    fn targets(&self, file: &str, name: &str, is_package: bool) -> Vec<String> {
        let source = self.release.settings.python(file).into_iter();
        let imports = source.flat_map(Source::imports_at_top);
        let targets = imports.filter_map(|import| {
            let module = absolute(&import.module, name, is_package)?;
            let taken = import.names.iter().filter(|name| *name != "*");
            let inside: Vec<String> = match self.is_foreign(&module) {
                true => Vec::new(),
                false => taken.map(|name| format!("{module}.{name}")).collect(),
            };
            Some(std::iter::once(module).chain(inside))
        });
        targets.flatten().collect()
    }

    fn foreign(&self, module: String, file: String) -> Foreign {
        let is_shared = |above: &&str| self.names().any(|name| is_inside(name, above));
        let shared = ancestors(&module).filter(is_shared).last();
        let namespace = shared.unwrap_or_default().to_owned();
        Foreign {
            module,
            namespace,
            file,
        }
    }
}

/// A module's name where it is imported by another one (PEP 328).
fn absolute(module: &str, importer: &str, is_package: bool) -> Option<String> {
    let name = module.trim_start_matches('.');
    let mut up = module.len() - name.len();
    if up == 0 {
        return Some(name.to_owned());
    }
    if is_package {
        up -= 1;
    }
    let parts: Vec<&str> = importer.split('.').collect();
    // What is above the outermost package is no module.
    let left = parts.len().checked_sub(up).filter(|left| *left > 0)?;
    let kept = parts.get(..left)?;
    let parts = kept.iter().copied().chain(Some(name));
    Some(Vec::from_iter(parts.filter(|part| !part.is_empty())).join("."))
}

/// A module and those that it is in, the outermost first.
fn ancestors(module: &str) -> impl Iterator<Item = &str> {
    let above = module.match_indices('.').map(|(at, _)| &module[..at]);
    above.chain(Some(module))
}

fn is_inside(module: &str, of: &str) -> bool {
    let rest = module.strip_prefix(of);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What extension modules in C import while they are made, and the file that does.
fn by_extensions(tree: &Tree) -> BTreeMap<String, String> {
    let sources = tree
        .members()
        .filter(|(path, _)| has_suffix(path, &[".c", ".cc", ".cpp", ".cxx"]));
    let mut found = BTreeMap::new();
    for (path, member) in sources {
        for module in at_start(&String::from_utf8_lossy(&member.bytes)) {
            found.entry(module).or_insert_with(|| path.to_owned());
        }
    }
    found
}

/// The modules that a C file imports in a function that initialises or executes a module.
fn at_start(text: &str) -> BTreeSet<String> {
    let mut modules = BTreeSet::new();
    let mut function = "";
    for line in text.lines() {
        let begins = line.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if begins && line.contains('(') {
            function = line.split('(').next().unwrap_or_default();
        }
        if function.contains("exec") || function.contains("PyInit_") {
            let name = line.split_once("PyImport_ImportModule(\"");
            let name = name.and_then(|(_, rest)| rest.split('"').next());
            modules.extend(name.map(str::to_owned));
        }
    }
    modules
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], files: &[(&str, &str)], expect: &[&str]) {
        let modules = Modules {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            root: "src".to_owned(),
            ..Modules::default()
        };
        let compiled = Compiled {
            any: true,
            ..Compiled::default()
        };
        let found = find(&Release::of_texts(files), &modules, &compiled);
        let shown = |one: Foreign| format!("{} [{}] {}", one.module, one.namespace, one.file);
        assert_eq!(Vec::from_iter(found.into_iter().map(shown)), expect);
    }

    #[test]
    fn follows_own_modules() {
        let files = [
            (
                "src/a/__init__.py",
                "import os\nfrom . import b\nfrom a.c.d import x\n",
            ),
            ("src/a/b.py", "from .e import y\nimport aiohttp.web\n"),
            ("src/a/c/__init__.py", "import yaml\n"),
            (
                "src/a/c/d.py",
                "from .. import _version\nfrom ...z import w\n",
            ),
            (
                "src/a/e.py",
                "try:\n    import six\nexcept ImportError:\n    pass\n",
            ),
            ("src/a/unused.py", "import docker\n"),
        ];
        let expect = [
            "aiohttp.web [] src/a/b.py",
            "os [] src/a/__init__.py",
            "yaml [] src/a/c/__init__.py",
        ];
        check(&["a"], &files, &expect);
    }

    #[test]
    fn in_a_namespace() {
        let text = "from n import trace, __version__\nfrom n.other.deep import x\nimport n.own.z\n";
        let files = [("src/n/own/__init__.py", text)];
        let expect = [
            "n.__version__ [n] src/n/own/__init__.py",
            "n.other.deep [n] src/n/own/__init__.py",
            "n.trace [n] src/n/own/__init__.py",
        ];
        check(&["n.own"], &files, &expect);
    }

    #[test]
    fn extension_modules() {
        let text = "static int\nv_module_exec(PyObject *m)\n{\n    x = PyImport_ImportModule(\"y\");\n\
                    }\nint later(void)\n{\n    PyImport_ImportModule(\"z\");\n}\n";
        check(&["v"], &[("c/v.c", text)], &["y [] c/v.c"]);
    }
}
