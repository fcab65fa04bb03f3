//! Walks from requirement to requirement, as long as extras add some.

use std::collections::{BTreeSet, VecDeque};

use pep440_rs::Version;

use super::{
    Dependencies, Generated, PackagedDist, Planned, Problem, Requirements, Scope, Sibling, simplify,
};
use crate::decision::{Choice, Decision};
use crate::finding::{Finding, Severity};
use crate::mapping::Answer;
use crate::name::{DistName, ExtraName};
use crate::relate::{self, Field, Related};
use crate::relation::{Known, contains, translate};
use crate::requirement::Requirement;
use crate::target::Applies;

/// A requirement that holds.
struct Wanted {
    field: Field,
    requirement: Requirement,
    /// The directory of the distribution that has it.
    directory: String,
    /// Who has it, for messages.
    asker: String,
}

/// Collects the dependencies of one package.
pub struct Collector<'a> {
    scope: Scope<'a>,
    queue: VecDeque<Wanted>,
    /// Extras that were followed already.
    followed: BTreeSet<(DistName, ExtraName, Field)>,
    answer: Dependencies,
}

impl<'a> Collector<'a> {
    /// Nothing is required yet.
    pub fn new(scope: Scope<'a>) -> Self {
        Self {
            scope,
            queue: VecDeque::new(),
            followed: BTreeSet::new(),
            answer: Dependencies::default(),
        }
    }

    /// Takes the requirements that hold without any extra. `directory` is where the
    /// distribution is that has them, and `asker` names it in messages; where it is empty,
    /// the requirement speaks for itself.
    pub fn require(
        &mut self,
        requires: &[Requirement],
        field: Field,
        directory: &str,
        asker: &str,
    ) {
        for requirement in requires {
            let applies = self.scope.target.applies(&requirement.marker, &[]);
            self.push(requirement, applies, field, directory, asker);
        }
    }

    /// Takes the requirements that hold with extras of a distribution and not without, each
    /// extra once.
    pub fn require_extras(
        &mut self,
        name: &DistName,
        dist: PackagedDist<'_>,
        extras: &[ExtraName],
        field: Field,
        asker: &str,
    ) {
        let extras = self.unfollowed(name, extras, field);
        self.follow(dist.requires, &extras, field, dist.directory, asker);
    }

    /// The dependencies of all that was required.
    pub fn finish(mut self) -> Dependencies {
        while let Some(wanted) = self.queue.pop_front() {
            self.collect(&wanted);
        }
        let relations = &mut self.answer.relations;
        relations.values_mut().for_each(simplify);
        // What is needed is not recommended as well.
        let mut stronger = relations.get(&Field::Depends).cloned().unwrap_or_default();
        for field in [Field::Recommends, Field::Suggests] {
            let weaker = relations.entry(field).or_default();
            weaker.retain(|clause| !stronger.contains(clause));
            stronger.extend(weaker.iter().cloned());
        }
        let mut seen = BTreeSet::new();
        let findings = &mut self.answer.findings;
        findings.retain(|finding| seen.insert(finding.clone()));
        self.answer
    }

    fn unfollowed(
        &mut self,
        name: &DistName,
        extras: &[ExtraName],
        field: Field,
    ) -> Vec<ExtraName> {
        let mut new = extras.to_vec();
        new.retain(|extra| self.followed.insert((name.clone(), extra.clone(), field)));
        new
    }

    fn follow(
        &mut self,
        requires: &[Requirement],
        extras: &[ExtraName],
        field: Field,
        directory: &str,
        asker: &str,
    ) {
        if extras.is_empty() {
            return;
        }
        let target = self.scope.target;
        for requirement in requires {
            if target.applies(&requirement.marker, &[]) == Applies::Never {
                let applies = target.applies(&requirement.marker, extras);
                self.push(requirement, applies, field, directory, asker);
            }
        }
    }

    fn push(
        &mut self,
        requirement: &Requirement,
        applies: Applies,
        field: Field,
        directory: &str,
        asker: &str,
    ) {
        if applies == Applies::Never {
            return;
        }
        let widened = (applies == Applies::Sometimes).then(|| relate::widened(requirement));
        let wanted = Wanted {
            field,
            requirement: requirement.clone().without_marker(),
            directory: directory.to_owned(),
            asker: asker.to_owned(),
        };
        if let Some(finding) = widened {
            self.note(&wanted, finding);
        }
        self.queue.push_back(wanted);
    }

