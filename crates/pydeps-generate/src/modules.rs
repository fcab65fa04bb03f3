//! Which modules can be imported once a release is installed, read from its source.
//!
//! In this order: what a build of the uploader has written down (`top_level.txt`), what
//! the settings of the build backend name, and what the backends look for by themselves:
//! a package or module of the distribution's name, then any package at the top or in `src`.

use std::collections::BTreeSet;

use pydeps_core::generic::is_generic;
use pydeps_python::source::Source;

use crate::settings::Settings;
use pydeps_core::tree::{Tree, has_suffix};

/// Where sources of modules lie.
const ROOTS: [&str; 5] = ["", "src", "lib", "python", "Lib"];

/// The modules of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Modules {
    /// What can be imported: the topmost regular packages and modules, dotted where they
    /// lie in a namespace; ascending.
    pub names: Vec<String>,
    /// Packages of stubs (PEP 561), as `foo-stubs`.
    pub stubs: Vec<String>,
    /// What the release would install at the top although it is not meant to be there.
    pub stray: Vec<String>,
    /// The files that only declare a namespace, in which other distributions may lie, too.
    pub shared: Vec<String>,
    /// The directory that they lie in: `""`, or `src`.
    pub root: String,
    /// Whether nothing names them, and they were found by looking.
    pub guessed: bool,
}

impl Modules {
    /// The module that stands for the release: the one named like it, else the longest
    /// that its name has in it, else the first that is not private, else the first.
    pub fn representative(&self, distribution: &str) -> Option<&str> {
        let own = fold(distribution);
        let public = |name: &&String| !name.split('.').any(|part| part.starts_with('_'));
        let names = || self.names.iter();
        let longest = || {
            names()
                .filter(|name| is_part(name, &own))
                .max_by_key(|name| name.len())
        };
        let first = names()
            .find(|name| fold(name) == own)
            .or_else(longest)
            .or_else(|| names().find(public));
        first.or_else(|| names().next()).map(String::as_str)
    }

    /// The module that a package of the distribution is called after (Python Policy 4.3).
    /// None where the distribution has a few modules of a namespace that is not its own:
    /// no one of them stands for it.
    pub fn namesake(&self, distribution: &str) -> Option<&str> {
        let own = fold(distribution);
        let name = self.representative(distribution)?;
        let ends = name.match_indices('.').map(|(at, _)| at);
        let mut ancestors = ends.map(|end| &name[..end]);
        let ancestor = ancestors.find(|ancestor| fold(ancestor) == own);
        let (_, leaf) = name.rsplit_once('.').unwrap_or_default();
        let fits = !name.contains('.') || fold(leaf) == own || is_part(name, &own);
        ancestor.or_else(|| fits.then_some(name))
    }
}

/// Whether a module's name is found in that of its distribution, which is folded.
fn is_part(name: &str, own: &str) -> bool {
    let name = fold(name);
    own.split('_').any(|word| word == name) || own.replace('_', "").contains(&name.replace('_', ""))
}

/// A name without what spelling may differ in.
fn fold(name: &str) -> String {
    name.to_lowercase().replace(['-', '.'], "_")
}

/// Finds the modules of a distribution in its source.
pub fn find(distribution: &str, tree: &Tree, settings: &Settings) -> Modules {
    let built = top_level(tree);
    let named = match built.is_empty() {
        true => of_settings(tree, settings),
        false => built,
    };
    let (top, guessed) = match named.is_empty() {
        false => (named, false),
        true => match by_name(distribution, tree) {
            Some(name) => (BTreeSet::from([name]), false),
            None => (by_looking(tree), true),
        },
    };
    Modules {
        guessed,
        ..sort(distribution, &top, tree, settings)
    }
}

/// What setuptools has written down.
fn top_level(tree: &Tree) -> BTreeSet<String> {
    let is_list = |path: &&str| path.ends_with(".egg-info/top_level.txt");
    let near = |path: &&str| path.matches('/').count() <= 2;
    let text = tree
        .paths()
        .filter(near)
        .find(is_list)
        .and_then(|path| tree.text(path));
    let lines = text.unwrap_or_default();
    let lines = lines.lines().map(|line| line.trim().replace('/', "."));
    lines.filter(|line| !line.is_empty()).collect()
}

