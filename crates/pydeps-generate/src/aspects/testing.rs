//! Which tests run at build time: those that the sdist carries, where the suite has all
//! that they import; else that the modules can be imported.

mod files;
mod imports;
mod options;
mod select_tests;
mod tables;

use std::collections::BTreeSet;

use pydeps_core::finding::Finding;
use pydeps_core::name::DebName;

use crate::depends::Context;
use crate::facts::Release;
use crate::modules::Modules;
use crate::rules::word;
use crate::settings::Settings;

use files::Tests;
use imports::imported;
pub(crate) use imports::is_standard;
use options::Options;
use select_tests::{Sieve, Sifted};
pub(crate) use tables::BUILT_IN;

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
    /// Arguments for the runner, and why they are given.
    pub arguments: Vec<(String, String)>,
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
    context: &Context<'_>,
) -> Testing {
    let tests = Tests::of(settings);
    let mut testing = Testing {
        runner: tests.runner(settings, &release.tree),
        build_depends: Vec::new(),
        arguments: Vec::new(),
        files: Vec::new(),
        reason: None,
        findings: Vec::new(),
    };
    let sieve = Sieve {
        release,
        modules,
        settings,
        context,
    };
    match testing.runner {
        Runner::Import => testing.reason = Tests::place_without_tests(&release.tree).map(unknown),
        _ => match sieve.sift(&tests) {
            Ok(sifted) => testing.run(&tests, sifted, &sieve),
            Err(reason) => testing.switch_off(reason),
        },
    }
    if testing.runner == Runner::Import && modules.names.is_empty() {
        testing.runner = Runner::Nothing;
    }
    testing
}

impl Testing {
    fn run(&mut self, tests: &Tests<'_>, sifted: Sifted, sieve: &Sieve<'_>) {
        self.build_depends = sifted.needs;
        let options = Options::of(sieve.settings, &sieve.release.tree);
        self.files = tests.to_copy(&sieve.release.tree, &options.places());
        // unittest cannot leave files out, and pytest runs its tests as well.
        if !sifted.left_out.is_empty() {
            self.runner = Runner::Pytest;
        }
        if self.runner != Runner::Pytest {
            return;
        }
        self.build_depends.push("python3-pytest".to_owned());
        let is_used = |plugin: &str| {
            let package = format!("python3-{plugin}");
            self.build_depends
                .iter()
                .any(|one| one.split(' ').next() == Some(package.as_str()))
        };
        let arguments = options.arguments(tests, is_used("pytest-asyncio"));
        self.arguments.extend(arguments);
        let kept: Vec<&String> = tests.collected().collect();
        let root = &sieve.modules.root;
        for (place, reason) in select_tests::by_directory(&sifted.left_out, &kept) {
            if loads(tests, &place) {
                let run = |path: &&&String| !sifted.left_out.contains_key(**path);
                self.name(kept.iter().filter(run), &place, root);
            }
            self.leave_out(&place, &reason, root);
        }
    }

    /// Names what is kept: pytest would begin with the `conftest.py` of a directory that is
    /// called like tests, even where that is left out.
    fn name<'a>(&mut self, kept: impl Iterator<Item = &'a &'a String>, place: &str, root: &str) {
        let tops = kept.map(|path| {
            let path = in_build(path, root);
            path.split('/').next().unwrap_or(path)
        });
        let tops: BTreeSet<&str> = tops.collect();
        let names: Vec<String> = tops.into_iter().map(word).collect();
        let why = format!("Named, as pytest would load {place}/conftest.py otherwise.");
        self.arguments.push((names.join(" "), why));
    }

    /// Leaves a file or directory out by its path in the build's directory, which has the
    /// packages without the directory above them.
    fn leave_out(&mut self, path: &str, reason: &str, root: &str) {
        let message = match reason.starts_with(path) {
            true => format!("{reason}; it is left out of the tests"),
            false => format!("{path} is left out of the tests: {reason}"),
        };
        self.findings.push(Finding::info("test-left-out", message));
        let place = in_build(path, root);
        let why = format!("Left out: {reason}.");
        self.arguments
            .push((word(&format!("--ignore={place}")), why));
    }

    fn switch_off(&mut self, reason: String) {
        let message = format!("the tests are not run at build time: {reason}");
        self.findings.push(Finding::warning("tests-off", message));
        self.reason = Some(reason);
        self.runner = Runner::Import;
    }
}

/// A path in the build's directory, which has the packages without the directory above them.
fn in_build<'a>(path: &'a str, root: &str) -> &'a str {
    let below = path.strip_prefix(root).unwrap_or(path);
    below.strip_prefix('/').unwrap_or(path)
}

/// Whether pytest loads something of a directory without being told to look there.
fn loads(tests: &Tests<'_>, place: &str) -> bool {
    let is_near = place.starts_with("test") && !place.contains('/');
    is_near && tests.files.contains_key(&format!("{place}/conftest.py"))
}

fn unknown(place: &str) -> String {
    format!("no file in {place}/ has tests that pytest or unittest finds")
}

/// The packages of optional requirements that the release or its tests import whenever they
/// are imported themselves.
pub fn optional(release: &Release, suggests: &[String], context: &Context<'_>) -> Vec<String> {
    let sources = release.settings.python_files();
    let modules: BTreeSet<&str> = sources.flat_map(|(_, source)| imported(source)).collect();
    let packages = modules.into_iter();
    let packages = packages.flat_map(|module| context.archive.module(module));
    let packages: BTreeSet<DebName> = packages.collect();
    let wanted = |name: &&String| {
        packages
            .iter()
            .any(|package| package.as_str() == name.as_str())
    };
    suggests.iter().filter(wanted).cloned().collect()
}
