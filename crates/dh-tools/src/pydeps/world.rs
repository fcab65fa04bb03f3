//! What is known around a package: the trees of this source package, decisions, the
//! packages of this machine and of its suite.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use pep440_rs::Version;
use pydeps_archive::here::Here;
use pydeps_archive::open;
use pydeps_archive::snapshot;
use pydeps_core::alias::Aliases;
use pydeps_core::archive::Archive;
use pydeps_core::deb_version::DebVersion;
use pydeps_core::decision::{Choice, Decision, Decisions};
use pydeps_core::dependencies::{
    Dependencies, Generated, Lookup, PackagedDist, Planned, Problem, Requirements, Scope, Sibling,
};
use pydeps_core::lock::Lock;
use pydeps_core::mapping::{self, Answer, Evidence, Mapping, Tables};
use pydeps_core::name::{DebName, DistName, ExtraName, SuiteName};
use pydeps_core::outcome::Requirer;
use pydeps_core::overrides::Overrides;
use pydeps_core::requirement::{self, Requirement};
use pydeps_core::target::Target;
use pydeps_debhelper::control::Package;
use pydeps_host::built::{self, BuiltDist};
use pydeps_host::decisions;
use pydeps_host::installed::Installed;
use pydeps_host::{lock, overrides, paths};

use super::built::Built;
use super::extras::Chosen;
use super::modules::pythons::Pythons;
use super::{decide, messages};
use crate::failure::Failure;
use crate::run::Run;

/// What is known.
pub(crate) struct World {
    built: Built,
    decisions: Decisions,
    lock: Option<Lock>,
    overrides: Option<Overrides>,
    aliases: Aliases,
    here: Here,
}

impl World {
    pub(crate) fn gather(run: &Run) -> Result<Self, Failure> {
        let root = std::env::var_os("DPKG_ROOT").filter(|root| !root.is_empty());
        let installed = Installed::new(root.unwrap_or_else(|| "/".into()));
        let trees = trees(run)?;
        // An index takes time to be checked.
        let archive = match trees.is_empty() {
            true => None,
            false => archive(&installed, &run.build.host)?,
        };
        let host = run.build.host.parse().map_err(Failure::environment)?;
        let here = Here::new(installed, archive, &host).map_err(Failure::environment)?;
        let world = Self {
            built: Built {
                packages: run.control.packages.clone(),
                trees,
            },
            decisions: read_decisions()?,
            lock: read_lock()?,
            overrides: read_overrides(run)?,
            aliases: Aliases::built_in(),
            here,
        };
        world.foresee(&run.packages);
        Ok(world)
    }

    /// Asks about all packages at once that may be asked about one by one later.
    fn foresee(&self, packages: &[DebName]) {
        let dists = packages.iter().flat_map(|package| self.built.tree(package));
        let names: BTreeSet<&DistName> = (dists.flat_map(|dist| &dist.requires))
            .map(|requirement| &requirement.name)
            .collect();
        let usual = names.iter().filter_map(|name| mapping::policy_name(name));
        let unstable = names.iter().filter_map(|name| in_unstable(name));
        self.here.foresee(usual.chain(unstable));
    }

    /// The Pythons of this system; `None` where there is none, whatever its suite has.
    pub(crate) fn pythons(&self) -> Result<Option<Pythons>, Failure> {
        let found = self.here.installed().pythons();
        let found = found.map_err(Failure::environment)?;
        Ok(found.and_then(|found| Pythons::new(self.suite(), &found.default, &found.supported)))
    }

    /// The distributions in a package.
    pub(crate) fn tree(&self, package: &DebName) -> &[BuiltDist] {
        self.built.tree(package)
    }

    /// The dependencies of a package, with these extras followed.
    pub(crate) fn dependencies(&self, package: &Package, chosen: &Chosen) -> Dependencies {
        let locked = self
            .lock
            .as_ref()
            .map_or(&[][..], |lock| &lock.distributions);
        let scope = Scope {
            lookup: &InPackage {
                world: self,
                package,
            },
            target: &self.target(package),
            suite: self.suite(),
        };
        decide::package(&package.name, &self.built, scope, locked, chosen)
    }

