//! What is to be generated: what was named, or what the lock says.

use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::{Operator, Version, VersionSpecifier, VersionSpecifiers};
use pydeps_core::requirement::Requirement;

use pydeps_core::archive::Origin;
use pydeps_core::finding::Finding;
use pydeps_core::lock::{Lock, LockedFile};
use pydeps_core::mapping::{Basis, Evidence, Mapping};
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::outcome::{Action, Distribution};

use crate::failure::Failure;
use pydeps_core::source::Source;

/// One source package to make.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// The release.
    pub(crate) requirement: Requirement,
    /// The sdist that it has to be, by the lock.
    pub(crate) sdist: Option<LockedFile>,
    /// Whether it was said to be an application.
    pub(crate) application: bool,
    /// Whether it was asked for itself, and nothing else asks for it.
    pub(crate) is_top: bool,
}

impl Job {
    /// A release that others import.
    pub(crate) fn library(requirement: Requirement) -> Self {
        Self {
            requirement,
            sdist: None,
            application: false,
            is_top: false,
        }
    }

    /// The version, where it is one and no other.
    pub(crate) fn pinned(&self) -> Option<&Version> {
        let mut specifiers = self.requirement.specifiers.iter();
        let exact = specifiers
            .next()
            .filter(|one| *one.operator() == Operator::Equal);
        exact
            .filter(|_| specifiers.next().is_none())
            .map(VersionSpecifier::version)
    }
}

/// What was named on the command line.
pub(crate) fn named(names: &[String], application: bool) -> Result<Vec<Job>, Failure> {
    let job = |text: &String| {
        Ok(Job {
            application,
            ..Job::library(release(text)?)
        })
    };
    names.iter().map(job).collect()
}

/// A release of the index: a name, with a version perhaps.
fn release(text: &str) -> Result<Requirement, Failure> {
    if text.starts_with('.') || text.contains('/') && !text.contains('@') {
        let error =
            anyhow::anyhow!("`{text}` is a path, and releases are packaged, by their names");
        return Err(Failure::input(error).with_hint(format!(
            "`dh-pydeps resolve {text}` finds what a project lacks, and `dh-pydeps generate` \
             without a name packages that"
        )));
    }
    let requirement = crate::inputs::requirement(text)?;
    let name = &requirement.name;
    let (what, hint) = if requirement.url.is_some() {
        (
            "names an address",
            format!("only releases of the package index are packaged: {name}==VERSION"),
        )
    } else if !requirement.marker.is_empty() {
        (
            "has a condition",
            format!("name `{name}` alone: what is named is packaged"),
        )
    } else {
        return Ok(requirement);
    };
    Err(Failure::input(anyhow::anyhow!("`{text}` {what}")).with_hint(hint))
}

/// The number of a bug, for `--itp`.
pub(crate) fn bug(text: &str) -> Result<u32, String> {
    let number = text.strip_prefix('#').unwrap_or(text).parse();
    number
        .ok()
        .filter(|number| *number > 0)
        .ok_or_else(|| "not the number of a bug, as in 1012345".to_owned())
}

/// What the lock leaves open: packages are made of the rest.
pub(crate) fn open(lock: &Lock) -> Vec<Finding> {
    let resolution = lock.resolution();
    let mut names: Vec<String> = resolution.open().map(|row| row.name.to_string()).collect();
    let what = match (names.is_empty(), resolution.conflict.is_empty()) {
        (true, true) => return Vec::new(),
        (true, false) => "there is a conflict".to_owned(),
        (false, _) => {
            names.sort();
            format!("nothing is decided about {}", names.join(", "))
        }
    };
    let message = format!("the lock is no solution yet: {what}");
    let hint = "`dh-pydeps status` says more, `dh-pydeps resolve --interactive` asks";
    vec![Finding::error("open", message).with_hint(hint)]
}

/// What the lock says to generate, in the order of building.
pub(crate) fn locked(lock: &Lock, application: bool) -> Vec<Job> {
    let order = lock.build_order.iter().flatten();
    let of_order = order.filter_map(|name| lock.distributions.iter().find(|one| one.name == *name));
    let mut seen = BTreeSet::new();
    of_order
        .chain(&lock.distributions)
        .filter(|one| one.is_generated() && seen.insert(one.name.clone()))
        .filter_map(|one| job(one, lock, application))
        .collect()
}