    /// Asks who has a distribution, in the order that the module states.
    fn collect(&mut self, wanted: &Wanted) {
        let (lookup, name) = (self.scope.lookup, &wanted.requirement.name);
        let decision = lookup.decision(name);
        if let Some(own) = lookup.own(name, &wanted.directory) {
            return self.inside(wanted, own, decision);
        }
        let is_left_out = |one: &&Decision| matches!(one.choice, Choice::Ignore | Choice::Bundle);
        if let Some(decision) = decision.filter(is_left_out) {
            let text = format!("`{}` is left out ({})", wanted.requirement, decision.origin);
            return self.note(wanted, Finding::info("decided", text));
        }
        if let Some(sibling) = lookup.sibling(name) {
            return self.beside(wanted, &sibling);
        }
        let is_relaxed = decision.is_some_and(|one| one.choice == Choice::Relax);
        let answer =
            (lookup.overridden(name)).or_else(|| lookup.installed(name).map(Answer::Mapped));
        if let Some(answer) = answer {
            return self.outside(wanted, answer, is_relaxed);
        }
        match lookup.planned(name) {
            Some(Planned::Generated(generated)) => self.generated(wanted, &generated, is_relaxed),
            Some(Planned::Mapped(mapping)) => {
                self.outside(wanted, Answer::Mapped(mapping), is_relaxed);
            }
            None => self.outside(wanted, lookup.archived(name), is_relaxed),
        }
    }

    /// What the package has itself needs no relation.
    fn inside(&mut self, wanted: &Wanted, own: PackagedDist<'_>, decision: Option<&Decision>) {
        let Requirement {
            name,
            specifiers,
            extras,
            ..
        } = &wanted.requirement;
        let is_any = decision.is_some_and(|d| matches!(d.choice, Choice::Relax | Choice::Ignore));
        let unfit = |version: &&Version| !is_any && !contains(specifiers, version);
        if let Some(version) = own.version.filter(unfit) {
            let text = format!(
                "`{}` is not met by {name} {version}, which is in the same package",
                wanted.requirement
            );
            let finding = Finding::error("unsatisfied", text);
            self.note_problem(wanted, finding, Problem::OwnUnsatisfied);
        }
        let asker = match own.path {
            "" => format!("{name}[extras]"),
            path => format!("{path}[extras]"),
        };
        self.require_extras(name, own, extras, wanted.field, &asker);
    }

    /// Another package of the same source package is needed in the version of this build.
    fn beside(&mut self, wanted: &Wanted, sibling: &Sibling<'_>) {
        let Requirement { name, extras, .. } = &wanted.requirement;
        self.answer.add(wanted.field, &sibling.relation);
        match sibling.dist {
            Some(dist) => {
                self.require_extras(name, dist, extras, wanted.field, &wanted.asker_of_extras());
            }
            None if extras.is_empty() => {}
            None => self.unknown_extras(wanted, None),
        }
    }

    fn generated(&mut self, wanted: &Wanted, generated: &Generated, is_relaxed: bool) {
        let plain = self.plain(wanted, is_relaxed);
        let known = generated.version.clone();
        let known = known.map(|version| Known::generated_above(version, generated.epoch.into()));
        let translation = translate(&generated.package, &plain.specifiers, known.as_ref());
        let relations = match wanted.field {
            Field::BuildDepends => {
                (translation.relations).for_build(known.as_ref().map(|k| &k.debian))
            }
            _ => translation.relations,
        };
        self.relate(
            wanted,
            Related {
                relation: relations.to_string(),
                unsatisfied: None,
                findings: translation.findings,
            },
        );
        self.findings_of_generated(wanted, generated);
        self.extras_outside(wanted, generated.version.as_ref());
    }

    fn findings_of_generated(&mut self, wanted: &Wanted, generated: &Generated) {
        let Requirement { name, .. } = &wanted.requirement;
        let (package, suite) = (&generated.package, self.scope.suite);
        if generated.missing {
            let text = format!(
                "`{}`: {suite} has no {name}; the package depends on {package}, which has to be \
                 packaged as well",
                wanted.requirement
            );
            let hint = format!(
                "dh-pydeps generate {name}, or --missing; dh-pydeps resolve shows the whole tree"
            );
            self.note(
                wanted,
                Finding::warning("not-packaged", text).with_hint(hint),
            );
        }
        if generated.guessed {
            let text = format!(
                "the package of {name} is taken to be {package}, as its source was not looked into"
            );
            self.note(wanted, Finding::warning("name-guessed", text));
        }
    }

