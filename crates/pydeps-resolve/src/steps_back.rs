//! What became of the roots, and why a floating one is not at its newest release.

use pep440_rs::Version;
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::relation::contains;
use pydeps_core::target::Applies;

use crate::candidates::{days_between, uploaded};
use crate::explain::explain;
use crate::memo::Memo;
use crate::node::Node;
use crate::outcome::RootOutcome;
use crate::problem::Root;
use crate::provider::{Binding, Missing, Provider, Reach};
use crate::solve::{Attempt, attempt};
use crate::verdict::Solution;

/// What became of each root.
pub(crate) fn roots(
    provider: &Provider<'_>,
    solution: &Solution,
    memo: &Memo,
) -> Result<Vec<RootOutcome>, Missing> {
    let roots = provider.problem.roots.iter();
    roots
        .map(|root| outcome(provider, solution, memo, root))
        .collect()
}

fn outcome(
    provider: &Provider<'_>,
    solution: &Solution,
    memo: &Memo,
    root: &Root,
) -> Result<RootOutcome, Missing> {
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
    let version = match provider.leaf(name) {
        Some(mapping) => mapping.upstream,
        None => solution.get(&Node::Dist(name.clone())).cloned(),
    };
    let newest = version
        .as_ref()
        .filter(|_| floats)
        .and_then(|v| newer(provider, name, v));
    let stepped_back = match &newest {
        Some(newest) if provider.binding == Binding::Strict => {
            reasons(provider, memo, name, newest)?
        }
        _ => Vec::new(),
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
fn reasons(
    provider: &Provider<'_>,
    memo: &Memo,
    name: &DistName,
    newest: &Version,
) -> Result<Vec<String>, Missing> {
    let own = own_obstacles(provider, name, newest)?;
    if !own.is_empty() {
        return Ok(own);
    }
    let problem = provider.problem;
    let pinned = Provider::new(
        problem,
        provider.world,
        memo,
        Binding::Strict,
        Reach::Newest,
    );
    Ok(match attempt(&pinned) {
        Attempt::Impossible(tree) => {
            let mut facts = explain(&tree, &pinned);
            facts.retain(|fact| !fact.starts_with("what was asked for"));
            facts
        }
        Attempt::Solved(_) | Attempt::Missing => Vec::new(),
    })
}

/// What the suite does not meet of a release's own requirements.
fn own_obstacles(
    provider: &Provider<'_>,
    name: &DistName,
    version: &Version,
) -> Result<Vec<String>, Missing> {
    let edges = provider.edges(&Node::Dist(name.clone()), version)?;
    let edges = match edges.as_ref() {
        Ok(edges) => edges,
        Err(reason) => return Ok(vec![reason.clone()]),
    };
    let unmet = edges.iter().filter_map(|edge| {
        let has = provider.leaf(&edge.name)?.upstream?;
        let unmet = !contains(&edge.specifiers, &has);
        let suite = provider.problem.suite;
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
    if provider.reach != Reach::Major {
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
