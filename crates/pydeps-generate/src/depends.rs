//! What a package needs at run time: every requirement that holds for the suite, with
//! every bound, as relations. They are written out, as dh_python3 loses bounds, third
//! clauses, epochs, compound markers and extras; what it finds, too, dpkg-gencontrol folds
//! into them.

use std::collections::BTreeSet;

use pep440_rs::Version;
use pydeps_core::deb_version::DebVersion;
use pydeps_core::finding::Finding;
use pydeps_core::mapping::Answer;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::relate::{Field, Related, relate};
use pydeps_core::relation::{Known, translate};
use pydeps_core::requirement::Requirement;
use pydeps_core::target::{Applies, Target};

use crate::facts::{ArchiveQueries, Generated};

/// How deep extras may ask for extras.
const MAX_DEPTH: usize = 8;

/// What relations are made for.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The archive and what is to be generated.
    pub archive: &'a dyn ArchiveQueries,
    /// The suite's Python.
    pub target: &'a Target,
    /// The suite's name.
    pub suite: &'a str,
    /// Distributions whose bounds do not count, by a person's decision.
    pub relaxed: &'a BTreeSet<DistName>,
}

/// Relations and what was noticed on the way to them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Needs {
    /// The relations, each an entry of a list.
    pub relations: Vec<String>,
    /// What was noticed. Errors say what the suite does not satisfy.
    pub findings: Vec<Finding>,
}

impl Needs {
    /// Takes what others need as well.
    pub(crate) fn extend(&mut self, more: Self) {
        self.relate(&more);
        self.findings.extend(more.findings);
    }

    /// Takes the relations of others, without what is said of them.
    pub(crate) fn relate(&mut self, more: &Self) {
        self.relations.extend(more.relations.iter().cloned());
        drop_bare(&mut self.relations);
    }

    /// Takes what one thing needs as well, in the order in which it was found.
    pub(crate) fn append(&mut self, more: Self) {
        more.relations
            .iter()
            .for_each(|relation| self.add(relation));
        self.findings.extend(more.findings);
    }

    /// Whether it has all the relations of another one.
    pub(crate) fn has(&self, other: &Self) -> bool {
        let known = |relation| self.relations.contains(relation);
        other.relations.iter().all(known)
    }

    /// Adds the relations of a list that are not there yet.
    pub(crate) fn add(&mut self, relation: &str) {
        for part in relation.split(", ").filter(|part| !part.is_empty()) {
            if !self.relations.iter().any(|known| known == part) {
                self.relations.push(part.to_owned());
            }
        }
    }
}

/// The relations of requirements, extras of others followed.
pub fn needs(requires: &[Requirement], field: Field, context: &Context<'_>) -> Needs {
    let mut needs = Needs::default();
    let mut open: Vec<(Requirement, usize)> = requires.iter().cloned().map(|r| (r, 0)).collect();
    open.reverse();
    while let Some((requirement, depth)) = open.pop() {
        if context.target.applies(&requirement.marker, &[]) == Applies::Never {
            continue;
        }
        one(&requirement, field, context, &mut needs);
        if depth < MAX_DEPTH {
            let more = of_extras(&requirement, context, &mut needs);
            open.extend(more.into_iter().map(|requirement| (requirement, depth + 1)));
        }
    }
    drop_bare(&mut needs.relations);
    needs
}

fn one(requirement: &Requirement, field: Field, context: &Context<'_>, needs: &mut Needs) {
    let relaxed = context.relaxed.contains(&requirement.name);
    let mut asked = requirement.clone();
    // Extras are followed beside.
    asked.extras.clear();
    if relaxed {
        asked.drop_bounds();
        needs.findings.push(relaxed_finding(requirement));
    }
    let name = &requirement.name;
    match (
        context.archive.generated(name),
        context.archive.answer(name),
    ) {
        (Some(generated), _) => by_generated(&asked, &generated, context, needs),
        (None, Answer::Missing { .. }) => needs.findings.push(missing(requirement, context)),
        (None, answer) => {
            let related = relate(&asked, &answer, context.target, field, context.suite);
            take(&asked, related, context, needs);
        }
    }
}

