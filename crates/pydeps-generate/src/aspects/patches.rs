//! Patches to the upstream source (`debian/patches`, DEP-3), where nothing else helps.
//!
//! Most change `pyproject.toml`, and one comes after the other: the next sees what the last
//! has left. What the suite's backends are judged by is the file that the series ends with.
//! One that changes other files follows them: what a build would fetch is taken from the
//! component tarballs.

mod classifiers;
mod components;
mod difference;
mod document;
mod import_names;
mod licence;
mod packages;
mod pytest;
mod readme;
mod required;
mod uv_build;
mod versions;

#[cfg(test)]
mod tests;

use pep440_rs::Version;
use pydeps_core::finding::Finding;
use pydeps_core::mapping::Answer;
use pydeps_core::name::DistName;
use toml_edit::DocumentMut;

use crate::aspects::build_backend;
use crate::depends::Context;
use crate::facts::{Build, Release};
use crate::modules::Modules;
use crate::settings::Settings;
use crate::suite_conventions::SuiteConventions;
use pydeps_core::wrap;

pub(crate) use components::NAME as COMPONENTS;

/// The file that is patched.
const PYPROJECT: &str = "pyproject.toml";

/// How wide the text of a header is.
const WIDTH: usize = 76;

/// A patch: its name, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Patch {
    /// The file below `debian/patches`.
    pub name: &'static str,
    /// The file's text.
    pub text: String,
}

/// A release as the suite's backends are given it.
pub struct Patched {
    /// What is done to the source, in this order.
    pub series: Vec<Patch>,
    /// The settings after that.
    pub settings: Settings,
    /// How it is built after that.
    pub build: Build,
    /// What is patched, and why; errors say what no patch can do.
    pub findings: Vec<Finding>,
}

/// What there is to build with.
struct Suite<'a> {
    name: &'a str,
    /// Whether there is a distribution, and its version where that is known.
    has: &'a dyn Fn(&DistName) -> Option<Option<Version>>,
}

/// What a patch may depend on.
struct Facts<'a> {
    release: &'a Release,
    modules: &'a Modules,
    conventions: &'a SuiteConventions,
    suite: &'a Suite<'a>,
    /// The settings as the patches before this one have left them.
    settings: &'a Settings,
    build: &'a Build,
    /// The distributions that build it.
    backends: Vec<String>,
}

/// What was changed in a document, and why.
struct Change {
    name: &'static str,
    /// One line that says what.
    subject: &'static str,
    /// Why, as the beginning of a sentence.
    reason: String,
    findings: Vec<Finding>,
}