    fn suite(&self) -> &str {
        let suite = &self.here.suite().codename;
        if *suite == SuiteName::this_system() {
            return "this system";
        }
        suite
    }

    /// The Python that a package's requirements are judged for.
    fn target(&self, package: &Package) -> Target {
        let target = Target::new(self.here.suite(), self.here.python());
        match package.is_indep() {
            true => target,
            false => target.on_its_architecture(),
        }
    }

    fn ask<T>(&self, question: impl FnOnce(&Tables<'_>) -> T) -> T {
        let overrides = self.overrides.as_ref();
        question(&Tables {
            archive: &self.here,
            overrides: overrides.map(|overrides| (overrides, overrides::FILE)),
            installed: Some(&|name| self.here.installed().copies(name)),
            aliases: &self.aliases,
            unstable: &in_unstable,
            by_unstable_name: true,
        })
    }

    /// What the lock says of a distribution: a package of the archive, or one that is made
    /// from the index.
    fn locked(&self, name: &DistName) -> Option<Planned> {
        let locked = self
            .lock
            .as_ref()?
            .distributions
            .iter()
            .find(|one| one.name == *name)?;
        let package = locked
            .package
            .clone()
            .or_else(|| mapping::policy_name(name))?;
        if locked.is_generated() {
            return Some(Planned::Generated(
                self.generated(package, locked.version.clone()),
            ));
        }
        let evidence = Evidence::Lock {
            at: lock::FILE.to_owned(),
        };
        let mut mapping = self.ask(|tables| mapping::by_package(name, package, evidence, tables));
        mapping.package_version.clone_from(&locked.package_version);
        mapping.upstream.clone_from(&locked.version);
        Some(Planned::Mapped(mapping))
    }

    /// What is to be made by a decision, without a lock that says more.
    fn decided(&self, name: &DistName) -> Option<Planned> {
        let decision = self.decisions.get(name)?;
        let makes = [Choice::Generate, Choice::Backport, Choice::Replace];
        if !makes.contains(&decision.choice) {
            return None;
        }
        let package = match self.ask(|tables| mapping::in_archive(name, tables)) {
            Answer::Mapped(mapping) => mapping.package,
            Answer::Ignored(_) | Answer::Missing { .. } => mapping::policy_name(name)?,
        };
        Some(Planned::Generated(self.generated(package, None)))
    }

    fn generated(&self, package: DebName, version: Option<Version>) -> Generated {
        let there = self.here.package(&package);
        let there = there.and_then(|there| there.version.parse::<DebVersion>().ok());
        Generated {
            package,
            version,
            epoch: there.map_or(0, |there| there.epoch),
            guessed: false,
            missing: false,
        }
    }

    /// What the lock says of extras of a distribution, with the markers of the extras.
    fn locked_extras(&self, name: &DistName, extras: &[ExtraName]) -> Option<Vec<Requirement>> {
        let all = &self.lock.as_ref()?.distributions;
        let mut requires = Vec::new();
        for extra in extras {
            let label = format!("{name}[{extra}]");
            let requirers = all.iter().flat_map(|locked| &locked.required_by);
            let texts = requirers.filter(|one| one.name == label && !one.constraint);
            let read = |one: &Requirer| requirement::parse(&one.requirement, lock::FILE).0;
            let found: Vec<Requirement> = texts.filter_map(read).collect();
            if found.is_empty() {
                return None;
            }
            requires.extend(found.into_iter().map(|one| one.with_extra_marker(extra)));
        }
        Some(requires)
    }
}

/// What is known around one package.
struct InPackage<'a> {
    world: &'a World,
    package: &'a Package,
}

