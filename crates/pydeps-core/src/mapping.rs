//! From a distribution to the Debian package that holds it, with the evidence.
//!
//! Sources are asked in a fixed order and the first that answers wins: an override,
//! installed metadata, the archive's index, the curated aliases, `Provides`, and at
//! last a guess by name, verified against the archive and labelled as a guess.

use crate::deb_version::DebVersion;
use pep440_rs::Version;
use serde::{Deserialize, Serialize};

use crate::alias::{Alias, AliasVersion, Aliases};
use crate::archive::{Archive, ArchiveDist, Origin, PathClass};
use crate::finding::{Finding, Severity};
use crate::name::{DebName, DistName};
use crate::overrides::{Override, Overrides, first_package};

mod judged;

pub use judged::{Basis, judged_version};

/// Finds the installed copies of a distribution.
pub type Installed<'a> = &'a dyn Fn(&DistName) -> Vec<ArchiveDist>;

/// Everything that a mapping is read from.
#[derive(Clone, Copy)]
pub struct Tables<'a> {
    /// The target suite.
    pub archive: &'a dyn Archive,
    /// `debian/py3dist-overrides` and the file it was read from.
    pub overrides: Option<(&'a Overrides, &'a str)>,
    /// Metadata of installed packages; for the host's own suite only.
    pub installed: Option<Installed<'a>>,
    /// The curated aliases.
    pub aliases: &'a Aliases,
    /// The package that holds a distribution in unstable. For hints only, unless a package of
    /// that name will do.
    pub unstable: &'a dyn Fn(&DistName) -> Option<DebName>,
    /// Whether the archive's package of the name that unstable has will do: in a build, where
    /// nobody may know what the archive's packages hold.
    pub by_unstable_name: bool,
}

/// What is known of a distribution in the target suite.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// A package holds it.
    Mapped(Mapping),
    /// An override says that the requirement is to be ignored.
    Ignored(Evidence),
    /// No package holds it.
    Missing {
        /// The package that does in unstable.
        unstable: Option<DebName>,
        /// Why something that looks like it is not it.
        findings: Vec<Finding>,
    },
}

impl Answer {
    /// What was noticed on mapping.
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::Mapped(mapping) => &mapping.findings,
            Self::Missing { findings, .. } => findings,
            Self::Ignored(_) => &[],
        }
    }
}

/// A distribution's package.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// The distribution that was asked for.
    pub distribution: DistName,
    /// The package; the first one if an override names several.
    pub package: DebName,
    /// The package's version; `None` if the archive does not have the package that
    /// an override names.
    pub package_version: Option<String>,
    /// The whole dependency, where an override gives one.
    pub dependency: Option<String>,
    /// The upstream version that bounds are judged by; `None` if any will do.
    pub upstream: Option<Version>,
    /// What `upstream` was read from.
    pub basis: Basis,
    /// What says so.
    pub evidence: Evidence,
    /// Whether the interpreter finds it: an application's private copy does not
    /// satisfy anybody else.
    pub public: bool,
    /// Where the package comes from.
    pub origin: Origin,
    /// Other packages that hold the same distribution.
    pub others: Vec<ArchiveDist>,
    /// Ambiguities, guesses and the like.
    pub findings: Vec<Finding>,
}

/// What says that a package holds a distribution.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Evidence {
    /// A line of `debian/py3dist-overrides`.
    Override {
        /// `file:line`.
        at: String,
    },
    /// Metadata installed on this machine.
    Installed {
        /// Its path.
        path: String,
    },
    /// Metadata that the suite's Contents list.
    Archive {
        /// Its path.
        path: String,
    },
    /// The table of aliases.
    Alias {
        /// The alias's reason.
        reason: String,
    },
    /// A package that provides the name by which it would be packaged.
    Provides {
        /// That name.
        name: String,
    },
    /// A line of `debian/pydeps.lock`.
    Lock {
        /// The file.
        at: String,
    },
    /// The package that has it in unstable, of which only the name is known.
    Unstable {
        /// Its name.
        name: String,
    },
    /// A package of the name that Python Policy gives. Only a guess.
    Guess {
        /// That name.
        name: String,
    },
}

impl Evidence {
    /// In words, for a line of a report.
    pub fn describe(&self) -> String {
        match self {
            Self::Override { at } => format!("override at {at}"),
            Self::Installed { path } => format!("installed: {path}"),
            Self::Archive { path } => path.clone(),
            Self::Alias { reason } => format!("alias: {reason}"),
            Self::Provides { name } => format!("provides {name}"),
            Self::Lock { at } => format!("locked in {at}"),
            Self::Unstable { name } => format!("{name} has it in unstable"),
            Self::Guess { name } => {
                format!("a guess: {name} exists, but has no metadata of the distribution")
            }
        }
    }
}