/// What the settings of the backends name.
fn of_settings(tree: &Tree, settings: &Settings) -> BTreeSet<String> {
    let mut names: Vec<String> = Vec::new();
    for place in [
        &["tool", "setuptools", "packages"][..],
        &["tool", "setuptools", "py-modules"],
        &["tool", "flit", "module", "name"],
        &["tool", "flit", "metadata", "module"],
        &["tool", "uv", "build-backend", "module-name"],
        &["tool", "scikit-build", "wheel", "packages"],
    ] {
        names.extend(settings.texts(place).into_iter().map(module_of_path));
    }
    let wheel = ["tool", "hatch", "build", "targets", "wheel"];
    for key in ["packages", "only-include", "include"] {
        let place: Vec<&str> = wheel.iter().copied().chain([key]).collect();
        let inside = settings
            .texts(&place)
            .into_iter()
            .filter(|path| !path.contains('*'));
        names.extend(inside.map(module_of_path));
    }
    names.extend(of_poetry(settings));
    for (section, key) in [
        ("options", "packages"),
        ("options", "py_modules"),
        ("files", "packages"),
    ] {
        let list = settings.cfg_list(section, key).into_iter();
        names.extend(list.filter(|name| !name.contains(':')).map(str::to_owned));
    }
    let there = |name: &String| place_of(name, tree).is_some();
    names.into_iter().filter(there).collect()
}

/// `packages = [{ include = "foo", from = "src" }]`.
fn of_poetry(settings: &Settings) -> Vec<String> {
    let list = settings.item(&["tool", "poetry", "packages"]);
    let array = list.and_then(|item| item.as_array()).into_iter().flatten();
    let include = array.filter_map(|value| value.as_inline_table()?.get("include")?.as_str());
    include
        .map(|path| module_of_path(path.trim_end_matches("/**/*.py").trim_end_matches("/**/*")))
        .collect()
}

/// `src/foo/bar.py` as a dotted name.
fn module_of_path(path: &str) -> String {
    let path = path.trim_start_matches("./").trim_matches('/');
    let inside = ROOTS.iter().filter(|root| !root.is_empty());
    let inside = inside.filter_map(|root| path.strip_prefix(&format!("{root}/")));
    let path = inside.min_by_key(|path| path.len()).unwrap_or(path);
    path.trim_end_matches(".py").replace('/', ".")
}

/// The package or module that is named like the distribution; a dot in its name may
/// stand for a namespace.
fn by_name(distribution: &str, tree: &Tree) -> Option<String> {
    let wanted = fold(distribution);
    let all = ROOTS.iter().flat_map(|root| candidates(root, tree));
    let mut alike: Vec<String> = all.filter(|name| fold(name) == wanted).collect();
    alike.dedup();
    alike.into_iter().next().or_else(|| {
        let dotted = distribution.replace('-', ".");
        let there = |name: &String| place_of(name, tree).is_some();
        let underscored = distribution.replace('-', "_").replace('.', "/");
        [dotted, module_of_path(&underscored)]
            .into_iter()
            .find(there)
    })
}

/// Every package and module that setuptools would take for the project's own.
fn by_looking(tree: &Tree) -> BTreeSet<String> {
    let root = ROOTS.iter().find(|root| {
        let first = candidates(root, tree);
        first.iter().any(|name| !is_generic(name))
    });
    let found = root.map_or_else(Vec::new, |root| candidates(root, tree));
    let own = |name: &String| !is_generic(name);
    found.into_iter().filter(own).collect()
}

/// The packages and modules directly in a directory.
fn candidates(root: &str, tree: &Tree) -> Vec<String> {
    if !root.is_empty() && tree.has(&format!("{root}/__init__.py")) {
        return Vec::new();
    }
    let join = |name: &str| join(root, name);
    let packages = tree.directories_in(root).into_iter().filter(|name| {
        let inside = join(name);
        is_identifier(name.trim_end_matches("-stubs"))
            && (tree.has(&format!("{inside}/__init__.py"))
                || tree.has(&format!("{inside}/__init__.pyi"))
                || tree.has(&format!("{inside}/__init__.pyx")))
    });
    let modules = tree
        .files_in(root)
        .into_iter()
        .filter_map(|name| name.strip_suffix(".py"));
    let modules = modules.filter(|name| is_identifier(name) && !is_chore(name));
    packages.chain(modules).map(str::to_owned).collect()
}

