//! Relation fields as control files write them: `Depends`, `Breaks`, `Build-Depends`
//! (Policy 7.1; deb-control(5), deb-src-control(5)).

use crate::deb_version::DebVersion;

use crate::name::DebName;

mod architecture;
#[cfg(test)]
mod tests;

pub use architecture::matches as architecture_matches;

/// What is between two commas: alternatives, of which one will do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clause {
    /// As it was written, on one line.
    pub text: String,
    /// In the order of the field, at least one.
    pub alternatives: Vec<Atom>,
}

/// One alternative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Atom {
    /// The package, real or virtual.
    pub package: DebName,
    /// What follows the colon: `any`, `native`, an architecture.
    pub qualifier: Option<String>,
    /// The bound on its version.
    pub bound: Option<(Operator, DebVersion)>,
    /// `[amd64 linux-any]`; empty if it is for every architecture.
    architectures: Vec<String>,
    /// `<!nocheck !nodoc> <cross>`; empty if it is for every build.
    profiles: Vec<Vec<String>>,
}

/// The comparison of a bound. `<` and `>` are old spellings of `<=` and `>=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `<<`
    Below,
    /// `<=`
    UpTo,
    /// `=`
    Exactly,
    /// `>=`
    From,
    /// `>>`
    Above,
}

/// A clause that does not follow the syntax.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a relation")]
pub struct UnreadableClause(pub String);

/// The clauses of a field, in its order; none of an empty one.
pub fn parse(field: &str) -> impl Iterator<Item = Result<Clause, UnreadableClause>> {
    let clauses = field.split(',').filter(|text| !text.trim().is_empty());
    clauses.map(|text| {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let alternatives: Option<Vec<Atom>> = text.split('|').map(parse_atom).collect();
        match alternatives {
            Some(alternatives) => Ok(Clause { text, alternatives }),
            None => Err(UnreadableClause(text)),
        }
    })
}

fn parse_atom(text: &str) -> Option<Atom> {
    let text = text.trim();
    let end = text.find([' ', '(', '[', '<']).unwrap_or(text.len());
    let (head, mut rest) = text.split_at(end);
    let (package, qualifier) = match head.split_once(':') {
        Some((package, qualifier)) => (package, Some(qualifier.to_owned())),
        None => (head, None),
    };
    let bound = enclosed(&mut rest, '(', ')')?.map(parse_bound);
    let architectures = enclosed(&mut rest, '[', ']')?.map_or_else(Vec::new, words);
    let mut profiles = Vec::new();
    while let Some(list) = enclosed(&mut rest, '<', '>')? {
        profiles.push(words(list));
    }
    rest.trim().is_empty().then_some(())?;
    Some(Atom {
        package: package.parse().ok()?,
        qualifier,
        bound: match bound {
            Some(bound) => Some(bound?),
            None => None,
        },
        architectures,
        profiles,
    })
}

/// Cuts what is between two brackets off the front: `Some(None)` where there is none,
/// `None` where it has no end.
fn enclosed<'a>(rest: &mut &'a str, open: char, close: char) -> Option<Option<&'a str>> {
    let Some(inner) = rest.trim_start().strip_prefix(open) else {
        return Some(None);
    };
    let (inside, after) = inner.split_once(close)?;
    *rest = after;
    Some(Some(inside))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn parse_bound(text: &str) -> Option<(Operator, DebVersion)> {
    let text = text.trim();
    let end = text.find(|c| !"<>=".contains(c))?;
    let operator = match &text[..end] {
        "<<" => Operator::Below,
        "<=" | "<" => Operator::UpTo,
        "=" => Operator::Exactly,
        ">=" | ">" => Operator::From,
        ">>" => Operator::Above,
        _ => return None,
    };
    Some((operator, text[end..].trim().parse().ok()?))
}

/// Whether a formula (`<!nocheck !nodoc> <cross>`, the field Build-Profiles) holds with
/// these profiles (Policy 7.1). One without brackets is a single list.
pub fn profiles_hold(formula: &str, active: &[&str]) -> bool {
    let formula = formula.trim();
    let inner = formula
        .strip_prefix('<')
        .and_then(|text| text.strip_suffix('>'));
    let lists = inner.unwrap_or(formula).split('>');
    let lists: Vec<Vec<String>> = lists
        .map(|list| words(list.trim_start().trim_start_matches('<')))
        .collect();
    any_list_holds(&lists, active)
}

/// One of the lists must hold, and all of its terms.
fn any_list_holds(lists: &[Vec<String>], active: &[&str]) -> bool {
    let holds = |term: &String| match term.strip_prefix('!') {
        Some(profile) => !active.contains(&profile),
        None => active.contains(&term.as_str()),
    };
    lists.iter().any(|list| list.iter().all(holds))
}

impl Operator {
    /// Whether `version` is on this side of `bound`, in dpkg's order.
    pub fn admits(self, version: &DebVersion, bound: &DebVersion) -> bool {
        let order = version.cmp(bound);
        match self {
            Self::Below => order.is_lt(),
            Self::UpTo => order.is_le(),
            Self::Exactly => order.is_eq(),
            Self::From => order.is_ge(),
            Self::Above => order.is_gt(),
        }
    }
}

impl Atom {
    /// Whether a version fits the bound.
    pub fn admits(&self, version: &DebVersion) -> bool {
        let bound = self.bound.as_ref();
        bound.is_none_or(|(operator, bound)| operator.admits(version, bound))
    }

    /// Whether it counts in a build on this architecture with these profiles.
    pub fn applies(&self, architecture: &str, profiles: &[&str]) -> bool {
        architecture::admitted(&self.architectures, architecture) && self.in_profiles(profiles)
    }

    fn in_profiles(&self, active: &[&str]) -> bool {
        self.profiles.is_empty() || any_list_holds(&self.profiles, active)
    }
}

impl Clause {
    /// The clause without the alternatives that do not count in such a build; `None`
    /// if nothing is left.
    pub fn reduced(mut self, architecture: &str, profiles: &[&str]) -> Option<Self> {
        self.alternatives
            .retain(|atom| atom.applies(architecture, profiles));
        (!self.alternatives.is_empty()).then_some(self)
    }
}
