//! Which tests run at build time: those that the sdist carries, where the suite has all
//! that they import; else that the modules can be imported.

mod imports;
mod tables;

use std::collections::{BTreeMap, BTreeSet};

use pep508_rs::Requirement;
use pydeps_core::finding::Finding;
use pydeps_core::mapping::Answer;
use pydeps_core::name::DebName;
use pydeps_core::relate::{Field, relate};

use crate::depends::For;
use crate::facts::Release;
use crate::modules::Modules;
use crate::settings::Settings;
use crate::tree::Tree;

use imports::{Found, base_of, by_module, imported};
use tables::{OUTSIDE, PLACES, PLUGINS, PROGRAMS, REMOVED};

/// What is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// pytest.
    Pytest,
    /// The standard library's.
    Unittest,
    /// Nothing but an import of the modules.
    Import,
    /// Nothing at all: there is nothing to import either.
    Nothing,
}

/// The tests of a build.
#[derive(Clone, Debug, PartialEq)]
pub struct Testing {
    /// What is run.
    pub runner: Runner,
    /// `Build-Depends` for it, beside what the package itself needs.
    pub build_depends: Vec<String>,
    /// Arguments for the runner.
    pub arguments: Vec<String>,
    /// What has to be copied beside what pybuild copies.
    pub files: Vec<String>,
    /// Why the sdist's tests are not run, if it has any.
    pub reason: Option<String>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

/// Decides what is tested.
pub fn decide(
    release: &Release,
    modules: &Modules,
    settings: &Settings,
    context: &For<'_>,
) -> Testing {
    let tests = Tests::of(&release.tree);
    let mut testing = Testing {
        runner: tests.runner(settings, &release.tree),
        build_depends: Vec::new(),
        arguments: Vec::new(),
        files: Vec::new(),
        reason: None,
        findings: Vec::new(),
    };
    if testing.runner != Runner::Import {
        match tests.needs(release, modules, settings, context) {
            Ok(needs) => testing.build_depends = needs,
            Err(reason) => testing.switch_off(reason),
        }
    }
    if testing.runner == Runner::Pytest {
        testing.build_depends.push("python3-pytest".to_owned());
        testing.arguments = arguments(settings);
    }
    if matches!(testing.runner, Runner::Pytest | Runner::Unittest) {
        testing.files = tests.extra_files(&release.tree);
    }
    if testing.runner == Runner::Import && modules.names.is_empty() {
        testing.runner = Runner::Nothing;
    }
    testing
}

impl Testing {
    fn switch_off(&mut self, reason: String) {
        let message = format!("the tests are not run at build time: {reason}");
        self.findings.push(Finding::warning("tests-off", message));
        self.reason = Some(reason);
        self.runner = Runner::Import;
    }
}

/// The files of the tests, with their texts.
struct Tests {
    files: BTreeMap<String, String>,
}

impl Tests {
    fn of(tree: &Tree) -> Self {
        let of_tests = |path: &&str| is_test(path);
        let text = |path: &str| Some((path.to_owned(), tree.text(path)?));
        Self {
            files: tree.paths().filter(of_tests).filter_map(text).collect(),
        }
    }

    /// Whether a test's file has tests at all.
    fn has_tests(&self) -> bool {
        let named = |path: &String| {
            let name = path.rsplit('/').next().unwrap_or(path);
            (name.starts_with("test") || name.ends_with("_test.py") || name.ends_with("_tests.py"))
                && name != "testing.py"
        };
        self.files.iter().any(|(path, text)| {
            named(path) && (text.contains("def test") || text.contains("TestCase"))
        })
    }

