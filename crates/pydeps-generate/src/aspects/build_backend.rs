//! What builds a release: its build backend, the backend's plugins, and what they take of
//! the suite, by PEP 517 and PEP 518.
//!
//! pybuild builds with `--skip-dependency-check`, so bounds of build requirements do not
//! stop a build. They are looked at all the same: a bound that matters (a backend too old
//! to understand the project, a compiler of another generation) refuses the release; one
//! that is known not to matter is left out, with a finding.

use pep440_rs::Version;
use pydeps_core::finding::Finding;
use pydeps_core::mapping::{Answer, Mapping};
use pydeps_core::name::DistName;
use pydeps_core::relate::{Field, relate, widened};
use pydeps_core::relation::ranges;
use pydeps_core::requirement::Requirement;
use pydeps_core::target::Applies;

use crate::depends::Context;
use crate::facts::Build;
use crate::settings::Settings;
use crate::suite_conventions::SuiteConventions;

pub mod age;
mod setup_requires;

/// What a build takes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tools {
    /// `Build-Depends` for it.
    pub build_depends: Vec<String>,
    /// Environment variables that the build needs, with their values.
    pub environment: Vec<(String, String)>,
    /// What was noticed. Errors are reasons why the suite cannot build it.
    pub findings: Vec<Finding>,
}

/// Backends by the beginning of their name, and the distribution that has them.
const BACKENDS: [(&str, &str); 14] = [
    ("setuptools", "setuptools"),
    ("flit_core", "flit-core"),
    ("flit_scm", "flit-scm"),
    ("flit", "flit"),
    ("hatchling", "hatchling"),
    ("poetry.core", "poetry-core"),
    ("poetry", "poetry"),
    ("pdm.backend", "pdm-backend"),
    ("pdm.pep517", "pdm-pep517"),
    ("mesonpy", "meson-python"),
    ("scikit_build_core", "scikit-build-core"),
    ("sipbuild", "sip"),
    ("uv_build", "uv-build"),
    ("pbr", "pbr"),
];

/// What the build of a distribution takes beside its own package, where the suite has it.
const COMPANIONS: [(&str, &[&str]); 7] = [
    ("numpy", &["python3-numpy-dev", "dh-sequence-numpy3"]),
    ("pybind11", &["pybind11-dev"]),
    ("nanobind", &["nanobind-dev", "cmake"]),
    ("scikit-build-core", &["cmake", "ninja-build"]),
    ("meson-python", &["meson", "ninja-build"]),
    ("pkgconfig", &["pkgconf"]),
    ("cffi", &["libffi-dev"]),
];

/// Build requirements without which a build comes to the same.
const NEEDLESS: [(&str, &str); 6] = [
    (
        "oldest-supported-numpy",
        "it pins numpy for wheels; the suite's numpy is used",
    ),
    (
        "pytest-runner",
        "it runs tests through setup.py, which nobody does here",
    ),
    (
        "setuptools-git",
        "it lists files of a repository; the sdist has its list",
    ),
    (
        "setuptools-declarative-requirements",
        "requirements stand in the metadata",
    ),
    ("twine", "it uploads"),
    ("check-manifest", "it checks an sdist before it is made"),
];

/// Distributions of whose lower bounds a build does not take notice.
const LENIENT: [&str; 15] = [
    "incremental",
    "versioneer",
    "versioningit",
    "wheel",
    "setuptools-scm",
    "ninja",
    "cmake",
    "numpy",
    "pip",
    "build",
    "packaging",
    "tomli",
    "cffi",
    "meson",
    "pbr",
];

/// How plug-ins of backends are called. They change how a backend is told something and
/// rarely what it makes; compilers and generators of code have other names.
const PLUGINS: [&str; 5] = ["hatch-", "setuptools-", "poetry-", "pdm-", "flit-"];

/// What the build of a release takes.
pub fn tools(
    build: &Build,
    settings: &Settings,
    version: &Version,
    conventions: &SuiteConventions,
    context: &Context<'_>,
) -> Tools {
    let mut tools = Tools::default();
    tools.add("pybuild-plugin-pyproject");
    if let Some(refusal) = rust(build, settings) {
        tools.findings.push(refusal);
        return tools;
    }
    let requires = requires(build, settings);
    for requirement in &requires {
        let applies = context.target.applies(&requirement.marker, &[]);
        if applies == Applies::Sometimes {
            tools.findings.push(widened(requirement));
        }
        if applies != Applies::Never {
            tools.requirement(requirement, settings, context);
        }
    }
    if requires.iter().any(|one| one.name.as_ref() == "setuptools")
        && !conventions.wheel_in_setuptools
    {
        tools.add("python3-wheel");
    }
    tools.environment = environment(&requires, build, settings, version);
    if takes_any_classifier(&requires, context) {
        // The release may name a Python that the suite's list of classifiers does not know.
        let name = "HATCH_METADATA_CLASSIFIERS_NO_VERIFY";
        tools.environment.push((name.to_owned(), "1".to_owned()));
    }
    tools
}

