//! From the solver's versions to verdicts.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::finding::Finding;
use pydeps_core::licence::{Freedom, freedom};
use pydeps_core::mapping::Mapping;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::offer::{Offer, Source};
use pydeps_core::relation::contains;
use pydeps_core::upstream::MetadataSource;
use version_ranges::Ranges;

use crate::budget::Stop;
use crate::edges::{self, RequirementEdge};
use crate::node::SolverNode;
use crate::origins::{OriginKind, Origins};
use crate::problem::ResolutionRoot;
use crate::provider::DebianProvider;
use crate::session::version_of;
use pydeps_core::outcome::{Action, Distribution, Requirer, Verdict};

/// The versions that the solver settled on.
pub(crate) type Solution = BTreeMap<SolverNode, Version>;

/// Every edge of the tree with the one it starts from.
pub(crate) struct Walk {
    /// The edges, in the order in which they were met.
    pub(crate) edges: Vec<(SolverNode, String, RequirementEdge)>,
    /// What was noticed.
    pub(crate) findings: Vec<Finding>,
}

/// Follows the edges from the roots through the solution.
pub(crate) fn walk(provider: &DebianProvider<'_>, solution: &Solution) -> Result<Walk, Stop> {
    let mut walk = Walk {
        edges: Vec::new(),
        findings: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    let mut queue = root_edges(provider);
    while let Some((from, label, edge)) = queue.pop() {
        let dist = SolverNode::Dist(edge.name.clone());
        let extras = edge
            .extras
            .iter()
            .map(|extra| SolverNode::Extra(edge.name.clone(), extra.clone()));
        for node in std::iter::once(dist).chain(extras) {
            if seen.insert(node.clone()) {
                queue.extend(edges_of(provider, solution, &node)?);
                walk.findings
                    .extend(node_findings(provider, solution, &node)?);
            }
        }
        walk.edges.push((from, label, edge));
    }
    Ok(walk)
}

fn root_edges(provider: &DebianProvider<'_>) -> Vec<(SolverNode, String, RequirementEdge)> {
    let target = provider.problem.target;
    let labelled = provider.problem.roots.iter().flat_map(|root| {
        let (label, edges) = match root {
            ResolutionRoot::Requirement {
                requirement,
                origin,
            } => (
                origin.clone(),
                edges::base(std::slice::from_ref(requirement), target),
            ),
            ResolutionRoot::Project {
                name,
                requires,
                extras,
                ..
            } => (
                root.label(),
                edges::project(name.as_ref(), requires, extras, target),
            ),
        };
        edges
            .into_iter()
            .map(move |edge| (SolverNode::Roots, label.clone(), edge))
    });
    labelled.collect()
}

fn edges_of(
    provider: &DebianProvider<'_>,
    solution: &Solution,
    node: &SolverNode,
) -> Result<Vec<(SolverNode, String, RequirementEdge)>, Stop> {
    let Some(version) = solution.get(node) else {
        return Ok(Vec::new());
    };
    let edges = provider.edges(node, version)?;
    let edges = edges.as_ref().as_ref().map_or(&[][..], Vec::as_slice);
    let own = |edge: &RequirementEdge| node.name() == Some(&edge.name);
    let from = |edge: &RequirementEdge| (node.clone(), node.to_string(), edge.clone());
    Ok(edges
        .iter()
        .filter(|edge| !own(edge) || !edge.extras.is_empty())
        .map(from)
        .collect())
}

/// Findings of a generated distribution's metadata and of a leaf's extras.
fn node_findings(
    provider: &DebianProvider<'_>,
    solution: &Solution,
    node: &SolverNode,
) -> Result<Vec<Finding>, Stop> {
    match node {
        SolverNode::Roots => Ok(Vec::new()),
        SolverNode::Dist(name) => Ok(dist_findings(provider, solution, name)),
        SolverNode::Extra(name, extra) => match solution.get(node) {
            Some(version) => extra_findings(provider, name, version, extra),
            None => Ok(Vec::new()),
        },
    }
}

fn dist_findings(
    provider: &DebianProvider<'_>,
    solution: &Solution,
    name: &DistName,
) -> Vec<Finding> {
    let origins = provider.origins(name);
    if provider.exists_nowhere(name) {
        return vec![nowhere(name)];
    }
    let Some(version) = version_of(solution, name) else {
        let suite = origins.suite();
        return suite.map_or_else(Vec::new, |leaf| leaf.findings.clone());
    };
    match (
        origins.kind(version),
        origins.suite(),
        origins.offer(version),
    ) {
        (OriginKind::Suite, Some(leaf), _) => leaf.findings.clone(),
        (OriginKind::Backports | OriginKind::Rebuild, _, Some(offer)) => offer.findings.clone(),
        _ => release_findings(provider, name, version),
    }
}

fn nowhere(name: &DistName) -> Finding {
    Finding::error("unknown-project", format!("no index has {name}"))
        .with_hint("check its spelling, or name the index that has it")
}

fn release_findings(
    provider: &DebianProvider<'_>,
    name: &DistName,
    version: &Version,
) -> Vec<Finding> {
    let mut findings = metadata_findings(provider, name, version);
    // Why something in the suite that looks like it is not it.
    findings.extend(provider.origins(name).findings.iter().cloned());
    findings.extend(yanked(provider, name, version));
    findings.extend(non_free(provider, name, version));
    findings
}

/// What the metadata say of the licence, where that keeps a package out of main.
fn non_free(provider: &DebianProvider<'_>, name: &DistName, version: &Version) -> Option<Finding> {
    let known = provider.world.metadata(name, version)?;
    let licence = known.ok()?.license.as_deref().unwrap_or_default();
    let finding = match freedom(licence) {
        Freedom::Free => return None,
        Freedom::NonFree => Finding::warning(
            "non-free",
            format!("{name} {version} is not free software: its metadata state `{licence}`"),
        )
        .with_hint("it cannot go into main (Policy 2.2.1); read its licence"),
        Freedom::Unclear => Finding::info(
            "licence-unclear",
            format!("the metadata of {name} {version} do not say clearly how it is licensed"),
        ),
    };
    Some(finding)
}

/// A yanked release is taken only where it is named exactly; even then it is told.
fn yanked(provider: &DebianProvider<'_>, name: &DistName, version: &Version) -> Option<Finding> {
    let project = provider.world.project(name).flatten()?;
    let files = project.files(version);
    let mut reasons = files.iter().filter_map(|file| file.yanked.as_deref());
    let reason = match reasons.next().filter(|_| project.is_yanked(version))? {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    let message = format!("{name} {version} was yanked{reason}");
    Some(Finding::warning("yanked", message).with_hint("name another release"))
}

fn unknown_extra(
    provider: &DebianProvider<'_>,
    name: &DistName,
    version: &Version,
    extra: &ExtraName,
) -> Option<Finding> {
    let known = provider.world.metadata(name, version)?;
    let metadata = known.as_ref().ok()?;
    let provided = metadata.provides_extra.contains(extra);
    let named =
        || !edges::extra(&metadata.requires_dist, extra, provider.problem.target).is_empty();
    let silent = metadata.source == MetadataSource::SdistGuess && metadata.requires_dist.is_empty();
    if provided || named() || silent {
        return None;
    }
    let known: Vec<&str> = metadata.provides_extra.iter().map(AsRef::as_ref).collect();
    let message = format!("{name} {version} has no extra `{extra}`");
    let hint = match known.join(", ").as_str() {
        "" => "it has none at all".to_owned(),
        known => format!("its extras are: {known}"),
    };
    Some(Finding::warning("unknown-extra", message).with_hint(hint))
}

fn metadata_findings(
    provider: &DebianProvider<'_>,
    name: &DistName,
    version: &Version,
) -> Vec<Finding> {
    let Some(Ok(metadata)) = provider.world.metadata(name, version) else {
        return Vec::new();
    };
    let by = format!("{name} {version}");
    let own = edges::findings(&metadata.requires_dist, provider.problem.target, &by);
    metadata.findings.iter().cloned().chain(own).collect()
}

/// What an extra of a package adds is read from the index, which may not have that very
/// version.
fn extra_findings(
    provider: &DebianProvider<'_>,
    name: &DistName,
    version: &Version,
    extra: &ExtraName,
) -> Result<Vec<Finding>, Stop> {
    if provider.origins(name).kind(version) == OriginKind::Index {
        let finding = unknown_extra(provider, name, version, extra);
        return Ok(finding.into_iter().collect());
    }
    let described = provider.release_with_metadata(name, version)?;
    let code = "extra-from-other-version";
    if let Some(finding) = described
        .as_ref()
        .and_then(|v| unknown_extra(provider, name, v, extra))
    {
        return Ok(vec![finding]);
    }
    let finding = match described {
        Some(described) if described == *version => None,
        Some(described) => Some(Finding::info(
            code,
            format!(
                "what {name}[{extra}] requires is read from {described}: the index has no {version}"
            ),
        )),
        None => Some(Finding::warning(
            code,
            format!("what {name}[{extra}] requires is not known: no index has {name} {version}"),
        )),
    };
    Ok(finding.into_iter().collect())
}

/// The distributions of a walk, by name.
pub(crate) fn distributions(
    provider: &DebianProvider<'_>,
    solution: &Solution,
    walk: &Walk,
) -> Vec<Distribution> {
    let mut by_name: BTreeMap<&DistName, Vec<(&str, &RequirementEdge)>> = BTreeMap::new();
    for (_, label, edge) in &walk.edges {
        by_name.entry(&edge.name).or_default().push((label, edge));
    }
    for (name, edges) in &mut by_name {
        let constraints = provider.constraints_on(name).iter();
        edges.extend(constraints.map(|(origin, edge)| (origin.as_str(), edge)));
    }
    by_name
        .into_iter()
        .map(|(name, edges)| distribution(provider, solution, name, &edges))
        .collect()
}

fn distribution(
    provider: &DebianProvider<'_>,
    solution: &Solution,
    name: &DistName,
    edges: &[(&str, &RequirementEdge)],
) -> Distribution {
    let origins = provider.origins(name);
    let nowhere = provider.exists_nowhere(name);
    let chosen = version_of(solution, name).filter(|_| !nowhere);
    let row = row(name, &origins, edges);
    if let Some(evidence) = &origins.ignored {
        return Distribution {
            action: Some(Action::Ignore),
            evidence: Some(evidence.clone()),
            ..row
        };
    }
    let Some(version) = chosen else {
        return match origins.suite() {
            Some(leaf) => from_suite(leaf, &origins, edges, row),
            None if nowhere => row,
            None => Distribution {
                origin: "index".to_owned(),
                ..row
            },
        };
    };
    match (
        origins.kind(version),
        origins.suite(),
        origins.offer(version),
    ) {
        (OriginKind::Suite, Some(leaf), _) => from_suite(leaf, &origins, edges, row),
        (OriginKind::Backports | OriginKind::Rebuild, _, Some(offer)) => {
            from_offer(offer, &origins, edges, row)
        }
        _ => from_index(provider, version, &origins, edges, row),
    }
}

/// What holds whatever becomes of it.
fn row(name: &DistName, origins: &Origins, edges: &[(&str, &RequirementEdge)]) -> Distribution {
    let mapping = origins.mapping.as_ref();
    Distribution {
        name: name.clone(),
        version: None,
        verdict: mapping.map_or(Verdict::Missing, |mapping| judge(mapping, edges)),
        action: None,
        origin: "none".to_owned(),
        package: mapping.map(|mapping| mapping.package.clone()),
        package_version: mapping.and_then(|mapping| mapping.package_version.clone()),
        unstable: origins.unstable.clone(),
        required_by: requirers(edges, None),
        evidence: mapping.map(|mapping| mapping.evidence.clone()),
        newest: None,
        stepped_back: Vec::new(),
        saves: None,
        because: Vec::new(),
        licence: None,
        freedom: None,
    }
}

fn from_suite(
    mapping: &Mapping,
    origins: &Origins,
    edges: &[(&str, &RequirementEdge)],
    row: Distribution,
) -> Distribution {
    let action = match row.verdict {
        Verdict::Satisfied => Some(Action::Use),
        Verdict::Missing => None,
        Verdict::TooOld | Verdict::TooNew => {
            (origins.is_relaxed() && meets_constraints(mapping, edges)).then_some(Action::Relax)
        }
    };
    Distribution {
        version: mapping.upstream.clone(),
        action,
        origin: mapping.origin.word().to_owned(),
        required_by: requirers(edges, mapping.upstream.as_ref()),
        ..row
    }
}

/// Whether the version is what constraints and decisions ask for, which relaxing leaves.
fn meets_constraints(mapping: &Mapping, edges: &[(&str, &RequirementEdge)]) -> bool {
    let mut constraints = edges.iter().filter(|(_, edge)| edge.constraint);
    let version = mapping.upstream.as_ref();
    version.is_none_or(|version| constraints.all(|(_, edge)| contains(&edge.specifiers, version)))
}

fn from_offer(
    offer: &Offer,
    origins: &Origins,
    edges: &[(&str, &RequirementEdge)],
    row: Distribution,
) -> Distribution {
    let (origin, action) = match &offer.source {
        Source::Installable(origin) => (origin.word().to_owned(), Action::Use),
        Source::Rebuild { suite, .. } => (suite.clone(), Action::Backport),
    };
    let replaces = origins.replaces().is_some() && action == Action::Backport;
    Distribution {
        version: Some(offer.upstream.clone()),
        action: Some(if replaces { Action::Replace } else { action }),
        origin,
        package: Some(offer.package.clone()),
        package_version: Some(offer.package_version.clone()),
        required_by: requirers(edges, Some(&offer.upstream)),
        ..row
    }
}

fn from_index(
    provider: &DebianProvider<'_>,
    version: &Version,
    origins: &Origins,
    edges: &[(&str, &RequirementEdge)],
    row: Distribution,
) -> Distribution {
    let action = match () {
        () if origins.is_bundled() => Action::Bundle,
        () if origins.replaces().is_some() => Action::Replace,
        () => Action::Generate,
    };
    let required_by = requirers(edges, Some(version));
    let met = origins.is_relaxed() || required_by.iter().all(|by| by.met);
    let known = provider.world.metadata(&row.name, version);
    let licence = known.and_then(|known| known.ok()?.license.clone());
    Distribution {
        version: Some(version.clone()),
        action: met.then_some(action),
        origin: "index".to_owned(),
        required_by,
        freedom: Some(freedom(licence.as_deref().unwrap_or_default())),
        licence,
        ..row
    }
}

fn judge(mapping: &Mapping, edges: &[(&str, &RequirementEdge)]) -> Verdict {
    if mapping.package_version.is_none() {
        // An override names a package that the suite does not have.
        return Verdict::Missing;
    }
    let Some(version) = &mapping.upstream else {
        return Verdict::Satisfied;
    };
    let unmet = edges
        .iter()
        .filter(|(_, edge)| !contains(&edge.specifiers, version));
    let verdicts = unmet.map(|(_, edge)| {
        let later = Ranges::strictly_higher_than(version.clone());
        let wants_later = !edge.range.is_disjoint(&later);
        if wants_later {
            Verdict::TooOld
        } else {
            Verdict::TooNew
        }
    });
    verdicts.min().unwrap_or(Verdict::Satisfied)
}

fn requirers(edges: &[(&str, &RequirementEdge)], version: Option<&Version>) -> Vec<Requirer> {
    let met =
        |edge: &RequirementEdge| version.is_none_or(|version| contains(&edge.specifiers, version));
    let requirer = |(label, edge): &(&str, &RequirementEdge)| Requirer {
        name: (*label).to_owned(),
        requirement: edge.text.clone(),
        met: met(edge),
        constraint: edge.constraint,
    };
    let all: BTreeSet<Requirer> = edges.iter().map(requirer).collect();
    all.into_iter().collect()
}
