//! The verdict on each distribution, from the versions that the solver has chosen.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::finding::Finding;
use pydeps_core::licence::{Freedom, freedom};
use pydeps_core::mapping::Mapping;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::offer::{Offer, OfferSource};
use pydeps_core::outcome::{Action, Distribution, Requirer, Verdict};
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
use pydeps_core::source::Source;

/// The versions that the solver has chosen.
pub(crate) type Solution = BTreeMap<SolverNode, Version>;

/// An edge, the node that it starts from, and the label of that node: the name of a
/// distribution or extra, or the place where the user requests something.
type LabelledEdge = (SolverNode, String, RequirementEdge);

/// A requirement on one distribution with the label of the node that has it.
type LabelledRequirement<'a> = (&'a str, &'a RequirementEdge);

/// Every edge of the tree, and the findings about its nodes.
#[derive(Default)]
pub(crate) struct Walk {
    /// The edges.
    pub(crate) edges: Vec<LabelledEdge>,
    /// The findings.
    pub(crate) findings: Vec<Finding>,
}

/// Follows the edges from the roots through the solution.
pub(crate) fn walk(provider: &DebianProvider<'_>, solution: &Solution) -> Result<Walk, Stop> {
    let mut walk = Walk::default();
    let mut seen = BTreeSet::new();
    let mut queue = root_edges(provider);
    while let Some((from, label, edge)) = queue.pop() {
        for node in SolverNode::of_edge(&edge) {
            if seen.insert(node.clone()) {
                queue.extend(edges_from(provider, solution, &node)?);
                let findings = node_findings(provider, solution, &node)?;
                walk.findings.extend(findings);
            }
        }
        walk.edges.push((from, label, edge));
    }
    Ok(walk)
}

fn root_edges(provider: &DebianProvider<'_>) -> Vec<LabelledEdge> {
    let mut labelled = Vec::new();
    for root in &provider.problem.roots {
        let label = match root {
            ResolutionRoot::Requirement { origin, .. } => origin.clone(),
            ResolutionRoot::Project { .. } => root.label(),
        };
        for edge in provider.edges_of_root(root) {
            labelled.push((SolverNode::Roots, label.clone(), edge));
        }
    }
    labelled
}

fn edges_from(
    provider: &DebianProvider<'_>,
    solution: &Solution,
    node: &SolverNode,
) -> Result<Vec<LabelledEdge>, Stop> {
    let Some(version) = solution.get(node) else {
        return Ok(Vec::new());
    };
    let edges = provider.consult_edges(node, version)?;
    let mut labelled = Vec::new();
    for edge in edges.list() {
        let is_own = node.name() == Some(&edge.name);
        if !is_own || !edge.extras.is_empty() {
            labelled.push((node.clone(), node.to_string(), edge.clone()));
        }
    }
    Ok(labelled)
}

/// Findings about the metadata of a distribution to generate, and about the extras of a
/// leaf.
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
        return vec![unknown_project(name)];
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

fn unknown_project(name: &DistName) -> Finding {
    Finding::error("unknown-project", format!("no index has {name}"))
        .with_hint("check its spelling, or name the index that has it")
}

fn release_findings(
    provider: &DebianProvider<'_>,
    name: &DistName,
    version: &Version,
) -> Vec<Finding> {
    let mut findings = metadata_findings(provider, name, version);
    // Why a package of the suite that looks like the distribution is not it.
    findings.extend(provider.origins(name).findings.iter().cloned());
    findings.extend(yanked_finding(provider, name, version));
    findings.extend(licence_finding(provider, name, version));
    findings
}