impl Tools {
    fn add(&mut self, relation: &str) {
        if !self.build_depends.iter().any(|known| known == relation) {
            self.build_depends.push(relation.to_owned());
        }
    }

    fn requirement(
        &mut self,
        requirement: &Requirement,
        settings: &Settings,
        context: &Context<'_>,
    ) {
        let name = requirement.name.as_ref();
        if let Some((_, reason)) = NEEDLESS.iter().find(|(needless, _)| *needless == name) {
            let message = format!("`{requirement}` is not asked for at build time: {reason}");
            return self
                .findings
                .push(Finding::info("build-requirement-dropped", message));
        }
        if name == "wheel" {
            // It is there for setuptools, which asks for it where it needs it.
            return;
        }
        if let Some(generated) = context.archive.generated(&requirement.name) {
            return self.add(generated.package.as_str());
        }
        match context.archive.answer(&requirement.name) {
            Answer::Mapped(mapping) => self.mapped(requirement, mapping, settings, context),
            Answer::Ignored(_) => {}
            Answer::Missing { .. } => self.findings.push(no_backend(requirement, context)),
        }
    }

    fn mapped(
        &mut self,
        requirement: &Requirement,
        mapping: Mapping,
        settings: &Settings,
        context: &Context<'_>,
    ) {
        let package = preferred(&mapping, context);
        for companion in companions(&requirement.name) {
            if context.archive.version(companion).is_some() {
                self.add(companion);
            }
        }
        let known = mapping.upstream.clone();
        let answer = Answer::Mapped(Mapping { package, ..mapping });
        let bounded = trimmed(requirement, known.as_ref());
        let related = relate(
            &bounded,
            &answer,
            context.target,
            Field::BuildDepends,
            context.suite,
        );
        if related.is_satisfied() {
            related
                .relation
                .split(", ")
                .for_each(|relation| self.add(relation));
        }
        let Some(known) = known else { return };
        self.judge(requirement, &known, settings, context.suite);
        if !related.is_satisfied() {
            if let Answer::Mapped(mapping) = answer {
                self.add(mapping.package.as_str());
            }
        }
    }

    /// What comes of a bound that the suite's version does not meet.
    fn judge(
        &mut self,
        requirement: &Requirement,
        known: &Version,
        settings: &Settings,
        suite: &str,
    ) {
        let name = &requirement.name;
        if let Some(needed) = age::needed(name.as_ref(), settings) {
            if *known < needed.0 {
                let message = format!(
                    "{suite} has {name} {known}, but {} takes {name} >= {}",
                    needed.1, needed.0
                );
                self.findings
                    .push(Finding::error("backend-too-old", message).with_hint(BACKPORT));
                return;
            }
        }
        let all = &requirement.specifiers;
        if ranges(all).contains(known) {
            return;
        }
        let above = all
            .iter()
            .all(|one| !is_lower(one.operator()) || one.contains(known));
        let lenient = LENIENT.contains(&name.as_ref()) || is_backend(name) || is_plugin(name);
        self.findings.push(match above || lenient {
            true => {
                let message = format!("`{requirement}`: {suite} builds it with {name} {known}; the bound is left out, as pybuild does not enforce it");
                Finding::warning("build-bound-relaxed", message)
            }
            false => {
                let message = format!("`{requirement}`: {suite} has {name} {known}, which is too old to build it");
                Finding::error("backend-too-old", message).with_hint(BACKPORT)
            }
        });
    }
}

const BACKPORT: &str = "a backport of it, given with --local, or a newer suite lifts this";

/// Without upper bounds, and without bounds that the suite's version does not meet.
fn trimmed(requirement: &Requirement, known: Option<&Version>) -> Requirement {
    let mut trimmed = requirement.clone();
    trimmed.extras.clear();
    if let Some(known) = known {
        let all = requirement.specifiers.iter();
        let kept = all.filter(|one| is_lower(one.operator()) && one.contains(known));
        trimmed.specifiers = kept.cloned().collect();
    }
    trimmed
}

fn is_lower(operator: &pep440_rs::Operator) -> bool {
    use pep440_rs::Operator::{
        Equal, EqualStar, ExactEqual, GreaterThan, GreaterThanEqual, TildeEqual,
    };
    matches!(
        operator,
        GreaterThan | GreaterThanEqual | TildeEqual | Equal | EqualStar | ExactEqual
    )
}

fn is_backend(name: &DistName) -> bool {
    BACKENDS
        .iter()
        .any(|(_, distribution)| *distribution == name.as_ref())
}

fn is_plugin(name: &DistName) -> bool {
    PLUGINS
        .iter()
        .any(|prefix| name.as_ref().starts_with(prefix))
}

