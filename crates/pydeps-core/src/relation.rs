//! PEP 440 specifiers as Debian relations.
//!
//! A specifier set becomes a set of intervals on PEP 440's line, and each end of
//! an interval a *cut* on dpkg's line (see [`cut`]), written in the spelling of the
//! archive's package. At the archive's own version the result is checked: where the
//! relation and the specifiers disagree, the bound names that version instead, and
//! a finding says so.

use std::fmt;

use crate::deb_version::DebVersion;
use pep440_rs::{Operator, Version, VersionSpecifiers};
use version_ranges::Ranges;

use crate::finding::Finding;
use crate::name::DebName;
use crate::spelling::Spelling;

mod contains;
pub mod cut;
mod exactness;

pub use contains::contains;

/// The comparison of a bound (Policy 7.1). `<=` and `=` are never written: they
/// fail on Debian revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<<`
    Below,
    /// `>=`
    From,
}

/// A package, with or without a bound on its version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The package.
    pub package: DebName,
    /// The bound, in Debian's version syntax.
    pub bound: Option<(Comparison, String)>,
}

/// A conjunction of alternatives, as in a `Depends` field (Policy 7.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Relations(pub Vec<Vec<Relation>>);

/// The version that will be there to satisfy a relation, as both sides know it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// What the installed metadata says.
    pub upstream: Version,
    /// What the package says.
    pub debian: DebVersion,
    /// How the package spells upstream versions; `None` if it does not follow them.
    pub spelling: Option<Spelling>,
}

impl Known {
    /// A version that the archive has.
    pub fn archive(upstream: Version, debian: DebVersion) -> Self {
        let spelling = Spelling::detect(&upstream, &debian);
        Self {
            upstream,
            debian,
            spelling,
        }
    }

    /// A version that this suite will package.
    pub fn generated(upstream: Version) -> Self {
        Self::generated_above(upstream, 0)
    }

    /// The same in the place of a package that has this Debian epoch.
    pub fn generated_above(upstream: Version, epoch: u64) -> Self {
        let spelling = Spelling::generated(&upstream).above(epoch);
        let debian = DebVersion {
            epoch: u32::try_from(spelling.epoch).unwrap_or(0),
            upstream: spelling.upstream(&upstream),
            revision: Some("1".to_owned()),
        };
        Self {
            upstream,
            debian,
            spelling: Some(spelling),
        }
    }
}

/// A translated requirement.
#[derive(Clone, Debug, PartialEq)]
pub struct Translation {
    /// The relation. Without bound if the specifiers have none.
    pub relations: Relations,
    /// Where it is not exact, and why.
    pub findings: Vec<Finding>,
}

/// Translates specifiers for a package that will be there as `known`; without
/// `known`, for one that this suite will generate in a version yet to be chosen.
pub fn translate(
    package: &DebName,
    specifiers: &VersionSpecifiers,
    known: Option<&Known>,
) -> Translation {
    if specifiers.is_empty() {
        return Translation {
            relations: Relations::any(package),
            findings: Vec::new(),
        };
    }
    let spelled = match known {
        None => Some(by_spelling(package, specifiers, None)),
        Some(known) => (known.spelling.as_ref())
            .map(|spelling| by_spelling(package, specifiers, Some(spelling)))
            .filter(|relations| agrees(relations, specifiers, known)),
    };
    let mut findings = arbitrary_equality(specifiers);
    let relations = match (spelled, known) {
        (Some(relations), _) => relations,
        (None, Some(known)) => by_archive_version(package, specifiers, known, &mut findings),
        (None, None) => Relations::any(package),
    };
    if let Some(finding) = unsatisfiable(specifiers) {
        findings.push(finding);
    }
    findings.extend(exactness::findings(&relations, specifiers, known));
    Translation {
        relations,
        findings,
    }
}

fn by_spelling(
    package: &DebName,
    specifiers: &VersionSpecifiers,
    spelling: Option<&Spelling>,
) -> Relations {
    let form = |bound| match spelling {
        Some(spelling) => spelling.clone(),
        None => cut::generated_spelling(bound),
    };
    let interval = |(lower, upper)| Interval {
        from: cut::lower(lower, &form(lower)),
        below: cut::upper(upper, &form(upper)),
    };
    let intervals: Vec<Interval> = ranges(specifiers).iter().map(interval).collect();
    Relations::from_intervals(package, &intervals)
}

/// The specifiers as a set on PEP 440's line.
pub fn ranges(specifiers: &VersionSpecifiers) -> Ranges<Version> {
    specifiers
        .iter()
        .cloned()
        .map(Ranges::from)
        .fold(Ranges::full(), |all, one| all.intersection(&one))
}

/// One stretch of versions on dpkg's line, from `from` on and below `below`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The first version inside; `None` if it has no lower end.
    pub from: Option<String>,
    /// The first version outside; `None` if it has no upper end.
    pub below: Option<String>,
}

