//! What became of a release that was to be packaged.

use pydeps_core::finding::Finding;
use serde::Serialize;

/// What became of one release. The last fields say something of a source package only if
/// there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReleaseOutcome {
    /// The distribution, or what else it was called.
    pub name: String,
    /// Its version, or the versions that were asked for.
    pub version: String,
    /// Whether there is a source package now.
    pub done: bool,
    /// The source package.
    pub source: Option<String>,
    /// The binary package.
    pub binary: Option<String>,
    /// Debian's version.
    pub package_version: Option<String>,
    /// The path of the `.dsc`.
    pub dsc: Option<String>,
    /// What can be imported.
    pub modules: Vec<String>,
    /// How the dependencies differ from those of the last time.
    pub differences: Vec<String>,
    /// What was noticed.
    pub findings: Vec<Finding>,
}

impl ReleaseOutcome {
    /// There is no source package of the release, for the reasons in `findings`.
    pub fn without_package(name: String, version: String, findings: Vec<Finding>) -> Self {
        Self {
            name,
            version,
            done: false,
            source: None,
            binary: None,
            package_version: None,
            dsc: None,
            modules: Vec::new(),
            differences: Vec::new(),
            findings,
        }
    }

    /// Name and version.
    pub fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
            .trim_end()
            .to_owned()
    }

    /// The findings, each with the release that it is about.
    pub fn located_findings(&self) -> Vec<Finding> {
        let label = self.label();
        let located = |finding: &Finding| {
            let origin = match &finding.origin {
                Some(origin) if origin.contains(&label) => origin.clone(),
                Some(origin) => format!("{label}: {origin}"),
                None => label.clone(),
            };
            finding.clone().with_origin(origin)
        };
        self.findings.iter().map(located).collect()
    }
}
