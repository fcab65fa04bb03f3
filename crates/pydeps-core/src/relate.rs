//! A whole requirement (PEP 508) as a Debian relation, for a target and what its suite
//! says of the distribution.

use crate::finding::Finding;
use crate::mapping::{Answer, Mapping, policy_name};
use crate::relation::{Known, contains, translate};
use crate::requirement::Requirement;
use crate::target::{Applies, Target};

/// The field of `debian/control` that a relation is for (Policy 7.2, 7.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Without it the package does not work.
    Depends,
    /// What nearly everybody will want with it.
    Recommends,
    /// What may be useful with it.
    Suggests,
    /// Of whose alternatives sbuild looks at the first only.
    BuildDepends,
}

impl Field {
    /// Those of binary packages, the strongest first.
    pub const BINARY: [Self; 3] = [Self::Depends, Self::Recommends, Self::Suggests];

    /// Its name in `debian/control`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Depends => "Depends",
            Self::Recommends => "Recommends",
            Self::Suggests => "Suggests",
            Self::BuildDepends => "Build-Depends",
        }
    }
}

/// One requirement's relation.
#[derive(Clone, Debug, PartialEq)]
pub struct Related {
    /// The relation; empty if the marker does not hold or the requirement is ignored.
    pub relation: String,
    /// Why the suite does not satisfy the requirement; `None` if it does.
    pub unsatisfied: Option<Finding>,
    /// What is lost, gained or guessed.
    pub findings: Vec<Finding>,
}

impl Related {
    fn new(relation: String, findings: Vec<Finding>) -> Self {
        Self {
            relation,
            unsatisfied: None,
            findings,
        }
    }

    /// Whether the suite satisfies the requirement.
    pub fn is_satisfied(&self) -> bool {
        self.unsatisfied.is_none()
    }

    /// All that was noticed.
    pub fn all_findings(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().chain(&self.unsatisfied)
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
        (Applies::Never, _) => {
            let text = format!("`{requirement}` does not hold on {suite}: there is no relation");
            let finding = Finding::warning("marker-false", text);
            Related::new(String::new(), vec![finding])
        }
        (_, Answer::Ignored(evidence)) => {
            let finding = Finding::info("ignored", evidence.describe());
            Related::new(String::new(), vec![finding])
        }
        (_, Answer::Missing { findings, .. }) => missing(requirement, suite, findings),
        (_, Answer::Mapped(mapping)) => to_mapping(requirement, mapping, field),
    };
    let findings = &mut related.findings;
    findings.extend(requirement.url.as_deref().map(url_finding));
    if !requirement.extras.is_empty() {
        let text = format!("what the extras of `{requirement}` require is not in the relation");
        let hint = format!("dh-pydeps resolve '{requirement}' follows them");
        findings.push(Finding::warning("extras-not-followed", text).with_hint(hint));
    }
    if applies == Applies::Sometimes {
        findings.push(widened(requirement));
    }
    related
}

/// A relation to the package that would probably have it.
fn missing(requirement: &Requirement, suite: &str, findings: &[Finding]) -> Related {
    let name = &requirement.name;
    let text =
        format!("{suite} has no {name}; the package's name is the one it would probably get");
    let finding = Finding::warning("missing", text).with_hint(format!("dh-pydeps resolve {name}"));
    let mut related = Related::new(String::new(), findings.to_vec());
    if let Some(package) = policy_name(name) {
        let translation = translate(&package, &requirement.specifiers, None);
        related.relation = translation.relations.to_string();
        related.findings.extend(translation.findings);
    }
    related.unsatisfied = Some(finding);
    related
}

/// A relation to the package that has a distribution. Marker, extras and URL of the
/// requirement do not count.
pub fn to_mapping(requirement: &Requirement, mapping: &Mapping, field: Field) -> Related {
    let mut related = Related::new(mapping.package.to_string(), mapping.findings.clone());
    if let Some(dependency) = &mapping.dependency {
        related.relation.clone_from(dependency);
        return related;
    }
    let version = mapping.package_version.as_ref();
    let debian = version.and_then(|version| version.parse().ok());
    if let Some((upstream, debian)) = mapping.upstream.clone().zip(debian) {
        bound(
            &mut related,
            requirement,
            mapping,
            field,
            &Known::archive(upstream, debian),
        );
    }
    related
}

fn bound(
    related: &mut Related,
    requirement: &Requirement,
    mapping: &Mapping,
    field: Field,
    known: &Known,
) {
    let translation = translate(&mapping.package, &requirement.specifiers, Some(known));
    related.relation = match field {
        Field::BuildDepends => translation
            .relations
            .for_build(Some(&known.debian))
            .to_string(),
        _ => translation.relations.to_string(),
    };
    related.findings.extend(translation.findings);
    if !contains(&requirement.specifiers, &known.upstream) {
        let (package, version) = (&mapping.package, &known.upstream);
        let text = format!("{package} has {version}, which `{requirement}` does not accept");
        related.unsatisfied = Some(Finding::warning("unsatisfied", text));
    }
}

/// A relation cannot say where a version has to come from.
pub fn url_finding(url: &str) -> Finding {
    let text = format!("a relation cannot name a URL ({url}): it is for any version");
    Finding::warning("url-requirement", text)
}

/// A relation has no conditions (Policy 7.1, but for architectures in source packages).
pub fn widened(requirement: &Requirement) -> Finding {
    let text = format!(
        "`{requirement}` holds on some architectures, kernels or Pythons only; the relation is for all"
    );
    Finding::warning("marker-widened", text)
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
        let codes: Vec<&str> = related.all_findings().map(|f| f.code.as_str()).collect();
        assert_eq!(
            (
                related.relation.as_str(),
                related.is_satisfied(),
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
