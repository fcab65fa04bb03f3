//! Files that another package of the suite ships as well: dpkg unpacks no two packages with
//! a file of one name.
//!
//! A program gets another name (Policy 10.1), or is left out where the package depends on
//! the one that has it already. A module cannot be called otherwise: the packages conflict
//! (Policy 7.4), which is impossible where one depends on the other.

use std::collections::BTreeSet;

use pydeps_core::finding::Finding;
use pydeps_core::name::{DebName, DistName};

/// Who else is there.
pub struct Others<'a> {
    /// The packages that ship a program of this name in `PATH`.
    pub programs: &'a dyn Fn(&str) -> Vec<DebName>,
    /// The packages that ship this module among the public ones.
    pub modules: &'a dyn Fn(&str) -> Vec<DebName>,
    /// Whether a package holds the same distribution: this one takes its place.
    pub is_predecessor: &'a dyn Fn(&DebName) -> bool,
    /// All that is installed with the package, as it depends on it.
    pub closure: &'a BTreeSet<DebName>,
}

/// A program that cannot be installed as it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamed {
    /// Its name.
    pub name: String,
    /// What it is called instead; nothing where it is left out.
    pub becomes: Option<String>,
}

/// What is done about files of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Clashes {
    /// Programs that have another name, or none.
    pub renamed: Vec<Renamed>,
    /// Packages with the same modules: `Conflicts`.
    pub conflicts: BTreeSet<DebName>,
    /// Packages with the same distribution, whose place this one takes: `Replaces`.
    pub replaces: BTreeSet<DebName>,
    /// What was noticed. An error says that it cannot be installed with what it needs.
    pub findings: Vec<Finding>,
}

impl Clashes {
    /// The names under which programs are installed.
    pub fn installed(&self, programs: &[String]) -> Vec<String> {
        let name = |program: &String| match self.of(program) {
            Some(renamed) => renamed.becomes.clone(),
            None => Some(program.clone()),
        };
        programs.iter().filter_map(name).collect()
    }

    /// What becomes of a program, if it does not stay.
    pub fn of(&self, program: &str) -> Option<&Renamed> {
        self.renamed.iter().find(|one| one.name == program)
    }
}

/// What to do about the programs and modules of a package.
pub fn find(
    own: &DebName,
    distribution: &DistName,
    programs: &[String],
    modules: &[String],
    others: &Others<'_>,
) -> Clashes {
    let mut clashes = Clashes::default();
    for module in modules {
        for owner in strangers(own, (others.modules)(module)) {
            clashes.module(module, owner, others);
        }
    }
    for program in programs {
        let owners = strangers(own, (others.programs)(program));
        // What conflicts is not there at the same time.
        let mut owners = owners.filter(|owner| !clashes.conflicts.contains(owner));
        let Some(owner) = owners.next() else {
            continue;
        };
        if (others.is_predecessor)(&owner) {
            clashes.conflicts.insert(owner.clone());
            clashes.replaces.insert(owner);
            continue;
        }
        let becomes = match others.closure.contains(&owner) {
            true => None,
            false => free_name(program, distribution, programs, others),
        };
        let finding = taken(program, &owner, becomes.as_deref(), others);
        clashes.findings.push(finding);
        clashes.renamed.push(Renamed {
            name: program.clone(),
            becomes,
        });
    }
    clashes
}

fn strangers(own: &DebName, owners: Vec<DebName>) -> impl Iterator<Item = DebName> {
    owners.into_iter().filter(move |owner| owner != own)
}

impl Clashes {
    fn module(&mut self, module: &str, owner: DebName, others: &Others<'_>) {
        if (others.is_predecessor)(&owner) {
            self.replaces.insert(owner.clone());
        } else if others.closure.contains(&owner) {
            let message = format!(
                "{owner}, which it depends on, has a module {module} as well: dpkg does not \
                 install the two together"
            );
            let hint = "take a release that does without the one or the other, or ask upstream";
            return self
                .findings
                .push(Finding::error("module-taken", message).with_hint(hint));
        } else if !self.conflicts.contains(&owner) {
            let message = format!(
                "{owner} has a module {module} as well; the packages conflict, so that only one \
                 is installed"
            );
            self.findings
                .push(Finding::warning("module-taken", message));
        }
        self.conflicts.insert(owner);
    }
}

