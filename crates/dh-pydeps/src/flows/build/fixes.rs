//! What was changed to make packages build stays with the session.

use std::path::Path;

use pydeps_build::Summary;
use pydeps_host::decisions;

use crate::failure::Failure;
use crate::session::Session;
use crate::ui::Ui;

/// Records what was changed beside the decisions, where there is a session.
pub(crate) fn record(summary: &Summary, ui: &Ui) -> Result<(), Failure> {
    if Session::open()?.lock.is_none() {
        return Ok(());
    }
    let path = decisions::record_fixes(Path::new("."), &summary.fixes)?;
    if let Some(path) = path {
        let path = path.strip_prefix(".").unwrap_or(&path).display();
        ui.status(&format!("What was changed is in {path}."));
    }
    Ok(())
}
