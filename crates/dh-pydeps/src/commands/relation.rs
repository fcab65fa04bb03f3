//! `relation`: a requirement as a Debian relation.

use clap::Args;
use pep508_rs::{Requirement, VersionOrUrl};
use pydeps_core::finding::Finding;
use pydeps_core::mapping::{Answer, Mapping, policy_name};
use pydeps_core::name::DebName;
use pydeps_core::relation::{Known, Translation, contains, translate};
use pydeps_core::target::Applies;

use crate::archive::Debian;
use crate::cli::Format;
use crate::failure::{Failure, Outcome};
use crate::report;
use crate::settings::SuiteArgs;
use crate::ui::Ui;

/// Write a Python requirement as a Debian relation
///
/// Bounds are written in the spelling of the suite's package, and checked at its
/// version; where they cannot be exact, it is said which versions are lost or gained
/// (with -v). The exit status is 1 if the suite does not satisfy the requirement.
#[derive(Args, Debug)]
pub struct RelationArgs {
    /// Requirement, as in pyproject.toml (PEP 508): `requests[socks]>=2.31,!=2.32.0`
    #[arg(required = true, value_name = "REQUIREMENT")]
    pub requirements: Vec<String>,
    /// Write it for Build-Depends: no alternatives, as sbuild looks at the first only
    #[arg(long)]
    pub build: bool,
    /// The suite.
    #[command(flatten)]
    pub suite: SuiteArgs,
    /// How to print the answers
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// One requirement's relation.
pub(crate) struct Related {
    pub(crate) requirement: Requirement,
    pub(crate) relation: String,
    pub(crate) satisfied: bool,
    pub(crate) findings: Vec<Finding>,
}

pub(crate) fn run(args: &RelationArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let requirements = args
        .requirements
        .iter()
        .map(|text| crate::roots::requirement(text));
    let requirements: Vec<Requirement> = requirements.collect::<Result<_, _>>()?;
    let debian = Debian::open(&args.suite, ui)?;
    let related = requirements
        .into_iter()
        .map(|requirement| relate(requirement, &debian, args.build));
    let related: Vec<Related> = related.collect();
    let suite = debian.archive().suite();
    match args.format {
        Format::Json => ui.data(&report::json::relations(suite, &related)),
        Format::Text => {
            for one in &related {
                ui.data(&one.relation);
                ui.findings(&one.findings);
            }
        }
    }
    Ok(Outcome::of(related.iter().all(|one| one.satisfied)))
}

fn relate(requirement: Requirement, debian: &Debian, build: bool) -> Related {
    let mut findings = requirement_findings(&requirement);
    let none = |findings| (String::new(), true, findings);
    let suite = &debian.archive().suite().codename;
    let (relation, satisfied, more) = match debian.target().applies(&requirement.marker, &[]) {
        Applies::Never => none(vec![Finding::info(
            "marker-false",
            format!("`{requirement}` does not hold on {suite}: there is no relation"),
        )]),
        applies => {
            if applies == Applies::Sometimes {
                findings.push(widened(&requirement));
            }
            match debian.look_up(&requirement.name) {
                Answer::Ignored(evidence) => {
                    none(vec![Finding::info("ignored", evidence.describe())])
                }
                Answer::Missing { findings, .. } => missing(&requirement, suite, findings),
                Answer::Mapped(mapping) => mapped(&requirement, mapping, build),
            }
        }
    };
    findings.extend(more);
    Related {
        requirement,
        relation,
        satisfied,
        findings,
    }
}

fn missing(
    requirement: &Requirement,
    suite: &str,
    mut findings: Vec<Finding>,
) -> (String, bool, Vec<Finding>) {
    let text = format!(
        "{suite} has no {}; the package's name is the one it would probably get",
        requirement.name
    );
    findings.push(
        Finding::warning("missing", text)
            .with_hint(format!("dh-pydeps resolve {}", requirement.name)),
    );
    let Some(package) = policy_name(&requirement.name) else {
        return (String::new(), false, findings);
    };
    let translation = translated(requirement, &package, None);
    findings.extend(translation.findings);
    (translation.relations.to_string(), false, findings)
}

fn mapped(
    requirement: &Requirement,
    mapping: Mapping,
    build: bool,
) -> (String, bool, Vec<Finding>) {
    let mut findings = mapping.findings;
    if let Some(dependency) = mapping.dependency {
        return (dependency, true, findings);
    }
    let debian = mapping
        .package_version
        .and_then(|version| version.parse().ok());
    let known = mapping
        .upstream
        .zip(debian)
        .map(|(upstream, debian)| Known::archive(upstream, debian));
    let Some(known) = known else {
        return (mapping.package.to_string(), true, findings);
    };
    let translation = translated(requirement, &mapping.package, Some(&known));
    let relations = match build {
        true => translation.relations.for_build(Some(&known.debian)),
        false => translation.relations,
    };
    findings.extend(translation.findings);
    let satisfied = report::specifiers(requirement).is_none_or(|s| contains(s, &known.upstream));
    if !satisfied {
        let (package, version) = (&mapping.package, &known.upstream);
        findings.push(Finding::warning(
            "unsatisfied",
            format!("{package} has {version}"),
        ));
    }
    (relations.to_string(), satisfied, findings)
}

fn translated(requirement: &Requirement, package: &DebName, known: Option<&Known>) -> Translation {
    let none = pep440_rs::VersionSpecifiers::empty();
    translate(
        package,
        report::specifiers(requirement).unwrap_or(&none),
        known,
    )
}

fn requirement_findings(requirement: &Requirement) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(VersionOrUrl::Url(url)) = &requirement.version_or_url {
        let text = format!("a relation cannot name a URL ({url}): it is for any version");
        findings.push(Finding::warning("url-requirement", text));
    }
    if !requirement.extras.is_empty() {
        let text = format!("what the extras of `{requirement}` require is not in the relation");
        let hint = format!("dh-pydeps resolve '{requirement}' follows them");
        findings.push(Finding::warning("extras-not-followed", text).with_hint(hint));
    }
    findings
}

fn widened(requirement: &Requirement) -> Finding {
    let text = format!(
        "`{requirement}` holds on some architectures or Pythons only; the relation is for all"
    );
    Finding::warning("marker-widened", text)
}