fn job(one: &Distribution, lock: &Lock, application: bool) -> Option<Job> {
    let version = one.version.clone()?;
    let exactly = VersionSpecifier::from_version(Operator::Equal, version).ok()?;
    let is_root = lock
        .roots
        .iter()
        .any(|root| root.name.as_ref() == Some(&one.name));
    let asks = |name: &str| {
        let base = name.split('[').next().unwrap_or(name);
        let mut others = lock.distributions.iter().map(|other| other.name.as_ref());
        base != one.name.as_ref() && others.any(|other| other == base)
    };
    let is_top = is_root && !one.required_by.iter().any(|by| asks(&by.name));
    Some(Job {
        requirement: Requirement {
            extras: extras(&one.name, lock),
            specifiers: VersionSpecifiers::from(exactly),
            ..Requirement::any(one.name.clone())
        },
        sdist: lock.sdist(&one.name).cloned(),
        application: application && is_root,
        is_top,
    })
}

/// The extras that were asked for of a root. What another package asks for is that one's
/// dependency.
fn extras(name: &DistName, lock: &Lock) -> Vec<ExtraName> {
    let roots = lock
        .roots
        .iter()
        .filter(|root| root.name.as_ref() == Some(name));
    let asked = roots.filter_map(|root| root.label.parse::<Requirement>().ok());
    let asked = asked.filter(|one| one.name == *name);
    let all: BTreeSet<ExtraName> = asked.flat_map(|one| one.extras).collect();
    all.into_iter().collect()
}

/// The distributions whose bounds a person has decided not to count.
pub(crate) fn relaxed(lock: &Lock) -> BTreeSet<DistName> {
    let relaxed = lock
        .distributions
        .iter()
        .filter(|one| one.action == Some(Action::Relax));
    relaxed.map(|one| one.name.clone()).collect()
}

/// The distributions that a person has decided to leave out.
pub(crate) fn ignored(lock: &Lock) -> BTreeSet<DistName> {
    let out = |one: &&Distribution| matches!(one.action, Some(Action::Ignore | Action::Bundle));
    lock.distributions
        .iter()
        .filter(out)
        .map(|one| one.name.clone())
        .collect()
}

/// What was decided to be put into the application's own directory: no package has it.
pub(crate) fn bundled(lock: &Lock) -> Vec<Finding> {
    let all = lock.distributions.iter();
    let names = all.filter(|one| one.action == Some(Action::Bundle));
    let told = |one: &Distribution| {
        let name = &one.name;
        let message = format!(
            "{name} is to be bundled, which generate does not do yet: the packages are without it"
        );
        Finding::error("not-bundled", message).with_hint(format!(
            "put a copy into the package by hand (dh_pydeps(1), dh_pyelf(5)), or decide on another way \
             for {name} in pydeps.toml"
        ))
    };
    names.map(told).collect()
}

/// The packages that the lock takes from backports, a newer suite or a local repository.
pub(crate) fn planned(lock: &Lock) -> BTreeMap<DistName, Mapping> {
    let taken = |one: &&Distribution| {
        matches!(one.action, Some(Action::Backport | Action::Replace))
            && one.origin != Source::Index
    };
    let known = lock.distributions.iter().filter(taken);
    known
        .filter_map(|one| Some((one.name.clone(), mapping(one)?)))
        .collect()
}

fn mapping(one: &Distribution) -> Option<Mapping> {
    Some(Mapping {
        distribution: one.name.clone(),
        package: one.package.clone()?,
        package_version: one.package_version.clone(),
        dependency: None,
        upstream: one.version.clone(),
        basis: Basis::Metadata,
        evidence: one.evidence.clone().unwrap_or(Evidence::Archive {
            path: one.origin.word().to_owned(),
        }),
        public: true,
        origin: Origin::Local(one.origin.word().to_owned()),
        others: Vec::new(),
        findings: Vec::new(),
    })
}