fn agrees(relations: &Relations, specifiers: &VersionSpecifiers, known: &Known) -> bool {
    relations.satisfied_by(&known.debian) == contains(specifiers, &known.upstream)
}

/// The bound for a package whose Debian version does not follow the upstream's:
/// from the archive's version on if that satisfies, else beyond it on the side
/// where the specifiers lie.
fn by_archive_version(
    package: &DebName,
    specifiers: &VersionSpecifiers,
    known: &Known,
    findings: &mut Vec<Finding>,
) -> Relations {
    let ranges = ranges(specifiers);
    let (lowest, highest) = ends(&ranges);
    let satisfied = contains(specifiers, &known.upstream);
    let bound = match (satisfied, lowest) {
        (true, None) => None,
        (true, Some(_)) => Some((Comparison::From, at_most(&known.debian))),
        (false, _) if wants_newer(&ranges, &known.upstream) => {
            Some((Comparison::From, beyond(&known.debian)))
        }
        (false, _) => Some((Comparison::Below, at_most(&known.debian))),
    };
    let upper = (satisfied && highest.is_some()).then(|| as_written(package, specifiers, known));
    let told = upper.as_ref().map(Option::is_some);
    findings.push(archive_version_finding(package, specifiers, known, told));
    let upper = upper.flatten().map(|upper| vec![upper]);
    // An upper bound alone needs no other relation to the package.
    let first = (bound.is_some() || upper.is_none()).then(|| {
        let package = package.clone();
        vec![Relation { package, bound }]
    });
    Relations(first.into_iter().chain(upper).collect())
}

/// The upper bound in upstream's own numbers, if the archive's version is below them: it is
/// not exact, but without it a later upstream would be let in whatever its number.
fn as_written(
    package: &DebName,
    specifiers: &VersionSpecifiers,
    known: &Known,
) -> Option<Relation> {
    let Relations(clauses) = by_spelling(package, specifiers, None);
    let [relation] = &clauses.last()?[..] else {
        return None;
    };
    let (Comparison::Below, below) = relation.bound.as_ref()? else {
        return None;
    };
    let epoch = match known.debian.epoch {
        0 => String::new(),
        epoch => format!("{epoch}:"),
    };
    let bound = Some((Comparison::Below, epoch + below));
    let package = package.clone();
    let relation = Relation { package, bound };
    let fits = Relations(vec![vec![relation.clone()]]).satisfied_by(&known.debian);
    fits.then_some(relation)
}

fn archive_version_finding(
    package: &DebName,
    specifiers: &VersionSpecifiers,
    known: &Known,
    upper: Option<bool>,
) -> Finding {
    let how = match upper {
        None => "",
        Some(true) => "; its upper bound is in upstream's numbers, and may keep out more",
        Some(false) => "; its upper bound cannot be expressed",
    };
    Finding::warning(
        "bound-names-archive-version",
        format!(
            "{package} {} holds upstream {}, and the two versions do not follow each other: the bound for `{specifiers}` names the archive's version{how}",
            known.debian, known.upstream
        ),
    )
}

fn ends(ranges: &Ranges<Version>) -> (Option<&Version>, Option<&Version>) {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let inner = |bound| match bound {
        Included(version) | Excluded(version) => Some(version),
        Unbounded => None,
    };
    match ranges.bounding_range() {
        Some((lower, upper)) => (inner(lower), inner(upper)),
        None => (None, None),
    }
}

fn wants_newer(ranges: &Ranges<Version>, version: &Version) -> bool {
    !ranges.is_disjoint(&Ranges::strictly_higher_than(version.clone()))
}

/// The version for a bound that it meets from below: without its revision, unless that
/// sorts below none (`1.0-0~local1`).
fn at_most(debian: &DebVersion) -> String {
    let upstream = with_upstream(debian, debian.upstream.clone());
    debian.min(&upstream).to_string()
}

/// The first version of a later upstream: beyond every revision of this one.
fn beyond(debian: &DebVersion) -> String {
    with_upstream(debian, format!("{}.0~~", debian.upstream)).to_string()
}

/// A version without revision, or, as what follows a hyphen would be read as one, with
/// the lowest.
fn with_upstream(debian: &DebVersion, upstream: String) -> DebVersion {
    DebVersion {
        epoch: debian.epoch,
        revision: upstream.contains('-').then(|| "0".to_owned()),
        upstream,
    }
}

fn unsatisfiable(specifiers: &VersionSpecifiers) -> Option<Finding> {
    ranges(specifiers).is_empty().then(|| {
        Finding::error(
            "no-version-possible",
            format!("no version can satisfy `{specifiers}`"),
        )
        .with_hint("correct the requirement where it is written")
    })
}

