//! The files of a release's tests: which there are, who runs them, and which of them the
//! others need.

use std::collections::{BTreeMap, BTreeSet};

use super::Runner;
use super::imports::import_statements;
use super::tables::PLACES;
use crate::settings::Settings;
use pydeps_core::tree::Tree;

/// The files of the tests, with their texts.
pub(super) struct Tests {
    pub(super) files: BTreeMap<String, String>,
}

impl Tests {
    pub(super) fn of(tree: &Tree) -> Self {
        let of_tests = |path: &&str| is_test(path);
        let text = |path: &str| Some((path.to_owned(), tree.text(path)?));
        Self {
            files: tree.paths().filter(of_tests).filter_map(text).collect(),
        }
    }

    /// Where there are files among tests, but none that has any.
    pub(super) fn place_without_tests(tree: &Tree) -> Option<&'static str> {
        PLACES.into_iter().find(|place| {
            let other = |path: &str| !path.ends_with("__init__.py");
            matches!(*place, "tests" | "test") && tree.below(place).any(other)
        })
    }

    /// The files that have tests, and a name by which they are looked for.
    pub(super) fn collected(&self) -> impl Iterator<Item = &String> {
        let has_tests = |text: &String| text.contains("def test") || text.contains("TestCase");
        let files = self.files.iter();
        files
            .filter(move |(path, text)| is_collected(path) && has_tests(text))
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
        let plain = |text: &String| {
            text.lines()
                .any(|line| line.starts_with("def test") || line.starts_with("async def test"))
        };
        let uses = |text: &String| text.contains("pytest") || plain(text);
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
        let text = self.files.get(importer);
        importer != path && text.is_some_and(|text| mentions(&import_statements(text), name))
    }

    /// Tests that pybuild does not copy by itself, and files that tests read beside them.
    /// `named` are the directories that the project calls its tests' (`testpaths`).
    pub(super) fn to_copy(&self, tree: &Tree, named: &[String]) -> Vec<String> {
        let top = |path: &String| path.split('/').next().unwrap_or(path).to_owned();
        let mut places: BTreeSet<String> = self.files.keys().map(top).collect();
        places.retain(|place| {
            PLACES.contains(&place.as_str()) || place.ends_with(".py") || named.contains(place)
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

/// A word that stands by itself, as a fixture does.
pub(super) fn mentions(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(part) && (word.ends_with('(') || !after.is_some_and(part))
    })
}

fn is_test(path: &str) -> bool {
    let mut parts = path.split('/');
    let first = parts.next().unwrap_or(path);
    let name = file_name(path);
    let named = name.starts_with("test_")
        || name.ends_with("_test.py")
        || matches!(name, "test.py" | "tests.py" | "conftest.py");
    let inside = path
        .split('/')
        .rev()
        .skip(1)
        .any(|part| matches!(part, "tests" | "test"));
    name.ends_with(".py") && (inside || named || PLACES.contains(&first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixtures_are_words() {
        assert!(mentions("def test(mocker):", "mocker"));
        assert!(!mentions("my_mocker = 1", "mocker"));
        assert!(mentions("@pytest.mark.asyncio\n", "mark.asyncio"));
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
            Tests::of(&tree).runner(&Settings::of(&tree), &tree)
        };
        assert_eq!(runner("tests/test_a.py"), Runner::Unittest);
        assert_eq!(runner("tests/a_test.py"), Runner::Pytest);
    }

    #[track_caller]
    fn check(files: &[(&str, &str)], relevant: &[&str]) {
        let tests = Tests::of(&Tree::of_texts(files));
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
