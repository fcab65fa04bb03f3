//! The outcome of each root, and why a floating root is not at its newest release.

use pep440_rs::Version;
use pydeps_core::finding::Finding;
use pydeps_core::name::DistName;
use pydeps_core::outcome::RootOutcome;
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

/// The outcome of each root, in the order of the roots.
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
    let requirement = match root {
        ResolutionRoot::Requirement { requirement, .. } => requirement,
        ResolutionRoot::Project { name, version, .. } => {
            let version = version.as_ref().and_then(|version| version.parse().ok());
            return Ok(newest_outcome(root, name.clone(), version));
        }
    };
    let name = &requirement.name;
    if !marker_holds(provider, root) {
        return Ok(newest_outcome(root, Some(name.clone()), None));
    }
    let version = match provider.origins(name).suite() {
        Some(mapping) => mapping.upstream.clone(),
        None => version_of(solution, name).cloned(),
    };
    let floats = requirement.is_unbounded() && !provider.is_leaf(name);
    let newest = match &version {
        Some(version) if floats => provider.newer_candidate(name, version),
        _ => None,
    };
    let stepped_back = match &newest {
        None => Vec::new(),
        Some(newest) if provider.policy.waived == Waived::None => {
            why_newest_is_infeasible(context, name, newest)?
        }
        Some(newest) => why_newest_is_no_better(context, name, newest)?,
    };
    Ok(RootOutcome {
        newest,
        stepped_back,
        ..newest_outcome(root, Some(name.clone()), version)
    })
}

/// The outcome of a root that has not stepped back.
fn newest_outcome(
    root: &ResolutionRoot,
    name: Option<DistName>,
    version: Option<Version>,
) -> RootOutcome {
    RootOutcome {
        label: root.label(),
        name,
        version,
        newest: None,
        stepped_back: Vec::new(),
    }
}

/// Why there is no solution with the newest release: the requirements that the suite does
/// not meet, or else the facts of the failed run.
fn why_newest_is_infeasible(
    context: SolveContext<'_>,
    name: &DistName,
    newest: &Version,
) -> Result<Vec<String>, Stop> {
    let policy = Policy {
        step_back: StepBack::Newest,
        ..Policy::default()
    };
    let provider = DebianProvider::new(context, policy);
    let own = unmet_requirements(&provider, name, newest)?;
    if !own.is_empty() {
        return Ok(own);
    }
    Ok(match solve(&provider) {
        Ok(SolveOutcome::NoSolution(derivation)) => {
            let mut facts = explain(&derivation, &provider);
            facts.retain(|fact| fact.root.is_none());
            texts(facts)
        }
        _ => Vec::new(),
    })
}

/// Why the newest release is not the answer where every release needs a waiver: the
/// requirements that the suite does not meet, or else that it needs as many waivers.
fn why_newest_is_no_better(
    context: SolveContext<'_>,
    name: &DistName,
    newest: &Version,
) -> Result<Vec<String>, Stop> {
    let provider = DebianProvider::new(context, Policy::default());
    let mut own = unmet_requirements(&provider, name, newest)?;
    if own.is_empty() {
        own.push("that leaves no less open".to_owned());
    }
    Ok(own)
}

/// A sentence for each requirement of a release that the suite's version does not meet.
pub(crate) fn unmet_requirements(
    provider: &DebianProvider<'_>,
    name: &DistName,
    version: &Version,
) -> Result<Vec<String>, Stop> {
    let edges = provider.consult_edges(&SolverNode::Dist(name.clone()), version)?;
    let edges = match &edges.edges {
        Ok(edges) => edges,
        Err(reason) => return Ok(vec![reason.clone()]),
    };
    let suite = provider.problem.suite;
    let unmet = edges.iter().filter_map(|edge| {
        let origins = provider.origins(&edge.name);
        let has = origins.suite()?.upstream.as_ref()?;
        let is_met = origins.is_relaxed() || contains(&edge.specifiers, has);
        (!is_met).then(|| format!("it needs {}, and {suite} has {has}", edge.text))
    });
    Ok(unmet.collect())
}

/// Whether the root's marker holds for the target.
fn marker_holds(provider: &DebianProvider<'_>, root: &ResolutionRoot) -> bool {
    root.requirement().is_none_or(|requirement| {
        provider.problem.target.applies(&requirement.marker, &[]) != Applies::Never
    })
}

/// A warning for each root that is a URL.
pub(crate) fn url_findings(provider: &DebianProvider<'_>) -> Vec<Finding> {
    let roots = provider.problem.roots.iter();
    let findings = roots.filter_map(|root| match root {
        ResolutionRoot::Requirement {
            requirement,
            origin,
        } => Some(url_finding(requirement)?.with_origin(origin)),
        ResolutionRoot::Project { .. } => None,
    });
    findings.collect()
}

/// A warning for each root with a marker that does not hold.
pub(crate) fn false_marker_findings(provider: &DebianProvider<'_>) -> Vec<Finding> {
    let suite = provider.problem.suite;
    let mut roots = provider.problem.roots.iter().collect::<Vec<_>>();
    roots.retain(|root| !marker_holds(provider, root));
    let finding = |root: &ResolutionRoot| {
        let label = root.label();
        let text = format!("`{label}` does not hold on {suite}: it needs nothing");
        Finding::warning("marker-false", text)
    };
    roots.into_iter().map(finding).collect()
}

/// A warning for each root outside of the window, if the solver had to leave the window.
pub(crate) fn window_findings(
    provider: &DebianProvider<'_>,
    roots: &[RootOutcome],
) -> Vec<Finding> {
    if provider.policy.step_back != StepBack::Major {
        return Vec::new();
    }
    let finding = |root| window_finding(provider, root);
    roots.iter().filter_map(finding).collect()
}

fn window_finding(provider: &DebianProvider<'_>, root: &RootOutcome) -> Option<Finding> {
    let name = root.name.as_ref()?;
    let version = root.version.as_ref()?;
    let newest = root.newest.as_ref()?;
    let project = provider.index.project(name).flatten()?;
    let days = days_between(project, version, newest)?;
    let window = i64::from(provider.problem.options.window_days?);
    let date = uploaded(project, version)?.strftime("%Y-%m-%d").to_string();
    let text =
        format!("{name} {version} is of {date}, {days} days before {newest}: nothing later fits");
    let hint = format!("{name}=={newest} shows what that one would take");
    (days > window).then(|| Finding::warning("outside-window", text).with_hint(hint))
}
