//! What became of a release, in a few lines.

use crate::release_outcome::ReleaseOutcome;

/// A line, and one for each difference below it.
pub fn text(outcome: &ReleaseOutcome) -> String {
    let label = outcome.label();
    let (Some(source), Some(version)) = (&outcome.source, &outcome.package_version) else {
        return format!("{label}: refused");
    };
    let mut text = format!("{label}: {source} {version}");
    if let Some(binary) = &outcome.binary {
        text.push_str(&format!(", package {binary}"));
    }
    for difference in &outcome.differences {
        text.push_str(&format!("\n  {difference}"));
    }
    text
}
