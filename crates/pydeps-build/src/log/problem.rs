//! What a build lacked, read from its log. Pure.
//!
//! The patterns are those of the tools themselves: Python, python-build, pytest, compilers,
//! pkg-config, meson, cmake, the shell, sbuild's resolver. Each stands beside a real log in the
//! tests.

use std::collections::{BTreeMap, BTreeSet};

#[cfg(test)]
mod tests;

/// Something that a build lacked, or a test that failed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Problem {
    /// A module of Python could not be imported.
    Module(String),
    /// The module of a build backend is not there (PEP 517).
    Backend(String),
    /// A header could not be found, or Cython's output, which is one of its sources.
    Header(String),
    /// A library could not be linked: the name after `-l`.
    Library(String),
    /// A program is not in PATH.
    Command(String),
    /// A `.pc` file is not there.
    PkgConfig(String),
    /// cmake has not found a package.
    Cmake(String),
    /// pytest lacks a plugin: the distribution that has it.
    Plugin(&'static str),
    /// The compiler refuses a template that nobody uses, as g++ does from version 14 on.
    Template {
        /// Whether it can be told not to, as from version 15 on.
        optional: bool,
    },
    /// A build dependency cannot be installed: the package.
    Unmet(String),
    /// A test failed: its node, and why.
    Test {
        /// As pytest takes it: `tests/test_a.py::test_b`, or a file that cannot be collected.
        node: String,
        /// What it said.
        reason: String,
    },
    /// There were no tests.
    NoTests,
    /// Tests of unittest failed, which knows of no single ones to leave out.
    Unittest,
    /// The tests as a whole cannot be run in a build: what most of them said.
    Unrunnable(String),
}

/// The last compiler that looks at templates only where they are used.
pub(crate) const OLDER_COMPILER: &str = "g++-13";

/// If more tests fail, it is not the tests.
pub(crate) const MOST_TESTS: usize = 20;

/// Where a log says what was missing.
struct Pattern {
    /// What comes before the name.
    before: &'static str,
    /// What comes after it.
    after: &'static str,
    make: fn(String) -> Option<Problem>,
}

const fn pattern(
    before: &'static str,
    after: &'static str,
    make: fn(String) -> Option<Problem>,
) -> Pattern {
    Pattern {
        before,
        after,
        make,
    }
}

/// The first that fits a line counts.
const PATTERNS: &[Pattern] = &[
    pattern("ERROR Backend '", "' is not available", |name| {
        module(&name).map(Problem::Backend)
    }),
    pattern("ModuleNotFoundError: No module named '", "'", |name| {
        module(&name).map(Problem::Module)
    }),
    pattern("fatal error: ", ": No such file or directory", |name| {
        header(name)
    }),
    pattern("error: ", "[-Wtemplate-body]", |_| {
        Some(Problem::Template { optional: true })
    }),
    pattern("error: assignment of read-only member ", "", |_| {
        Some(Problem::Template { optional: false })
    }),
    pattern("cannot find -l", ":", |name| {
        word(name).map(Problem::Library)
    }),
    pattern("/bin/sh: 1: ", ": not found", |name| command(&name)),
    pattern(
        "error: command '",
        "' failed: No such file or directory",
        |name| command(&name),
    ),
    pattern(
        "FileNotFoundError: [Errno 2] No such file or directory: '",
        "'",
        |name| command(&name),
    ),
    // What setuptools makes of it where an extension module is optional.
    pattern(
        "error: [Errno 2] No such file or directory: '",
        "'",
        |name| command(&name),
    ),
    pattern(
        "ERROR: Program '",
        "' not found or not executable",
        |name| command(&name),
    ),
    pattern("ERROR: Dependency \"", "\" not found", |name| {
        word(name).map(Problem::PkgConfig)
    }),
    pattern(
        "Package '",
        "', required by 'virtual:world', not found",
        |name| word(name).map(Problem::PkgConfig),
    ),
    pattern(
        "Package ",
        " was not found in the pkg-config search path",
        |name| word(name).map(Problem::PkgConfig),
    ),
    pattern(
        "Could not find a package configuration file provided by \"",
        "\"",
        |name| word(name).map(Problem::Cmake),
    ),
    pattern("Could NOT find ", " (missing:", |name| {
        word(name).map(Problem::Cmake)
    }),
    pattern("sbuild-build-depends-main-dummy : Depends: ", " ", |name| {
        word(name).map(Problem::Unmet)
    }),
    pattern("E       fixture '", "' not found", |name| {
        plugin(FIXTURES, &name)
    }),
    pattern("error: unrecognized arguments: ", "", |name| {
        plugin(OPTIONS, &name)
    }),
    pattern("async def functions are not natively supported", "", |_| {
        Some(Problem::Plugin("pytest-asyncio"))
    }),
    pattern("can't find Rust compiler", "", |_| {
        Some(Problem::Command("rustc".to_owned()))
    }),
];