/// A finding if the licence of a release keeps its package out of main, or may do so.
fn licence_finding(
    provider: &DebianProvider<'_>,
    name: &DistName,
    version: &Version,
) -> Option<Finding> {
    let known = provider.index.metadata(name, version)?;
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

/// A warning if the release was yanked. The solver takes such a release only where a
/// requirement names it exactly.
fn yanked_finding(
    provider: &DebianProvider<'_>,
    name: &DistName,
    version: &Version,
) -> Option<Finding> {
    let project = provider.index.project(name).flatten()?;
    let files = project.files(version);
    let mut reasons = files.iter().filter_map(|file| file.yanked.as_deref());
    let reason = match reasons.next().filter(|_| project.is_yanked(version))? {
        "" => String::new(),
        reason => format!(" ({reason})"),
    };
    let message = format!("{name} {version} was yanked{reason}");
    Some(Finding::warning("yanked", message).with_hint("name another release"))
}

/// A warning if the metadata of a release do not have the extra.
fn unknown_extra(
    provider: &DebianProvider<'_>,
    name: &DistName,
    version: &Version,
    extra: &ExtraName,
) -> Option<Finding> {
    let metadata = provider.index.metadata(name, version)?.ok()?;
    let requires = &metadata.requires_dist;
    if metadata.provides_extra.contains(extra)
        || !edges::extra_edges(requires, extra, provider.problem.target).is_empty()
        || metadata.source == MetadataSource::SdistGuess && requires.is_empty()
    {
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
    let Some(Ok(metadata)) = provider.index.metadata(name, version) else {
        return Vec::new();
    };
    let by = format!("{name} {version}");
    let own = edges::findings(&metadata.requires_dist, provider.problem.target, &by);
    metadata.findings.iter().cloned().chain(own).collect()
}

/// A finding if the release has no such extra, or if the requirements of a package's extra
/// are those of another version, as the index has no release of the package's.
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
    let release = provider.release_with_metadata(name, version)?;
    let code = "extra-from-other-version";
    let finding = match release {
        None => Some(Finding::warning(
            code,
            format!("what {name}[{extra}] requires is not known: no index has {name} {version}"),
        )),
        Some(release) => {
            let other = (release != *version).then(|| {
                let text = format!(
                    "what {name}[{extra}] requires is read from {release}: the index has no {version}"
                );
                Finding::info(code, text)
            });
            unknown_extra(provider, name, &release, extra).or(other)
        }
    };
    Ok(finding.into_iter().collect())
}

/// The distributions of a walk, by name.
pub(crate) fn distributions(
    provider: &DebianProvider<'_>,
    solution: &Solution,
    walk: &Walk,
) -> Vec<Distribution> {
    let mut by_name: BTreeMap<&DistName, Vec<LabelledRequirement<'_>>> = BTreeMap::new();
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
    edges: &[LabelledRequirement<'_>],
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
                origin: Source::Index,
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

/// The row of a distribution that has no action yet.
fn row(name: &DistName, origins: &Origins, edges: &[LabelledRequirement<'_>]) -> Distribution {
    let mapping = origins.mapping.as_ref();
    Distribution {
        name: name.clone(),
        version: None,
        verdict: mapping.map_or(Verdict::Missing, |mapping| judge(mapping, edges)),
        action: None,
        origin: Source::Nobody,
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
    edges: &[LabelledRequirement<'_>],
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
        origin: Source::Package(mapping.origin.clone()),
        required_by: requirers(edges, mapping.upstream.as_ref()),
        ..row
    }
}

/// Whether the suite's version meets the constraints and decisions, which a decision to
/// relax does not change.
fn meets_constraints(mapping: &Mapping, edges: &[LabelledRequirement<'_>]) -> bool {
    let mut constraints = edges.iter().filter(|(_, edge)| edge.constraint);
    let version = mapping.upstream.as_ref();
    version.is_none_or(|version| constraints.all(|(_, edge)| contains(&edge.specifiers, version)))
}

fn from_offer(
    offer: &Offer,
    origins: &Origins,
    edges: &[LabelledRequirement<'_>],
    row: Distribution,
) -> Distribution {
    let (origin, action) = match &offer.source {
        OfferSource::Installable(origin) => (Source::Package(origin.clone()), Action::Use),
        OfferSource::Rebuild { suite, .. } if origins.is_replaced() => {
            (Source::Rebuild(suite.clone()), Action::Replace)
        }
        OfferSource::Rebuild { suite, .. } => (Source::Rebuild(suite.clone()), Action::Backport),
    };
    Distribution {
        version: Some(offer.upstream.clone()),
        action: Some(action),
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
    edges: &[LabelledRequirement<'_>],
    row: Distribution,
) -> Distribution {
    let action = if origins.is_bundled() {
        Action::Bundle
    } else if origins.is_replaced() {
        Action::Replace
    } else {
        Action::Generate
    };
    let required_by = requirers(edges, Some(version));
    let met = origins.is_relaxed() || required_by.iter().all(|by| by.met);
    let known = provider.index.metadata(&row.name, version);
    let licence = known.and_then(|known| known.ok()?.license.clone());
    Distribution {
        version: Some(version.clone()),
        action: met.then_some(action),
        origin: Source::Index,
        required_by,
        freedom: Some(freedom(licence.as_deref().unwrap_or_default())),
        licence,
        ..row
    }
}

/// The verdict on the suite's package: too old if any requirement takes a later version.
fn judge(mapping: &Mapping, edges: &[LabelledRequirement<'_>]) -> Verdict {
    if mapping.package_version.is_none() {
        // An override names a package that the suite does not have.
        return Verdict::Missing;
    }
    let Some(version) = &mapping.upstream else {
        return Verdict::Satisfied;
    };
    let later = Ranges::strictly_higher_than(version.clone());
    let mut verdict = Verdict::Satisfied;
    for (_, edge) in edges {
        if contains(&edge.specifiers, version) {
            continue;
        }
        if !edge.range.is_disjoint(&later) {
            return Verdict::TooOld;
        }
        verdict = Verdict::TooNew;
    }
    verdict
}

/// Who requires a distribution, and whether the version meets each requirement.
fn requirers(edges: &[LabelledRequirement<'_>], version: Option<&Version>) -> Vec<Requirer> {
    let met =
        |edge: &RequirementEdge| version.is_none_or(|version| contains(&edge.specifiers, version));
    let requirer = |(label, edge): &LabelledRequirement<'_>| Requirer {
        name: (*label).to_owned(),
        requirement: edge.text.clone(),
        met: met(edge),
        constraint: edge.constraint,
    };
    let all: BTreeSet<Requirer> = edges.iter().map(requirer).collect();
    all.into_iter().collect()
}
