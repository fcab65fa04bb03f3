//! From the distributions in a package to its relations.

use std::collections::{BTreeSet, VecDeque};

use pep440_rs::VersionSpecifiers;
use pydeps_core::archive::PathClass;
use pydeps_core::decision::{Choice, Decision};
use pydeps_core::finding::{Finding, Severity};
use pydeps_core::mapping::{Answer as Found, policy_name};
use pydeps_core::name::{DebName, DistName, ExtraName};
use pydeps_core::outcome::Distribution;
use pydeps_core::relate::{self, Related};
use pydeps_core::relation::contains;
use pydeps_core::requirement::Requirement;
use pydeps_core::target::{Applies, Target};
use pydeps_debhelper::control::Package;
use pydeps_host::built::BuiltDist;

use super::extras::Chosen;
use super::told::{relax, relax_own, unknown_extra, unknown_extras, way_out, widened};

/// A field that gets relations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Field {
    /// ${pydeps:Depends}: without it the package does not work.
    Depends,
    /// ${pydeps:Recommends}: what nearly everybody will want with it.
    Recommends,
    /// ${pydeps:Suggests}: what may be useful with it.
    Suggests,
}

impl Field {
    /// In the order in which a relation is looked for: what is needed is not recommended.
    pub(crate) const ALL: [Self; 3] = [Self::Depends, Self::Recommends, Self::Suggests];

    /// Its name in `debian/control`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Depends => "Depends",
            Self::Recommends => "Recommends",
            Self::Suggests => "Suggests",
        }
    }

    /// Its word in a configuration file.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Depends => "depends",
            Self::Recommends => "recommends",
            Self::Suggests => "suggests",
        }
    }

    /// The substvar.
    pub(crate) fn variable(self) -> String {
        format!("pydeps:{}", self.name())
    }
}

/// What is known around a package.
pub(crate) trait Around {
    /// The distributions in a package of this source package.
    fn tree(&self, package: &DebName) -> &[BuiltDist];
    /// Every binary package of this source package.
    fn packages(&self) -> &[Package];
    /// What was decided about a distribution.
    fn decision(&self, name: &DistName) -> Option<&Decision>;
    /// The name of the suite.
    fn suite(&self) -> &str;
    /// The Python that a package's requirements are judged for.
    fn target(&self, package: &Package) -> Target;
    /// A distribution in the lock.
    fn locked_distribution(&self, name: &DistName) -> Option<&Distribution>;
    /// What a distribution outside of this source package requires, with the marker of the
    /// extra or already chosen for it; `None` if that is not known.
    fn requirements_of_extra(&self, name: &DistName, extra: &ExtraName)
    -> Option<Vec<Requirement>>;
    /// The package that has a distribution.
    fn look_up(&self, name: &DistName) -> Found;
}

/// The other package of this source package that has a distribution: the one of the usual
/// name, else one in whose tree it is.
fn sibling<'a>(around: &'a dyn Around, name: &DistName, asker: &DebName) -> Option<&'a Package> {
    let usual = policy_name(name);
    let others = || {
        around
            .packages()
            .iter()
            .filter(|other| other.name != *asker)
    };
    let has = |other: &&Package| {
        let dists = around.tree(&other.name).iter();
        let mut public = dists.filter(|dist| dist.class != PathClass::Private);
        public.any(|dist| dist.name == *name)
    };
    let by_name = others().find(|other| Some(&other.name) == usual.as_ref());
    by_name.or_else(|| others().find(has))
}

/// The relations of a package.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Answer {
    relations: [BTreeSet<String>; 3],
    /// What was noticed. An error means that there is no answer.
    pub(crate) findings: Vec<Finding>,
}

impl Answer {
    pub(crate) fn of(&self, field: Field) -> &BTreeSet<String> {
        &self.relations[field as usize]
    }

    /// Adds a relation, clause by clause.
    pub(crate) fn add(&mut self, field: Field, relation: &str) {
        let clauses = relation.split(',').map(str::trim);
        let clauses = clauses.filter(|clause| !clause.is_empty());
        self.relations[field as usize].extend(clauses.map(str::to_owned));
    }
}

