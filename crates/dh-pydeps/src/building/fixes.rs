//! What was changed to make packages build stays with the session.

use std::path::Path;

use pydeps_host::build::{Fix, Row, Summary};
use pydeps_host::decisions;

use crate::failure::Failure;
use crate::session::{Session, unwritten};
use crate::ui::Ui;

/// Records what was changed beside the decisions, where there is a session.
pub(crate) fn record(summary: &Summary, ui: &Ui) -> Result<(), Failure> {
    if Session::open()?.lock.is_none() {
        return Ok(());
    }
    let fixes: Vec<Fix> = summary.rows.values().flat_map(fixes).cloned().collect();
    let path = decisions::record_fixes(Path::new("."), &fixes).map_err(unwritten)?;
    if let Some(path) = path {
        let path = path.strip_prefix(".").unwrap_or(&path).display();
        ui.status(&format!("What was changed is in {path}."));
    }
    Ok(())
}

fn fixes(row: &Row) -> &[Fix] {
    match row {
        Row::Tried(built) => &built.fixes,
        Row::Skipped { .. } => &[],
    }
}
