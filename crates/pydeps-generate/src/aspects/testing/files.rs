//! The files of a release's tests: which there are, who runs them, and which of them the
//! others need.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::purpose::{Purpose, TEST_DIRECTORIES};
use pydeps_python::source::{Definition, Import, Nesting, Source};

use super::Runner;
use crate::settings::Settings;
use pydeps_core::tree::Tree;

/// The files of the tests, with what they say.
pub(super) struct Tests<'t> {
    pub(super) files: BTreeMap<String, &'t Source>,
}

impl<'t> Tests<'t> {
    pub(super) fn of(settings: &'t Settings) -> Self {
        let files = settings.python_files().filter(|(path, _)| is_test(path));
        Self {
            files: files
                .map(|(path, source)| (path.to_owned(), source))
                .collect(),
        }
    }

    /// Where there are files among tests, but none that has any.
    pub(super) fn place_without_tests(tree: &Tree) -> Option<&'static str> {
        TEST_DIRECTORIES.into_iter().find(|place| {
            let other = |path: &str| !path.ends_with("__init__.py");
            matches!(*place, "tests" | "test") && tree.below(place).any(other)
        })
    }

    /// The files that have tests, and a name by which they are looked for.
    pub(super) fn collected(&self) -> impl Iterator<Item = &String> {
        let files = self.files.iter();
        files
            .filter(|(path, source)| is_collected(path) && has_tests(source))
            .map(|(path, _)| path)
    }

    pub(super) fn runner(&self, settings: &Settings, tree: &Tree) -> Runner {
        if self.collected().next().is_none() {
            return Runner::Import;
        }
        let configured = settings.table(&["tool", "pytest"]).is_some()
            || settings.cfg("tool:pytest", "testpaths").is_some()
            || tree.has("pytest.ini")
            || tree.has("conftest.py");
        let uses = |source: &&Source| {
            let mut functions = test_functions(source);
            let is_named = |name: &String| name.contains("pytest");
            source.names().any(is_named) || functions.any(Nesting::is_top)
        };
        // unittest looks for `test*.py` alone, and is content with none.
        let is_missed = |path: &String| !file_name(path).starts_with("test");
        let needs = self.collected().any(is_missed) || self.files.values().any(uses);
        match configured || needs {
            true => Runner::Pytest,
            false => Runner::Unittest,
        }
    }

    /// The files that matter where tests run: those with tests, what pytest loads beside
    /// them, and what these import of the others.
    pub(super) fn relevant(&self) -> BTreeSet<String> {
        let loaded = |path: &&String| is_loaded(path);
        let mut found: BTreeSet<String> = self.collected().cloned().collect();
        found.extend(self.files.keys().filter(loaded).cloned());
        loop {
            let wanted: Vec<String> = self
                .files
                .keys()
                .filter(|path| !found.contains(*path) && self.is_imported(path, &found))
                .cloned()
                .collect();
            if wanted.is_empty() {
                return found;
            }
            found.extend(wanted);
        }
    }

    fn is_imported(&self, path: &str, by: &BTreeSet<String>) -> bool {
        by.iter().any(|other| self.imports(other, path))
    }

    /// Whether one of the files imports another one, as far as names tell.
    pub(super) fn imports(&self, importer: &str, path: &str) -> bool {
        let name = file_name(path).trim_end_matches(".py");
        let names_it = |import: &Import| {
            let mut parts = import.module.split('.');
            parts.any(|part| part == name) || import.names.iter().any(|taken| taken == name)
        };
        let source = self.files.get(importer);
        importer != path && source.is_some_and(|source| source.imports().any(names_it))
    }

    /// Tests that pybuild does not copy by itself, and files that tests read beside them.
    /// `named` are the directories that the project calls its tests' (`testpaths`).
    pub(super) fn to_copy(&self, tree: &Tree, named: &[String]) -> Vec<String> {
        let top = |path: &String| path.split('/').next().unwrap_or(path).to_owned();
        let mut places: BTreeSet<String> = self.files.keys().map(top).collect();
        places.retain(|place| {
            TEST_DIRECTORIES.contains(&place.as_str())
                || place.ends_with(".py")
                || named.contains(place)
        });
        let usual = |place: &String| matches!(place.as_str(), "tests" | "test");
        if places.iter().all(usual) {
            return Vec::new();
        }
        let config = [
            "pyproject.toml",
            "pytest.ini",
            "setup.cfg",
            "tox.ini",
            "conftest.py",
        ];
        let config = config.iter().filter(|name| tree.has(name));
        places.extend(config.map(|name| (*name).to_owned()));
        places.into_iter().collect()
    }
}

pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// What pytest loads whenever it runs a file below the directory.
pub(super) fn is_loaded(path: &str) -> bool {
    matches!(file_name(path), "conftest.py" | "__init__.py")
}

/// Whether a name is one that pytest or unittest looks for, or can be told to.
fn is_collected(path: &str) -> bool {
    let name = file_name(path);
    (name.starts_with("test") || name.ends_with("_test.py") || name.ends_with("_tests.py"))
        && name != "testing.py"
}

/// Whether pytest looks for a name by itself.
pub(super) fn is_usual(path: &str) -> bool {
    let name = file_name(path);
    name.starts_with("test_") || name.ends_with("_test.py")
}

/// Whether a file has anything that pytest or unittest runs.
fn has_tests(source: &Source) -> bool {
    let is_case = |name: &String| name.contains("TestCase");
    test_functions(source).next().is_some() || source.names().any(is_case)
}

/// The blocks that each function is in that is called like a test.
fn test_functions(source: &Source) -> impl Iterator<Item = Nesting> {
    let is_test = |one: &Definition| !one.is_class && one.name.starts_with("test");
    let functions = source.definitions().filter(move |(one, _)| is_test(one));
    functions.map(|(_, nesting)| nesting)
}

/// Whether a file has a word, as of a fixture, or, with a bracket, calls it.
pub(super) fn uses(source: &Source, word: &str) -> bool {
    match word.strip_suffix('(') {
        Some(function) => source.calls().any(|(call, _)| call.name() == function),
        None => source.mentions(word),
    }
}

fn is_test(path: &str) -> bool {
    path.ends_with(".py") && Purpose::of(path).test
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixtures_are_words() {
        let uses = |text, word| uses(&Source::parse(text), word);
        assert!(uses("def test(mocker):", "mocker"));
        assert!(!uses("my_mocker = 1", "mocker"));
        assert!(uses("@pytest.mark.asyncio\n", "mark.asyncio"));
        assert!(uses("def test_a(benchmark): benchmark(f)", "benchmark("));
    }

    #[test]
    fn what_is_a_test() {
        for (path, expect) in [
            ("tests/a.py", true),
            ("src/x/tests/b.py", true),
            ("x/test/b.py", true),
            ("x/test_y.py", true),
            ("test.py", true),
            ("x/latest.py", false),
            ("tests/data.txt", false),
        ] {
            assert_eq!(is_test(path), expect, "{path}");
        }
    }

    #[test]
    fn who_finds_the_tests() {
        let runner = |path: &str| {
            let tree =
                Tree::of_texts(&[(path, "class A(TestCase):\n    def test_a(self): pass\n")]);
            let settings = Settings::of(&tree);
            Tests::of(&settings).runner(&settings, &tree)
        };
        assert_eq!(runner("tests/test_a.py"), Runner::Unittest);
        assert_eq!(runner("tests/a_test.py"), Runner::Pytest);
    }

    #[track_caller]
    fn check(files: &[(&str, &str)], relevant: &[&str]) {
        let settings = Settings::of(&Tree::of_texts(files));
        let tests = Tests::of(&settings);
        assert_eq!(Vec::from_iter(tests.relevant()), relevant);
    }

    #[test]
    fn what_the_tests_need() {
        let test = (
            "tests/test_a.py",
            "from . import (\n    base,\n)\ndef test(): pass\n",
        );
        let files = [
            test,
            ("tests/base.py", "from tests.more import x\n"),
            ("tests/more.py", ""),
            ("tests/load.py", "import tasks\n"),
            ("tests/conftest.py", ""),
        ];
        let expect = [
            "tests/base.py",
            "tests/conftest.py",
            "tests/more.py",
            "tests/test_a.py",
        ];
        check(&files, &expect);
        check(&[("tests/load.py", "import tasks\n")], &[]);
    }
}