fn companions(name: &DistName) -> &'static [&'static str] {
    let found = COMPANIONS.iter().find(|(of, _)| *of == name.as_ref());
    found.map_or(&[], |(_, companions)| companions)
}

/// The package to build with, where it is another one than the one that has the metadata:
/// flit's was split.
fn preferred(mapping: &Mapping, context: &Context<'_>) -> pydeps_core::name::DebName {
    let split = (mapping.package.as_str() == "flit").then_some("python3-flit");
    let there = split.filter(|name| context.archive.version(name).is_some());
    there
        .and_then(|name| name.parse().ok())
        .unwrap_or_else(|| mapping.package.clone())
}

/// The backend's own distribution first, then what the project asks for.
pub fn requires(build: &Build, settings: &Settings) -> Vec<Requirement> {
    let backend = build.backend.as_deref().unwrap_or("setuptools.build_meta");
    let inside = !settings.texts(&["build-system", "backend-path"]).is_empty();
    let named = BACKENDS.iter().find(|(prefix, _)| {
        backend == *prefix
            || backend.starts_with(&format!("{prefix}."))
            || backend.starts_with(&format!("{prefix}:"))
    });
    let own = named
        .filter(|_| !inside)
        .map(|(_, distribution)| *distribution);
    let asked = |name: &str| build.requires.iter().any(|one| one.name.as_ref() == name);
    let own = own
        .filter(|name| !asked(name))
        .and_then(|name| name.parse().ok());
    let by_setup_cfg = settings.cfg_list("options", "setup_requires");
    let by_setup_cfg = by_setup_cfg
        .into_iter()
        .filter_map(|text| text.parse().ok());
    own.into_iter()
        .chain(build.requires.iter().cloned())
        .chain(by_setup_cfg)
        .chain(setup_requires::requirements(&settings.setup_py))
        .collect()
}

fn no_backend(requirement: &Requirement, context: &Context<'_>) -> Finding {
    let message = format!(
        "{} has no {}, which the build asks for (`{requirement}`)",
        context.suite, requirement.name
    );
    Finding::error("backend-missing", message).with_hint(format!(
        "package it first (dh-pydeps generate {}) and give it with --local, or take a newer suite",
        requirement.name
    ))
}

/// Rust is not built here: its crates have to be packaged first.
fn rust(build: &Build, settings: &Settings) -> Option<Finding> {
    let backend = build.backend.as_deref().unwrap_or_default();
    let mut names = build.requires.iter().map(|one| one.name.as_ref());
    let asked = names.find(|name| matches!(*name, "maturin" | "setuptools-rust"));
    let by = asked.or_else(|| backend.starts_with("maturin").then_some("maturin"));
    let by = by.or_else(|| {
        settings
            .setup_py
            .mentions("setuptools_rust")
            .then_some("setuptools-rust")
    })?;
    let message = format!(
        "it is written in Rust ({by}): its crates have to be in Debian, and are not looked for"
    );
    Some(
        Finding::error("rust", message)
            .with_hint("package it by hand with dh-cargo, or take a release without Rust"),
    )
}

/// Versions that are otherwise read from a repository. pybuild sets them, too, but wrongly
/// for post-releases and, in dh-python 7, for pre-releases.
fn environment(
    requires: &[Requirement],
    build: &Build,
    settings: &Settings,
    version: &Version,
) -> Vec<(String, String)> {
    let asked = |name: &str| requires.iter().any(|one| one.name.as_ref() == name);
    let mut variables = Vec::new();
    if ["setuptools-scm", "hatch-vcs", "flit-scm"]
        .iter()
        .any(|name| asked(name))
        || settings.table(&["tool", "setuptools_scm"]).is_some()
        || settings.setup_py.mentions("use_scm_version")
    {
        variables.push("SETUPTOOLS_SCM_PRETEND_VERSION");
    }
    if build
        .backend
        .as_deref()
        .is_some_and(|backend| backend.starts_with("pdm.backend"))
        && settings.text(&["tool", "pdm", "version", "source"]) == Some("scm")
    {
        variables.push("PDM_BUILD_SCM_VERSION");
    }
    if asked("poetry-dynamic-versioning") {
        variables.push("POETRY_DYNAMIC_VERSIONING_BYPASS");
    }
    if asked("pbr") {
        variables.push("PBR_VERSION");
    }
    let with_version = |name: &str| (name.to_owned(), version.to_string());
    variables.into_iter().map(with_version).collect()
}

/// Whether it is built with a hatchling that can be told to take classifiers that it does
/// not know.
fn takes_any_classifier(requires: &[Requirement], context: &Context<'_>) -> bool {
    let asked = requires.iter().find(|one| one.name.as_ref() == "hatchling");
    asked.is_some_and(|one| match context.archive.answer(&one.name) {
        Answer::Mapped(mapping) => {
            mapping.upstream >= age::since("hatchling", age::Word::Classifier)
        }
        Answer::Ignored(_) | Answer::Missing { .. } => true,
    })
}
