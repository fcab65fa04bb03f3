//! What became of each release, for people and for programs.

use pydeps_core::finding::{Finding, Severity};
use pydeps_core::relate::specifiers;
use pydeps_generate::plan::Plan;
use serde::Serialize;

use super::area::Written;
use super::fetch::Fetched;
use super::jobs::Job;
use crate::backporting::Placed;
use crate::backporting::jobs::Job as Rebuilt;

/// What became of one release.
#[derive(Debug, Serialize)]
pub(crate) struct Made {
    /// The distribution.
    name: String,
    /// Its version.
    version: String,
    /// Whether there is a source package now.
    pub(crate) done: bool,
    /// The source package.
    source: Option<String>,
    /// The binary package.
    binary: Option<String>,
    /// Debian's version.
    package_version: Option<String>,
    /// The `.dsc`.
    dsc: Option<String>,
    /// What can be imported.
    modules: Vec<String>,
    /// How the dependencies differ from those of the last time.
    differences: Vec<String>,
    /// What was noticed.
    pub(crate) findings: Vec<Finding>,
}

impl Made {
    pub(crate) fn done(fetched: &Fetched, plan: &Plan, written: Written) -> Self {
        let findings = [&fetched.findings, &plan.findings, &written.findings];
        Self {
            name: fetched.release.name.to_string(),
            version: fetched.release.version.to_string(),
            done: true,
            source: Some(plan.source.clone()),
            binary: Some(plan.binary.clone()),
            package_version: Some(plan.version.clone()),
            dsc: Some(written.dsc.display().to_string()),
            modules: plan.modules.clone(),
            differences: written.differences,
            findings: findings.into_iter().flatten().cloned().collect(),
        }
    }

    /// Of what was noticed, the reasons are told.
    pub(crate) fn refused(fetched: &Fetched, mut findings: Vec<Finding>) -> Self {
        findings.retain(|finding| finding.severity == Severity::Error);
        let release = &fetched.release;
        Self::without_package(
            release.name.to_string(),
            release.version.to_string(),
            findings,
        )
    }

    pub(crate) fn unfetched(job: &Job, finding: Finding) -> Self {
        let specifiers = match job.pinned() {
            Some(version) => Some(version.to_string()),
            None => specifiers(&job.requirement).map(ToString::to_string),
        };
        let name = job.requirement.name.to_string();
        Self::without_package(name, specifiers.unwrap_or_default(), vec![finding])
    }

    /// What was rebuilt from a newer suite's source package.
    pub(crate) fn rebuilt(job: &Rebuilt, placed: Placed) -> Self {
        Self {
            done: true,
            source: Some(job.source.name.clone()),
            binary: job.package.as_ref().map(ToString::to_string),
            package_version: Some(placed.version),
            dsc: Some(placed.dsc.display().to_string()),
            ..Self::without_package(job.name.clone(), job.version(), placed.findings)
        }
    }

    /// What cannot be had, and why.
    pub(crate) fn left_out(name: &str, version: &str, why: Finding) -> Self {
        Self::without_package(name.to_owned(), version.to_owned(), vec![why])
    }

    fn without_package(name: String, version: String, findings: Vec<Finding>) -> Self {
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

    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.name, self.version)
            .trim_end()
            .to_owned()
    }

    /// A line, and one for each difference below it.
    pub(crate) fn text(&self) -> String {
        let (Some(source), Some(version)) = (&self.source, &self.package_version) else {
            return format!("{}: refused", self.label());
        };
        let mut text = format!("{}: {source} {version}", self.label());
        if let Some(binary) = &self.binary {
            text = format!("{text}, package {binary}");
        }
        for difference in &self.differences {
            text = format!("{text}\n  {difference}");
        }
        text
    }
}

/// All of them as JSON.
pub(crate) fn json(suite: &str, made: &[Made]) -> String {
    let value = serde_json::json!({ "version": 1, "suite": suite, "packages": made });
    serde_json::to_string_pretty(&value).unwrap_or_default()
}