/// A name that nobody has: the distribution's, or one that says whose program it is.
fn free_name(
    program: &str,
    distribution: &DistName,
    programs: &[String],
    others: &Others<'_>,
) -> Option<String> {
    let names = [distribution.to_string(), format!("python3-{program}")];
    let is_free = |name: &String| !programs.contains(name) && (others.programs)(name).is_empty();
    names.into_iter().find(is_free)
}

fn taken(program: &str, owner: &DebName, becomes: Option<&str>, others: &Others<'_>) -> Finding {
    let needed = others.closure.contains(owner);
    let message = match becomes {
        Some(name) => {
            format!("{owner} has a program {program} already; this one is installed as {name}")
        }
        None if needed => format!(
            "the program {program} is left out: {owner}, which the package depends on, has one \
             of that name already"
        ),
        None => format!("the program {program} is left out: {owner} has one of that name already"),
    };
    Finding::warning("program-taken", message).with_hint(
        "policy 10.1 wants different programs to have different names; debian/rules has the \
         command, and what you make of it there stays",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<DebName> {
        names.iter().map(|name| name.parse().unwrap()).collect()
    }

    /// Of `python3-foo-cli` with these programs and modules, what becomes of the programs,
    /// then `Conflicts`, then the findings.
    #[track_caller]
    fn check(programs: &[&str], modules: &[&str], expect: &[&str]) {
        let closure = BTreeSet::from_iter(names(&["python3-needed"]));
        let others = Others {
            programs: &|name| match name {
                "foo" => names(&["python3-foo"]),
                "bar" => names(&["python3-needed"]),
                "own" => names(&["python3-foo-cli"]),
                "old" => names(&["foo-cli-old"]),
                _ => Vec::new(),
            },
            modules: &|name| match name {
                "other" => names(&["python3-other"]),
                "needed" => names(&["python3-needed"]),
                "old" => names(&["foo-cli-old"]),
                _ => Vec::new(),
            },
            is_predecessor: &|name| name.as_str() == "foo-cli-old",
            closure: &closure,
        };
        let owned = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
        let (own, name) = (
            "python3-foo-cli".parse().unwrap(),
            "foo-cli".parse().unwrap(),
        );
        let programs = owned(programs);
        let found = find(&own, &name, &programs, &owned(modules), &others);
        let mut got = found.installed(&programs);
        got.extend(found.conflicts.iter().map(|name| format!("! {name}")));
        got.extend(found.replaces.iter().map(|name| format!("> {name}")));
        let codes = found.findings.iter();
        got.extend(codes.map(|one| format!("{:?} {}", one.severity, one.code)));
        assert_eq!(got, expect);
    }

    #[test]
    fn programs() {
        check(&["mine", "own"], &[], &["mine", "own"]);
        check(&["foo"], &[], &["foo-cli", "Warning program-taken"]);
        let both = ["python3-foo", "foo-cli", "Warning program-taken"];
        check(&["foo", "foo-cli"], &[], &both);
        check(&["bar"], &[], &["Warning program-taken"]);
        check(&["old"], &[], &["old", "! foo-cli-old", "> foo-cli-old"]);
    }

    #[test]
    fn modules() {
        check(&[], &["mine"], &[]);
        check(
            &[],
            &["other"],
            &["! python3-other", "Warning module-taken"],
        );
        check(&[], &["needed"], &["Error module-taken"]);
        check(
            &["old"],
            &["old"],
            &["old", "! foo-cli-old", "> foo-cli-old"],
        );
    }
}
