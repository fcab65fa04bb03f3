//! Answers for programs. The schema is documented in the manual pages (see `manual.rs`) and has a
//! version; a change that may break a reader raises it.

use pep508_rs::Requirement;
use pydeps_core::archive::Suite;
use pydeps_core::finding::Finding;
use pydeps_core::licence::Freedom;
use pydeps_core::mapping::{Answer, Basis, Evidence};
use pydeps_core::name::{DebName, DistName};
use pydeps_core::relate::Related;
use pydeps_resolve::{
    Action, Distribution, Minimality, Requirer, Resolution, ResolutionGraph, RootOutcome, Verdict,
    Visit, Way,
};
use serde::Serialize;

/// The version of the schema.
pub(super) const VERSION: u32 = 1;

#[derive(Serialize)]
struct Header<'a> {
    version: u32,
    suite: &'a str,
    architecture: &'a str,
    python: String,
    archive_date: String,
}

fn header(suite: &Suite) -> Header<'_> {
    Header {
        version: VERSION,
        suite: &suite.codename,
        architecture: &suite.architecture,
        python: suite.python.to_string(),
        archive_date: suite.date.to_string(),
    }
}

pub(super) fn print(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).expect("plain values")
}

#[derive(Serialize)]
struct ResolutionJson<'a> {
    #[serde(flatten)]
    header: Header<'a>,
    satisfied: bool,
    roots: Vec<RootJson<'a>>,
    distributions: Vec<DistributionJson<'a>>,
    build_order: &'a [Vec<DistName>],
    minimality: Option<Minimality>,
    conflict: &'a [String],
    choices: &'a [Way],
    changes: &'a [String],
    findings: &'a [Finding],
}

#[derive(Serialize)]
struct RootJson<'a> {
    requested: &'a str,
    name: Option<&'a DistName>,
    version: Option<String>,
    newest: Option<String>,
    stepped_back: &'a [String],
}

#[derive(Serialize)]
struct DistributionJson<'a> {
    name: &'a DistName,
    version: Option<String>,
    verdict: Verdict,
    action: Option<Action>,
    origin: &'a str,
    package: Option<&'a str>,
    package_version: Option<&'a str>,
    unstable: Option<&'a str>,
    required_by: &'a [Requirer],
    evidence: Option<&'a Evidence>,
    newest: Option<String>,
    stepped_back: &'a [String],
    saves: Option<usize>,
    because: &'a [String],
    licence: Option<&'a str>,
    freedom: Option<Freedom>,
}

/// A resolved tree, and what has changed in it since the lock.
pub(crate) fn resolution(suite: &Suite, resolution: &Resolution, changes: &[String]) -> String {
    print(&ResolutionJson {
        header: header(suite),
        satisfied: resolution.is_satisfied(),
        roots: resolution.roots.iter().map(root).collect(),
        distributions: resolution.distributions.iter().map(distribution).collect(),
        build_order: &resolution.build_order,
        minimality: resolution.minimality,
        conflict: &resolution.conflict,
        choices: &resolution.choices,
        changes,
        findings: &resolution.findings,
    })
}

fn root(root: &RootOutcome) -> RootJson<'_> {
    RootJson {
        requested: &root.label,
        name: root.name.as_ref(),
        version: root.version.as_ref().map(ToString::to_string),
        newest: root.newest.as_ref().map(ToString::to_string),
        stepped_back: &root.stepped_back,
    }
}

fn distribution(d: &Distribution) -> DistributionJson<'_> {
    DistributionJson {
        name: &d.name,
        version: d.version.as_ref().map(ToString::to_string),
        verdict: d.verdict,
        action: d.action,
        origin: &d.origin,
        package: d.package.as_ref().map(DebName::as_str),
        package_version: d.package_version.as_deref(),
        unstable: d.unstable.as_ref().map(DebName::as_str),
        required_by: &d.required_by,
        evidence: d.evidence.as_ref(),
        newest: d.newest.as_ref().map(ToString::to_string),
        stepped_back: &d.stepped_back,
        saves: d.saves,
        because: &d.because,
        licence: d.licence.as_deref(),
        freedom: d.freedom,
    }
}

#[derive(Serialize)]
struct MappingsJson<'a> {
    #[serde(flatten)]
    header: Header<'a>,
    distributions: Vec<MappingJson<'a>>,
}

#[derive(Serialize)]
struct MappingJson<'a> {
    name: &'a DistName,
    state: &'static str,
    package: Option<&'a str>,
    package_version: Option<&'a str>,
    dependency: Option<&'a str>,
    origin: Option<&'a str>,
    upstream: Option<String>,
    basis: Option<&'a Basis>,
    public: bool,
    evidence: Option<&'a Evidence>,
    others: Vec<&'a str>,
    unstable: Option<&'a str>,
    findings: &'a [Finding],
}

