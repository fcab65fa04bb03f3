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
    #[serde(flatten, with = "RelatedFields")]
    related: &'a Related,
}

#[derive(Serialize)]
#[serde(remote = "Related")]
struct RelatedFields {
    relation: String,
    satisfied: bool,
    findings: Vec<Finding>,
}

/// Requirements, and the relation that each becomes.
pub fn relations(suite: &Suite, related: &[(Requirement, Related)]) -> Printable {
    let rows = related.iter().map(|(requirement, related)| Relation {
        requirement,
        related,
    });
    print(&RelationsDocument {
        suite,
        relations: rows.collect(),
    })
}
