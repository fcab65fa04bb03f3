//! What became of the roots, and why a floating one is not at its newest release.

use pep440_rs::Version;
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::relation::contains;
use pydeps_core::target::Applies;

use crate::budget::Stop;
use crate::candidates::{days_between, uploaded};
use crate::edges::url_finding;
use crate::explain::{explain, texts};
use crate::node::SolverNode;
use crate::policy::{Policy, StepBack, Waived};
use crate::problem::ResolutionRoot;
use crate::provider::{DebianProvider, SolveContext};
use crate::search::{SolveOutcome, solve};
use crate::session::version_of;
use crate::verdict::Solution;
use pydeps_core::outcome::RootOutcome;

/// What became of each root.
pub(crate) fn roots(
    context: SolveContext<'_>,
    provider: &DebianProvider<'_>,
    solution: &Solution,
) -> Result<Vec<RootOutcome>, Stop> {
    let roots = provider.problem.roots.iter();
    roots
        .map(|root| outcome(context, provider, solution, root))
        .collect()
}

fn outcome(
    context: SolveContext<'_>,
    provider: &DebianProvider<'_>,
    solution: &Solution,
    root: &ResolutionRoot,
) -> Result<RootOutcome, Stop> {
    let (name, floats) = match root {
        ResolutionRoot::Requirement { requirement, .. } => {
            (&requirement.name, requirement.version_or_url.is_none())
        }
        ResolutionRoot::Project { name, version, .. } => {
            let version = version.as_ref().and_then(|version| version.parse().ok());
            return Ok(plain(root, name.clone(), version));
        }
    };
    if !holds(provider, root) {
        return Ok(plain(root, Some(name.clone()), None));
    }
    let version = match provider.origins(name).suite() {
        Some(mapping) => mapping.upstream.clone(),
        None => version_of(solution, name).cloned(),
    };
    let newest = version
        .as_ref()
        .filter(|_| floats)
        .and_then(|v| newer(provider, name, v));
    let stepped_back = match &newest {
        Some(newest) if provider.policy.waived == Waived::None => reasons(context, name, newest)?,
        Some(newest) => why_newest_is_no_better(context, name, newest)?,
        None => Vec::new(),
    };
    Ok(RootOutcome {
        newest,
        stepped_back,
        ..plain(root, Some(name.clone()), version)
    })
}

fn plain(root: &ResolutionRoot, name: Option<DistName>, version: Option<Version>) -> RootOutcome {
    RootOutcome {
        label: root.label(),
        name,
        version,
        newest: None,
        stepped_back: Vec::new(),
    }
}

/// The release that a floating root would have had.
fn newer(provider: &DebianProvider<'_>, name: &DistName, version: &Version) -> Option<Version> {
    if provider.is_leaf(name) {
        return None;
    }
    let project = provider.world.project(name).flatten()?;
    let candidates = provider.candidates(project);
    candidates
        .first()
        .filter(|newest| *newest > version)
        .cloned()
}

/// Why the newest release cannot be had: what it asks of the suite itself, or else
/// what becomes of its tree.
fn reasons(
    context: SolveContext<'_>,
    name: &DistName,
    newest: &Version,
) -> Result<Vec<String>, Stop> {
    let policy = Policy {
        step_back: StepBack::Newest,
        ..Policy::default()
    };
    let provider = DebianProvider::new(context, policy);
    let own = obstacles(&provider, name, newest)?;
    if !own.is_empty() {
        return Ok(own);
    }
    Ok(match solve(&provider) {
        Ok(SolveOutcome::NoSolution(tree)) => {
            let mut facts = explain(&tree, &provider);
            facts.retain(|fact| fact.asked.is_none());
            texts(facts)
        }
        _ => Vec::new(),
    })
}

/// Where something is open whatever the release: what is in the way of the newest itself,
/// or else that it leaves no less open.
fn why_newest_is_no_better(
    context: SolveContext<'_>,
    name: &DistName,
    newest: &Version,
) -> Result<Vec<String>, Stop> {
    let provider = DebianProvider::new(context, Policy::default());
    let mut own = obstacles(&provider, name, newest)?;
    if own.is_empty() {
        own.push("that leaves no less open".to_owned());
    }
    Ok(own)
}

/// What the suite does not meet of a release's own requirements.
pub(crate) fn obstacles(
    provider: &DebianProvider<'_>,
    name: &DistName,
    version: &Version,
) -> Result<Vec<String>, Stop> {
    let edges = provider.edges(&SolverNode::Dist(name.clone()), version)?;
    let edges = match edges.as_ref() {
        Ok(edges) => edges,
        Err(reason) => return Ok(vec![reason.clone()]),
    };
    let unmet = edges.iter().filter_map(|edge| {
        let origins = provider.origins(&edge.name);
        let has = origins.suite()?.upstream.as_ref()?;
        let suite = provider.problem.suite;
        let unmet = !origins.is_relaxed() && !contains(&edge.specifiers, has);
        unmet.then(|| format!("it needs {}, and {suite} has {has}", edge.text))
    });
    Ok(unmet.collect())
}

/// Whether a root's marker holds for the target.
fn holds(provider: &DebianProvider<'_>, root: &ResolutionRoot) -> bool {
    match root {
        ResolutionRoot::Requirement { requirement, .. } => {
            provider.problem.target.applies(&requirement.marker, &[]) != Applies::Never
        }
        ResolutionRoot::Project { .. } => true,
    }
}

/// Roots that name a URL.
pub(crate) fn urls(provider: &DebianProvider<'_>) -> Vec<Finding> {
    let roots = provider.problem.roots.iter();
    let found = roots.filter_map(|root| match root {
        ResolutionRoot::Requirement {
            requirement,
            origin,
        } => Some(url_finding(requirement)?.with_origin(origin)),
        ResolutionRoot::Project { .. } => None,
    });
    found.collect()
}

/// Roots of which nothing is needed, as their markers do not hold.
pub(crate) fn not_needed(provider: &DebianProvider<'_>) -> Vec<Finding> {
    let suite = provider.problem.suite;
    let roots = provider.problem.roots.iter();
    roots
        .filter(|root| !holds(provider, root))
        .map(|root| {
            let text = format!(
                "`{}` does not hold on {suite}: it needs nothing",
                root.label()
            );
            Finding::warning("marker-false", text)
        })
        .collect()
}

/// Roots that had to leave the window.
pub(crate) fn findings(provider: &DebianProvider<'_>, roots: &[RootOutcome]) -> Vec<Finding> {
    if provider.policy.step_back != StepBack::Major {
        return Vec::new();
    }
    roots
        .iter()
        .filter_map(|root| outside(provider, root))
        .collect()
}

fn outside(provider: &DebianProvider<'_>, root: &RootOutcome) -> Option<Finding> {
    let (name, version, newest) = (
        root.name.as_ref()?,
        root.version.as_ref()?,
        root.newest.as_ref()?,
    );
    let project = provider.world.project(name).flatten()?;
    let days = days_between(project, version, newest)?;
    let window = i64::from(provider.problem.options.window_days?);
    let date = uploaded(project, version)?.strftime("%Y-%m-%d").to_string();
    (days > window).then(|| {
        Finding::warning(
            "outside-window",
            format!(
                "{name} {version} is of {date}, {days} days before {newest}: nothing later fits"
            ),
        )
        .with_hint(format!("{name}=={newest} shows what that one would take"))
    })
}
