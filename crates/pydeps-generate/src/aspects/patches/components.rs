//! Component tarballs, in the place of what a build would fetch.

use pydeps_core::finding::Finding;

use super::{Patch, difference};
use crate::aspects::build_downloads::{self, Edited, Fetch};
use crate::facts::{Component, Release};

/// The patch's name.
pub(crate) const NAME: &str = "use-component-tarballs.patch";

/// Makes the build use the directories of the release's components.
pub(super) fn patch(release: &Release) -> Option<(Patch, Vec<Finding>)> {
    let edits = build_downloads::edits(release);
    let paths: Vec<&str> = edits.iter().map(|edit| edit.path.as_str()).collect();
    if edits.is_empty() {
        return None;
    }
    let reason = format!(
        "A build of Debian's has no network: {}. See debian/README.source",
        places(release).join(", and ")
    );
    let patch = Patch::new(NAME, "Use the component tarballs", &reason, &whole(&edits));
    let message = format!(
        "{} is patched: it takes {}",
        paths.join(", "),
        names(release)
    );
    Some((patch, vec![Finding::info("patched", message)]))
}

fn whole(edits: &[Edited]) -> String {
    let one = |edit: &Edited| difference::unified(&edit.path, &edit.old, &edit.new);
    edits.iter().map(one).collect()
}

/// What takes the place of what.
fn places(release: &Release) -> Vec<String> {
    let all = build_downloads::with_components(release).into_iter();
    let place = |(component, fetch): (&Component, Fetch)| {
        format!("{}/ takes the place of {}", component.name, fetch.spelled())
    };
    all.map(place).collect()
}

fn names(release: &Release) -> String {
    let names = release
        .components
        .iter()
        .map(|one| format!("{}/", one.name));
    let names = names.collect::<Vec<_>>().join(", ");
    format!("{names} instead of fetching it")
}