/// Changes the document, or leaves it alone.
type Edit = fn(&mut DocumentMut, &Facts<'_>) -> Option<Change>;

/// In this order: what builds it, what its metadata say, where its modules are.
const EDITS: [Edit; 8] = [
    uv_build::edit,
    versions::edit,
    readme::edit,
    licence::edit,
    classifiers::edit,
    import_names::edit,
    packages::edit,
    pytest::edit,
];

/// Patches a release so that the suite's backends understand it, as far as that can be done.
pub fn apply(
    release: &Release,
    settings: &Settings,
    modules: &Modules,
    conventions: &SuiteConventions,
    context: &Context<'_>,
) -> Patched {
    let has = |name: &DistName| match context.archive.answer(name) {
        Answer::Mapped(mapping) => Some(mapping.upstream),
        Answer::Ignored(_) => Some(None),
        Answer::Missing { .. } => context.archive.generated(name).map(|made| made.version),
    };
    let suite = Suite {
        name: context.suite,
        has: &has,
    };
    let mut patched = series(release, settings, modules, conventions, &suite);
    patched.extend(components::patch(release));
    patched
}

fn series(
    release: &Release,
    settings: &Settings,
    modules: &Modules,
    conventions: &SuiteConventions,
    suite: &Suite<'_>,
) -> Patched {
    let mut patched = Patched {
        series: Vec::new(),
        settings: settings.clone(),
        build: release.build.clone(),
        findings: Vec::new(),
    };
    let Some(mut text) = release.tree.exact_text(PYPROJECT) else {
        return patched;
    };
    for edit in EDITS {
        let Ok(mut document) = text.parse::<DocumentMut>() else {
            return patched;
        };
        let facts = Facts {
            release,
            modules,
            conventions,
            suite,
            settings: &patched.settings,
            build: &patched.build,
            backends: names(&build_backend::requires(&patched.build, &patched.settings)),
        };
        if let Some(change) = edit(&mut document, &facts) {
            let new = difference::with_line_ends(&text, &document.to_string());
            patched.take(change, &text, &new);
            text = new;
        }
    }
    patched
}

fn names(requirements: &[pydeps_core::requirement::Requirement]) -> Vec<String> {
    let names = requirements.iter().map(|one| one.name.to_string());
    names.collect()
}

impl Patch {
    /// A patch with its header (DEP-3): one line that says what, and why, as the beginning
    /// of a sentence.
    fn new(name: &'static str, subject: &str, reason: &str, differences: &str) -> Self {
        let why = wrap::lines(&format!("{reason}."), WIDTH).join("\n ");
        let header = format!("Description: {subject}\n {why}\nForwarded: not-needed\n---\n");
        Self {
            name,
            text: header + differences,
        }
    }
}

impl Patched {
    /// Takes a patch of files that say nothing to a backend.
    fn extend(&mut self, further: Option<(Patch, Vec<Finding>)>) {
        if let Some((patch, findings)) = further {
            self.series.push(patch);
            self.findings.extend(findings);
        }
    }

    fn take(&mut self, change: Change, old: &str, new: &str) {
        self.findings.extend(change.findings);
        if old == new {
            return;
        }
        let differences = difference::unified(PYPROJECT, old, new);
        let (name, subject) = (change.name, change.subject);
        let patch = Patch::new(name, subject, &change.reason, &differences);
        self.series.push(patch);
        self.settings = self.settings.with_pyproject(new);
        self.build = Build {
            declared: self.build.declared,
            ..build(&self.settings)
        };
    }
}

/// How a project is built, by its settings.
fn build(settings: &Settings) -> Build {
    let requires = settings.texts(&["build-system", "requires"]).into_iter();
    let requires = requires.filter_map(|text| pydeps_core::requirement::parse(text, PYPROJECT).0);
    let backend = settings.text(&["build-system", "build-backend"]);
    Build {
        declared: true,
        backend: backend.map(str::to_owned),
        requires: requires.collect(),
    }
}

impl Facts<'_> {
    /// The version of a distribution that there is, where it is known.
    fn version(&self, name: &str) -> Option<Version> {
        (self.suite.has)(&name.parse().ok()?)?
    }

    /// Whether the suite has a distribution, or will have it.
    fn has(&self, name: &str) -> bool {
        let name = name.parse::<DistName>();
        name.is_ok_and(|name| (self.suite.has)(&name).is_some())
    }

    /// Whether a distribution builds the project, and is older in the suite than this.
    fn is_older(&self, name: &str, bound: Option<&Version>) -> bool {
        let asked = self.backends.iter().any(|backend| backend == name);
        let own = self.version(name).filter(|_| asked);
        own.zip(bound).is_some_and(|(own, bound)| own < *bound)
    }

    /// A distribution with its version, as in a sentence.
    fn spelled(&self, name: &str) -> String {
        let suite = self.suite.name;
        self.version(name).map_or_else(
            || format!("{suite}'s {name}"),
            |version| format!("{suite}'s {name} {version}"),
        )
    }
}

/// A finding about a patch that changes nothing in what is installed.
fn told(reason: &str) -> Vec<Finding> {
    vec![Finding::info(
        "patched",
        format!("pyproject.toml is patched: {reason}"),
    )]
}