/// Maps one distribution.
pub fn map(name: &DistName, tables: &Tables<'_>) -> Answer {
    by_override(name, tables)
        .or_else(|| by_installed(name, tables).map(Answer::Mapped))
        .unwrap_or_else(|| in_archive(name, tables))
}

/// Maps one distribution by what the archive says, without regard to overrides and to what is
/// installed.
pub fn in_archive(name: &DistName, tables: &Tables<'_>) -> Answer {
    let known = by_metadata(name, tables)
        .or_else(|| by_alias(name, tables))
        .or_else(|| by_provides(name, tables))
        .or_else(|| by_unstable(name, tables))
        .or_else(|| by_guess(name, tables));
    known.map_or_else(|| missing(name, tables), Answer::Mapped)
}

/// The name that Python Policy gives a distribution's package, if its module is
/// named like the distribution.
pub fn policy_name(name: &DistName) -> Option<DebName> {
    format!("python3-{name}").parse().ok()
}

fn missing(name: &DistName, tables: &Tables<'_>) -> Answer {
    let alias = tables.aliases.get(name);
    let told = alias.filter(|alias| alias.package.is_none());
    Answer::Missing {
        unstable: (tables.unstable)(name),
        findings: told
            .map(|alias| Finding::info("no-alias", format!("{name}: {}", alias.reason)))
            .into_iter()
            .collect(),
    }
}

/// What `debian/py3dist-overrides` says.
pub fn by_override(name: &DistName, tables: &Tables<'_>) -> Option<Answer> {
    let (overrides, file) = tables.overrides?;
    let line = overrides.get(name, &tables.archive.suite().python)?;
    let evidence = Evidence::Override {
        at: format!("{file}:{}", line.line),
    };
    let Some(dependency) = &line.dependency else {
        return Some(Answer::Ignored(evidence));
    };
    Some(match first_package(dependency) {
        Some(package) => Answer::Mapped(overridden(line, dependency, package, evidence, tables)),
        None => Answer::Missing {
            unstable: None,
            findings: vec![
                Finding::error(
                    "override-without-package",
                    format!("`{dependency}` names no Debian package"),
                )
                .with_origin(evidence.describe()),
            ],
        },
    })
}

fn overridden(
    line: &Override,
    dependency: &str,
    package: DebName,
    evidence: Evidence,
    tables: &Tables<'_>,
) -> Mapping {
    let held = tables.archive.distribution(&line.distribution);
    let held = held.iter().find(|dist| dist.package == package);
    let judged = held.map(judged_version);
    let mut mapping = by_package(&line.distribution, package, evidence, tables);
    if let Some((upstream, basis)) = judged {
        (mapping.upstream, mapping.basis) = (upstream, basis);
    }
    if mapping.package_version.is_none() {
        let suite = &tables.archive.suite().codename;
        mapping.findings.push(
            Finding::warning(
                "override-not-in-archive",
                format!("{suite} has no package {}", mapping.package),
            )
            .with_origin(mapping.evidence.describe()),
        );
    }
    if dependency != mapping.package.as_str() {
        mapping.dependency = Some(dependency.to_owned());
    }
    mapping
}

/// A mapping to a package of which only its own version is known, if that.
pub fn by_package(
    name: &DistName,
    package: DebName,
    evidence: Evidence,
    tables: &Tables<'_>,
) -> Mapping {
    let found = tables.archive.package(&package);
    let read = |version: &str| crate::spelling::read_back(&version.parse::<DebVersion>().ok()?);
    Mapping {
        distribution: name.clone(),
        upstream: found.as_ref().and_then(|found| read(&found.version)),
        package_version: found.as_ref().map(|found| found.version.clone()),
        package,
        dependency: None,
        basis: Basis::DebianVersion {
            because: "the package has no metadata of the distribution".to_owned(),
        },
        evidence,
        public: true,
        origin: found.map_or(Origin::Suite, |found| found.origin),
        others: Vec::new(),
        findings: Vec::new(),
    }
}

/// What the metadata of installed packages say.
pub fn by_installed(name: &DistName, tables: &Tables<'_>) -> Option<Mapping> {
    let installed = tables.installed?(name);
    from_copies(name, installed, |path| Evidence::Installed { path })
}

fn by_metadata(name: &DistName, tables: &Tables<'_>) -> Option<Mapping> {
    let copies = tables.archive.distribution(name);
    from_copies(name, copies, |path| Evidence::Archive { path })
}