/// A requirement that somebody has.
struct Wanted {
    field: Field,
    requirement: Requirement,
    /// The directory of the distribution that has it.
    directory: String,
    /// Who has it, for messages.
    asker: String,
}

/// The work on one package.
struct Work<'a> {
    package: &'a Package,
    around: &'a dyn Around,
    target: Target,
    queue: VecDeque<Wanted>,
    /// Extras that were followed already.
    followed: BTreeSet<(DistName, ExtraName, Field)>,
    answer: Answer,
}

/// The relations of a package, with these extras followed.
pub(crate) fn package(package: &Package, around: &dyn Around, chosen: &Chosen) -> Answer {
    let dists = around.tree(&package.name);
    let answer = Answer {
        findings: unknown_extras(dists, chosen),
        ..Answer::default()
    };
    // To find out about Python takes longer than all the rest.
    if dists.is_empty() {
        return answer;
    }
    let mut work = Work {
        package,
        around,
        target: around.target(package),
        queue: VecDeque::new(),
        followed: BTreeSet::new(),
        answer,
    };
    for dist in dists {
        work.start(dist, chosen);
    }
    while let Some(wanted) = work.queue.pop_front() {
        work.one(&wanted);
    }
    work.finish()
}

impl Work<'_> {
    /// Puts the requirements of a distribution in the package on the queue.
    fn start(&mut self, dist: &BuiltDist, chosen: &Chosen) {
        self.answer.findings.extend(dist.findings.iter().cloned());
        if !self.target.admits(dist.requires_python.as_ref()) {
            let (wanted, has) = (dist.requires_python.as_ref(), self.target.python());
            let wanted = wanted.map(ToString::to_string).unwrap_or_default();
            let text = format!(
                "it requires Python {wanted}, and {} has {has}",
                self.around.suite()
            );
            let hint =
                "build it for another suite, or correct Requires-Python upstream or by a patch";
            self.answer.findings.push(
                Finding::error("python", text)
                    .with_origin(&dist.path)
                    .with_hint(hint),
            );
        }
        self.compare_with_lock(dist);
        self.follow(
            &dist.requires,
            &[],
            Field::Depends,
            (dist.directory(), &dist.path),
        );
        for field in Field::ALL {
            let extras: Vec<ExtraName> = chosen.of(&dist.name, field).into_iter().collect();
            let extras: Vec<ExtraName> = extras
                .into_iter()
                .filter(|e| dist.extras.contains(e))
                .collect();
            self.follow_extras(dist, &extras, field, &dist.path);
        }
    }

    /// What was built has to be what was locked.
    fn compare_with_lock(&mut self, dist: &BuiltDist) {
        let locked = self.around.locked_distribution(&dist.name);
        let locked = locked.and_then(|locked| locked.version.as_ref());
        let (Some(locked), Some(built)) = (locked, dist.version.as_ref()) else {
            return;
        };
        if locked != built {
            let text = format!("{} {built} was built, and {locked} is locked", dist.name);
            let hint =
                "resolve again: dh-pydeps resolve; or build the version in debian/pydeps.lock";
            let finding = Finding::error("not-as-locked", text).with_hint(hint);
            self.answer.findings.push(finding.with_origin(&dist.path));
        }
    }

    /// Follows extras of a distribution in this source package, each once.
    fn follow_extras(&mut self, dist: &BuiltDist, extras: &[ExtraName], field: Field, asker: &str) {
        let key = |extra: &ExtraName| (dist.name.clone(), extra.clone(), field);
        let new = |extra: &&ExtraName| self.followed.insert(key(extra));
        let extras: Vec<ExtraName> = extras.iter().filter(new).cloned().collect();
        if !extras.is_empty() {
            self.follow(&dist.requires, &extras, field, (dist.directory(), asker));
        }
    }

    /// The requirements that hold with these extras, and of those only the ones that do not
    /// hold without; all that hold where there are no extras. `place` is the directory of
    /// the distribution, and who asks.
    fn follow(
        &mut self,
        requires: &[Requirement],
        extras: &[ExtraName],
        field: Field,
        place: (&str, &str),
    ) {
        let (directory, asker) = place;
        for requirement in requires {
            let plainly = self.target.applies(&requirement.marker, &[]);
            let applies = match extras.is_empty() {
                true => plainly,
                false if plainly != Applies::Never => Applies::Never,
                false => self.target.applies(&requirement.marker, extras),
            };
            if applies == Applies::Never {
                continue;
            }
            if applies == Applies::Sometimes {
                self.answer
                    .findings
                    .push(widened(requirement).with_origin(asker));
            }
            self.queue.push_back(Wanted {
                field,
                requirement: requirement.clone().without_marker(),
                directory: directory.to_owned(),
                asker: asker.to_owned(),
            });
        }
    }

    fn one(&mut self, wanted: &Wanted) {
        let name = &wanted.requirement.name;
        if let Some(own) = self.own(wanted) {
            self.inside(wanted, &own);
        } else if let Some(decision) = self.left_out(name) {
            let text = format!("`{}` is left out ({})", wanted.requirement, decision.origin);
            self.note(wanted, Finding::info("decided", text));
        } else if let Some(sibling) = sibling(self.around, name, &self.package.name).cloned() {
            let relation = beside(self.package, &sibling);
            self.answer.add(wanted.field, &relation);
            self.extras_beside(wanted, &sibling.name);
        } else {
            self.outside(wanted);
        }
    }

    /// The copy that is found from where the requirement is: in the same directory, or in
    /// a public one of this package.
    fn own(&self, wanted: &Wanted) -> Option<BuiltDist> {
        let dists = self.around.tree(&self.package.name);
        let named = dists
            .iter()
            .filter(|dist| dist.name == wanted.requirement.name);
        let near = |dist: &&BuiltDist| {
            dist.class != PathClass::Private || dist.directory() == wanted.directory
        };
        named.into_iter().find(near).cloned()
    }

    fn left_out(&self, name: &DistName) -> Option<&Decision> {
        let decision = self.around.decision(name)?;
        matches!(decision.choice, Choice::Ignore | Choice::Bundle).then_some(decision)
    }

    /// What the package has itself needs no relation.
    fn inside(&mut self, wanted: &Wanted, own: &BuiltDist) {
        let decision = self.around.decision(&own.name);
        let any = decision.is_some_and(|d| matches!(d.choice, Choice::Relax | Choice::Ignore));
        let fits = |version| contains(&wanted.requirement.specifiers, version);
        let unfit = own
            .version
            .as_ref()
            .filter(|version| !any && !fits(version));
        if let Some(version) = unfit {
            let text = format!(
                "`{}` is not met by {} {version}, which is in the same package",
                wanted.requirement, own.name
            );
            self.note(
                wanted,
                Finding::error("unsatisfied", text).with_hint(relax_own(&own.name)),
            );
        }
        self.follow_extras(
            own,
            &wanted.requirement.extras,
            wanted.field,
            &format!("{}[extras]", own.path),
        );
    }

    /// What another package of the archive has.
    fn outside(&mut self, wanted: &Wanted) {
        let name = &wanted.requirement.name;
        let found = self.around.look_up(name);
        let decision = self.around.decision(name).map(|decision| decision.choice);
        let made = matches!(
            decision,
            Some(Choice::Generate | Choice::Backport | Choice::Replace)
        );
        let related = self.related(wanted, &found, decision);
        match &found {
            Found::Missing { unstable, .. } if !made => {
                let text = format!(
                    "`{}`: no Debian package is known for {name}",
                    wanted.requirement
                );
                let hint = way_out(name, unstable.as_ref().map(DebName::as_str));
                return self.note(wanted, Finding::error("missing", text).with_hint(hint));
            }
            Found::Mapped(mapping) if !mapping.public => {
                let text = format!(
                    "`{}`: {} keeps {name} for itself",
                    wanted.requirement, mapping.package
                );
                return self.note(
                    wanted,
                    Finding::error("missing", text).with_hint(way_out(name, None)),
                );
            }
            _ => {}
        }
        let unsatisfied = !related.satisfied && !made;
        for mut finding in related.findings {
            if finding.code == "missing" {
                continue;
            }
            if finding.code == "unsatisfied" && unsatisfied {
                finding.severity = Severity::Error;
                finding.hint = Some(relax(name));
            }
            self.note(wanted, finding);
        }
        self.answer.add(wanted.field, &related.relation);
        let complete = matches!(&found, Found::Ignored(_))
            || matches!(&found, Found::Mapped(m) if m.dependency.is_some());
        if !complete {
            self.extras_outside(wanted);
        }
    }

    fn related(&self, wanted: &Wanted, found: &Found, decision: Option<Choice>) -> Related {
        let mut plain = wanted.requirement.clone();
        plain.extras.clear();
        // Whatever its requirers say.
        if decision == Some(Choice::Relax) {
            plain.specifiers = VersionSpecifiers::empty();
        }
        relate::relate(
            &plain,
            found,
            &self.target,
            relate::Field::Depends,
            self.around.suite(),
        )
    }

    /// Follows the extras of a distribution in another package of this source package.
    fn extras_beside(&mut self, wanted: &Wanted, package: &DebName) {
        let extras = &wanted.requirement.extras;
        let dists = self.around.tree(package).iter();
        let dist = dists
            .into_iter()
            .find(|dist| dist.name == wanted.requirement.name)
            .cloned();
        match dist {
            Some(dist) => self.follow_extras(&dist, extras, wanted.field, &asker(wanted)),
            None if extras.is_empty() => {}
            None => self.note(wanted, unknown_extra(&wanted.requirement)),
        }
    }

    /// Follows the extras of a distribution that another source package has.
    fn extras_outside(&mut self, wanted: &Wanted) {
        let name = &wanted.requirement.name;
        for extra in &wanted.requirement.extras {
            if !self
                .followed
                .insert((name.clone(), extra.clone(), wanted.field))
            {
                continue;
            }
            match self.around.requirements_of_extra(name, extra) {
                None => self.note(wanted, unknown_extra(&wanted.requirement)),
                Some(requires) => {
                    let extras = std::slice::from_ref(extra);
                    self.follow(&requires, extras, wanted.field, ("", &asker(wanted)));
                }
            }
        }
    }

    fn note(&mut self, wanted: &Wanted, finding: Finding) {
        let origin = match &finding.origin {
            Some(origin) => format!("{}: {origin}", wanted.asker),
            None => wanted.asker.clone(),
        };
        self.answer.findings.push(finding.with_origin(origin));
    }

    /// What is needed is not recommended as well; each finding is told once.
    fn finish(mut self) -> Answer {
        let [depends, recommends, suggests] = &mut self.answer.relations;
        recommends.retain(|clause| !depends.contains(clause));
        suggests.retain(|clause| !depends.contains(clause) && !recommends.contains(clause));
        let mut seen = BTreeSet::new();
        self.answer
            .findings
            .retain(|finding| seen.insert(finding.clone()));
        self.answer
    }
}

fn asker(wanted: &Wanted) -> String {
    format!("{} for {}", wanted.asker, wanted.requirement)
}

/// The relation to another package of the same source package, in the version of this
/// build (Policy 3.5 and 4.9; dpkg-gencontrol(1) on binNMUs).
fn beside(asker: &Package, sibling: &Package) -> String {
    let name = &sibling.name;
    match (asker.is_indep(), sibling.is_indep()) {
        (_, true) => format!("{name} (= ${{source:Version}})"),
        (false, false) => format!("{name} (= ${{binary:Version}})"),
        (true, false) => format!("{name} (>= ${{source:Version}})"),
    }
}

#[cfg(test)]
mod tests;
