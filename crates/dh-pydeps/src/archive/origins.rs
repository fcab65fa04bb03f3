//! Opening what there is beside a suite: its backports, local repositories, a newer
//! suite to rebuild from.

use std::path::Path;

use jiff::Timestamp;
use pydeps_archive::apt::is_rolling;
use pydeps_archive::index::ArchiveIndex;
use pydeps_archive::local::{self, Place};
use pydeps_archive::open::{self, OpenArchive, OpenError};
use pydeps_core::archive::{Archive, Layered, Local};
use pydeps_core::diagnostic::Diagnostic as _;

use crate::defaults;
use crate::failure::Failure;
use crate::query::SuiteQuery;
use crate::ui::Ui;

/// An index this old no longer says what a suite has.
pub(super) const STALE_DAYS: u32 = 30;

pub(super) fn failure(error: OpenError, query: &SuiteQuery) -> Failure {
    let hint = error.hint().map(|hint| hint + &architecture_option(query));
    let failure = Failure::from(error);
    match hint {
        Some(hint) => failure.with_hint(hint),
        None => failure,
    }
}

fn architecture_option(query: &SuiteQuery) -> String {
    let architecture = query.architecture.as_ref();
    architecture.map_or_else(String::new, |name| format!(" --architecture {name}"))
}

/// The command that fetches a suite with this option, and with those that its index
/// was fetched with before.
fn update_command(
    archive: Option<&OpenArchive>,
    suite: &str,
    option: &str,
    query: &SuiteQuery,
) -> String {
    let index = archive.and_then(OpenArchive::index);
    let backports = option == "--backports" || index.is_some_and(ArchiveIndex::has_backports);
    let sources = option == "--sources" || index.is_some_and(ArchiveIndex::has_sources);
    let backports = if backports { " --backports" } else { "" };
    let sources = if sources { " --sources" } else { "" };
    let architecture = architecture_option(query);
    format!("dh-pydeps update --suite {suite}{backports}{sources}{architecture}")
}

/// Backports are there only where they were fetched.
pub(super) fn check_backports(archive: &OpenArchive, query: &SuiteQuery) -> Result<(), Failure> {
    let suite = &archive.suite().codename;
    let index = archive.index();
    if index.is_some_and(ArchiveIndex::has_backports) {
        return Ok(());
    }
    if is_rolling(suite) {
        let error = anyhow::anyhow!("{suite} has no backports");
        return Err(Failure::input(error).with_hint("leave --backports out"));
    }
    let error = anyhow::anyhow!("nothing is known of the backports of {suite}");
    let command = update_command(Some(archive), suite, "--backports", query);
    Err(Failure::environment(error).with_hint(command))
}

/// The index of the suite to rebuild from, with its source packages. What the target
/// has is known only from an index, too.
pub(super) fn newer(
    target: &OpenArchive,
    query: &SuiteQuery,
    cache: &Path,
    ui: &Ui,
) -> Result<Option<ArchiveIndex>, Failure> {
    let Some(suite) = &query.backport_from else {
        return Ok(None);
    };
    let own = target.suite();
    let architecture = defaults::architecture(query.architecture.as_ref())?;
    let opened = open::open(suite, &architecture, cache).map_err(|error| match error {
        open::OpenError::Unknown { .. } => no_sources(None, suite, query),
        error => failure(error, query),
    })?;
    let facts = opened.suite().clone();
    if facts.codename == own.codename {
        let error = anyhow::anyhow!("--backport-from names the suite {suite} itself");
        return Err(Failure::input(error).with_hint("name a newer one: --backport-from sid"));
    }
    if target.index().is_none() {
        let error = anyhow::anyhow!(
            "without an index of {} it is not known what could be built there",
            own.codename
        );
        let command = update_command(None, &own.codename, "", query);
        return Err(Failure::environment(error).with_hint(command));
    }
    ui.findings(facts.staleness(Timestamp::now(), STALE_DAYS).as_slice());
    match opened {
        OpenArchive::Index(index) if index.has_sources() => {
            // A damaged table is told now, so that later answers are complete.
            index.source("").map_err(Failure::environment)?;
            Ok(Some(*index))
        }
        opened => Err(no_sources(Some(&opened), &facts.codename, query)),
    }
}

fn no_sources(archive: Option<&OpenArchive>, suite: &str, query: &SuiteQuery) -> Failure {
    let error = anyhow::anyhow!("nothing is known of the source packages of {suite}");
    Failure::environment(error).with_hint(update_command(archive, suite, "--sources", query))
}

/// The suite with the local repositories beside it.
pub(super) fn with_locals(
    archive: OpenArchive,
    query: &SuiteQuery,
    cache: &Path,
    ui: &Ui,
) -> Result<Layered<OpenArchive>, Failure> {
    let mut locals: Vec<Local> = Vec::new();
    for text in &query.locals {
        let place = text.parse::<Place>()?;
        let mut progress = ui.progress();
        let opened = local::open(&place, archive.suite(), cache, &mut progress);
        locals.push(opened?);
    }
    Ok(Layered::new(archive, locals))
}
