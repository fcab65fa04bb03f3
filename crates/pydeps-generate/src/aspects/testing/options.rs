//! What pytest is told beside what the project tells it: a build for a suite measures
//! nothing, and has other versions than the project's own machines.

use pydeps_python::ini::Ini;
use pydeps_python::source::{Source, Value};

use super::files::{Tests, is_usual};
use crate::rules::word;
use crate::settings::Settings;
use pydeps_core::tree::Tree;

/// Plugins that measure or judge the source, and what fails where a plugin is not there.
const FOREIGN: [&str; 20] = [
    "--cov",
    "--black",
    "--flake8",
    "--mypy",
    "--pylint",
    "--isort",
    "--ruff",
    "-n ",
    "-nauto",
    "--numprocesses",
    "--html",
    "--no-cov",
    "--pycodestyle",
    "--pep8",
    "--benchmark",
    "--dist",
    "--reruns",
    "--timeout",
    "--random",
    "--strict-config",
];

/// An argument, and why it is given.
type Argument = (String, String);

/// pytest's options as the project sets them, wherever it does.
pub(super) struct Options<'a> {
    settings: &'a Settings,
    files: Vec<Ini>,
}

impl<'a> Options<'a> {
    pub(super) fn of(settings: &'a Settings, tree: &Tree) -> Self {
        let files = ["pytest.ini", "tox.ini"].into_iter();
        let read = |name| Ini::parse(&tree.text(name)?).ok();
        Self {
            settings,
            files: files.filter_map(read).collect(),
        }
    }

    /// The values of an option, one on each line; nothing where it is not set.
    fn value(&self, key: &str) -> Option<String> {
        let of_toml = self
            .settings
            .texts(&["tool", "pytest", "ini_options", key])
            .join("\n");
        let of_files = self.files.iter().filter_map(|file| file.get("pytest", key));
        let of_cfg = self.settings.cfg("tool:pytest", key);
        let all: Vec<&str> = of_files.chain(of_cfg).chain([of_toml.as_str()]).collect();
        let all = all.join("\n");
        (!all.trim().is_empty()).then(|| all.trim().to_owned())
    }

    pub(super) fn arguments(&self, tests: &Tests<'_>, asyncio: bool) -> Vec<Argument> {
        let own = [
            self.plain(),
            self.lenient(),
            self.names(tests),
            self.asynchronous(tests).filter(|_| asyncio),
        ];
        own.into_iter().flatten().collect()
    }

    /// Undoes what plugins are asked for that measure or judge the source; how modules are
    /// found stays.
    fn plain(&self) -> Option<Argument> {
        let options = self.value("addopts")?;
        let options = options.replace('\n', " ");
        FOREIGN.iter().find(|option| options.contains(**option))?;
        let reason = "What the project asks of plugins that measure its source is left out.";
        Some((
            format!("--override-ini='addopts={}'", kept(&options).join(" ")),
            reason.to_owned(),
        ))
    }

    /// The directories of tests that the project names.
    pub(super) fn places(&self) -> Vec<String> {
        let places = self.value("testpaths").unwrap_or_default();
        places.split_whitespace().map(str::to_owned).collect()
    }

    /// A warning is no failure where other versions are installed than the project's own.
    fn lenient(&self) -> Option<Argument> {
        let filters = self.value("filterwarnings")?;
        let strict = |line: &str| line.trim() == "error" || line.trim().starts_with("error:");
        filters.lines().find(|line| strict(line))?;
        let reason = "A warning about the suite's versions of others does not fail the tests.";
        Some((
            "--override-ini=filterwarnings=".to_owned(),
            reason.to_owned(),
        ))
    }

    /// Names files as pytest does not look for them by itself.
    fn names(&self, tests: &Tests<'_>) -> Option<Argument> {
        if self.value("python_files").is_some() || tests.collected().all(|path| is_usual(path)) {
            return None;
        }
        let argument = "--override-ini='python_files=test*.py *_test.py *_tests.py'";
        let reason = "The tests have names that pytest does not look for by itself.";
        Some((argument.to_owned(), reason.to_owned()))
    }