/// Fixtures of pytest's plugins.
const FIXTURES: &[(&str, &str)] = &[
    ("mocker", "pytest-mock"),
    ("requests_mock", "requests-mock"),
    ("httpx_mock", "pytest-httpx"),
    ("httpserver", "pytest-httpserver"),
    ("httpbin", "pytest-httpbin"),
    ("benchmark", "pytest-benchmark"),
    ("freezer", "pytest-freezer"),
    ("aiohttp_client", "pytest-aiohttp"),
    ("datadir", "pytest-datadir"),
    ("data_regression", "pytest-regressions"),
    ("file_regression", "pytest-regressions"),
    ("snapshot", "syrupy"),
    ("subtests", "pytest-subtests"),
    ("fs", "pyfakefs"),
    ("qtbot", "pytest-qt"),
    ("event_loop", "pytest-asyncio"),
    ("anyio_backend", "anyio"),
    ("django_db_setup", "pytest-django"),
    ("db", "pytest-django"),
];

/// Options of pytest's plugins, as they begin.
const OPTIONS: &[(&str, &str)] = &[
    ("--cov", "pytest-cov"),
    ("--no-cov", "pytest-cov"),
    ("-n", "pytest-xdist"),
    ("--numprocesses", "pytest-xdist"),
    ("--dist", "pytest-xdist"),
    ("--timeout", "pytest-timeout"),
    ("--benchmark", "pytest-benchmark"),
    ("--asyncio-mode", "pytest-asyncio"),
    ("--mypy", "pytest-mypy"),
    ("--flake8", "pytest-flake8"),
    ("--black", "pytest-black"),
    ("--reruns", "pytest-rerunfailures"),
    ("--randomly", "pytest-randomly"),
    ("--html", "pytest-html"),
    ("--ds", "pytest-django"),
    ("--snapshot", "syrupy"),
    ("--mpl", "pytest-mpl"),
    ("--doctest-plus", "pytest-doctestplus"),
    ("--isort", "pytest-isort"),
    ("--ruff", "pytest-ruff"),
];

fn word(text: String) -> Option<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-._".contains(c);
    (!text.is_empty() && text.len() < 100 && text.chars().all(plain)).then_some(text)
}

fn module(text: &str) -> Option<String> {
    let plain =
        |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
    text.split('.').all(plain).then(|| text.to_owned())
}

fn header(text: String) -> Option<Problem> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-._/".contains(c);
    let good = text.len() < 200 && text.chars().all(plain) && text.ends_with(['h', 'x', 'p', 'H']);
    good.then_some(Problem::Header(text))
}

/// A file with a suffix or in a directory was a file, and no program.
fn command(text: &str) -> Option<Problem> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-_".contains(c);
    let name = text.strip_prefix("/usr/bin/").unwrap_or(text);
    let good = !name.is_empty() && name.len() < 60 && name.chars().all(plain);
    good.then(|| Problem::Command(name.to_owned()))
}

