//! A resolved tree; its graph; who needs one distribution.

use pep440_rs::Version;
use pydeps_core::archive::Suite;
use pydeps_core::finding::Finding;
use pydeps_core::licence::Freedom;
use pydeps_core::mapping::Evidence;
use pydeps_core::name::{DebName, DistName};
use pydeps_core::outcome::{
    Action, Distribution, Minimality, Requirer, Resolution, RootOutcome, Verdict, Way,
};
use pydeps_core::printable::Printable;
use serde::{Serialize, Serializer};

use super::document::{Header, print};
use crate::graph::{ResolutionGraph, Visit};
use pydeps_core::source::Source;

#[derive(Serialize)]
struct ResolutionDocument<'a> {
    #[serde(flatten, with = "Header")]
    suite: &'a Suite,
    #[serde(flatten, with = "ResolutionFields")]
    resolution: &'a Resolution,
    changes: &'a [String],
    findings: &'a [Finding],
}

#[derive(Serialize)]
#[serde(remote = "Resolution")]
struct ResolutionFields {
    #[serde(getter = "Resolution::is_satisfied")]
    satisfied: bool,
    #[serde(serialize_with = "roots")]
    roots: Vec<RootOutcome>,
    #[serde(serialize_with = "rows")]
    distributions: Vec<Distribution>,
    build_order: Vec<Vec<DistName>>,
    minimality: Option<Minimality>,
    conflict: Vec<String>,
    choices: Vec<Way>,
}

#[derive(Serialize)]
#[serde(remote = "RootOutcome")]
struct RootFields {
    #[serde(rename = "requested")]
    label: String,
    name: Option<DistName>,
    version: Option<Version>,
    newest: Option<Version>,
    stepped_back: Vec<String>,
}

fn source_word<S: Serializer>(source: &Source, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(source.word())
}

#[derive(Serialize)]
struct Root<'a>(#[serde(with = "RootFields")] &'a RootOutcome);

fn roots<S: Serializer>(roots: &[RootOutcome], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(roots.iter().map(Root))
}

#[derive(Serialize)]
#[serde(remote = "Distribution")]
struct DistributionFields {
    name: DistName,
    version: Option<Version>,
    verdict: Verdict,
    action: Option<Action>,
    #[serde(serialize_with = "source_word")]
    origin: Source,
    package: Option<DebName>,
    package_version: Option<String>,
    unstable: Option<DebName>,
    required_by: Vec<Requirer>,
    evidence: Option<Evidence>,
    newest: Option<Version>,
    stepped_back: Vec<String>,
    saves: Option<usize>,
    because: Vec<String>,
    licence: Option<String>,
    freedom: Option<Freedom>,
}

#[derive(Serialize)]
struct Row<'a>(#[serde(with = "DistributionFields")] &'a Distribution);

fn rows<S: Serializer>(rows: &[Distribution], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(rows.iter().map(Row))
}

/// A resolved tree, and what has changed in it since the lock.
pub fn resolution(suite: &Suite, resolution: &Resolution, changes: &[String]) -> Printable {
    print(&ResolutionDocument {
        suite,
        resolution,
        changes,
        findings: &resolution.findings,
    })
}

#[derive(Serialize)]
struct GraphDocument<'a> {
    #[serde(flatten, with = "Header")]
    suite: &'a Suite,
    #[serde(serialize_with = "rows")]
    nodes: &'a [Distribution],
    edges: Vec<Edge<'a>>,
}

#[derive(Serialize)]
struct Edge<'a> {
    from: &'a str,
    to: &'a str,
    #[serde(flatten, with = "RequirementFields")]
    by: &'a Requirer,
}

/// What is required, without who requires it.
#[derive(Serialize)]
#[serde(remote = "Requirer")]
struct RequirementFields {
    requirement: String,
    met: bool,
}

/// A resolution as nodes and edges.
pub fn graph(suite: &Suite, graph: &ResolutionGraph<'_>, resolution: &Resolution) -> Printable {
    print(&GraphDocument {
        suite,
        nodes: &resolution.distributions,
        edges: graph
            .edges()
            .map(|(from, to, by)| Edge { from, to, by })
            .collect(),
    })
}

#[derive(Serialize)]
struct WhyDocument<'a> {
    #[serde(flatten, with = "Header")]
    suite: &'a Suite,
    distribution: Row<'a>,
    needed_by: Vec<Step<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    depth: usize,
    name: &'a str,
    #[serde(flatten, with = "RequirementFields")]
    by: &'a Requirer,
}

/// Who needs a distribution, and who needs those.
pub fn why(suite: &Suite, row: &Distribution, visits: &[Visit<'_>]) -> Printable {
    print(&WhyDocument {
        suite,
        distribution: Row(row),
        needed_by: visits.iter().filter_map(step).collect(),
    })
}

/// `None` for the distribution itself, where the walk begins.
fn step<'a>(visit: &Visit<'a>) -> Option<Step<'a>> {
    Some(Step {
        depth: visit.depth,
        name: visit.name,
        by: visit.requirement?,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::testing;

    fn keys(value: &impl Serialize) -> BTreeSet<String> {
        let value = serde_json::to_value(value).unwrap();
        let keys = value.as_object().unwrap().keys();
        keys.map(|key| key.replace('-', "_")).collect()
    }

    /// A row with nothing left out by the core's own serialization, which is a lock's.
    fn full() -> Distribution {
        Distribution {
            version: "1".parse().ok(),
            action: Some(Action::Generate),
            package: "python3-a".parse().ok(),
            package_version: Some("1-1".to_owned()),
            unstable: "python3-a".parse().ok(),
            evidence: Some(Evidence::Provides {
                name: "python3-a".to_owned(),
            }),
            newest: "2".parse().ok(),
            stepped_back: vec!["b".to_owned()],
            saves: Some(1),
            because: vec!["c".to_owned()],
            licence: Some("MIT".to_owned()),
            freedom: Some(Freedom::Free),
            ..testing::distribution("a", Verdict::Missing, &["b"])
        }
    }

    #[test]
    fn a_row_has_every_field_of_the_core() {
        assert_eq!(keys(&Row(&full())), keys(&full()));
    }

    #[test]
    fn what_is_not_known_is_null() {
        let row = testing::distribution("a", Verdict::Missing, &[]);
        assert_eq!(keys(&Row(&row)), keys(&full()));
    }
}
