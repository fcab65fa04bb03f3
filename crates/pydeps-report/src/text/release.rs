//! What became of a release, in a few lines.

use super::page::Page;
use crate::release_outcome::ReleaseOutcome;

/// A line, and one for each difference below it.
pub fn text(outcome: &ReleaseOutcome) -> Page {
    let label = outcome.label();
    let (Some(source), Some(version)) = (&outcome.source, &outcome.package_version) else {
        return Page::from_iter([format!("{label}: refused")]);
    };
    let mut text = format!("{label}: {source} {version}");
    if let Some(binary) = &outcome.binary {
        text.push_str(&format!(", package {binary}"));
    }
    let differences = outcome.differences.iter();
    let differences = differences.map(|difference| format!("  {difference}"));
    std::iter::once(text).chain(differences).collect()
}
