//! Distributions and the packages that hold them.

use pep440_rs::Version;
use pydeps_core::archive::Suite;
use pydeps_core::finding::Finding;
use pydeps_core::mapping::{Answer, Basis, Evidence};
use pydeps_core::name::{DebName, DistName};
use pydeps_core::printable::Printable;
use serde::Serialize;

use super::document::{Header, print};

#[derive(Serialize)]
struct MappingsDocument<'a> {
    #[serde(flatten, with = "Header")]
    suite: &'a Suite,
    distributions: Vec<Mapped<'a>>,
}

/// An answer as one row: what does not hold for its kind is null.
#[derive(Serialize)]
struct Mapped<'a> {
    name: &'a DistName,
    state: &'static str,
    package: Option<&'a DebName>,
    package_version: Option<&'a str>,
    dependency: Option<&'a str>,
    origin: Option<&'a str>,
    upstream: Option<&'a Version>,
    basis: Option<&'a Basis>,
    public: bool,
    evidence: Option<&'a Evidence>,
    others: Vec<&'a DebName>,
    unstable: Option<&'a DebName>,
    findings: &'a [Finding],
}

/// Mappings.
pub fn mappings(suite: &Suite, answers: &[(DistName, Answer)]) -> Printable {
    let rows = answers.iter().map(|(name, answer)| mapped(name, answer));
    print(&MappingsDocument {
        suite,
        distributions: rows.collect(),
    })
}

fn mapped<'a>(name: &'a DistName, answer: &'a Answer) -> Mapped<'a> {
    let (state, mapping, evidence, unstable) = match answer {
        Answer::Mapped(mapping) => ("mapped", Some(mapping), Some(&mapping.evidence), None),
        Answer::Ignored(evidence) => ("ignored", None, Some(evidence), None),
        Answer::Missing { unstable, .. } => ("missing", None, None, unstable.as_ref()),
    };
    let others = mapping.iter().flat_map(|mapping| &mapping.others);
    Mapped {
        name,
        state,
        package: mapping.map(|mapping| &mapping.package),
        package_version: mapping.and_then(|mapping| mapping.package_version.as_deref()),
        dependency: mapping.and_then(|mapping| mapping.dependency.as_deref()),
        origin: mapping.map(|mapping| mapping.origin.word()),
        upstream: mapping.and_then(|mapping| mapping.upstream.as_ref()),
        basis: mapping.map(|mapping| &mapping.basis),
        public: mapping.is_some_and(|mapping| mapping.public),
        evidence,
        others: others.map(|other| &other.package).collect(),
        unstable,
        findings: answer.findings(),
    }
}
