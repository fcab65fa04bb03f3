//! Requirements as edges of the graph, for the target.

use pep440_rs::{Version, VersionSpecifiers};
use pep508_rs::{Requirement, VersionOrUrl};
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::relate;
use pydeps_core::relation::ranges;
use pydeps_core::target::{Applies, Target};
use version_ranges::Ranges;

/// One requirement that applies.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequirementEdge {
    /// The distribution it asks for.
    pub(crate) name: DistName,
    /// The extras of it.
    pub(crate) extras: Vec<ExtraName>,
    /// The versions that will do.
    pub(crate) specifiers: VersionSpecifiers,
    /// The same as a set.
    pub(crate) range: Ranges<Version>,
    /// The requirement as written.
    pub(crate) text: String,
    /// Whether it only restricts what others ask for.
    pub(crate) constraint: bool,
}

/// The requirements that apply without any extra.
pub(crate) fn base(requires: &[Requirement], target: &Target) -> Vec<RequirementEdge> {
    let applying = |r: &&Requirement| target.applies(&r.marker, &[]) != Applies::Never;
    requires.iter().filter(applying).map(edge).collect()
}

/// The requirements that apply with an extra and not without it.
pub(crate) fn extra(
    requires: &[Requirement],
    extra: &ExtraName,
    target: &Target,
) -> Vec<RequirementEdge> {
    let extras = std::slice::from_ref(extra);
    let added = |r: &&Requirement| {
        target.applies(&r.marker, &[]) == Applies::Never
            && target.applies(&r.marker, extras) != Applies::Never
    };
    requires.iter().filter(added).map(edge).collect()
}

/// The requirements of a project at hand with some of its extras. Where it names
/// itself (`all = ["app[web]"]`), that stands for the requirements of those extras.
pub(crate) fn project(
    name: Option<&DistName>,
    requires: &[Requirement],
    extras: &[ExtraName],
    target: &Target,
) -> Vec<RequirementEdge> {
    let mut edges = base(requires, target);
    let mut queue: Vec<ExtraName> = extras.to_vec();
    let mut seen: Vec<ExtraName> = Vec::new();
    while let Some(next) = queue.pop() {
        if seen.contains(&next) {
            continue;
        }
        edges.extend(extra(requires, &next, target));
        seen.push(next);
        let itself = |edge: &RequirementEdge| Some(&edge.name) == name;
        queue.extend(
            edges
                .iter()
                .filter(|e| itself(e))
                .flat_map(|e| e.extras.clone()),
        );
        edges.retain(|edge| !itself(edge));
    }
    edges.retain(|edge| Some(&edge.name) != name);
    edges
}

/// A requirement as an edge, whether it applies or not.
pub(crate) fn edge(requirement: &Requirement) -> RequirementEdge {
    let specifiers = relate::specifiers(requirement).cloned().unwrap_or_default();
    RequirementEdge {
        name: requirement.name.clone(),
        extras: requirement.extras.clone(),
        range: ranges(&specifiers),
        specifiers,
        text: requirement.to_string(),
        constraint: false,
    }
}

/// A distribution in some versions, as an edge.
pub(crate) fn versions(name: &DistName, specifiers: &VersionSpecifiers) -> RequirementEdge {
    RequirementEdge {
        name: name.clone(),
        extras: Vec::new(),
        range: ranges(specifiers),
        specifiers: specifiers.clone(),
        text: format!("{name}{specifiers}"),
        constraint: true,
    }
}

/// What cannot be taken literally in a requirement that applies.
pub(crate) fn findings(requires: &[Requirement], target: &Target, by: &str) -> Vec<Finding> {
    requires
        .iter()
        .filter_map(|requirement| url_finding(requirement).or(widened(requirement, target)))
        .map(|finding| finding.with_origin(by))
        .collect()
}

pub(crate) fn url_finding(requirement: &Requirement) -> Option<Finding> {
    let Some(VersionOrUrl::Url(_)) = &requirement.version_or_url else {
        return None;
    };
    Some(
        Finding::warning(
            "url-requirement",
            format!(
                "`{requirement}` names a URL; any version of {} will do",
                requirement.name
            ),
        )
        .with_hint("a package cannot depend on a URL: package that very source if it matters"),
    )
}

fn widened(requirement: &Requirement, target: &Target) -> Option<Finding> {
    let open = target.applies(&requirement.marker, &[]) == Applies::Sometimes;
    open.then(|| {
        Finding::info(
            "marker-widened",
            format!(
                "`{requirement}` holds on some architectures or Pythons only; it is kept for all"
            ),
        )
    })
}
