//! Which of the tests can run in a build for the suite, and what they take.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::{Operator, VersionSpecifiers};
use pydeps_core::mapping::Answer;
use pydeps_core::purpose::TEST_DIRECTORIES;
use pydeps_core::relate::{Field, relate};
use pydeps_core::requirement::Requirement;
use pydeps_python::source::{Call, Import, Source, Value};

use super::files::{Tests, is_loaded, uses};
use super::imports::{Found, base_of, by_module, imported, in_namespace};
use super::tables::{FETCH, OUTSIDE, PLUGINS, PROGRAMS, REMOVED};
use crate::depends::Context;
use crate::facts::Release;
use crate::modules::Modules;
use crate::settings::Settings;

/// What the tests are of, and where they are to run.
pub(super) struct Sieve<'a> {
    pub(super) release: &'a Release,
    pub(super) modules: &'a Modules,
    pub(super) settings: &'a Settings,
    pub(super) context: &'a Context<'a>,
}

/// What has come through.
pub(super) struct Sifted {
    /// What it takes of the suite.
    pub(super) needs: Vec<String>,
    /// Files with tests that cannot run, and why.
    pub(super) left_out: BTreeMap<String, String>,
}

impl Sieve<'_> {
    /// The tests that can run, or why none can.
    pub(super) fn sift(&self, tests: &Tests<'_>) -> Result<Sifted, String> {
        let by_options = self.options().into_iter();
        let mut needs = BTreeSet::new();
        for plugin in by_options {
            needs.extend(self.plugin(&plugin)?);
        }
        let relevant = tests.relevant();
        let bad = self.bad(tests, &relevant);
        if !tests.collected().any(|path| !bad.contains_key(path)) {
            return Err(bad.into_values().next().unwrap_or_default());
        }
        for path in relevant.iter().filter(|path| !bad.contains_key(*path)) {
            needs.extend(self.file(path, tests.files[path]).unwrap_or_default());
        }
        let is_collected = |path: &String| tests.collected().any(|other| other == path);
        Ok(Sifted {
            needs: needs.into_iter().collect(),
            left_out: bad
                .into_iter()
                .filter(|(path, _)| is_collected(path))
                .collect(),
        })
    }

    /// The files that cannot be run or loaded, and why: for something in themselves, or as
    /// they import such a file, or as pytest loads one for them.
    fn bad(&self, tests: &Tests<'_>, relevant: &BTreeSet<String>) -> BTreeMap<String, String> {
        let own = relevant.iter().filter_map(|path| {
            let reason = self.file(path, tests.files[path]).err()?;
            Some((path.clone(), reason))
        });
        let mut bad: BTreeMap<String, String> = own.collect();
        loop {
            let depends = |path: &String, on: &String| match is_loaded(on) {
                true => path.starts_with(on.rsplit_once('/').map_or("", |(above, _)| above)),
                false => tests.imports(path, on),
            };
            let also = relevant.iter().filter(|path| !bad.contains_key(*path));
            let also: Vec<(String, String)> = also
                .filter_map(|path| {
                    let (_, reason) = bad.iter().find(|(on, _)| depends(path, on))?;
                    Some((path.clone(), reason.clone()))
                })
                .collect();
            if also.is_empty() {
                return bad;
            }
            bad.extend(also);
        }
    }

    /// What one file takes, or why it cannot be had in a build.
    fn file(&self, path: &str, source: &Source) -> Result<BTreeSet<String>, String> {
        if let Some(what) = outside(source) {
            return Err(format!("{path} needs {what}"));
        }
        if let Some(word) = removed(source, self.context) {
            return Err(format!(
                "{path} uses {word}, which Python has removed in 3.12"
            ));
        }
        let mut packages = BTreeSet::new();
        for module in imported(source) {
            if module == "pytest" || self.is_own(module, path) {
                continue;
            }
            let found = match self.is_shared(module) {
                true => match in_namespace(module, self.context) {
                    Found::Nowhere if self.may_come(module) => Found::Standard,
                    found => found,
                },
                false => by_module(module, self.context),
            };
            match found {
                Found::Package(package) => drop(packages.insert(package)),
                Found::Standard => {}
                Found::Nowhere => return Err(self.lacking(module, path)),
            }
        }
        let used = PLUGINS.iter().filter(|(word, _)| uses(source, word));
        for (_, plugin) in used {
            packages.extend(self.plugin(plugin)?);
        }
        packages.extend(self.programs(source));
        Ok(packages)
    }

    /// The packages of the programs that a test runs.
    fn programs(&self, source: &Source) -> Vec<String> {
        if !source.mentions("subprocess") {
            return Vec::new();
        }
        let commands = source.values().filter_map(|(value, _)| match value {
            Value::List(words) => words.first()?.text(),
            Value::Call(call) => Some(call.arguments.first()?.value.text()?.split_once(' ')?.0),
            _ => None,
        });
        let run: BTreeSet<&str> = commands.collect();
        let needed = PROGRAMS.iter().filter(|(name, _)| run.contains(name));
        let there = needed.filter(|(_, package)| self.context.archive.version(package).is_some());
        there.map(|(_, package)| (*package).to_owned()).collect()
    }

    /// Whether a module is the release's, or lies where the importing test finds it.
    fn is_own(&self, module: &str, path: &str) -> bool {
        let top = module.split('.').next().unwrap_or(module);
        let first = |name: &String| name.split('.').next() == Some(top);
        let has = |name: &String| match name.contains('.') {
            true => is_inside(module, name) || is_inside(name, module),
            false => name == top,
        };
        let (tree, modules) = (&self.release.tree, self.modules);
        let beside = match base_of(path, tree) {
            "" => top.to_owned(),
            base => format!("{base}/{top}"),
        };
        // A part of a directory of tests has to be there as well.
        let whole = match module.split_once('.') {
            Some((_, rest)) if TEST_DIRECTORIES.contains(&top) => {
                format!("{beside}/{}", rest.replace('.', "/"))
            }
            _ => beside,
        };
        let there = tree.has(&format!("{whole}.py")) || tree.has_directory(&whole);
        modules.names.iter().any(has) || modules.stray.iter().any(first) || there
    }

    /// Whether a module lies in a namespace that has modules of the release, too: others
    /// there are of other distributions. What is required and to be generated as well may
    /// have it, and nobody can tell yet.
    fn is_shared(&self, module: &str) -> bool {
        let top = module.split('.').next().unwrap_or(module);
        let inside = |name: &String| name != top && is_inside(name, top);
        self.modules.names.iter().any(inside)
    }

    /// Whether something that is required is to be generated, and named after a namespace.
    fn may_come(&self, module: &str) -> bool {
        let top = module.split('.').next().unwrap_or(module).replace('_', "-");
        let mut required = self.release.requires.iter();
        required.any(|one| {
            let part = one.name.as_ref().strip_prefix(&top);
            part.is_some_and(|rest| rest.starts_with('-'))
                && self.context.archive.generated(&one.name).is_some()
        })
    }

    /// The plugins that options of the configuration ask for.
    fn options(&self) -> BTreeSet<String> {
        let place = ["tool", "pytest", "ini_options"];
        let options = self.settings.keys(&place).join(" ");
        let used = PLUGINS.iter().filter(|(word, _)| options.contains(word));
        used.map(|(_, plugin)| (*plugin).to_owned()).collect()
    }

    /// The relations of a plugin, with the bounds that the project declares for it.
    fn plugin(&self, plugin: &str) -> Result<Vec<String>, String> {
        let named = |one: &&Requirement| one.name.as_ref() == plugin;
        let release = self.release;
        let declared = release
            .requires
            .iter()
            .chain(&release.test_groups)
            .find(named);
        let requirement = match declared {
            Some(declared) => declared.clone().without_marker(),
            None => match plugin.parse() {
                Ok(requirement) => requirement,
                Err(_) => return Ok(Vec::new()),
            },
        };
        relations(&requirement, self.context)
    }

    fn lacking(&self, module: &str, path: &str) -> String {
        format!(
            "{path} imports {module}, which neither the release nor {} has",
            self.context.suite
        )
    }
}