/// The best of several copies; backports only if there is nothing else.
fn from_copies(
    name: &DistName,
    mut copies: Vec<ArchiveDist>,
    evidence: impl Fn(String) -> Evidence,
) -> Option<Mapping> {
    copies.sort_by(|a, b| a.rank().cmp(&b.rank()));
    let first = copies.first()?;
    let named = policy_name(name);
    let equal = |dist: &&ArchiveDist| dist.class == first.class && dist.origin == first.origin;
    let by_name = copies.iter().filter(equal);
    let chosen = by_name
        .clone()
        .find(|dist| Some(&dist.package) == named.as_ref());
    let chosen = chosen.unwrap_or(first).clone();
    let others = others(&copies, &chosen);
    let (upstream, basis) = judged_version(&chosen);
    Some(Mapping {
        distribution: name.clone(),
        findings: copy_findings(name, &chosen, &others, &basis),
        package: chosen.package,
        package_version: Some(chosen.package_version),
        dependency: None,
        upstream,
        basis,
        evidence: evidence(chosen.path),
        public: chosen.class != PathClass::Private,
        origin: chosen.origin,
        others,
    })
}

fn others(copies: &[ArchiveDist], chosen: &ArchiveDist) -> Vec<ArchiveDist> {
    let other = |dist: &&ArchiveDist| dist.package != chosen.package;
    copies.iter().filter(other).cloned().collect()
}

fn copy_findings(
    name: &DistName,
    chosen: &ArchiveDist,
    others: &[ArchiveDist],
    basis: &Basis,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let rivals: Vec<String> = others
        .iter()
        .filter(|dist| dist.class == chosen.class)
        .map(|dist| format!("{} ({})", dist.package, dist.path))
        .collect();
    if !rivals.is_empty() {
        let rivals = rivals.join(", ");
        let by_name = policy_name(name).as_ref() == Some(&chosen.package);
        let severity = if by_name {
            Severity::Info
        } else {
            Severity::Warning
        };
        findings.push(
            Finding::new(severity, "ambiguous", format!("{name} is also in {rivals}"))
                .with_hint("if that is the right one, say so in debian/py3dist-overrides"),
        );
    }
    if chosen.class == PathClass::Private {
        findings.push(Finding::warning(
            "private-copy",
            format!(
                "{} keeps {name} for itself ({}): no other program can import it",
                chosen.package, chosen.path
            ),
        ));
    }
    if let Basis::DebianVersion { because } = basis {
        findings.push(Finding::info(
            "version-read-back",
            format!(
                "{name} is judged by {}'s own version: {because}",
                chosen.package
            ),
        ));
    }
    findings
}

fn by_alias(name: &DistName, tables: &Tables<'_>) -> Option<Mapping> {
    let alias = tables.aliases.get(name)?;
    let package = alias.package.clone()?;
    let evidence = Evidence::Alias {
        reason: alias.reason.clone(),
    };
    let mut mapping = by_package(name, package, evidence, tables);
    apply_alias_version(&mut mapping, alias, tables);
    let known = mapping.package_version.is_some();
    known.then_some(mapping)
}

fn apply_alias_version(mapping: &mut Mapping, alias: &Alias, tables: &Tables<'_>) {
    match &alias.version {
        AliasVersion::Debian => {}
        AliasVersion::Any => (mapping.upstream, mapping.basis) = (None, Basis::AnyVersion),
        AliasVersion::Distribution(other) => {
            let copies = tables.archive.distribution(other);
            let held = copies.iter().find(|dist| dist.package == mapping.package);
            let Some(held) = held else { return };
            (mapping.upstream, mapping.basis) = judged_version(held);
            mapping.package_version = Some(held.package_version.clone());
        }
    }
}

fn by_provides(name: &DistName, tables: &Tables<'_>) -> Option<Mapping> {
    let virtual_name = policy_name(name)?;
    let providers = tables.archive.providers(&virtual_name);
    let usable = |origin: &Origin| *origin != Origin::Backports;
    let provider = providers.iter().find(|provider| usable(&provider.origin))?;
    let evidence = Evidence::Provides {
        name: virtual_name.to_string(),
    };
    Some(by_package(name, provider.package.clone(), evidence, tables))
}

fn by_unstable(name: &DistName, tables: &Tables<'_>) -> Option<Mapping> {
    let package = (tables.unstable)(name).filter(|_| tables.by_unstable_name)?;
    tables.archive.package(&package)?;
    let evidence = Evidence::Unstable {
        name: package.to_string(),
    };
    Some(by_package(name, package, evidence, tables))
}

fn by_guess(name: &DistName, tables: &Tables<'_>) -> Option<Mapping> {
    let guess = policy_name(name)?;
    let package = tables.archive.package(&guess)?;
    if !(package.section == "python" || package.section.ends_with("/python")) {
        return None;
    }
    let evidence = Evidence::Guess {
        name: guess.to_string(),
    };
    let mut mapping = by_package(name, guess, evidence, tables);
    let warning = format!("{name} is {} only by name", mapping.package);
    mapping.findings.push(
        Finding::warning("guess", warning)
            .with_hint("look what the package ships, then say so in debian/py3dist-overrides"),
    );
    Some(mapping)
}

#[cfg(test)]
mod tests;
