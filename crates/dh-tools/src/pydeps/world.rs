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
use pydeps_core::decision::{Decision, Decisions};
use pydeps_core::lock::Lock;
use pydeps_core::mapping::{self, Answer, Evidence, Mapping, Tables};
use pydeps_core::name::{DebName, DistName, ExtraName, SuiteName};
use pydeps_core::outcome::Distribution;
use pydeps_core::overrides::Overrides;
use pydeps_core::relation::Known;
use pydeps_core::requirement;
use pydeps_core::requirement::Requirement;
use pydeps_core::target::Target;
use pydeps_debhelper::control::Package;
use pydeps_host::built::{self, BuiltDist};
use pydeps_host::decisions;
use pydeps_host::installed::Installed;
use pydeps_host::{lock, overrides, paths};

use super::decide::Around;
use super::modules::pythons::Pythons;
use crate::failure::Failure;
use crate::run::Run;

/// What is known.
pub(crate) struct World {
    /// The distributions of each package of this source package whose tree is there.
    trees: BTreeMap<DebName, Vec<BuiltDist>>,
    /// Every binary package of this source package.
    packages: Vec<Package>,
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
            trees,
            packages: run.control.packages.clone(),
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
        let dists = packages.iter().flat_map(|package| self.tree(package));
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

    fn tables<'a>(&'a self, installed: mapping::Installed<'a>) -> Tables<'a> {
        let overrides = self.overrides.as_ref();
        Tables {
            archive: &self.here,
            overrides: overrides.map(|overrides| (overrides, overrides::FILE)),
            installed: Some(installed),
            aliases: &self.aliases,
            unstable: &in_unstable,
        }
    }

    /// What the lock says of a distribution: a package of the archive, or one that is made
    /// from the index.
    fn locked(&self, name: &DistName, tables: &Tables<'_>) -> Option<Mapping> {
        let locked = self.locked_distribution(name)?;
        let package = locked
            .package
            .clone()
            .or_else(|| mapping::policy_name(name))?;
        let evidence = Evidence::Lock {
            at: lock::FILE.to_owned(),
        };
        let mut mapping = mapping::by_package(name, package, evidence, tables);
        let generated = |version: &Version| Known::generated(version.clone()).debian.to_string();
        let made = || locked.version.as_ref().map(generated);
        mapping.package_version = locked.package_version.clone().or_else(made);
        mapping.upstream.clone_from(&locked.version);
        Some(mapping)
    }

    /// The package that has a distribution in unstable, if the archive has that package.
    fn named(&self, name: &DistName, tables: &Tables<'_>) -> Option<Mapping> {
        let package = in_unstable(name).filter(|package| self.here.package(package).is_some())?;
        let evidence = Evidence::Unstable {
            name: package.to_string(),
        };
        Some(mapping::by_package(name, package, evidence, tables))
    }
}

impl Around for World {
    fn tree(&self, package: &DebName) -> &[BuiltDist] {
        self.trees.get(package).map_or(&[], Vec::as_slice)
    }

    fn packages(&self) -> &[Package] {
        &self.packages
    }

    fn decision(&self, name: &DistName) -> Option<&Decision> {
        self.decisions.get(name)
    }

    fn suite(&self) -> &str {
        let suite = &self.here.suite().codename;
        if *suite == SuiteName::this_system() {
            return "this system";
        }
        suite
    }

    fn target(&self, package: &Package) -> Target {
        let target = Target::new(self.here.suite(), self.here.python());
        match package.is_indep() {
            true => target,
            false => target.on_its_architecture(),
        }
    }

    fn locked_distribution(&self, name: &DistName) -> Option<&Distribution> {
        let all = &self.lock.as_ref()?.distributions;
        all.iter().find(|locked| locked.name == *name)
    }

    fn requirements_of_extra(
        &self,
        name: &DistName,
        extra: &ExtraName,
    ) -> Option<Vec<Requirement>> {
        let installed = self.here.installed();
        let found = installed.find(name).ok()?;
        if let Some(found) = found.first() {
            let dist = installed.metadata(&found.path).ok()??;
            return Some(dist.requires);
        }
        let label = format!("{name}[{extra}]");
        let all = self.lock.iter().flat_map(|lock| &lock.distributions);
        let requirers = all.flat_map(|locked| &locked.required_by);
        let texts = requirers.filter(|requirer| requirer.name == label && !requirer.constraint);
        let read = |text: &str| {
            let requirement = requirement::parse(text, lock::FILE).0?;
            Some(requirement.with_extra_marker(extra))
        };
        let read: Vec<_> = texts
            .filter_map(|requirer| read(&requirer.requirement))
            .collect();
        (!read.is_empty()).then_some(read)
    }

    fn look_up(&self, name: &DistName) -> Answer {
        let installed = |name: &DistName| self.here.installed().copies(name);
        let tables = self.tables(&installed);
        let found = mapping::map(name, &tables);
        let better = match &found {
            Answer::Ignored(_) => None,
            Answer::Mapped(mapping) => match mapping.evidence {
                Evidence::Override { .. } | Evidence::Installed { .. } => None,
                Evidence::Guess { .. } => {
                    (self.locked(name, &tables)).or_else(|| self.named(name, &tables))
                }
                _ => self.locked(name, &tables),
            },
            Answer::Missing { .. } => {
                (self.locked(name, &tables)).or_else(|| self.named(name, &tables))
            }
        };
        better.map_or(found, Answer::Mapped)
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