/// Whether a module is another one or part of it.
fn is_inside(module: &str, of: &str) -> bool {
    module
        .strip_prefix(of)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// Directories in the place of their files, where all their tests are left out; each with
/// the reason of the first.
pub(super) fn by_directory(
    left_out: &BTreeMap<String, String>,
    tests: &[&String],
) -> BTreeMap<String, String> {
    let is_whole = |directory: &str| {
        let below = format!("{directory}/");
        let mut inside = tests.iter().filter(|path| path.starts_with(&below));
        inside.clone().count() > 1 && inside.all(|path| left_out.contains_key(*path))
    };
    let mut places = BTreeMap::new();
    for (path, reason) in left_out {
        let ends = path.match_indices('/').map(|(at, _)| &path[..at]);
        let mut wholes = ends.filter(|directory| is_whole(directory));
        let place = wholes.next().unwrap_or(path);
        places
            .entry(place.to_owned())
            .or_insert_with(|| reason.clone());
    }
    places
}

/// What a test needs that no build has.
fn outside(source: &Source) -> Option<&'static str> {
    let is_docker = |import: &Import| import.module.split('.').next() == Some("docker");
    let named = OUTSIDE.iter().find(|(word, _)| source.mentions(word));
    named
        .map(|(_, what)| *what)
        .or_else(|| source.imports().any(is_docker).then_some("docker"))
        .or_else(|| {
            source
                .calls()
                .any(|(call, _)| fetches(call))
                .then_some("the network")
        })
}

