//! The requirements that apply to the target, as edges of the dependency graph.

use std::collections::BTreeSet;

use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::relation::ranges;
use pydeps_core::requirement::Requirement;
use pydeps_core::target::{Applies, Target};
use version_ranges::Ranges;

/// One requirement that applies to the target.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RequirementEdge {
    /// The required distribution.
    pub(crate) name: DistName,
    /// The required extras of the distribution.
    pub(crate) extras: Vec<ExtraName>,
    /// The versions that meet the requirement.
    pub(crate) specifiers: VersionSpecifiers,
    /// The same versions as a set.
    pub(crate) range: Ranges<Version>,
    /// The requirement as written.
    pub(crate) text: String,
    /// Whether the edge only restricts what other edges require.
    pub(crate) constraint: bool,
}

/// The edges of a node at a version, or why the solver cannot take that version.
pub(crate) type EdgesOrReason = Result<Vec<RequirementEdge>, String>;

/// What the solver knows of a node at a version.
#[derive(Debug)]
pub(crate) struct NodeEdges {
    /// The edges, or why the solver cannot take the version.
    pub(crate) edges: EdgesOrReason,
    /// The requirements that no package of the suite meets: the required distributions,
    /// which the index may not replace, with the versions that would do.
    pub(crate) suite_conflicts: Vec<(DistName, Ranges<Version>)>,
}

impl NodeEdges {
    /// The edges; none if the solver cannot take the version.
    pub(crate) fn list(&self) -> &[RequirementEdge] {
        self.edges.as_ref().map_or(&[], Vec::as_slice)
    }
}

/// The requirements that apply without any extra.
pub(crate) fn base_edges(requires: &[Requirement], target: &Target) -> Vec<RequirementEdge> {
    let applies = |r: &&Requirement| target.applies(&r.marker, &[]) != Applies::Never;
    requires
        .iter()
        .filter(applies)
        .map(requirement_edge)
        .collect()
}

/// The requirements that apply with the extra and not without it.
pub(crate) fn extra_edges(
    requires: &[Requirement],
    extra: &ExtraName,
    target: &Target,
) -> Vec<RequirementEdge> {
    let extras = std::slice::from_ref(extra);
    let is_added = |r: &&Requirement| {
        target.applies(&r.marker, &[]) == Applies::Never
            && target.applies(&r.marker, extras) != Applies::Never
    };
    requires
        .iter()
        .filter(is_added)
        .map(requirement_edge)
        .collect()
}

/// The requirements of a project at hand with the given extras. Where the project requires
/// its own extras (`all = ["app[web]"]`), the result has the requirements of those.
pub(crate) fn project_edges(
    name: Option<&DistName>,
    requires: &[Requirement],
    extras: &[ExtraName],
    target: &Target,
) -> Vec<RequirementEdge> {
    let mut edges = Vec::new();
    let mut queue: Vec<ExtraName> = extras.to_vec();
    let mut seen: BTreeSet<ExtraName> = BTreeSet::new();
    let mut added = base_edges(requires, target);
    loop {
        for edge in added {
            if Some(&edge.name) == name {
                queue.extend(edge.extras);
            } else {
                edges.push(edge);
            }
        }
        let Some(extra) = queue.pop() else {
            return edges;
        };
        added = Vec::new();
        if seen.insert(extra.clone()) {
            added = extra_edges(requires, &extra, target);
        }
    }
}

/// The edge of a requirement, whether the requirement applies or not.
pub(crate) fn requirement_edge(requirement: &Requirement) -> RequirementEdge {
    RequirementEdge {
        name: requirement.name.clone(),
        extras: requirement.extras.clone(),
        range: ranges(&requirement.specifiers),
        specifiers: requirement.specifiers.clone(),
        text: requirement.to_string(),
        constraint: false,
    }
}

/// An edge that only restricts the versions of a distribution.
pub(crate) fn constraint_edge(name: &DistName, specifiers: &VersionSpecifiers) -> RequirementEdge {
    RequirementEdge {
        name: name.clone(),
        extras: Vec::new(),
        range: ranges(specifiers),
        specifiers: specifiers.clone(),
        text: format!("{name}{specifiers}"),
        constraint: true,
    }
}

/// Findings about requirements that the resolution cannot take literally: URLs, and
/// markers that do not hold on every architecture. `by` is the origin of the findings.
pub(crate) fn findings(requires: &[Requirement], target: &Target, by: &str) -> Vec<Finding> {
    requires
        .iter()
        .filter_map(|requirement| url_finding(requirement).or(widened(requirement, target)))
        .map(|finding| finding.with_origin(by))
        .collect()
}

/// A warning if the requirement is a URL.
pub(crate) fn url_finding(requirement: &Requirement) -> Option<Finding> {
    requirement.url.as_ref()?;
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

#[cfg(test)]
mod tests {
    use pydeps_core::archive::Suite;

    use super::*;

    /// What a project `app` requires with the given extras.
    #[track_caller]
    fn check(requires: &[&str], extras: &[&str], expect: &[&str]) {
        let suite = Suite::in_memory("trixie".parse().unwrap(), "3.13".parse().unwrap());
        let target = Target::new(&suite, None);
        let name = "app".parse().unwrap();
        let requires = requires.iter().map(|text| text.parse().unwrap());
        let requires: Vec<Requirement> = requires.collect();
        let extras: Vec<ExtraName> = extras.iter().map(|text| text.parse().unwrap()).collect();
        let edges = project_edges(Some(&name), &requires, &extras, &target);
        let texts: Vec<&str> = edges.iter().map(|edge| edge.text.as_str()).collect();
        assert_eq!(texts, expect, "{requires:?}");
    }

    /// As pip and uv have it, whether the base or an extra names the extra.
    #[test]
    fn extras_of_its_own() {
        let x = "six ; extra == 'x'";
        let y = "flask ; extra == 'y'";
        check(&["app[x]", x, y], &[], &[x]);
        check(&["app[x]", "app[y] ; extra == 'x'", x, y], &[], &[x, y]);
        check(&["app[y] ; extra == 'x'", x, y], &["x"], &[x, y]);
        check(&["app[x] ; os_name == 'nt'", x, y], &["y"], &[y]);
        check(&["app[x]", "app[x] ; extra == 'x'", "b", x], &[], &["b", x]);
        check(&["app>=1", x], &[], &[]);
    }
}
