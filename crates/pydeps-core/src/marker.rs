//! Markers: the conditions of requirements on Python, platform and extras (PEP 508, dependency
//! specifiers). They are judged as Python's `packaging` judges them: as versions where both
//! sides are versions, else as texts.

use std::fmt;

use pep440_rs::{Version, VersionSpecifier, VersionSpecifiers};

use crate::name::ExtraName;
use crate::relation::contains;

mod parse;
#[cfg(test)]
mod tests;

pub use parse::{InvalidMarker, parse};

/// A marker. The default holds always.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marker {
    /// It holds if all terms of one of them hold; always, if there are none.
    any_of: Vec<Vec<Term>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Term {
    Comparison(Comparison),
    Nested(Marker),
}

/// A variable beside a text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Comparison {
    variable: Variable,
    operator: Operator,
    text: String,
    /// Whether the text is on the left.
    is_reversed: bool,
    /// Operator and text, where they are a version specifier for the variable on the left.
    specifier: Option<VersionSpecifier>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variable {
    Extra,
    ImplementationName,
    ImplementationVersion,
    OsName,
    PlatformMachine,
    PlatformPythonImplementation,
    PlatformRelease,
    PlatformSystem,
    PlatformVersion,
    PythonFullVersion,
    PythonVersion,
    SysPlatform,
}

/// Each variable with its names; the first one is written.
const VARIABLES: [(Variable, &[&str]); 12] = [
    (Variable::Extra, &["extra"]),
    (Variable::ImplementationName, &["implementation_name"]),
    (Variable::ImplementationVersion, &["implementation_version"]),
    (Variable::OsName, &["os_name", "os.name"]),
    (
        Variable::PlatformMachine,
        &["platform_machine", "platform.machine"],
    ),
    (
        Variable::PlatformPythonImplementation,
        &[
            "platform_python_implementation",
            "platform.python_implementation",
            "python_implementation",
        ],
    ),
    (Variable::PlatformRelease, &["platform_release"]),
    (Variable::PlatformSystem, &["platform_system"]),
    (
        Variable::PlatformVersion,
        &["platform_version", "platform.version"],
    ),
    (Variable::PythonFullVersion, &["python_full_version"]),
    (Variable::PythonVersion, &["python_version"]),
    (Variable::SysPlatform, &["sys_platform", "sys.platform"]),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Arbitrary,
    Compatible,
    Equal,
    NotEqual,
    AtMost,
    AtLeast,
    Below,
    Above,
}

/// Each operator as it is written; what begins like another one comes first.
const OPERATORS: [(Operator, &str); 10] = [
    (Operator::Arbitrary, "==="),
    (Operator::Compatible, "~="),
    (Operator::Equal, "=="),
    (Operator::NotEqual, "!="),
    (Operator::AtMost, "<="),
    (Operator::AtLeast, ">="),
    (Operator::Below, "<"),
    (Operator::Above, ">"),
    (Operator::In, "in"),
    (Operator::NotIn, "not in"),
];

/// A CPython on Debian, of which kernel and its release are not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    machine: String,
    full: Version,
    full_text: String,
    short: Version,
    short_text: String,
}

impl Environment {
    /// A Python, of whose version three segments count, on what `platform.machine()` calls
    /// so.
    pub fn new(python: &Version, machine: &str) -> Self {
        let numbers = python.release().iter().copied().chain(std::iter::repeat(0));
        let full = Version::new(numbers.take(3));
        let short = Version::new(&full.release()[..2]);
        Self {
            machine: machine.to_owned(),
            full_text: full.to_string(),
            short_text: short.to_string(),
            full,
            short,
        }
    }

    /// What `platform.machine()` says.
    pub fn machine(&self) -> &str {
        &self.machine
    }

    /// The value of a variable; `None` where it is not known, as of the kernel that will run.
    fn text(&self, variable: Variable) -> Option<&str> {
        Some(match variable {
            Variable::ImplementationName => "cpython",
            Variable::OsName => "posix",
            Variable::PlatformMachine => &self.machine,
            Variable::PlatformPythonImplementation => "CPython",
            Variable::PlatformSystem => "Linux",
            Variable::PythonVersion => &self.short_text,
            Variable::PythonFullVersion | Variable::ImplementationVersion => &self.full_text,
            Variable::SysPlatform => "linux",
            Variable::Extra | Variable::PlatformRelease | Variable::PlatformVersion => return None,
        })
    }

    fn version(&self, variable: Variable) -> &Version {
        match variable {
            Variable::PythonVersion => &self.short,
            _ => &self.full,
        }
    }
}

impl Marker {
    /// Whether there is no condition at all.
    pub fn is_empty(&self) -> bool {
        self.any_of.is_empty()
    }

    /// Adds a condition.
    pub fn and(&mut self, other: Self) {
        if self.is_empty() {
            *self = other;
        } else if !other.is_empty() {
            let mut terms = std::mem::take(self).into_terms();
            terms.extend(other.into_terms());
            self.any_of = vec![terms];
        }
    }

    /// Adds the condition that an extra is asked for.
    pub fn and_extra(&mut self, extra: &ExtraName) {
        self.and(Self::of(Comparison {
            variable: Variable::Extra,
            operator: Operator::Equal,
            text: extra.to_string(),
            is_reversed: false,
            specifier: None,
        }));
    }

    fn of(comparison: Comparison) -> Self {
        Self {
            any_of: vec![vec![Term::Comparison(comparison)]],
        }
    }

    /// Terms that all have to hold.
    fn into_terms(mut self) -> Vec<Term> {
        match self.any_of.len() {
            1 => self.any_of.remove(0),
            _ => vec![Term::Nested(self)],
        }
    }