/// Files at the top that serve the project and are not installed.
fn is_chore(name: &str) -> bool {
    matches!(
        name,
        "setup"
            | "conftest"
            | "noxfile"
            | "versioneer"
            | "tasks"
            | "fabfile"
            | "manage"
            | "build"
            | "ez_setup"
            | "distribute_setup"
            | "toxfile"
            | "__init__"
            | "conf"
            | "make"
            | "release"
    ) || name.starts_with("test_")
        || name.ends_with("_test")
        || name.starts_with("setup_")
}

fn is_identifier(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && chars.all(|c| c.is_alphanumeric() || c == '_')
}

/// Whether a name can be that of a module, or of stubs for one.
fn is_module(name: &str) -> bool {
    let name = name.strip_suffix("-stubs").unwrap_or(name);
    name.split('.').all(is_identifier)
}

fn join(root: &str, name: &str) -> String {
    match root {
        "" => name.to_owned(),
        root => format!("{root}/{name}"),
    }
}

/// The path of a module or package below one of the roots, and that root.
fn place_of(name: &str, tree: &Tree) -> Option<(&'static str, String)> {
    let path = name.replace('.', "/");
    ROOTS.iter().find_map(|root| {
        let place = join(root, &path);
        let there = tree.has_directory(&place)
            || [".py", ".pyx", ".c", ".cpp", ".pyi"]
                .iter()
                .any(|suffix| tree.has(&format!("{place}{suffix}")));
        there.then_some((*root, place))
    })
}

/// Sorts what was named at the top into modules, stubs and what strayed there.
fn sort(distribution: &str, top: &BTreeSet<String>, tree: &Tree, settings: &Settings) -> Modules {
    let mut modules = Modules::default();
    let own = |name: &str| fold(name) == fold(distribution);
    for name in topmost(top).into_iter().filter(|name| is_module(name)) {
        if let Some((root, _)) = place_of(&name, tree) {
            root.clone_into(&mut modules.root);
        }
        match name {
            name if name.ends_with("-stubs") => modules.stubs.push(name),
            name if is_generic(&name) && !own(&name) => modules.stray.push(name),
            name => modules.names.extend(regular(&name, tree, settings)),
        }
    }
    modules.names.sort();
    modules.names.dedup();
    modules.shared = shared(&modules, tree);
    modules
}

/// The files that declare the namespaces of modules, below the directory of the modules.
fn shared(modules: &Modules, tree: &Tree) -> Vec<String> {
    let above = |name: &String| -> Vec<String> {
        let ends = name.match_indices('.').map(|(end, _)| end);
        ends.map(|end| name[..end].replace('.', "/")).collect()
    };
    let places: BTreeSet<String> = modules.names.iter().flat_map(above).collect();
    let files = places.iter().map(|place| format!("{place}/__init__.py"));
    files
        .filter(|file| tree.has(&join(&modules.root, file)))
        .collect()
}

/// Without what lies in a package that is there as well.
fn topmost(names: &BTreeSet<String>) -> Vec<String> {
    let inside = |name: &str| {
        let mut above = name;
        std::iter::from_fn(move || {
            above = above.rsplit_once('.')?.0;
            Some(above)
        })
        .any(|above| names.contains(above))
    };
    names.iter().filter(|name| !inside(name)).cloned().collect()
}

/// The regular packages of a name: itself, or those below where it is a namespace.
fn regular(name: &str, tree: &Tree, settings: &Settings) -> Vec<String> {
    let Some((_, place)) = place_of(name, tree) else {
        return vec![name.to_owned()];
    };
    if !tree.has_directory(&place) || !is_namespace(&place, tree, settings) {
        return vec![name.to_owned()];
    }
    let below: Vec<String> = tree
        .directories_in(&place)
        .into_iter()
        .filter(|inner| is_identifier(inner))
        .filter(|inner| has_modules(&format!("{place}/{inner}"), tree))
        .flat_map(|inner| regular(&format!("{name}.{inner}"), tree, settings))
        .collect();
    let modules = tree.files_in(&place).into_iter();
    let modules = modules
        .filter_map(|file| file.strip_suffix(".py"))
        .filter(|file| *file != "__init__" && is_identifier(file))
        .map(|file| format!("{name}.{file}"));
    match below.into_iter().chain(modules).collect::<Vec<_>>() {
        none if none.is_empty() => vec![name.to_owned()],
        found => found,
    }
}

fn has_modules(place: &str, tree: &Tree) -> bool {
    tree.below(place)
        .any(|path| has_suffix(path, &[".py", ".pyx", ".so"]))
}