    /// Asynchronous fixtures that are pytest's own need pytest-asyncio to take all that is
    /// asynchronous; the project says so in a file that is not in the release.
    fn asynchronous(&self, tests: &Tests<'_>) -> Option<Argument> {
        if self.value("asyncio_mode").is_some() {
            return None;
        }
        tests.files.values().find(|one| has_async_fixture(one))?;
        let reason = "The tests have asynchronous fixtures that are not marked as such.";
        Some(("--asyncio-mode=auto".to_owned(), reason.to_owned()))
    }
}

/// The options without which tests cannot be found or loaded: how they are imported, and
/// plugins of the project's own.
fn kept(options: &str) -> Vec<&str> {
    let plain = |text: &str| word(text) == text;
    let words: Vec<&str> = options.split_whitespace().collect();
    let mut kept = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let after = at.checked_sub(1).map(|before| words[before]) == Some("-p");
        let is_needed = word.starts_with("--import-mode=") || word.starts_with("-p") || after;
        if is_needed && plain(word) {
            kept.push(*word);
        }
    }
    kept
}

/// Whether a function with `@pytest.fixture` is asynchronous.
fn has_async_fixture(source: &Source) -> bool {
    let is_fixture = |decorator: &Value| match decorator {
        Value::Call(call) => call.function == "pytest.fixture",
        Value::Name(name) => name == "pytest.fixture",
        _ => false,
    };
    let mut functions = source.definitions();
    functions.any(|(one, _)| one.is_async && one.decorators.iter().any(is_fixture))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The arguments for a project with a file of settings, and with a test.
    #[track_caller]
    fn check(file: &str, text: &str, test: &str, expect: &[&str]) {
        let tree = Tree::of_texts(&[(file, text), ("tests/test_a.py", test)]);
        let settings = Settings::of(&tree);
        let options = Options::of(&settings, &tree);
        let arguments = options.arguments(&Tests::of(&settings), true);
        let arguments: Vec<&str> = arguments.iter().map(|(one, _)| one.as_str()).collect();
        assert_eq!(arguments, expect);
    }

    #[test]
    fn what_is_undone() {
        let plain = "def test_a(): pass\n";
        let table = |lines: &str| format!("[tool.pytest.ini_options]\n{lines}\n");
        check("setup.cfg", "", plain, &[]);
        check("pyproject.toml", &table("addopts = \"-q\""), plain, &[]);
        check(
            "pyproject.toml",
            &table("addopts = [\"--cov=a\", \"--import-mode=importlib\"]"),
            plain,
            &["--override-ini='addopts=--import-mode=importlib'"],
        );
        check(
            "pytest.ini",
            "[pytest]\naddopts = --strict-config\n",
            plain,
            &["--override-ini='addopts='"],
        );
        check(
            "pytest.ini",
            "[pytest]\naddopts = --cov=a -p own.plugin -q\n",
            plain,
            &["--override-ini='addopts=-p own.plugin'"],
        );
        check(
            "tox.ini",
            "[pytest]\nfilterwarnings =\n    error\n    ignore:x\n",
            plain,
            &["--override-ini=filterwarnings="],
        );
        // A comment does not end a value.
        check(
            "tox.ini",
            "[pytest]\naddopts =\n    -q\n# measured\n    --cov=a\n",
            plain,
            &["--override-ini='addopts='"],
        );
        check(
            "pyproject.toml",
            &table("filterwarnings = [\"ignore:error\"]"),
            plain,
            &[],
        );
    }

    #[test]
    fn asynchronous_fixtures() {
        let test = "@pytest.fixture(\n  autouse=True)\nasync def a(): pass\n";
        check("setup.cfg", "", test, &["--asyncio-mode=auto"]);
        let set = "[tool:pytest]\nasyncio_mode = strict\n";
        check("setup.cfg", set, test, &[]);
        let plain = "@pytest.fixture\ndef a(): pass\nasync def test_a(): pass\n";
        check("setup.cfg", "", plain, &[]);
    }
}
