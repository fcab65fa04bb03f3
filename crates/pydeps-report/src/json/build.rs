//! The summary of a build.

use std::path::Path;

use pydeps_core::build_summary::{Built, Fix, Row, Summary, Tags};
use pydeps_core::name::{ArchName, SuiteName};
use pydeps_core::printable::Printable;
use serde::Serialize;

use super::document::{VERSION, print};
use crate::text::build::needed;

#[derive(Serialize)]
struct BuildDocument<'a> {
    version: u32,
    suite: &'a SuiteName,
    architecture: &'a ArchName,
    repository: String,
    good: bool,
    builds: Vec<Build<'a>>,
    cycle: Option<&'a [String]>,
}

/// A source package: what was not tried has neither time nor log.
#[derive(Serialize)]
struct Build<'a> {
    source: &'a str,
    version: &'a str,
    result: &'static str,
    reason: Option<String>,
    needs: Vec<&'a str>,
    seconds: Option<u64>,
    lintian: Option<&'a Tags>,
    autopkgtest: Option<&'a str>,
    fixes: &'a [Fix],
    log: Option<String>,
}

/// What came of building for a suite and an architecture, into a repository.
pub fn build(
    suite: &SuiteName,
    architecture: &ArchName,
    repository: &Path,
    summary: &Summary,
) -> Printable {
    let rows = summary.rows.iter();
    print(&BuildDocument {
        version: VERSION,
        suite,
        architecture,
        repository: repository.display().to_string(),
        good: summary.is_good(),
        builds: rows.map(|(source, row)| build_row(source, row)).collect(),
        cycle: summary.cycle.as_ref().map(|cycle| cycle.sources.as_slice()),
    })
}

fn build_row<'a>(source: &'a str, row: &'a Row) -> Build<'a> {
    match row {
        Row::Tried(built) => Build {
            source,
            version: &built.version,
            result: result(built),
            reason: built.reason.clone(),
            needs: Vec::new(),
            seconds: Some(built.seconds),
            lintian: built.lintian.as_ref(),
            autopkgtest: built.autopkgtest.as_deref(),
            fixes: &built.fixes,
            log: Some(built.log.display().to_string()),
        },
        Row::Skipped {
            version,
            needs,
            absent,
        } => Build {
            source,
            version,
            result: "skipped",
            reason: (!absent.is_empty()).then(|| needed(needs, absent)),
            needs: needs.iter().map(String::as_str).collect(),
            seconds: None,
            lintian: None,
            autopkgtest: None,
            fixes: &[],
            log: None,
        },
    }
}

fn result(built: &Built) -> &'static str {
    match (built.good, built.before) {
        (true, true) => "built-before",
        (true, false) => "built",
        (false, _) => "failed",
    }
}
