//! Whether a source package of another suite can be built in the target suite: its
//! build dependencies, held against the target's packages.
//!
//! What is looked at is what the source package names itself. That the packages named
//! can be installed together is the target suite's promise, and not checked.

use std::fmt;

use crate::archive::SourcePackage;
use crate::clause::{self, Atom, Clause};
use crate::stock::Stock;

#[cfg(test)]
mod tests;

/// Which alternatives of a build dependency count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alternatives {
    /// Those of the first package only, as sbuild does by default
    /// (`RESOLVE_ALTERNATIVES` in sbuild.conf(5)).
    First,
    /// All, as `apt-get build-dep` and builders of backports do.
    All,
}

/// A build dependency that is not met, or a build conflict that is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// The clause, as the source package has it.
    pub clause: String,
    /// What there is instead.
    pub why: String,
}

impl fmt::Display for Unmet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.clause, self.why)
    }
}

/// What keeps a source package from being built, for all of its packages, on the
/// architecture of the stock's archive. In the order of the fields; empty if it can be.
pub fn unmet(
    source: &SourcePackage,
    stock: &Stock<'_>,
    profiles: &[&str],
    alternatives: Alternatives,
) -> Vec<Unmet> {
    let architecture = stock.archive().suite().architecture.as_str();
    let fields = source.build_depends.iter();
    let (mut complaints, mut met) = (Vec::new(), Vec::new());
    for clause in fields.flat_map(|field| clause::parse(field)) {
        let reduced = clause.map(|clause| clause.reduced(architecture, profiles));
        let chosen = match reduced {
            Ok(None) => continue,
            Ok(Some(clause)) => choose(&clause, stock, alternatives),
            Err(error) => Err(unreadable(error)),
        };
        match chosen {
            Ok(atom) => met.push(atom),
            Err(complaint) => complaints.push(complaint),
        }
    }
    complaints.extend(conflicts(source, stock, profiles, &met));
    complaints
}

fn unreadable(error: clause::UnreadableClause) -> Unmet {
    Unmet {
        clause: error.0,
        why: "not a relation".to_owned(),
    }
}

/// The alternative that would be installed.
fn choose(clause: &Clause, stock: &Stock<'_>, alternatives: Alternatives) -> Result<Atom, Unmet> {
    let first = &clause.alternatives[0];
    let found = clause.alternatives.iter().find(|atom| stock.has(atom));
    let counts = |atom: &&Atom| alternatives == Alternatives::All || atom.package == first.package;
    let why = match found {
        Some(atom) if counts(&atom) => return Ok(atom.clone()),
        Some(other) => format!(
            "{}; {} would do, but sbuild takes the first alternative",
            stock.describe(&first.package),
            other.package
        ),
        None => stock.describe(&first.package),
    };
    Err(Unmet {
        clause: clause.text.clone(),
        why,
    })
}

/// Conflicts with what the source package itself asks for: anything else is not
/// installed for its build.
fn conflicts(
    source: &SourcePackage,
    stock: &Stock<'_>,
    profiles: &[&str],
    installed: &[Atom],
) -> Vec<Unmet> {
    let architecture = stock.archive().suite().architecture.as_str();
    let clauses = clause::parse(&source.build_conflicts).filter_map(Result::ok);
    let clauses = clauses.filter_map(|clause| clause.reduced(architecture, profiles));
    let hit = |clause: &Clause| {
        let wanted = |atom: &Atom| installed.iter().any(|other| other.package == atom.package);
        let mut atoms = clause.alternatives.iter();
        atoms.any(|atom| wanted(atom) && stock.has(atom))
    };
    let unmet = |clause: Clause| Unmet {
        why: format!(
            "a build conflict; {}",
            stock.describe(&clause.alternatives[0].package)
        ),
        clause: clause.text,
    };
    clauses.filter(hit).map(unmet).collect()
}
