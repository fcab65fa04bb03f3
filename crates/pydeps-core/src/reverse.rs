//! What would break if a package of the suite were replaced by another version of it.

use std::fmt;

use crate::deb_version::DebVersion;
use serde::Serialize;

use crate::archive::{Archive, ArchivePackage, parse_provides};
use crate::clause::{self, Clause};
use crate::name::DebName;
use crate::stock::Stock;

#[cfg(test)]
mod tests;

/// A relation of a package of the suite that holds now and would not hold any more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Broken {
    /// The package that has the relation.
    pub package: DebName,
    /// Its version.
    pub version: String,
    /// The field.
    pub field: Field,
    /// The clause of the field, as it is written.
    pub relation: String,
}

/// The fields that apt never overrules (Policy 7.2 to 7.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Field {
    /// `Pre-Depends`
    #[serde(rename = "Pre-Depends")]
    PreDepends,
    /// `Depends`
    Depends,
    /// `Breaks`
    Breaks,
    /// `Conflicts`
    Conflicts,
}

impl Field {
    fn name(self) -> &'static str {
        match self {
            Self::PreDepends => "Pre-Depends",
            Self::Depends => "Depends",
            Self::Breaks => "Breaks",
            Self::Conflicts => "Conflicts",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {}: {} {}",
            self.package, self.version, self.field, self.relation
        )
    }
}

/// The relations of other packages that hold at the archive's version of `package` and
/// would not at `new`, sorted. What it provides at its own version counts as `new`, too.
/// `None` if the archive does not know relations ([`Archive::naming`]).
///
/// The packages made of the same source are among them: whoever builds the new version
/// of all of them knows better.
pub fn broken(archive: &dyn Archive, package: &DebName, new: &DebVersion) -> Option<Vec<Broken>> {
    let own = archive.package(package);
    let provides = own.as_ref().and_then(|own| own.details.as_ref());
    let provides = provides.map_or_else(Vec::new, |details| parse_provides(&details.provides));
    let mut names = vec![package.clone()];
    names.extend(provides.into_iter().map(|(name, _)| name));
    let change = Change {
        before: Stock::new(archive),
        after: Stock::new(archive).with(package, new),
        names: &names,
    };
    let others = archive.naming(&names)?.into_iter();
    let others = others.filter(|other| other.name != *package);
    let mut broken: Vec<Broken> = others.flat_map(|other| change.breaks(&other)).collect();
    broken.sort();
    broken.dedup();
    Some(broken)
}

struct Change<'a> {
    before: Stock<'a>,
    after: Stock<'a>,
    /// The package, and what it provides.
    names: &'a [DebName],
}

impl Change<'_> {
    fn breaks(&self, other: &ArchivePackage) -> Vec<Broken> {
        let Some(details) = &other.details else {
            return Vec::new();
        };
        let fields = [
            (Field::PreDepends, &details.pre_depends),
            (Field::Depends, &details.depends),
            (Field::Breaks, &details.breaks),
            (Field::Conflicts, &details.conflicts),
        ];
        let clauses = fields.into_iter().flat_map(|(field, text)| {
            clause::parse(text).filter_map(move |clause| Some((field, clause.ok()?)))
        });
        let concerned = clauses.filter(|(_, clause)| self.concerns(clause));
        let broken = concerned.filter(|(field, clause)| {
            holds(*field, clause, &self.before) && !holds(*field, clause, &self.after)
        });
        let broken = broken.map(|(field, clause)| Broken {
            package: other.name.clone(),
            version: other.version.clone(),
            field,
            relation: clause.text,
        });
        broken.collect()
    }

    fn concerns(&self, clause: &Clause) -> bool {
        let mut atoms = clause.alternatives.iter();
        atoms.any(|atom| self.names.contains(&atom.package))
    }
}

fn holds(field: Field, clause: &Clause, stock: &Stock<'_>) -> bool {
    let has = clause.alternatives.iter().any(|atom| stock.has(atom));
    match field {
        Field::PreDepends | Field::Depends => has,
        Field::Breaks | Field::Conflicts => !has,
    }
}
