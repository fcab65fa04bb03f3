//! One distribution's package, in a line.

use pydeps_core::mapping::{Answer, Mapping};
use pydeps_core::name::DistName;

/// Name, package with version, upstream version, evidence.
pub fn line(name: &DistName, answer: &Answer, suite: &str) -> String {
    match answer {
        Answer::Mapped(mapping) => mapped(mapping, suite),
        Answer::Ignored(evidence) => format!("{name}: ignored ({})", evidence.describe()),
        Answer::Missing {
            unstable: Some(package),
            ..
        } => {
            format!("{name}: missing in {suite}, in unstable as {package}")
        }
        Answer::Missing { unstable: None, .. } => format!("{name}: missing in {suite}"),
    }
}

fn mapped(mapping: &Mapping, suite: &str) -> String {
    let package = mapping
        .dependency
        .as_ref()
        .map_or_else(|| mapping.package.to_string(), Clone::clone);
    let version = match &mapping.package_version {
        Some(version) => format!(" {version}"),
        None => format!(" (not in {suite})"),
    };
    let upstream = match &mapping.upstream {
        Some(upstream) => format!("upstream {upstream}"),
        None => "any version".to_owned(),
    };
    let evidence = mapping.evidence.describe();
    format!(
        "{}: {package}{version}, {upstream} ({evidence})",
        mapping.distribution
    )
}
