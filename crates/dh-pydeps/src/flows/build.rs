//! Builds source packages, and keeps with the session what was changed to make them build.

mod fixes;
mod progress;
pub(crate) mod target;

use std::sync::Arc;

use pydeps_archive::index::ArchiveIndex;
use pydeps_archive::open::{self, OpenArchive};
use pydeps_archive::update::Machine;
use pydeps_build::{Request, Summary, Wanted, ensure};
use pydeps_core::finding::Finding;

use crate::failure::Failure;
use crate::machine;
use crate::ui::Ui;

use progress::Watcher;

/// How the chroot is made.
#[derive(Clone, Debug)]
pub(crate) struct ChrootQuery {
    /// The mirror, instead of the machine's.
    pub(crate) mirror: Option<String>,
    /// Settings for apt, as its -o takes them.
    pub(crate) apt_options: Vec<String>,
    /// Whether it is made anew.
    pub(crate) renew: bool,
}

/// Builds what a request names. `fixes`: whether source packages are changed to make them build.
pub(crate) fn build(
    request: &mut Request,
    chroot: &ChrootQuery,
    fixes: bool,
    ui: &Ui,
) -> Result<Summary, Failure> {
    if fixes {
        request.index = index(request, ui)?;
    }
    let request = &*request;
    let progress = ui.progress();
    let make_chroot = || {
        let machine = Machine::read()?;
        let wanted = Wanted {
            suite: request.suite.clone(),
            architecture: request.architecture.clone(),
            cache: machine::user_cache()?,
            mirror: chroot.mirror.clone(),
            apt_options: chroot.apt_options.clone(),
            renew: chroot.renew,
        };
        ensure(&wanted, &machine, &mut ui.steps())
    };
    let mut watcher = Watcher::new(ui, &progress);
    let summary = pydeps_build::build(request, make_chroot, &mut |event| watcher.hear(event));
    drop(progress);
    let summary = summary?;
    fixes::record(&summary, ui)?;
    Ok(summary)
}

/// What the suite's packages hold; without an index nothing is mended, which is told.
fn index(request: &Request, ui: &Ui) -> Result<Option<Arc<ArchiveIndex>>, Failure> {
    let cache = machine::cache_dir()?;
    match open::open(&request.suite, &request.architecture, &cache) {
        Ok(OpenArchive::Index(index)) => Ok(Some(Arc::from(index))),
        Ok(OpenArchive::Snapshot(_)) | Err(open::OpenError::Unknown { .. }) => {
            let message = format!(
                "without an index of {}, no failed build is mended",
                request.suite
            );
            let hint = format!("dh-pydeps update --suite {}", request.suite);
            ui.findings(&[Finding::warning("no-index", message).with_hint(hint)]);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