fn take(requirement: &Requirement, related: Related, context: &Context<'_>, needs: &mut Needs) {
    needs.add(&related.relation);
    if !related.is_satisfied() {
        needs
            .findings
            .push(unsatisfied(requirement, &related, context));
        return;
    }
    let told = related.findings.into_iter();
    let told = told.filter(|finding| finding.code != "marker-false");
    needs
        .findings
        .extend(told.map(|finding| match finding.origin {
            None => finding.with_origin(requirement.to_string()),
            Some(_) => finding,
        }));
}

fn by_generated(
    requirement: &Requirement,
    generated: &Generated,
    context: &Context<'_>,
    needs: &mut Needs,
) {
    let epoch = epoch(generated.package.as_str(), context.archive);
    let known = generated.version.clone();
    let known = known.map(|version| Known::generated_above(version, epoch));
    let translation = translate(&generated.package, &requirement.specifiers, known.as_ref());
    needs.add(&translation.relations.to_string());
    needs.findings.extend(translation.findings);
    if generated.missing {
        let (name, package) = (&requirement.name, &generated.package);
        let message = format!(
            "`{requirement}`: {} has no {name}; the package depends on {package}, which has to be \
             packaged as well",
            context.suite
        );
        let hint = format!(
            "dh-pydeps generate {name}, or --missing; dh-pydeps resolve shows the whole tree"
        );
        let finding = Finding::warning("not-packaged", message).with_hint(hint);
        needs.findings.push(finding);
    }
    if generated.guessed {
        let message = format!(
            "the package of {} is taken to be {}, as its source was not looked into",
            requirement.name, generated.package
        );
        needs
            .findings
            .push(Finding::warning("name-guessed", message));
    }
}

/// The Debian epoch of the package whose place a generated one takes; 0 if it has none.
pub(crate) fn epoch(package: &str, archive: &dyn ArchiveQueries) -> u64 {
    let version = archive.version(package);
    let epoch = version.and_then(|version| version.split_once(':')?.0.parse().ok());
    epoch.unwrap_or(0)
}

/// What a requirement's extras ask for, of the version that there will be.
fn of_extras(
    requirement: &Requirement,
    context: &Context<'_>,
    needs: &mut Needs,
) -> Vec<Requirement> {
    if requirement.extras.is_empty() {
        return Vec::new();
    }
    let name = &requirement.name;
    let Some(version) = version_of(name, context.archive) else {
        let message = format!("what the extras of `{requirement}` require is not known");
        needs
            .findings
            .push(Finding::warning("extras-unknown", message));
        return Vec::new();
    };
    let all = context
        .archive
        .extra_requires(name, &version, &requirement.extras);
    let of_extra = |one: &Requirement| {
        let with = context.target.applies(&one.marker, &requirement.extras);
        let without = context.target.applies(&one.marker, &[]);
        with != Applies::Never && without == Applies::Never
    };
    let added = all.into_iter().filter(of_extra);
    added.map(Requirement::without_marker).collect()
}

fn version_of(name: &DistName, archive: &dyn ArchiveQueries) -> Option<Version> {
    if let Some(generated) = archive.generated(name) {
        return generated.version;
    }
    match archive.answer(name) {
        Answer::Mapped(mapping) => mapping.upstream,
        Answer::Ignored(_) | Answer::Missing { .. } => None,
    }
}

/// A bare name says nothing beside a bound on the same package.
fn drop_bare(relations: &mut Vec<String>) {
    let bounded: BTreeSet<String> = relations
        .iter()
        .filter(|relation| !relation.contains('|'))
        .filter_map(|relation| Some(relation.split_once(" (")?.0.to_owned()))
        .collect();
    relations.retain(|relation| !bounded.contains(relation));
    let weaker: BTreeSet<String> = relations
        .iter()
        .filter(|one| relations.iter().any(|other| is_weaker(one, other)))
        .cloned()
        .collect();
    relations.retain(|relation| !weaker.contains(relation));
    relations.sort();
}

