//! A whole requirement (PEP 508) as a Debian relation, for a target and what its suite
//! says of the distribution.

use crate::finding::Finding;
use crate::mapping::{Answer, Mapping, policy_name};
use crate::name::DebName;
use crate::relation::{Known, Translation, contains, translate};
use crate::requirement::Requirement;
use crate::target::{Applies, Target};

/// Which field the relation is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// `Depends` and its like, with alternatives.
    Depends,
    /// `Build-Depends`, of whose alternatives sbuild looks at the first only.
    BuildDepends,
}

/// One requirement's relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// The relation; empty if the marker does not hold or the requirement is ignored.
    pub relation: String,
    /// Whether the suite satisfies the requirement.
    pub satisfied: bool,
    /// What is lost, gained or guessed.
    pub findings: Vec<Finding>,
}

impl Related {
    fn none(finding: Finding) -> Self {
        Self {
            relation: String::new(),
            satisfied: true,
            findings: vec![finding],
        }
    }
}

/// Relates a requirement; `suite` is the suite's name, for sentences.
pub fn relate(
    requirement: &Requirement,
    answer: &Answer,
    target: &Target,
    field: Field,
    suite: &str,
) -> Related {
    let applies = target.applies(&requirement.marker, &[]);
    let mut related = match (applies, answer) {
        (Applies::Never, _) => Related::none(Finding::warning(
            "marker-false",
            format!("`{requirement}` does not hold on {suite}: there is no relation"),
        )),
        (_, Answer::Ignored(evidence)) => {
            Related::none(Finding::info("ignored", evidence.describe()))
        }
        (_, Answer::Missing { findings, .. }) => missing(requirement, suite, findings),
        (_, Answer::Mapped(mapping)) => mapped(requirement, mapping, field),
    };
    related.findings.extend(literal_findings(requirement));
    related.findings.extend(widened(requirement, applies));
    related
}

fn missing(requirement: &Requirement, suite: &str, findings: &[Finding]) -> Related {
    let name = &requirement.name;
    let mut findings = findings.to_vec();
    let text =
        format!("{suite} has no {name}; the package's name is the one it would probably get");
    findings.push(Finding::warning("missing", text).with_hint(format!("dh-pydeps resolve {name}")));
    let translation = policy_name(name).map(|package| translated(requirement, &package, None));
    Related {
        relation: translation
            .as_ref()
            .map_or_else(String::new, |t| t.relations.to_string()),
        satisfied: false,
        findings: findings
            .into_iter()
            .chain(translation.into_iter().flat_map(|t| t.findings))
            .collect(),
    }
}

fn mapped(requirement: &Requirement, mapping: &Mapping, field: Field) -> Related {
    let as_is = |relation: String| Related {
        relation,
        satisfied: true,
        findings: mapping.findings.clone(),
    };
    if let Some(dependency) = &mapping.dependency {
        return as_is(dependency.clone());
    }
    let debian = mapping
        .package_version
        .as_ref()
        .and_then(|version| version.parse().ok());
    let known = mapping.upstream.clone().zip(debian);
    match known {
        Some((upstream, debian)) => bounded(
            requirement,
            mapping,
            field,
            &Known::archive(upstream, debian),
        ),
        None => as_is(mapping.package.to_string()),
    }
}

fn bounded(requirement: &Requirement, mapping: &Mapping, field: Field, known: &Known) -> Related {
    let translation = translated(requirement, &mapping.package, Some(known));
    let relations = match field {
        Field::BuildDepends => translation.relations.for_build(Some(&known.debian)),
        Field::Depends => translation.relations,
    };
    let satisfied = contains(&requirement.specifiers, &known.upstream);
    let unsatisfied = (!satisfied).then(|| {
        let (package, version) = (&mapping.package, &known.upstream);
        Finding::warning(
            "unsatisfied",
            format!("{package} has {version}, which `{requirement}` does not accept"),
        )
    });
    let findings = mapping.findings.iter().cloned();
    Related {
        relation: relations.to_string(),
        satisfied,
        findings: findings
            .chain(translation.findings)
            .chain(unsatisfied)
            .collect(),
    }
}