/// A directory without `__init__.py`, or with one that only declares a namespace.
fn is_namespace(place: &str, tree: &Tree, settings: &Settings) -> bool {
    let init = |name: &str| tree.has(&format!("{place}/{name}"));
    if !init("__init__.py") {
        return !init("__init__.pyx") && !init("__init__.pyi");
    }
    let declares = |source: &Source| {
        let words = ["declare_namespace", "extend_path"];
        source.statements.len() <= 8 && words.iter().any(|word| source.mentions(word))
    };
    let source = settings.python(&format!("{place}/__init__.py"));
    source.is_some_and(declares)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The modules of the distribution `foo-bar` with these files.
    #[track_caller]
    fn check(files: &[(&str, &str)], expect: &[&str]) -> Modules {
        let tree = Tree::of_texts(files);
        let found = find("foo-bar", &tree, &Settings::of(&tree));
        assert_eq!(found.names, expect);
        found
    }

    #[test]
    fn what_a_build_has_written_down() {
        let found = check(
            &[
                ("foo_bar.egg-info/top_level.txt", "foo\ntests\n"),
                ("foo/__init__.py", ""),
            ],
            &["foo"],
        );
        assert_eq!(found.stray, ["tests"]);
        check(
            &[
                ("src/x.egg-info/top_level.txt", "google\n"),
                ("src/google/cloud/thing/__init__.py", ""),
            ],
            &["google.cloud.thing"],
        );
    }

    #[test]
    fn what_settings_name() {
        let hatch = "[tool.hatch.build.targets.wheel]\npackages = ['src/other']\n";
        check(
            &[("pyproject.toml", hatch), ("src/other/__init__.py", "")],
            &["other"],
        );
        let poetry = "[tool.poetry]\npackages = [{ include = 'other', from = 'src' }]\n";
        check(
            &[("pyproject.toml", poetry), ("src/other/__init__.py", "")],
            &["other"],
        );
        let cfg = "[options]\npackages = find:\npy_modules =\n  one\n";
        check(
            &[("setup.cfg", cfg), ("one.py", ""), ("two.py", "")],
            &["one"],
        );
        let list = "[tool.setuptools]\npackages = ['a', 'a.b']\n";
        check(&[("pyproject.toml", list), ("a/__init__.py", "")], &["a"]);
    }

    #[test]
    fn what_backends_look_for() {
        check(
            &[("Foo_Bar/__init__.py", ""), ("tests/__init__.py", "")],
            &["Foo_Bar"],
        );
        check(&[("foo_bar.py", ""), ("setup.py", "")], &["foo_bar"]);
        check(&[("foo/bar/__init__.py", "")], &["foo.bar"]);
        let found = check(
            &[("src/x/__init__.py", ""), ("tests/__init__.py", "")],
            &["x"],
        );
        assert!(found.guessed && found.root == "src");
        check(&[("setup.py", "")], &[]);
    }

    #[test]
    fn stubs_are_not_imported() {
        let found = check(
            &[
                ("a.egg-info/top_level.txt", "markupsafe-stubs\n"),
                ("markupsafe-stubs/__init__.pyi", ""),
            ],
            &[],
        );
        assert_eq!(found.stubs, ["markupsafe-stubs"]);
    }

    #[test]
    fn namespaces_of_old() {
        let tree = Tree::of_texts(&[
            (
                "src/a/__init__.py",
                "__path__ = __import__('pkgutil').extend_path(__path__, __name__)",
            ),
            ("src/a/b/__init__.py", ""),
            ("src/a_b.egg-info/top_level.txt", "a\n"),
            ("src/a/c.py", ""),
        ]);
        let found = find("a-b", &tree, &Settings::of(&tree));
        assert_eq!(found.names, ["a.b", "a.c"]);
        assert_eq!(found.shared, ["a/__init__.py"]);
    }

    #[test]
    fn one_stands_for_all() {
        let names = |names: &[&str]| Modules {
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            ..Modules::default()
        };
        assert_eq!(
            names(&["_x", "a", "foo_bar"]).representative("foo-bar"),
            Some("foo_bar")
        );
        assert_eq!(
            names(&["cli", "foo"]).representative("python-foo"),
            Some("foo")
        );
        assert_eq!(names(&["_x", "a"]).representative("foo-bar"), Some("a"));
        assert_eq!(names(&[]).representative("foo-bar"), None);
    }
}
