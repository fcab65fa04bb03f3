//! Requirements as relations.

use pydeps_core::archive::Suite;
use pydeps_core::finding::Finding;
use pydeps_core::printable::Printable;
use pydeps_core::relate::Related;
use pydeps_core::requirement::Requirement;
use serde::Serialize;

use super::document::{Header, print};

#[derive(Serialize)]
struct RelationsDocument<'a> {
    #[serde(flatten, with = "Header")]
    suite: &'a Suite,
    relations: Vec<Relation<'a>>,
}

#[derive(Serialize)]
struct Relation<'a> {
    requirement: &'a Requirement,
    relation: &'a str,
    satisfied: bool,
    findings: Vec<&'a Finding>,
}

/// Requirements, and the relation that each becomes.
pub fn relations(suite: &Suite, related: &[(Requirement, Related)]) -> Printable {
    let rows = related.iter().map(|(requirement, related)| Relation {
        requirement,
        relation: &related.relation,
        satisfied: related.is_satisfied(),
        findings: related.all_findings().collect(),
    });
    print(&RelationsDocument {
        suite,
        relations: rows.collect(),
    })
}