impl Lookup for InPackage<'_> {
    fn own(&self, name: &DistName, directory: &str) -> Option<PackagedDist<'_>> {
        self.world.built.own(&self.package.name, name, directory)
    }

    fn decision(&self, name: &DistName) -> Option<&Decision> {
        self.world.decisions.get(name)
    }

    fn sibling(&self, name: &DistName) -> Option<Sibling<'_>> {
        self.world.built.sibling(self.package, name)
    }

    fn overridden(&self, name: &DistName) -> Option<Answer> {
        self.world.ask(|tables| mapping::by_override(name, tables))
    }

    fn installed(&self, name: &DistName) -> Option<Mapping> {
        self.world.ask(|tables| mapping::by_installed(name, tables))
    }

    fn planned(&self, name: &DistName) -> Option<Planned> {
        self.world.locked(name).or_else(|| self.world.decided(name))
    }

    fn archived(&self, name: &DistName) -> Answer {
        self.world.ask(|tables| mapping::in_archive(name, tables))
    }

    fn requirements(
        &self,
        name: &DistName,
        _: Option<&Version>,
        extras: &[ExtraName],
    ) -> Requirements {
        let installed = self.world.here.installed();
        let found = installed
            .find(name)
            .ok()
            .and_then(|found| found.into_iter().next());
        let requires = match found {
            Some(found) => installed
                .metadata(&found.path)
                .ok()
                .flatten()
                .map(|dist| dist.requires),
            None => self.world.locked_extras(name, extras),
        };
        requires.map_or(Requirements::Unknown, Requirements::Known)
    }

    fn hint(&self, problem: Problem<'_>, requirement: &Requirement) -> String {
        messages::hint(problem, requirement)
    }
}

/// The package that has a distribution in unstable, by the built-in table.
fn in_unstable(name: &DistName) -> Option<DebName> {
    snapshot::unstable()?.find(name).into_iter().next()
}

fn read_lock() -> Result<Option<Lock>, Failure> {
    Ok(lock::read(Path::new("."))?)
}

/// The index of this machine's suite, or its snapshot; `None` where there is neither, as of
/// unstable in a build.
fn archive(
    installed: &Installed,
    architecture: &str,
) -> Result<Option<open::OpenArchive>, Failure> {
    let Some(suite) = installed.codename() else {
        return Ok(None);
    };
    let cache = paths::cache_dir(&|name| std::env::var_os(name));
    // There is no home in a build; what is not there has no index.
    let cache = cache.unwrap_or_else(|_| PathBuf::from("/nonexistent"));
    match open::open(&suite, architecture, &cache) {
        Ok(archive) => Ok(Some(archive)),
        Err(open::OpenError::Unknown { .. }) => Ok(None),
        Err(error) => {
            Err(Failure::environment(error).with_hint(format!("dh-pydeps update --suite {suite}")))
        }
    }
}

/// What the packages have; nothing where those that are acted on have nothing, as most
/// packages of most source packages: nobody asks about the others then.
fn trees(run: &Run) -> Result<BTreeMap<DebName, Vec<BuiltDist>>, Failure> {
    let mut trees = BTreeMap::new();
    for package in &run.packages {
        trees.insert(package.clone(), distributions(run, &run.tree(package))?);
    }
    if trees.values().all(Vec::is_empty) {
        return Ok(BTreeMap::new());
    }
    for package in &run.control.packages {
        let name = &package.name;
        if !trees.contains_key(name) {
            let tree = Path::new("debian").join(name.as_str());
            trees.insert(name.clone(), distributions(run, &tree)?);
        }
    }
    Ok(trees)
}

fn distributions(run: &Run, tree: &Path) -> Result<Vec<BuiltDist>, Failure> {
    let mut found = built::distributions(tree).map_err(Failure::environment)?;
    found.retain(|dist| !run.excludes(&tree.join(&dist.path)));
    Ok(found)
}

fn read_decisions() -> Result<Decisions, Failure> {
    Ok(decisions::read(Path::new("."))?)
}

fn read_overrides(run: &Run) -> Result<Option<Overrides>, Failure> {
    let read = overrides::read(Path::new(".")).context("debian/py3dist-overrides");
    let Some(text) = read.map_err(Failure::environment)? else {
        return Ok(None);
    };
    let parsed = Overrides::parse(&text, overrides::FILE);
    let (overrides, findings) = parsed.map_err(Failure::input)?;
    run.say.findings(&findings);
    Ok(Some(overrides))
}
