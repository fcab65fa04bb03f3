//! What generation asks of archives and of the package index, answered.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use pep440_rs::Version;
use pydeps_archive::index::{ArchiveIndex, PathKind};
use pydeps_archive::open;
use pydeps_archive::snapshot;
use pydeps_core::archive::{Archive, ArchivePackage};
use pydeps_core::clause;
use pydeps_core::mapping::{Answer, Evidence, Mapping};
use pydeps_core::name::{DebName, DistName, ExtraName};
use pydeps_core::requirement::Requirement;
use pydeps_generate::facts::{ArchiveQueries, Generated, Taken};
use pydeps_index::Client;

use crate::archive::Debian;
use crate::failure::Failure;
use crate::query::SuiteQuery;
use crate::{defaults, machine};

/// How many packages of a file are of interest.
const ENOUGH: usize = 8;

/// The archives and the index, as generation asks them.
pub(crate) struct Lookup<'a> {
    pub(crate) debian: &'a Debian,
    pub(crate) client: &'a Client,
    /// What is to be generated as well.
    pub(crate) generated: BTreeMap<DistName, Generated>,
    /// The programs of what is to be generated, and the package of each.
    pub(crate) programs: BTreeMap<String, DebName>,
    /// The modules of what is to be generated, and the package of each.
    pub(crate) modules: BTreeMap<String, DebName>,
    /// What a person has decided to leave out.
    pub(crate) ignored: BTreeSet<DistName>,
    /// What the lock takes from elsewhere than the suite: backports, rebuilt packages.
    pub(crate) planned: BTreeMap<DistName, Mapping>,
    /// The suites that there are indexes of, the target first.
    suites: Vec<Known>,
    extras: RefCell<BTreeMap<(DistName, String), Vec<Requirement>>>,
}

/// A suite with what its packages hold.
struct Known {
    index: ArchiveIndex,
    holds: OnceCell<Holdings>,
}

/// Distributions by package, and packages by source.
struct Holdings {
    by_package: BTreeMap<DebName, Vec<DistName>>,
    by_source: BTreeMap<String, Vec<DebName>>,
}

impl Known {
    fn holdings(&self) -> &Holdings {
        self.holds.get_or_init(|| {
            let mut by_package: BTreeMap<DebName, Vec<DistName>> = BTreeMap::new();
            for dist in self.index.distributions() {
                by_package.entry(dist.package).or_default().push(dist.name);
            }
            let mut by_source: BTreeMap<String, Vec<DebName>> = BTreeMap::new();
            for package in self.index.packages() {
                by_source
                    .entry(source_of(&package))
                    .or_default()
                    .push(package.name);
            }
            Holdings {
                by_package,
                by_source,
            }
        })
    }

    /// The packages of the files that are found by a name.
    fn find(&self, kind: PathKind, name: &str) -> Vec<(String, Vec<DebName>)> {
        let hits = self.index.find(kind, name, ENOUGH).unwrap_or_default();
        hits.into_iter()
            .map(|hit| (hit.name, hit.packages))
            .collect()
    }

    /// The packages of what has exactly this name.
    fn exactly(&self, kind: PathKind, name: &str) -> Vec<DebName> {
        let hits = self.find(kind, name).into_iter();
        hits.filter(|(found, _)| found == name)
            .flat_map(|(_, packages)| packages)
            .collect()
    }

    /// What a source or binary package of this name holds; `None` if there is none.
    fn holding(&self, name: &str) -> Option<Vec<DistName>> {
        let holdings = self.holdings();
        let package: DebName = name.parse().ok()?;
        let own = self.index.package(&package).map(|found| found.name);
        let built = holdings.by_source.get(name);
        if own.is_none() && built.is_none() {
            return None;
        }
        let all = own.iter().chain(built.into_iter().flatten());
        let held = all.filter_map(|package| holdings.by_package.get(package));
        Some(held.flatten().cloned().collect())
    }
}

fn source_of(package: &ArchivePackage) -> String {
    let details = package.details.as_ref();
    details.map_or_else(
        || package.name.to_string(),
        |details| details.source.clone(),
    )
}

/// The packages of a field of relations, the first of alternatives.
fn packages(field: &str) -> Vec<DebName> {
    let clauses = clause::parse(field).filter_map(Result::ok);
    clauses
        .filter_map(|clause| Some(clause.alternatives.into_iter().next()?.package))
        .collect()
}

impl<'a> Lookup<'a> {
    /// Opens the indexes of all suites; the target has to have one.
    pub(crate) fn open(
        debian: &'a Debian,
        client: &'a Client,
        query: &SuiteQuery,
    ) -> Result<Self, Failure> {
        let target = &debian.archive().suite().codename;
        let cache = machine::cache_dir()?;
        let architecture = defaults::architecture(query.architecture.as_ref())?;
        let mut suites: Vec<Known> = Vec::new();
        for codename in open::codenames(&architecture, &cache) {
            if let Ok(open::OpenArchive::Index(index)) =
                open::open(&codename, &architecture, &cache)
            {
                suites.push(Known {
                    index: *index,
                    holds: OnceCell::new(),
                });
            }
        }
        suites.sort_by_key(|known| known.index.suite().codename != *target);
        let first = suites.first().map(|known| &known.index.suite().codename);
        if first != Some(target) {
            let error = anyhow::anyhow!(
                "without an index of {target} it is not known what can be built there"
            );
            return Err(
                Failure::environment(error).with_hint(format!("dh-pydeps update --suite {target}"))
            );
        }
        Ok(Self {
            debian,
            client,
            generated: BTreeMap::new(),
            programs: BTreeMap::new(),
            modules: BTreeMap::new(),
            ignored: BTreeSet::new(),
            planned: BTreeMap::new(),
            suites,
            extras: RefCell::default(),
        })
    }