fn translated(requirement: &Requirement, package: &DebName, known: Option<&Known>) -> Translation {
    translate(package, &requirement.specifiers, known)
}

/// What a relation cannot say.
fn literal_findings(requirement: &Requirement) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(url) = &requirement.url {
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

fn widened(requirement: &Requirement, applies: Applies) -> Option<Finding> {
    (applies == Applies::Sometimes).then(|| {
        Finding::warning(
            "marker-widened",
            format!("`{requirement}` holds on some architectures or Pythons only; the relation is for all"),
        )
    })
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::archive::{Origin, Suite};
    use crate::mapping::{Basis, Evidence};

    fn target() -> Target {
        let suite = Suite::in_memory("trixie".parse().unwrap(), "3.13".parse().unwrap());
        Target::new(&suite, None)
    }

    fn has(upstream: &str, debian: &str) -> Answer {
        Answer::Mapped(Mapping {
            distribution: "foo".parse().unwrap(),
            package: "python3-foo".parse().unwrap(),
            package_version: Some(debian.to_owned()),
            dependency: None,
            upstream: Some(upstream.parse().unwrap()),
            basis: Basis::Metadata,
            evidence: Evidence::Archive {
                path: "foo.dist-info".to_owned(),
            },
            public: true,
            origin: Origin::Suite,
            others: Vec::new(),
            findings: Vec::new(),
        })
    }

    /// Relation, whether satisfied, and the findings' codes.
    #[track_caller]
    fn check(requirement: &str, answer: &Answer, expect: (&str, bool, &[&str])) {
        let requirement: Requirement = requirement.parse().unwrap();
        let related = relate(&requirement, answer, &target(), Field::Depends, "trixie");
        let codes: Vec<&str> = related.findings.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(
            (
                related.relation.as_str(),
                related.satisfied,
                codes.as_slice()
            ),
            expect
        );
    }

    #[test]
    fn whole_requirements() {
        let foo = has("1.5.0", "1.5.0-1");
        check("foo", &foo, ("python3-foo", true, &[]));
        check("foo>=1.2.0", &foo, ("python3-foo (>= 1.2.0)", true, &[]));
        check(
            "foo>=2.0.0",
            &foo,
            ("python3-foo (>= 2.0.0)", false, &["unsatisfied"]),
        );
        check(
            "foo[bar]",
            &foo,
            ("python3-foo", true, &["extras-not-followed"]),
        );
        check(
            "foo @ https://index.example/foo.zip",
            &foo,
            ("python3-foo", true, &["url-requirement"]),
        );
        check(
            "foo; python_version < '3'",
            &foo,
            ("", true, &["marker-false"]),
        );
        check(
            "foo; platform_machine == 'x86_64'",
            &foo,
            ("python3-foo", true, &["marker-widened"]),
        );
    }

    #[test]
    fn what_the_suite_lacks() {
        let nowhere = Answer::Missing {
            unstable: None,
            findings: Vec::new(),
        };
        check(
            "foo>=1.2",
            &nowhere,
            ("python3-foo (>= 1.2)", false, &["missing"]),
        );
        let ignored = Answer::Ignored(Evidence::Override {
            at: "o:1".to_owned(),
        });
        check("foo>=1.2", &ignored, ("", true, &["ignored"]));
    }

    #[test]
    fn build_dependencies_have_no_alternatives() {
        let requirement: Requirement = "foo!=1.2.0".parse().unwrap();
        let related = relate(
            &requirement,
            &has("1.5.0", "1.5.0-1"),
            &target(),
            Field::BuildDepends,
            "trixie",
        );
        assert_eq!(related.relation, "python3-foo (>= 1.2.0.0~~)");
    }
}