    /// The same where every extra is asked for; `None` if it never holds then.
    pub fn with_every_extra(&self) -> Option<Self> {
        let mut any_of = Vec::new();
        for terms in &self.any_of {
            let Some(terms) = terms_with_every_extra(terms) else {
                continue;
            };
            if terms.is_empty() {
                return Some(Self::default());
            }
            any_of.push(terms);
        }
        (self.is_empty() || !any_of.is_empty()).then_some(Self { any_of })
    }

    /// Whether it holds; `None` where that depends on what nobody knows before the package
    /// is installed.
    pub fn evaluate(&self, environment: &Environment, extras: &[ExtraName]) -> Option<bool> {
        if self.is_empty() {
            return Some(true);
        }
        let mut answer = Some(false);
        for terms in &self.any_of {
            match all(terms, environment, extras) {
                Some(true) => return Some(true),
                Some(false) => {}
                None => answer = None,
            }
        }
        answer
    }
}

fn terms_with_every_extra(terms: &[Term]) -> Option<Vec<Term>> {
    let mut kept = Vec::new();
    for term in terms {
        match term {
            Term::Nested(marker) => match marker.with_every_extra()? {
                marker if marker.is_empty() => {}
                marker => kept.push(Term::Nested(marker)),
            },
            Term::Comparison(comparison) if comparison.variable == Variable::Extra => {
                (comparison.operator != Operator::NotEqual).then_some(())?;
            }
            Term::Comparison(_) => kept.push(term.clone()),
        }
    }
    Some(kept)
}

fn all(terms: &[Term], environment: &Environment, extras: &[ExtraName]) -> Option<bool> {
    let mut answer = Some(true);
    for term in terms {
        let holds = match term {
            Term::Nested(marker) => marker.evaluate(environment, extras),
            Term::Comparison(comparison) => comparison.evaluate(environment, extras),
        };
        match holds {
            Some(false) => return Some(false),
            Some(true) => {}
            None => answer = None,
        }
    }
    answer
}

impl Comparison {
    fn evaluate(&self, environment: &Environment, extras: &[ExtraName]) -> Option<bool> {
        if self.variable == Variable::Extra {
            return Some(self.of_extras(extras));
        }
        let value = environment.text(self.variable)?;
        let version = environment.version(self.variable);
        Some(match &self.specifier {
            Some(specifier) => contains_one(specifier, version),
            None if self.operator == Operator::Arbitrary => value.eq_ignore_ascii_case(&self.text),
            None if self.is_reversed => match self.variable.specifier(self.operator, value) {
                Some(specifier) => (self.text.parse())
                    .is_ok_and(|version: Version| contains_one(&specifier, &version)),
                None => self.operator.compare(&self.text, value),
            },
            None => self.operator.compare(value, &self.text),
        })
    }

    /// Where nothing is asked for, the variable is empty.
    fn of_extras(&self, extras: &[ExtraName]) -> bool {
        let mut names = extras.iter().map(AsRef::as_ref);
        match self.operator {
            _ if extras.is_empty() => self.compare_extra(""),
            Operator::NotEqual => names.all(|name: &str| name != self.text),
            _ => names.any(|name| self.compare_extra(name)),
        }
    }

    fn compare_extra(&self, name: &str) -> bool {
        match self.is_reversed {
            true => self.operator.compare(&self.text, name),
            false => self.operator.compare(name, &self.text),
        }
    }
}

fn contains_one(specifier: &VersionSpecifier, version: &Version) -> bool {
    contains(&VersionSpecifiers::from(specifier.clone()), version)
}

impl Variable {
    fn named(word: &str) -> Option<Self> {
        let known = VARIABLES.iter().find(|(_, names)| names.contains(&word));
        known.map(|(variable, _)| *variable)
    }

    fn name(self) -> &'static str {
        let known = VARIABLES.iter().find(|(variable, _)| *variable == self);
        known.map_or("", |(_, names)| names[0])
    }

    /// Whether its values are versions.
    fn is_version(self) -> bool {
        matches!(
            self,
            Self::ImplementationVersion
                | Self::PlatformRelease
                | Self::PythonFullVersion
                | Self::PythonVersion
        )
    }

    /// Operator and version as a specifier, if they are one and this is compared by versions.
    fn specifier(self, operator: Operator, version: &str) -> Option<VersionSpecifier> {
        let text = match operator {
            Operator::In | Operator::NotIn | Operator::Arbitrary => return None,
            _ if !self.is_version() => return None,
            _ => format!("{operator}{}", version.trim()),
        };
        text.parse().ok()
    }
}

impl Operator {
    /// Compares texts: there is no order between them.
    fn compare(self, left: &str, right: &str) -> bool {
        match self {
            Self::In => right.contains(left),
            Self::NotIn => !right.contains(left),
            Self::Equal | Self::AtMost | Self::AtLeast => left == right,
            Self::NotEqual => left != right,
            Self::Arbitrary | Self::Compatible | Self::Below | Self::Above => false,
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = OPERATORS.iter().find(|(operator, _)| operator == self);
        f.write_str(known.map_or("", |(_, text)| text))
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quote = if self.text.contains('\'') { '"' } else { '\'' };
        let (variable, operator, text) = (self.variable.name(), self.operator, &self.text);
        match self.is_reversed {
            true => write!(f, "{quote}{text}{quote} {operator} {variable}"),
            false => write!(f, "{variable} {operator} {quote}{text}{quote}"),
        }
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Comparison(comparison) => comparison.fmt(f),
            Self::Nested(marker) => write!(f, "({marker})"),
        }
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, terms) in self.any_of.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { " or " })?;
            for (at, term) in terms.iter().enumerate() {
                f.write_str(if at == 0 { "" } else { " and " })?;
                term.fmt(f)?;
            }
        }
        Ok(())
    }
}