    fn target(&self) -> &Known {
        &self.suites[0]
    }

    fn is_generated(&self, package: &DebName) -> bool {
        let mut generated = self.generated.values();
        generated.any(|one| one.package == *package)
    }
}

impl ArchiveQueries for Lookup<'_> {
    fn answer(&self, name: &DistName) -> Answer {
        match self.ignored.contains(name) {
            true => Answer::Ignored(Evidence::Override {
                at: "the decisions".to_owned(),
            }),
            false => match self.planned.get(name) {
                Some(mapping) => Answer::Mapped(mapping.clone()),
                None => self.debian.look_up(name),
            },
        }
    }

    fn version(&self, package: &str) -> Option<String> {
        let name: DebName = package.parse().ok()?;
        let archive = self.debian.archive();
        let real = archive.package(&name).map(|found| found.version);
        real.or_else(|| {
            let provider = archive.providers(&name).into_iter().next()?;
            let by = archive
                .package(&provider.package)
                .map(|found| found.version);
            provider.version.or(by)
        })
    }

    fn module(&self, name: &str) -> Vec<DebName> {
        let exact = self.target().exactly(PathKind::Module, name);
        match exact.is_empty() {
            false => exact,
            true => self
                .target()
                .find(PathKind::Module, name)
                .into_iter()
                .flat_map(|(_, all)| all)
                .collect(),
        }
    }

    fn module_owners(&self, name: &str) -> Vec<DebName> {
        self.target().exactly(PathKind::Module, name)
    }

    fn module_to_be(&self, name: &str) -> Option<DebName> {
        let package = self.modules.get(name)?;
        let mut generated = self.generated.values();
        let made = generated.any(|one| one.package == *package && !one.missing);
        made.then(|| package.clone())
    }

    fn elsewhere(&self, module: &str) -> BTreeSet<DistName> {
        let of = |known: &Known| -> Vec<DistName> {
            let owners = known.exactly(PathKind::Module, module);
            let holdings = &known.holdings().by_package;
            let held = owners.iter().filter_map(|package| holdings.get(package));
            held.flatten().cloned().collect()
        };
        self.suites.iter().skip(1).flat_map(of).collect()
    }

    fn program_owners(&self, name: &str) -> Vec<DebName> {
        let mut owners = self.target().exactly(PathKind::Command, name);
        owners.extend(self.programs.get(name).cloned());
        owners
    }

    fn closure(&self, relations: &[String]) -> BTreeSet<DebName> {
        let archive = self.debian.archive();
        let mut open: Vec<DebName> = relations.iter().flat_map(|one| packages(one)).collect();
        let mut closure = BTreeSet::new();
        while let Some(name) = open.pop() {
            if self.is_generated(&name) {
                closure.insert(name);
                continue;
            }
            let details = archive.package(&name).and_then(|package| package.details);
            if let Some(details) = details.filter(|_| closure.insert(name)) {
                open.extend(packages(&details.depends));
                open.extend(packages(&details.pre_depends));
            }
        }
        closure
    }

    fn header(&self, path: &str) -> Vec<DebName> {
        self.target().exactly(PathKind::Header, path)
    }

    fn pkg_config(&self, name: &str) -> Vec<DebName> {
        self.target().exactly(PathKind::PkgConfig, name)
    }

    fn cmake(&self, name: &str) -> Vec<DebName> {
        self.target().exactly(PathKind::Cmake, &name.to_lowercase())
    }

    fn generated(&self, name: &DistName) -> Option<Generated> {
        self.generated.get(name).cloned()
    }

    fn extra_requires(
        &self,
        name: &DistName,
        version: &Version,
        _extras: &[ExtraName],
    ) -> Vec<Requirement> {
        let key = (name.clone(), version.to_string());
        if let Some(known) = self.extras.borrow().get(&key) {
            return known.clone();
        }
        let project = self.client.project(name).ok().flatten();
        let metadata = project.and_then(|project| self.client.metadata(&project, version).ok());
        let requires = metadata.map_or_else(Vec::new, |metadata| metadata.requires_dist);
        self.extras.borrow_mut().insert(key, requires.clone());
        requires
    }

    fn taken(&self, name: &str) -> Option<Taken> {
        self.suites.iter().find_map(|known| {
            let holds = known.holding(name)?;
            let suite = known.index.suite().codename.to_string();
            Some(Taken { suite, holds })
        })
    }

    fn unstable(&self, name: &DistName) -> Option<DebName> {
        snapshot::unstable()?.find(name).into_iter().next()
    }
}