/// Whether a call fetches an address of another machine.
fn fetches(call: &Call) -> bool {
    let address = call.argument(0, "url").and_then(|one| one.first().text());
    let is_fetch = FETCH.iter().any(|name| call.function.ends_with(name));
    let rest = address
        .filter(|_| is_fetch)
        .and_then(|one| one.strip_prefix("http"));
    let host = rest.map(|rest| rest.trim_start_matches('s').trim_start_matches("://"));
    let is_local = |host: &str| {
        ["localhost", "127.", "[::1]"]
            .iter()
            .any(|own| host.starts_with(own))
    };
    host.is_some_and(|host| !is_local(host))
}

/// What a test uses although the suite's Python does not have it any more.
fn removed(source: &Source, context: &Context<'_>) -> Option<&'static str> {
    let gone = context.target.python().release() >= [3, 12].as_slice();
    let calls = |word: &&&str| source.calls().any(|(call, _)| call.name() == **word);
    REMOVED.iter().filter(|_| gone).find(calls).copied()
}

/// The relations of a requirement of the tests, or why the suite does not satisfy it.
fn relations(requirement: &Requirement, context: &Context<'_>) -> Result<Vec<String>, String> {
    let answer = context.archive.answer(&requirement.name);
    if matches!(answer, Answer::Missing { .. }) {
        return Err(format!(
            "they need {}, which {} does not have",
            requirement.name, context.suite
        ));
    }
    let on = |requirement: &Requirement| {
        let field = Field::BuildDepends;
        relate(requirement, &answer, context.target, field, context.suite)
    };
    let mut related = on(requirement);
    if !related.is_satisfied() && is_pinned(requirement) {
        related = on(&Requirement {
            specifiers: VersionSpecifiers::empty(),
            ..requirement.clone()
        });
    }
    if !related.is_satisfied() {
        return Err(format!(
            "they need `{requirement}`, which {} does not satisfy",
            context.suite
        ));
    }
    let relations = related.relation.split(", ").filter(|one| !one.is_empty());
    Ok(relations.map(str::to_owned).collect())
}

/// Whether one version is asked for, as for a tool that is to be the same everywhere.
fn is_pinned(requirement: &Requirement) -> bool {
    let mut all = requirement.specifiers.iter();
    all.any(|one| *one.operator() == Operator::Equal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_build_has() {
        let check = |text, expect| assert_eq!(outside(&Source::parse(text)), expect, "{text}");
        check("def f():\n    from docker.errors import A", Some("docker"));
        check("import dockerfile", None);
        check("def test(selenium): pass", Some("a browser"));
        check(
            "requests.get(\n  'https://example.org')",
            Some("the network"),
        );
        check(
            "urllib.request.urlopen(url='http://' + x)",
            Some("the network"),
        );
        check("urlopen(\"http://example.org\", None)", Some("the network"));
        check("requests.get('http://localhost:1')", None);
        check("requests.get(url)", None);
    }

    #[test]
    fn directories_whose_tests_are_all_left_out() {
        let tests = ["a/test_x.py", "a/b/test_y.py", "a/b/test_z.py"].map(str::to_owned);
        let tests: Vec<&String> = tests.iter().collect();
        let out = |paths: &[usize]| {
            let left_out = paths.iter().map(|at| (tests[*at].clone(), "r".to_owned()));
            let places = by_directory(&left_out.collect(), &tests);
            places.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(out(&[1, 2]), ["a/b"]);
        assert_eq!(out(&[0, 1]), ["a/b/test_y.py", "a/test_x.py"]);
        assert_eq!(out(&[0, 1, 2]), ["a"]);
    }
}