/// Mappings.
pub(crate) fn mappings(suite: &Suite, answers: &[(DistName, Answer)]) -> String {
    print(&MappingsJson {
        header: header(suite),
        distributions: answers
            .iter()
            .map(|(name, answer)| mapping(name, answer))
            .collect(),
    })
}

fn mapping<'a>(name: &'a DistName, answer: &'a Answer) -> MappingJson<'a> {
    let empty = MappingJson {
        findings: super::mapping::findings(answer),
        ..MappingJson::missing(name)
    };
    match answer {
        Answer::Mapped(mapping) => MappingJson {
            state: "mapped",
            package: Some(mapping.package.as_str()),
            package_version: mapping.package_version.as_deref(),
            dependency: mapping.dependency.as_deref(),
            origin: Some(mapping.origin.word()),
            upstream: mapping.upstream.as_ref().map(ToString::to_string),
            basis: Some(&mapping.basis),
            public: mapping.public,
            evidence: Some(&mapping.evidence),
            others: mapping.others.iter().map(|o| o.package.as_str()).collect(),
            ..empty
        },
        Answer::Ignored(evidence) => MappingJson {
            state: "ignored",
            evidence: Some(evidence),
            ..empty
        },
        Answer::Missing { unstable, .. } => MappingJson {
            unstable: unstable.as_ref().map(DebName::as_str),
            ..empty
        },
    }
}

impl<'a> MappingJson<'a> {
    fn missing(name: &'a DistName) -> Self {
        Self {
            name,
            state: "missing",
            package: None,
            package_version: None,
            dependency: None,
            origin: None,
            upstream: None,
            basis: None,
            public: false,
            evidence: None,
            others: Vec::new(),
            unstable: None,
            findings: &[],
        }
    }
}

#[derive(Serialize)]
struct RelationsJson<'a> {
    #[serde(flatten)]
    header: Header<'a>,
    relations: Vec<RelationJson<'a>>,
}

#[derive(Serialize)]
struct RelationJson<'a> {
    requirement: String,
    relation: &'a str,
    satisfied: bool,
    findings: &'a [Finding],
}

/// Relations.
pub(crate) fn relations(suite: &Suite, related: &[(Requirement, Related)]) -> String {
    print(&RelationsJson {
        header: header(suite),
        relations: related.iter().map(relation).collect(),
    })
}

fn relation((requirement, related): &(Requirement, Related)) -> RelationJson<'_> {
    RelationJson {
        requirement: requirement.to_string(),
        relation: &related.relation,
        satisfied: related.satisfied,
        findings: &related.findings,
    }
}

#[derive(Serialize)]
struct GraphJson<'a> {
    #[serde(flatten)]
    header: Header<'a>,
    nodes: Vec<DistributionJson<'a>>,
    edges: Vec<EdgeJson<'a>>,
}

#[derive(Serialize)]
struct EdgeJson<'a> {
    from: &'a str,
    to: &'a str,
    requirement: &'a str,
    met: bool,
}

/// A resolution as nodes and edges.
pub(crate) fn graph<'a>(
    suite: &Suite,
    graph: &ResolutionGraph<'a>,
    resolution: &'a Resolution,
) -> String {
    let edge = |(from, to, by): (&'a str, &'a str, &'a Requirer)| EdgeJson {
        from,
        to,
        requirement: &by.requirement,
        met: by.met,
    };
    print(&GraphJson {
        header: header(suite),
        nodes: resolution.distributions.iter().map(distribution).collect(),
        edges: graph.edges().map(edge).collect(),
    })
}

#[derive(Serialize)]
struct WhyJson<'a> {
    #[serde(flatten)]
    header: Header<'a>,
    distribution: DistributionJson<'a>,
    needed_by: Vec<StepJson<'a>>,
}

#[derive(Serialize)]
struct StepJson<'a> {
    depth: usize,
    name: &'a str,
    requirement: &'a str,
    met: bool,
}

/// Who needs a distribution, and who needs those.
pub(crate) fn why<'a>(suite: &Suite, row: &'a Distribution, visits: &[Visit<'a>]) -> String {
    let step = |visit: &Visit<'a>| {
        let by = visit.requirement?;
        Some(StepJson {
            depth: visit.depth,
            name: visit.name,
            requirement: &by.requirement,
            met: by.met,
        })
    };
    print(&WhyJson {
        header: header(suite),
        distribution: distribution(row),
        needed_by: visits.iter().filter_map(step).collect(),
    })
}