    fn runner(&self, settings: &Settings, tree: &Tree) -> Runner {
        if !self.has_tests() {
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
        match configured || self.files.values().any(uses) {
            true => Runner::Pytest,
            false => Runner::Unittest,
        }
    }

    /// What the tests take of the suite, or why they cannot run there.
    fn needs(
        &self,
        release: &Release,
        modules: &Modules,
        settings: &Settings,
        context: &For<'_>,
    ) -> Result<Vec<String>, String> {
        for (path, text) in &self.files {
            if let Some((_, what)) = OUTSIDE.iter().find(|(word, _)| text.contains(word)) {
                return Err(format!("{path} needs {what}"));
            }
            if let Some(word) = removed(text, context) {
                return Err(format!(
                    "{path} uses {word}, which Python has removed in 3.12"
                ));
            }
        }
        let mut packages = BTreeSet::new();
        for (module, path) in self.imports() {
            if module == "pytest" || self.is_own(&module, &path, release, modules) {
                continue;
            }
            match by_module(&module, context)? {
                Found::Package(package) => drop(packages.insert(package)),
                Found::Standard => {}
                Found::Nowhere => return Err(lacking(&module, &path, context)),
            }
        }
        for plugin in self.plugins(settings) {
            let text = self
                .declared(&plugin, release)
                .unwrap_or_else(|| plugin.clone());
            packages.extend(by_distribution(&text, context)?);
        }
        packages.extend(self.programs(context));
        Ok(packages.into_iter().collect())
    }

    /// The packages of the programs that tests run.
    fn programs(&self, context: &For<'_>) -> Vec<String> {
        let runs = |name: &str| {
            let calls = [
                format!("[\"{name}\""),
                format!("['{name}'"),
                format!("(\"{name} "),
                format!("('{name} "),
            ];
            let texts = self
                .files
                .values()
                .filter(|text| text.contains("subprocess"));
            texts
                .into_iter()
                .any(|text| calls.iter().any(|call| text.contains(call.as_str())))
        };
        let needed = PROGRAMS.iter().filter(|(name, _)| runs(name));
        let there = needed.filter(|(_, package)| context.debian.version(package).is_some());
        there.map(|(_, package)| (*package).to_owned()).collect()
    }

    /// The top-level modules that the tests cannot do without, and who imports them.
    fn imports(&self) -> BTreeMap<String, String> {
        let mut imports = BTreeMap::new();
        for (path, text) in &self.files {
            for module in imported(text) {
                imports.entry(module).or_insert_with(|| path.clone());
            }
        }
        imports
    }

    /// Whether a module is the release's, or lies where the importing test finds it.
    fn is_own(&self, module: &str, path: &str, release: &Release, modules: &Modules) -> bool {
        let top = module.split('.').next().unwrap_or(module);
        let first = |name: &String| name.split('.').next() == Some(top);
        let tree = &release.tree;
        let beside = match base_of(path, tree) {
            "" => top.to_owned(),
            base => format!("{base}/{top}"),
        };
        // A part of a directory of tests has to be there as well.
        let whole = match module.split_once('.') {
            Some((_, rest)) if PLACES.contains(&top) => {
                format!("{beside}/{}", rest.replace('.', "/"))
            }
            _ => beside,
        };
        let there = tree.has(&format!("{whole}.py")) || tree.has_directory(&whole);
        modules.names.iter().any(first) || modules.stray.iter().any(first) || there
    }

    fn plugins(&self, settings: &Settings) -> BTreeSet<String> {
        let options = settings
            .table(&["tool", "pytest"])
            .map_or_else(String::new, |_| {
                settings.keys(&["tool", "pytest", "ini_options"]).join(" ")
            });
        let uses = |word: &str| {
            options.contains(word) || self.files.values().any(|text| mentions(text, word))
        };
        let used = PLUGINS.iter().filter(|(word, _)| uses(word));
        used.map(|(_, plugin)| (*plugin).to_owned()).collect()
    }

    /// A plugin with the bounds that the project declares for it.
    fn declared(&self, plugin: &str, release: &Release) -> Option<String> {
        let named = |one: &&Requirement| one.name.as_ref() == plugin;
        let found = release
            .requires
            .iter()
            .chain(&release.test_groups)
            .find(named)?;
        let mut plain = found.clone();
        plain.marker = pep508_rs::MarkerTree::default();
        Some(plain.to_string())
    }

    /// Tests that pybuild does not copy by itself, and files that tests read beside them.
    fn extra_files(&self, tree: &Tree) -> Vec<String> {
        let top = |path: &String| path.split('/').next().unwrap_or(path).to_owned();
        let mut places: BTreeSet<String> = self.files.keys().map(top).collect();
        places.retain(|place| PLACES.contains(&place.as_str()) || place.ends_with(".py"));
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
        places.extend(
            config
                .iter()
                .filter(|name| tree.has(name))
                .map(|name| (*name).to_owned()),
        );
        places.into_iter().collect()
    }
}

/// The packages of optional requirements that the release or its tests import whenever they
/// are imported themselves.
pub fn optional(release: &Release, suggests: &[String], context: &For<'_>) -> Vec<String> {
    let python = release
        .tree
        .members()
        .filter(|(path, _)| path.ends_with(".py"));
    let texts = python.map(|(_, member)| String::from_utf8_lossy(&member.bytes));
    let modules: BTreeSet<String> = texts.flat_map(|text| imported(&text)).collect();
    let package = |module: &String| context.debian.module(module);
    let packages: BTreeSet<DebName> = modules.iter().flat_map(package).collect();
    let wanted = |name: &&String| {
        packages
            .iter()
            .any(|package| package.as_str() == name.as_str())
    };
    suggests.iter().filter(wanted).cloned().collect()
}

fn lacking(module: &str, path: &str, context: &For<'_>) -> String {
    format!(
        "{path} imports {module}, which neither the release nor {} has",
        context.suite
    )
}

/// What a test uses although the suite's Python does not have it any more.
fn removed(text: &str, context: &For<'_>) -> Option<&'static str> {
    let gone = context.target.python().release() >= [3, 12].as_slice();
    let word = REMOVED.iter().find(|word| gone && text.contains(**word))?;
    Some(word.trim_matches(['.', '(']))
}

/// A word that stands by itself, as a fixture does.
fn mentions(text: &str, word: &str) -> bool {
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
    let name = path.rsplit('/').next().unwrap_or(path);
    let named = name.starts_with("test_")
        || name.ends_with("_test.py")
        || name == "tests.py"
        || name == "conftest.py";
    let inside = path
        .split('/')
        .rev()
        .skip(1)
        .any(|part| matches!(part, "tests" | "test"));
    name.ends_with(".py") && (inside || named || PLACES.contains(&first))
}

/// The relation of a requirement of the tests, or why the suite does not satisfy it.
fn by_distribution(text: &str, context: &For<'_>) -> Result<Vec<String>, String> {
    let Ok(requirement) = text.parse::<Requirement>() else {
        return Ok(Vec::new());
    };
    let answer = context.debian.answer(&requirement.name);
    if matches!(answer, Answer::Missing { .. }) {
        return Err(format!(
            "they need {}, which {} does not have",
            requirement.name, context.suite
        ));
    }
    let related = relate(
        &requirement,
        &answer,
        context.target,
        Field::BuildDepends,
        context.suite,
    );
    if !related.satisfied {
        return Err(format!(
            "they need `{requirement}`, which {} does not satisfy",
            context.suite
        ));
    }
    let relations = related.relation.split(", ").filter(|one| !one.is_empty());
    Ok(relations.map(str::to_owned).collect())
}

/// Arguments that undo what the project's configuration asks of plugins that measure or
/// judge the source.
fn arguments(settings: &Settings) -> Vec<String> {
    let place = ["tool", "pytest", "ini_options", "addopts"];
    let of_toml = settings.texts(&place).join(" ");
    let of_cfg = settings.cfg("tool:pytest", "addopts").unwrap_or_default();
    let options = format!("{of_toml} {of_cfg}");
    let foreign = [
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
    ];
    match foreign.iter().any(|option| options.contains(option)) {
        true => vec!["--override-ini=addopts=".to_owned()],
        false => Vec::new(),
    }
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
            ("x/test_y.py", true),
            ("x/latest.py", false),
            ("tests/data.txt", false),
        ] {
            assert_eq!(is_test(path), expect, "{path}");
        }
    }
}
