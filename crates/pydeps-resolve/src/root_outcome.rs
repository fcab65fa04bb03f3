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
use crate::node::Node;
use crate::policy::{Opened, Policy, Reach};
use crate::problem::Root;
use crate::provider::{Provider, Setting};
use crate::search::{Attempt, attempt};
use crate::session::version_of;
use crate::verdict::Solution;
use pydeps_core::outcome::RootOutcome;

/// What became of each root.
pub(crate) fn roots(
    setting: Setting<'_>,
    provider: &Provider<'_>,
    solution: &Solution,
) -> Result<Vec<RootOutcome>, Stop> {
    let roots = provider.problem.roots.iter();
    roots
        .map(|root| outcome(setting, provider, solution, root))
        .collect()
}

fn outcome(
    setting: Setting<'_>,
    provider: &Provider<'_>,
    solution: &Solution,
    root: &Root,
) -> Result<RootOutcome, Stop> {
    let (name, floats) = match root {
        Root::Requirement { requirement, .. } => {
            (&requirement.name, requirement.version_or_url.is_none())
        }
        Root::Project { name, version, .. } => {
            let version = version.as_ref().and_then(|version| version.parse().ok());
            return Ok(plain(root, name.clone(), version));
        }
    };
    if !holds(provider, root) {
        return Ok(plain(root, Some(name.clone()), None));
    }
    let version = match provider.supply(name).suite() {
        Some(mapping) => mapping.upstream.clone(),
        None => version_of(solution, name).cloned(),
    };
    let newest = version
        .as_ref()
        .filter(|_| floats)
        .and_then(|v| newer(provider, name, v));
    let stepped_back = match &newest {
        Some(newest) if provider.policy.opened == Opened::None => reasons(setting, name, newest)?,
        Some(newest) => not_better(setting, name, newest)?,
        None => Vec::new(),
    };
    Ok(RootOutcome {
        newest,
        stepped_back,
        ..plain(root, Some(name.clone()), version)
    })
}

fn plain(root: &Root, name: Option<DistName>, version: Option<Version>) -> RootOutcome {
    RootOutcome {
        label: root.label(),
        name,
        version,
        newest: None,
        stepped_back: Vec::new(),
    }
}

/// The release that a floating root would have had.
fn newer(provider: &Provider<'_>, name: &DistName, version: &Version) -> Option<Version> {
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
fn reasons(setting: Setting<'_>, name: &DistName, newest: &Version) -> Result<Vec<String>, Stop> {
    let policy = Policy {
        reach: Reach::Newest,
        ..Policy::default()
    };
    let provider = Provider::new(setting, policy);
    let own = obstacles(&provider, name, newest)?;
    if !own.is_empty() {
        return Ok(own);
    }
    Ok(match attempt(&provider) {
        Ok(Attempt::Impossible(tree)) => {
            let mut facts = explain(&tree, &provider);
            facts.retain(|fact| fact.asked.is_none());
            texts(facts)
        }
        _ => Vec::new(),
    })
}

/// Where something is open whatever the release: what is in the way of the newest itself,
/// or else that it leaves no less open.
fn not_better(
    setting: Setting<'_>,
    name: &DistName,
    newest: &Version,
) -> Result<Vec<String>, Stop> {
    let provider = Provider::new(setting, Policy::default());
    let mut own = obstacles(&provider, name, newest)?;
    if own.is_empty() {
        own.push("that leaves no less open".to_owned());
    }
    Ok(own)
}

/// What the suite does not meet of a release's own requirements.
pub(crate) fn obstacles(
    provider: &Provider<'_>,
    name: &DistName,
    version: &Version,
) -> Result<Vec<String>, Stop> {
    let edges = provider.edges(&Node::Dist(name.clone()), version)?;
    let edges = match edges.as_ref() {
        Ok(edges) => edges,
        Err(reason) => return Ok(vec![reason.clone()]),
    };
    let unmet = edges.iter().filter_map(|edge| {
        let supply = provider.supply(&edge.name);
        let has = supply.suite()?.upstream.as_ref()?;
        let suite = provider.problem.suite;
        let unmet = !supply.is_relaxed() && !contains(&edge.specifiers, has);
        unmet.then(|| format!("it needs {}, and {suite} has {has}", edge.text))
    });
    Ok(unmet.collect())
}

/// Whether a root's marker holds for the target.
fn holds(provider: &Provider<'_>, root: &Root) -> bool {
    match root {
        Root::Requirement { requirement, .. } => {
            provider.problem.target.applies(&requirement.marker, &[]) != Applies::Never
        }
        Root::Project { .. } => true,
    }
}

/// Roots that name a URL.
pub(crate) fn urls(provider: &Provider<'_>) -> Vec<Finding> {
    let roots = provider.problem.roots.iter();
    let found = roots.filter_map(|root| match root {
        Root::Requirement {
            requirement,
            origin,
        } => Some(url_finding(requirement)?.with_origin(origin)),
        Root::Project { .. } => None,
    });
    found.collect()
}

/// Roots of which nothing is needed, as their markers do not hold.
pub(crate) fn not_needed(provider: &Provider<'_>) -> Vec<Finding> {
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
pub(crate) fn findings(provider: &Provider<'_>, roots: &[RootOutcome]) -> Vec<Finding> {
    if provider.policy.reach != Reach::Major {
        return Vec::new();
    }
    roots
        .iter()
        .filter_map(|root| outside(provider, root))
        .collect()
}

fn outside(provider: &Provider<'_>, root: &RootOutcome) -> Option<Finding> {
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
