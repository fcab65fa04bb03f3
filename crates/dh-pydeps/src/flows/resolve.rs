//! From a query to a resolution: reads what was given, asks the suite and the index, and
//! resolves.

mod fetch_loop;
pub(crate) mod menu;
mod reverse_dep_impact;

use pydeps_core::archive::Suite;
use pydeps_core::finding::Finding;
use pydeps_core::lock::{Asked, Lock, LockedFile};
use pydeps_core::mapping::Answer;
use pydeps_resolve::{Budget, Resolution, ResolutionProblem, ResolveOptions};

use crate::archive::Debian;
use crate::failure::Failure;
use crate::query::Query;
use crate::session::{self, Session};
use crate::ui::Ui;
use crate::{inputs, machine};
use pydeps_core::source::Source;

use fetch_loop::Gathered;

/// Three years, in days.
const WINDOW: u32 = 1096;

/// How many releases are asked for ahead where each is a request to the index, and where
/// all are files of the cache.
const FETCHED: usize = 3;
const AT_HAND: usize = 12;

/// A resolution, and the suite it is for.
pub(crate) struct Resolved {
    pub(crate) debian: Debian,
    pub(crate) resolution: Resolution,
    /// The source archives of what is to be generated.
    pub(crate) files: Vec<LockedFile>,
}

impl Resolved {
    /// The suite that it is for.
    pub(crate) fn suite(&self) -> &Suite {
        self.debian.archive().suite()
    }

    /// The lock that keeps it.
    pub(crate) fn lock(&self, query: &Query) -> Result<Lock, Failure> {
        let (asked, decided) = (query.asked.clone().kept(), session::decision_lines()?);
        let files = self.files.clone();
        let suite = self.suite();
        Ok(Lock::new(suite, asked, decided, &self.resolution, files))
    }
}

/// The tree of the lock where nothing else is asked for, else a new one; and its suite.
pub(crate) fn locked_or_resolved(query: Query, ui: &Ui) -> Result<(Suite, Resolution), Failure> {
    let session = Session::open()?;
    if let Some(lock) = session.answer_to(&query) {
        return Ok((lock.suite(), lock.resolution()));
    }
    let resolved = resolve(&session.continued(query), ui)?;
    Ok((resolved.suite().clone(), resolved.resolution))
}

/// Reads what was given, asks the suite and the index, and resolves.
pub(crate) fn resolve(query: &Query, ui: &Ui) -> Result<Resolved, Failure> {
    let inputs = inputs::read(&query.asked)?;
    ui.findings(&inputs.findings);
    let debian = Debian::open(&query.suite_query(), ui)?;
    let client = machine::index_client(&query.index_options())?;
    let target = debian.target();
    let index_alone = query.asked.is_of_index_alone();
    let problem = ResolutionProblem {
        roots: inputs.roots,
        constraints: inputs.constraints,
        target: &target,
        suite: &debian.archive().suite().codename,
        lookup: &|name| match index_alone {
            true => without_suite(debian.look_up(name)),
            false => debian.look_up(name),
        },
        offers: &|name| match index_alone {
            true => Vec::new(),
            false => debian.offers(name),
        },
        decisions: inputs.decisions,
        options: options(&query.asked, query.index.offline),
    };
    let Gathered {
        mut resolution,
        files,
    } = fetch_loop::resolve(problem, &client, ui)?;
    known_roots(&resolution, index_alone, &debian.archive().suite().codename)?;
    ui.findings(&client.findings());
    reverse_dep_impact::tell(&debian, &mut resolution);
    resolution
        .findings
        .extend(without_source(&resolution, &files));
    Ok(Resolved {
        debian,
        resolution,
        files,
    })
}

/// The options of the resolver. `at_hand`: what the index says is in the cache, or counts as
/// not there.
fn options(asked: &Asked, at_hand: bool) -> ResolveOptions {
    let window = asked.window.unwrap_or(WINDOW);
    let budget = asked.budget.map_or(Budget::Fitting, Budget::Releases);
    let looks_further = budget != Budget::Releases(0) && !asked.is_of_index_alone();
    ResolveOptions {
        window_days: (window > 0).then_some(window),
        pre_releases: asked.pre,
        fewest: looks_further,
        budget,
        prefetch: if at_hand { AT_HAND } else { FETCHED },
        choices: looks_further,
        cheaper: asked.cheaper,
    }
}

/// An answer where the suite is not asked. What is to be ignored is nobody's to deliver.
fn without_suite(answer: Answer) -> Answer {
    match answer {
        Answer::Ignored(_) => answer,
        _ => Answer::Missing {
            unstable: None,
            findings: Vec::new(),
        },
    }
}

/// What is to be packaged, and has no source in the index to package.
fn without_source(resolution: &Resolution, files: &[LockedFile]) -> Option<Finding> {
    let rows = resolution
        .to_build()
        .filter(|row| row.origin == Source::Index);
    let without = rows.filter(|row| !files.iter().any(|file| file.distribution == row.name));
    let names: Vec<String> = without
        .filter_map(|row| Some(format!("{} {}", row.name, row.version.as_ref()?)))
        .collect();
    (!names.is_empty()).then(|| {
        let message = format!(
            "the index has no sdist of {}: `dh-pydeps generate` cannot make a package of it",
            names.join(", ")
        );
        Finding::warning("no-sdist", message).with_hint(
            "take another release that has one, or package it from the project's repository",
        )
    })
}

/// Something that was asked for and that nobody has is a slip of the pen.
fn known_roots(resolution: &Resolution, index_alone: bool, suite: &str) -> Result<(), Failure> {
    let roots = resolution
        .roots
        .iter()
        .filter_map(|root| root.name.as_ref());
    let mut known = roots.filter_map(|name| resolution.get(name));
    match known.find(|root| root.origin == Source::Nobody && root.action.is_none()) {
        Some(root) => {
            let nobody = match index_alone {
                false => format!("neither {suite} nor the package index has a"),
                true => "the package index has no".to_owned(),
            };
            let error = anyhow::anyhow!("{nobody} distribution `{}`", root.name);
            let hint = "check its spelling, or name the index that has it with --extra-index-url";
            Err(Failure::input(error).with_hint(hint))
        }
        None => Ok(()),
    }
}