    /// What a package of the archive has, if one has it.
    fn outside(&mut self, wanted: &Wanted, answer: Answer, is_relaxed: bool) {
        let name = &wanted.requirement.name;
        let mapping = match answer {
            Answer::Mapped(mapping) => mapping,
            Answer::Ignored(evidence) => {
                let text = format!(
                    "`{}` is left out: {}",
                    wanted.requirement,
                    evidence.describe()
                );
                return self.note(wanted, Finding::info("ignored", text));
            }
            Answer::Missing { unstable, findings } => {
                findings
                    .into_iter()
                    .for_each(|finding| self.note(wanted, finding));
                let text = format!(
                    "`{}`: {} has no {name}, and nothing says that it is to be generated",
                    wanted.requirement, self.scope.suite
                );
                let problem = Problem::Missing(unstable.as_ref());
                return self.note_problem(wanted, Finding::error("missing", text), problem);
            }
        };
        if !mapping.public {
            let (package, requirement) = (&mapping.package, &wanted.requirement);
            let text = format!("`{requirement}`: {package} keeps {name} for itself");
            return self.note_problem(wanted, Finding::error("missing", text), Problem::Private);
        }
        let plain = self.plain(wanted, is_relaxed);
        self.relate(wanted, relate::to_mapping(&plain, &mapping, wanted.field));
        // A dependency that an override gives is the whole.
        if mapping.dependency.is_none() {
            self.extras_outside(wanted, mapping.upstream.as_ref());
        }
    }

    /// The requirement without extras, which are followed, and without bounds that do not count.
    fn plain(&mut self, wanted: &Wanted, is_relaxed: bool) -> Requirement {
        let mut plain = wanted.requirement.clone();
        plain.extras.clear();
        if is_relaxed && !plain.is_unbounded() {
            plain.drop_bounds();
            let text = format!(
                "`{}`: its bounds are left out, as was decided",
                wanted.requirement
            );
            self.note(wanted, Finding::info("relaxed", text));
        }
        plain
    }

    fn relate(&mut self, wanted: &Wanted, related: Related) {
        self.answer.add(wanted.field, &related.relation);
        related
            .findings
            .into_iter()
            .for_each(|finding| self.note(wanted, finding));
        if let Some(mut finding) = related.unsatisfied {
            finding.severity = Severity::Error;
            self.note_problem(wanted, finding, Problem::Unsatisfied);
        }
        if let Some(url) = &wanted.requirement.url {
            self.note(wanted, relate::url_finding(url));
        }
    }

    /// Follows the extras of a distribution that another source package has.
    fn extras_outside(&mut self, wanted: &Wanted, version: Option<&Version>) {
        let Requirement { name, extras, .. } = &wanted.requirement;
        let extras = self.unfollowed(name, extras, wanted.field);
        if extras.is_empty() {
            return;
        }
        match self.scope.lookup.requirements(name, version, &extras) {
            Requirements::Known(requires) => {
                self.follow(
                    &requires,
                    &extras,
                    wanted.field,
                    "",
                    &wanted.asker_of_extras(),
                );
            }
            Requirements::Unknown => self.unknown_extras(wanted, None),
            Requirements::Failed(why) => self.unknown_extras(wanted, Some(&why)),
            Requirements::Unread => {
                let release = version.map(|version| (name.clone(), version.clone()));
                self.answer.unread.extend(release);
                self.unknown_extras(wanted, None);
            }
        }
    }

    fn unknown_extras(&mut self, wanted: &Wanted, why: Option<&str>) {
        let mut text = format!(
            "what the extras of `{}` require is not known",
            wanted.requirement
        );
        if let Some(why) = why {
            text = format!("{text}: {why}");
        }
        let finding = Finding::error("extras-unknown", text);
        self.note_problem(wanted, finding, Problem::ExtrasUnknown);
    }

    fn note_problem(&mut self, wanted: &Wanted, finding: Finding, problem: Problem<'_>) {
        let hint = self.scope.lookup.hint(problem, &wanted.requirement);
        self.note(wanted, finding.with_hint(hint));
    }

    fn note(&mut self, wanted: &Wanted, finding: Finding) {
        let origin = match (&finding.origin, wanted.asker.as_str()) {
            (Some(origin), "") => origin.clone(),
            (None, "") => wanted.requirement.to_string(),
            (Some(origin), asker) => format!("{asker}: {origin}"),
            (None, asker) => asker.to_owned(),
        };
        self.answer.findings.push(finding.with_origin(origin));
    }
}

impl Wanted {
    /// Who has the requirements of its extras.
    fn asker_of_extras(&self) -> String {
        match self.asker.as_str() {
            "" => self.requirement.to_string(),
            asker => format!("{asker} for {}", self.requirement),
        }
    }
}
