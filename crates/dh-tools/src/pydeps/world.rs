//! What is known around a package: the trees of this source package, decisions, the
//! packages of this machine and of its suite.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use pydeps_core::alias::Aliases;
use pydeps_core::archive::{Archive, ArchiveDist, Origin};
use pydeps_core::decision::{Decision, Decisions};
use pydeps_core::mapping::{self, Answer, Tables};
use pydeps_core::name::{DebName, DistName};
use pydeps_core::overrides::Overrides;
use pydeps_core::target::Target;
use pydeps_debhelper::control::Package;
use pydeps_host::built::{self, BuiltDist};
use pydeps_host::decisions::{self, ReadError};
use pydeps_host::here::Here;
use pydeps_host::installed::Installed;
use pydeps_host::{open, overrides, paths, snapshot};

use crate::failure::Failure;
use crate::run::Run;

/// What is known.
pub(crate) struct World {
    /// The distributions of each package of this source package whose tree is there.
    trees: BTreeMap<DebName, Vec<BuiltDist>>,
    /// Every binary package of this source package.
    packages: Vec<Package>,
    decisions: Decisions,
    overrides: Option<Overrides>,
    aliases: Aliases,
    here: Here,
}

impl World {
    pub(crate) fn gather(run: &Run) -> Result<Self, Failure> {
        let installed = Installed::new("/");
        let archive = archive(&installed, &run.build.host)?;
        let here = Here::new(installed, archive, &run.build.host).map_err(Failure::environment)?;
        Ok(Self {
            trees: trees(run)?,
            packages: run.control.packages.clone(),
            decisions: read_decisions()?,
            overrides: read_overrides(run)?,
            aliases: Aliases::built_in(),
            here,
        })
    }

    /// The distributions in a package.
    pub(crate) fn tree(&self, package: &DebName) -> &[BuiltDist] {
        self.trees.get(package).map_or(&[], Vec::as_slice)
    }

    /// What was decided about a distribution.
    pub(crate) fn decision(&self, name: &DistName) -> Option<&Decision> {
        self.decisions.get(name)
    }

    /// The name of the suite.
    pub(crate) fn suite(&self) -> &str {
        &self.here.suite().codename
    }

    /// The Python that requirements are judged for: an architecture's package runs on
    /// that one only.
    pub(crate) fn target(&self, package: &Package) -> Target {
        let target = Target::new(self.here.suite(), self.here.python());
        match package.is_indep() {
            true => target,
            false => target.on_its_architecture(),
        }
    }

    /// The other package of this source package that has a distribution: the one of the
    /// usual name, else one in whose tree it is.
    pub(crate) fn sibling(&self, name: &DistName, asker: &DebName) -> Option<&Package> {
        let usual = mapping::policy_name(name);
        let others = || self.packages.iter().filter(|other| other.name != *asker);
        let has = |other: &&Package| {
            let public = |dist: &&BuiltDist| dist.class != pydeps_core::archive::PathClass::Private;
            let dists = self.tree(&other.name).iter().filter(public);
            dists.into_iter().any(|dist| dist.name == *name)
        };
        let by_name = others().find(|other| Some(&other.name) == usual.as_ref());
        by_name.or_else(|| others().find(has))
    }

    /// The metadata of a distribution that is installed on this machine.
    pub(crate) fn metadata(&self, name: &DistName) -> Option<BuiltDist> {
        let installed = self.here.installed();
        let found = installed.find(name).ok()?;
        installed.metadata(&found.first()?.path).ok()?
    }

    /// What this machine and the suite say of a distribution.
    pub(crate) fn look_up(&self, name: &DistName) -> Answer {
        let installed = |name: &DistName| installed_copies(self.here.installed(), name);
        let names = snapshot::unstable();
        let unstable = |name: &DistName| names.as_ref()?.find(name).into_iter().next();
        let overrides = self.overrides.as_ref();
        mapping::map(
            name,
            &Tables {
                archive: &self.here,
                overrides: overrides.map(|overrides| (overrides, overrides::FILE)),
                installed: Some(&installed),
                aliases: &self.aliases,
                unstable: &unstable,
            },
        )
    }
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

fn trees(run: &Run) -> Result<BTreeMap<DebName, Vec<BuiltDist>>, Failure> {
    let mut trees = BTreeMap::new();
    for package in &run.control.packages {
        let is_asked = run.packages.contains(&package.name);
        let tree = match is_asked {
            true => run.tree(&package.name),
            false => Path::new("debian").join(package.name.as_str()),
        };
        let found = built::distributions(&tree).map_err(Failure::environment)?;
        trees.insert(package.name.clone(), found);
    }
    Ok(trees)
}

fn read_decisions() -> Result<Decisions, Failure> {
    decisions::read(Path::new(".")).map_err(|error| match error {
        ReadError::Io(error) => Failure::environment(error),
        ReadError::Wrong(error) => {
            let help = error.help.clone();
            Failure::input(error).with_hint(help)
        }
    })
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

/// What is installed, as the archive would say it.
fn installed_copies(installed: &Installed, name: &DistName) -> Vec<ArchiveDist> {
    let found = installed.find(name).unwrap_or_default();
    let copy = |dist: pydeps_host::installed::InstalledDist| ArchiveDist {
        name: dist.name,
        upstream: dist.upstream,
        package: dist.package,
        described_version: dist.package_version.clone(),
        package_version: dist.package_version,
        section: "python".to_owned(),
        path: dist.path,
        class: dist.class,
        origin: Origin::Suite,
    };
    found.into_iter().map(copy).collect()
}