/// Whether a lower bound says less than another one on the same package.
fn is_weaker(one: &str, other: &str) -> bool {
    let bound = |relation: &'_ str| -> Option<(String, DebVersion)> {
        let (package, bound) = relation.strip_suffix(')')?.split_once(" (>= ")?;
        let plain = !relation.contains('|');
        plain.then_some((package.to_owned(), bound.parse().ok()?))
    };
    match (bound(one), bound(other)) {
        (Some((a, low)), Some((b, high))) => a == b && low < high,
        _ => false,
    }
}

/// What the package's own extras would take, as far as the suite has it, for `Suggests`.
pub fn suggestions(
    requires: &[Requirement],
    extras: &[ExtraName],
    depends: &[String],
    context: &Context<'_>,
) -> Vec<String> {
    let users: Vec<ExtraName> = extras
        .iter()
        .filter(|e| !is_for_developers(e))
        .cloned()
        .collect();
    let of_extra = |one: &&Requirement| {
        context.target.applies(&one.marker, &[]) == Applies::Never
            && context.target.applies(&one.marker, &users) != Applies::Never
    };
    let package = |one: &Requirement| match context.archive.answer(&one.name) {
        Answer::Mapped(mapping) if mapping.dependency.is_none() => {
            Some(mapping.package.to_string())
        }
        _ => None,
    };
    let needed = |package: &String| {
        depends
            .iter()
            .any(|relation| relation.split(' ').next() == Some(package.as_str()))
    };
    let named: BTreeSet<String> = requires
        .iter()
        .filter(of_extra)
        .filter_map(package)
        .collect();
    named
        .into_iter()
        .filter(|package| !needed(package))
        .collect()
}

/// Whether an extra is of those who work on the project.
pub fn is_for_developers(extra: &ExtraName) -> bool {
    let name: &str = extra.as_ref();
    let parts = [
        "test", "dev", "doc", "sphinx", "lint", "typing", "mypy", "bench", "build", "release",
        "ci", "qa",
    ];
    let whole = [
        "all",
        "tox",
        "style",
        "types",
        "check",
        "format",
        "coverage",
        "cover",
        "full",
        "flake8",
        "pylint",
        "black",
        "isort",
        "ruff",
        "codecov",
        "pre-commit",
        "precommit",
        "pytest",
        "nox",
        "windows",
        "win32",
        "macos",
        "darwin",
    ];
    whole.contains(&name)
        || parts
            .iter()
            .any(|part| name.starts_with(part) || name.ends_with(part))
}

fn missing(requirement: &Requirement, context: &Context<'_>) -> Finding {
    let name = &requirement.name;
    let message = format!(
        "`{requirement}`: {} has no {name}, and nothing says that it is to be generated",
        context.suite
    );
    Finding::error("missing", message).with_hint(format!("dh-pydeps resolve {name}"))
}

fn unsatisfied(requirement: &Requirement, related: &Related, context: &Context<'_>) -> Finding {
    let message = match &related.unsatisfied {
        Some(told) => told.message.clone(),
        None => format!("{} does not satisfy `{requirement}`", context.suite),
    };
    let name = &requirement.name;
    Finding::error("unsatisfied", message).with_hint(format!(
        "dh-pydeps resolve says what can be done; --relax {name} leaves the bound out"
    ))
}

fn relaxed_finding(requirement: &Requirement) -> Finding {
    let message = format!("`{requirement}`: its bounds are left out, as was decided");
    Finding::warning("relaxed", message)
}

/// Whether dh_python3 would turn requirements into dependencies that do not hold for the
/// suite: it does not know markers of other implementations and machines, and keeps those
/// of Pythons after 3.9 as alternatives (dh-python, pydist.py).
pub fn confuses_dh_python(requires: &[Requirement], target: &Target) -> bool {
    let kept = [
        "implementation_name",
        "platform_python_implementation",
        "platform_machine",
        "!=",
        "'3.1",
    ];
    requires.iter().any(|one| {
        let marker = one.marker.to_string();
        target.applies(&one.marker, &[]) == Applies::Never
            && !marker.contains("extra ==")
            && kept.iter().any(|word| marker.contains(word))
    })
}