fn arbitrary_equality(specifiers: &VersionSpecifiers) -> Vec<Finding> {
    #[allow(deprecated)]
    let arbitrary = |operator: &Operator| *operator == Operator::ExactEqual;
    specifiers
        .iter()
        .filter(|specifier| arbitrary(specifier.operator()))
        .map(|specifier| {
            Finding::warning(
                "arbitrary-equality",
                format!("`{specifier}` compares text in PEP 440; it is translated like `==`"),
            )
        })
        .collect()
}

impl Relations {
    /// The package in any version.
    pub fn any(package: &DebName) -> Self {
        Self(vec![vec![Relation {
            package: package.clone(),
            bound: None,
        }]])
    }

    /// The conjunction that admits exactly these ascending intervals: the outer
    /// ends as bounds, each hole as a pair of alternatives.
    pub fn from_intervals(package: &DebName, intervals: &[Interval]) -> Self {
        let atom = |comparison, version: &String| Relation {
            package: package.clone(),
            bound: Some((comparison, version.clone())),
        };
        let mut clauses = Vec::new();
        if let Some(from) = intervals.first().and_then(|first| first.from.as_ref()) {
            clauses.push(vec![atom(Comparison::From, from)]);
        }
        for hole in intervals.windows(2) {
            if let (Some(below), Some(from)) = (&hole[0].below, &hole[1].from) {
                clauses.push(vec![
                    atom(Comparison::Below, below),
                    atom(Comparison::From, from),
                ]);
            }
        }
        if let Some(below) = intervals.last().and_then(|last| last.below.as_ref()) {
            clauses.push(vec![atom(Comparison::Below, below)]);
        }
        if intervals.is_empty() {
            clauses.push(vec![atom(Comparison::Below, &"0~~".to_owned())]);
        }
        if clauses.is_empty() {
            return Self::any(package);
        }
        Self(clauses)
    }

    /// Whether a version of the package, whatever package is named, satisfies all.
    pub fn satisfied_by(&self, version: &DebVersion) -> bool {
        self.0
            .iter()
            .all(|clause| clause.iter().any(|atom| atom.satisfied_by(version)))
    }

    /// The same for Build-Depends, where sbuild looks at the first alternative
    /// only: of each clause the alternative that the archive's version satisfies.
    #[must_use]
    pub fn for_build(&self, archive: Option<&DebVersion>) -> Self {
        let pick = |clause: &Vec<Relation>| {
            let fits = |atom: &&Relation| archive.is_some_and(|version| atom.satisfied_by(version));
            let atom = clause.iter().find(fits).or(clause.last());
            atom.cloned().into_iter().collect()
        };
        let picked: Vec<Vec<Relation>> = self.0.iter().map(pick).collect();
        Self(strongest(&picked))
    }
}

/// Of several lower bounds only the highest, and of several upper ones the lowest.
fn strongest(clauses: &[Vec<Relation>]) -> Vec<Vec<Relation>> {
    let implied = |at: usize, clause: &[Relation]| {
        clauses.iter().enumerate().any(|(other_at, other)| {
            other_at != at && implies(other, clause) && (!implies(clause, other) || other_at < at)
        })
    };
    clauses
        .iter()
        .enumerate()
        .filter(|(at, clause)| !implied(*at, clause))
        .map(|(_, clause)| clause.clone())
        .collect()
}

fn implies(strong: &[Relation], weak: &[Relation]) -> bool {
    let ([strong], [weak]) = (strong, weak) else {
        return false;
    };
    let (Some((strong_op, strong)), Some((weak_op, weak))) = (&strong.bound, &weak.bound) else {
        return false;
    };
    let (Ok(strong), Ok(weak)) = (strong.parse::<DebVersion>(), weak.parse::<DebVersion>()) else {
        return false;
    };
    let order = strong.cmp(&weak);
    match (strong_op, weak_op) {
        (Comparison::From, Comparison::From) => order.is_ge(),
        (Comparison::Below, Comparison::Below) => order.is_le(),
        _ => false,
    }
}

impl Relation {
    /// Whether a version satisfies the bound. A bound that is not a Debian version
    /// is satisfied by nothing.
    pub fn satisfied_by(&self, version: &DebVersion) -> bool {
        let Some((comparison, bound)) = &self.bound else {
            return true;
        };
        let Ok(bound) = bound.parse::<DebVersion>() else {
            return false;
        };
        let order = version.cmp(&bound);
        match comparison {
            Comparison::Below => order.is_lt(),
            Comparison::From => order.is_ge(),
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Below => "<<",
            Self::From => ">=",
        })
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.bound {
            None => write!(f, "{}", self.package),
            Some((comparison, bound)) => write!(f, "{} ({comparison} {bound})", self.package),
        }
    }
}

impl fmt::Display for Relations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, clause) in self.0.iter().enumerate() {
            let separator = if at == 0 { "" } else { ", " };
            let atoms: Vec<String> = clause.iter().map(Relation::to_string).collect();
            write!(f, "{separator}{}", atoms.join(" | "))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
