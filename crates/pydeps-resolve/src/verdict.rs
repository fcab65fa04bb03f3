//! From the solver's versions to verdicts.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_core::archive::Origin;
use pydeps_core::finding::Finding;
use pydeps_core::mapping::{Answer, Mapping};
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::relation::contains;
use pydeps_core::upstream::MetadataSource;
use version_ranges::Ranges;

use crate::expand::{self, Edge};
use crate::node::Node;
use crate::outcome::{Action, Distribution, Requirer, Verdict};
use crate::problem::Root;
use crate::provider::{Missing, Provider, leaf_version};

/// The versions that the solver settled on.
pub(crate) type Solution = BTreeMap<Node, Version>;

/// Every edge of the tree with the one it starts from.
pub(crate) struct Walk {
    /// The edges, in the order in which they were met.
    pub(crate) edges: Vec<(Node, String, Edge)>,
    /// What was noticed.
    pub(crate) findings: Vec<Finding>,
}

/// Follows the edges from the roots through the solution.
pub(crate) fn walk(provider: &Provider<'_>, solution: &Solution) -> Result<Walk, Missing> {
    let mut walk = Walk {
        edges: Vec::new(),
        findings: Vec::new(),
    };
    let mut seen = BTreeSet::new();
    let mut queue = root_edges(provider);
    while let Some((from, label, edge)) = queue.pop() {
        let dist = Node::Dist(edge.name.clone());
        let extras = edge
            .extras
            .iter()
            .map(|extra| Node::Extra(edge.name.clone(), extra.clone()));
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

fn root_edges(provider: &Provider<'_>) -> Vec<(Node, String, Edge)> {
    let target = provider.problem.target;
    let labelled = provider.problem.roots.iter().flat_map(|root| {
        let (label, edges) = match root {
            Root::Requirement {
                requirement,
                origin,
            } => (
                origin.clone(),
                expand::base(std::slice::from_ref(requirement), target),
            ),
            Root::Project {
                name,
                requires,
                extras,
                ..
            } => (
                root.label(),
                expand::project(name.as_ref(), requires, extras, target),
            ),
        };
        edges
            .into_iter()
            .map(move |edge| (Node::Roots, label.clone(), edge))
    });
    labelled.collect()
}

fn edges_of(
    provider: &Provider<'_>,
    solution: &Solution,
    node: &Node,
) -> Result<Vec<(Node, String, Edge)>, Missing> {
    let Some(version) = solution.get(node) else {
        return Ok(Vec::new());
    };
    let edges = provider.edges(node, version)?;
    let edges = edges.as_ref().as_ref().map_or(&[][..], Vec::as_slice);
    let own = |edge: &Edge| node.name() == Some(&edge.name);
    let from = |edge: &Edge| (node.clone(), node.to_string(), edge.clone());
    Ok(edges
        .iter()
        .filter(|edge| !own(edge) || !edge.extras.is_empty())
        .map(from)
        .collect())
}

/// Findings of a generated distribution's metadata and of a leaf's extras.
fn node_findings(
    provider: &Provider<'_>,
    solution: &Solution,
    node: &Node,
) -> Result<Vec<Finding>, Missing> {
    match node {
        Node::Roots => Ok(Vec::new()),
        Node::Dist(name) => match (provider.leaf(name), solution.get(node)) {
            (Some(mapping), _) => Ok(mapping.findings),
            (None, _) if provider.is_nowhere(name) => Ok(vec![nowhere(name)]),
            (None, Some(version)) => Ok(release_findings(provider, name, version)),
            (None, None) => Ok(Vec::new()),
        },
        Node::Extra(name, extra) => match provider.leaf(name) {
            Some(mapping) => extra_findings(provider, &mapping, extra),
            None => {
                let version = solution.get(node);
                let finding = version.and_then(|v| unknown_extra(provider, name, v, extra));
                Ok(finding.into_iter().collect())
            }
        },
    }
}

fn nowhere(name: &DistName) -> Finding {
    Finding::error("unknown-project", format!("no index has {name}"))
        .with_hint("check its spelling, or name the index that has it")
}

fn release_findings(provider: &Provider<'_>, name: &DistName, version: &Version) -> Vec<Finding> {
    let mut findings = metadata_findings(provider, name, version);
    // Why something in the suite that looks like it is not it.
    if let Answer::Missing { findings: told, .. } = &*provider.answer(name) {
        findings.extend(told.iter().cloned());
    }
    findings.extend(yanked(provider, name, version));
    findings
}

/// A yanked release is taken only where it is named exactly; even then it is told.
fn yanked(provider: &Provider<'_>, name: &DistName, version: &Version) -> Option<Finding> {
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
    provider: &Provider<'_>,
    name: &DistName,
    version: &Version,
    extra: &ExtraName,
) -> Option<Finding> {
    let known = provider.world.metadata(name, version)?;
    let metadata = known.as_ref().ok()?;
    let provided = metadata.provides_extra.contains(extra);
    let named =
        || !expand::extra(&metadata.requires_dist, extra, provider.problem.target).is_empty();
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

fn metadata_findings(provider: &Provider<'_>, name: &DistName, version: &Version) -> Vec<Finding> {
    let Some(Ok(metadata)) = provider.world.metadata(name, version) else {
        return Vec::new();
    };
    let by = format!("{name} {version}");
    let own = expand::findings(&metadata.requires_dist, provider.problem.target, &by);
    metadata.findings.iter().cloned().chain(own).collect()
}

/// What an extra of a suite's distribution adds is read from the index, which may
/// not have that very version.
fn extra_findings(
    provider: &Provider<'_>,
    mapping: &Mapping,
    extra: &ExtraName,
) -> Result<Vec<Finding>, Missing> {
    let name = &mapping.distribution;
    let version = leaf_version(mapping);
    let described = provider.described_release(mapping)?;
    let code = "extra-from-other-version";
    if let Some(finding) = described
        .as_ref()
        .and_then(|v| unknown_extra(provider, name, v, extra))
    {
        return Ok(vec![finding]);
    }
    let finding = match described {
        Some(described) if described == version => None,
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
    provider: &Provider<'_>,
    solution: &Solution,
    walk: &Walk,
) -> Vec<Distribution> {
    let mut by_name: BTreeMap<&DistName, Vec<(&str, &Edge)>> = BTreeMap::new();
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
    provider: &Provider<'_>,
    solution: &Solution,
    name: &DistName,
    edges: &[(&str, &Edge)],
) -> Distribution {
    let nowhere = provider.is_nowhere(name);
    let chosen = solution.get(&Node::Dist(name.clone())).filter(|_| !nowhere);
    match &*provider.answer(name) {
        Answer::Mapped(mapping) => from_suite(mapping, edges),
        Answer::Ignored(evidence) => Distribution {
            action: Some(Action::Ignore),
            evidence: Some(evidence.clone()),
            ..missing(name, None, edges, "none")
        },
        Answer::Missing { unstable, .. } => Distribution {
            unstable: unstable.clone(),
            ..match nowhere {
                true => missing(name, None, edges, "none"),
                false => missing(name, chosen, edges, "index"),
            }
        },
    }
}

fn missing(
    name: &DistName,
    version: Option<&Version>,
    edges: &[(&str, &Edge)],
    origin: &str,
) -> Distribution {
    Distribution {
        name: name.clone(),
        version: version.cloned(),
        verdict: Verdict::Missing,
        action: version.map(|_| Action::Generate),
        origin: origin.to_owned(),
        package: None,
        package_version: None,
        unstable: None,
        required_by: requirers(edges, version),
        evidence: None,
    }
}

fn from_suite(mapping: &Mapping, edges: &[(&str, &Edge)]) -> Distribution {
    let verdict = judge(mapping, edges);
    Distribution {
        name: mapping.distribution.clone(),
        version: mapping.upstream.clone(),
        verdict,
        action: (verdict == Verdict::Satisfied).then_some(Action::Use),
        origin: origin_name(&mapping.origin),
        package: Some(mapping.package.clone()),
        package_version: mapping.package_version.clone(),
        unstable: None,
        required_by: requirers(edges, mapping.upstream.as_ref()),
        evidence: Some(mapping.evidence.clone()),
    }
}

fn origin_name(origin: &Origin) -> String {
    match origin {
        Origin::Suite => "suite".to_owned(),
        Origin::Updates => "updates".to_owned(),
        Origin::Security => "security".to_owned(),
        Origin::Backports => "backports".to_owned(),
        Origin::Local(name) => name.clone(),
    }
}

fn judge(mapping: &Mapping, edges: &[(&str, &Edge)]) -> Verdict {
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

fn requirers(edges: &[(&str, &Edge)], version: Option<&Version>) -> Vec<Requirer> {
    let met = |edge: &Edge| version.is_none_or(|version| contains(&edge.specifiers, version));
    let requirer = |(label, edge): &(&str, &Edge)| Requirer {
        name: (*label).to_owned(),
        requirement: edge.text.clone(),
        met: met(edge),
    };
    let all: BTreeSet<Requirer> = edges.iter().map(requirer).collect();
    all.into_iter().collect()
}