fn plugin(table: &[(&str, &'static str)], text: &str) -> Option<Problem> {
    let whole =
        |name: &str, word: &str| word == name || (name.starts_with("--") && word.starts_with(name));
    let mut words = text.split_whitespace();
    let found = words.find_map(|word| table.iter().find(|(name, _)| whole(name, word)));
    found.map(|(_, dist)| Problem::Plugin(dist))
}

/// What a line says is missing.
fn of_line(line: &str) -> Option<Problem> {
    PATTERNS.iter().find_map(|pattern| {
        let (_, rest) = line.split_once(pattern.before)?;
        let name = match pattern.after {
            "" => rest,
            after => rest.split_once(after)?.0,
        };
        (pattern.make)(name.trim().to_owned())
    })
}

/// A problem, and where it came up.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lack {
    /// What was lacking.
    pub problem: Problem,
    /// Whether it was the tests that lacked it.
    pub testing: bool,
}

/// What the log of a failed build says was missing, each once, in the order of the log.
/// Tests count only where nothing else is missing: most of them fail for that very reason.
pub fn problems(log: &str) -> Vec<Lack> {
    let lines: Vec<&str> = log.lines().collect();
    let tests_begin = lines
        .iter()
        .position(|line| line.starts_with("   dh_auto_test"))
        .unwrap_or(lines.len());
    let lack = |(at, line): (usize, &&str)| {
        Some(Lack {
            problem: of_line(line)?,
            testing: at >= tests_begin,
        })
    };
    let mut found: Vec<Lack> = lines.iter().enumerate().filter_map(lack).collect();
    // A test that misses a file misses no program.
    found.retain(|one| !(one.testing && matches!(one.problem, Problem::Command(_))));
    if found.is_empty() {
        found = failing(&lines);
    }
    let mut seen = BTreeSet::new();
    found.retain(|one| seen.insert(one.problem.clone()));
    found
}

/// The tests that failed, whatever they lacked: where nobody has that, they are left out.
pub(crate) fn failing_tests(log: &str) -> Vec<Lack> {
    failing(&log.lines().collect::<Vec<_>>())
}

fn failing(lines: &[&str]) -> Vec<Lack> {
    let test = |problem| Lack {
        problem,
        testing: true,
    };
    tests(lines).into_iter().map(test).collect()
}

impl Problem {
    /// What was lacking, in words.
    pub fn words(&self) -> String {
        match self {
            Self::Module(name) | Self::Backend(name) => format!("the build imports {name}"),
            Self::Header(name) => format!("the build includes {name}"),
            Self::Library(name) => format!("the build links with -l{name}"),
            Self::Command(name) => format!("the build runs {name}"),
            Self::PkgConfig(name) => format!("the build asks pkg-config for {name}"),
            Self::Cmake(name) => format!("the build has cmake look for {name}"),
            Self::Plugin(name) => format!("the tests use {name}"),
            Self::Template { .. } => "g++ refuses a template that nobody uses".to_owned(),
            Self::Unmet(name) => format!("{name} cannot be installed"),
            Self::Test { node, reason } => format!("{node}: {reason}"),
            Self::NoTests => "there are no tests".to_owned(),
            Self::Unittest => "pytest can leave single tests out, and unittest cannot".to_owned(),
            Self::Unrunnable(reason) => format!("the tests cannot be run: {reason}"),
        }
    }
}

/// How pybuild runs tests that are not pytest's.
const UNITTEST: &str = " -m unittest ";

/// The tests that failed, from pytest's short summary; their reasons from the traceback
/// where the summary cuts them.
fn tests(lines: &[&str]) -> Vec<Problem> {
    if lines
        .iter()
        .any(|line| line.contains("plugin pyproject failed with: exit code=5: "))
    {
        return vec![Problem::NoTests];
    }
    let failed = |line: &&str| line.contains("failed with: exit code=") && line.contains(UNITTEST);
    if lines.iter().any(failed) {
        return vec![Problem::Unittest];
    }
    let full = reasons(lines);
    if let Some(reason) = uncollected(lines, &full).or_else(|| stalled(lines)) {
        return vec![Problem::Unrunnable(printable(reason))];
    }
    let mut found = BTreeMap::new();
    for line in lines {
        let Some(rest) = line.strip_prefix("FAILED ").or(line.strip_prefix("ERROR ")) else {
            continue;
        };
        let (node, reason) = rest
            .split_once(" - ")
            .unwrap_or((rest, "it cannot be collected"));
        // Without what it is called with, which may hold any character.
        let node = node.split('[').next().unwrap_or(node);
        if is_node(node) {
            let test = node.split("::").skip(1).collect::<Vec<_>>().join(".");
            let cut = reason.ends_with("...");
            let heading = match test.is_empty() {
                true => format!("ERROR collecting {node}"),
                false => test,
            };
            let cut = cut || !rest.contains(" - ");
            let whole = full.get(heading.as_str()).filter(|_| cut).copied();
            found
                .entry(node.to_owned())
                .or_insert_with(|| printable(whole.unwrap_or(reason)));
        }
    }
    let many = |count: usize| found.len() > MOST_TESTS && 2 * count > found.len();
    if let Some((_, reason)) = unreachable(lines).filter(|(count, _)| many(*count)) {
        return vec![Problem::Unrunnable(printable(reason))];
    }
    let test = |(node, reason)| Problem::Test { node, reason };
    found.into_iter().map(test).collect()
}

/// What tests say that need a server or the network, as a build has none (Policy 4.9).
const UNREACHABLE: [&str; 6] = [
    "Connection refused",
    "Name or service not known",
    "Temporary failure in name resolution",
    "Network is unreachable",
    "Max retries exceeded with url",
    "Failed to resolve",
];

/// How often something could not be reached, and what was said first.
fn unreachable<'a>(lines: &[&'a str]) -> Option<(usize, &'a str)> {
    let said = lines.iter().filter_map(|line| line.strip_prefix("E   "));
    let mut about = said.filter(|said| UNREACHABLE.iter().any(|word| said.contains(word)));
    let first = about.next()?;
    Some((1 + about.count(), first))
}

/// Whether sbuild has ended a build of which nothing was heard, and what it says.
fn stalled<'a>(lines: &[&'a str]) -> Option<&'a str> {
    let mut said = lines.iter().filter_map(|line| line.strip_prefix("E: "));
    said.find(|said| said.contains("minutes of inactivity"))
}

/// What each failure says first, by its heading: the summary is cut to the width of a
/// terminal.
fn reasons<'a>(lines: &[&'a str]) -> BTreeMap<&'a str, &'a str> {
    let (mut found, mut heading) = (BTreeMap::new(), None);
    for line in lines {
        let inner = line.trim_matches('_');
        if line.starts_with('_') && line.ends_with('_') && inner.starts_with(' ') {
            heading = inner.trim().split('[').next();
        } else if let (Some(name), Some(said)) = (heading, line.strip_prefix("E   ")) {
            found.insert(name, said.trim());
            heading = None;
        }
    }
    found
}

/// Why pytest could not read one file of tests, if it could not.
fn uncollected<'a>(lines: &[&'a str], reasons: &BTreeMap<&str, &'a str>) -> Option<&'a str> {
    let begins = |with: &str| lines.iter().position(|line| line.starts_with(with));
    if let Some(at) = begins("ImportError while loading conftest '") {
        let said = lines[at..]
            .iter()
            .find_map(|line| line.strip_prefix("E   "));
        return said.or(Some("its conftest.py cannot be loaded"));
    }
    begins("collected 0 items / ")?;
    most_frequent(reasons.values().copied()).or(Some("pytest does not say why"))
}

fn most_frequent<'a>(texts: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    texts.for_each(|text| *counts.entry(text).or_default() += 1);
    let most = counts.into_iter().max_by_key(|(_, count)| *count);
    most.map(|(text, _)| text)
}

/// A reason as a comment can hold it.
fn printable(reason: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    reason.trim().chars().map(plain).take(200).collect()
}

/// A file, and perhaps what is in it; nothing that a shell or make would take apart.
fn is_node(text: &str) -> bool {
    let file = text.split("::").next().unwrap_or_default();
    let plain = |c: char| c.is_ascii_graphic() && !"$`\"'\\#;&|<>()*?{}%".contains(c);
    file.ends_with(".py") && !file.starts_with(['/', '-']) && text.chars().all(plain)
}
