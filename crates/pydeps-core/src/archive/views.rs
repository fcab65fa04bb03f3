//! Archives seen in part, or with others beside them.

use crate::deb_version::is_later;

use super::{Archive, ArchiveDist, ArchivePackage, MemoryArchive, Origin, Provider, Suite};
use crate::name::{DebName, DistName};

/// A suite with local repositories beside it, as apt sees them: of each package there
/// is the highest version, wherever it is, the suite's where they are equal. Backports
/// are left out.
#[derive(Debug)]
pub struct Layered<A> {
    base: A,
    locals: Vec<Local>,
}

/// A local repository.
#[derive(Clone, Debug)]
pub struct Local {
    /// Its packages, all of one [`Origin::Local`].
    pub archive: MemoryArchive,
    /// Whether it is known which distributions they hold. Where it is not, what the
    /// suite's package of the same name holds stands in.
    pub described: bool,
}

impl<A: Archive> Layered<A> {
    /// The suite `base` with these repositories.
    pub fn new(base: A, locals: Vec<Local>) -> Self {
        Self { base, locals }
    }

    /// The suite alone, with its backports if there are any.
    pub fn base(&self) -> &A {
        &self.base
    }

    /// The suite first.
    fn layers(&self) -> impl Iterator<Item = &dyn Archive> {
        let locals = self
            .locals
            .iter()
            .map(|local| &local.archive as &dyn Archive);
        std::iter::once(&self.base as &dyn Archive).chain(locals)
    }

    /// Whether apt would install the package of this name from this origin.
    fn wins(&self, name: &DebName, origin: &Origin) -> bool {
        *origin != Origin::Backports
            && (self.locals.is_empty()
                || self
                    .winner(name)
                    .is_none_or(|winner| winner.origin == *origin))
    }

    fn winner(&self, name: &DebName) -> Option<ArchivePackage> {
        let candidates = self.layers().flat_map(|layer| layer.candidates(name));
        let candidates = candidates.filter(|package| package.origin != Origin::Backports);
        candidates.reduce(
            |best, other| match is_later(&other.version, &best.version) {
                true => other,
                false => best,
            },
        )
    }

    /// The suite's rows for packages that a repository without description has in a
    /// higher version.
    fn stand_ins(&self, name: &DistName) -> Vec<ArchiveDist> {
        if self.locals.iter().all(|local| local.described) {
            return Vec::new();
        }
        let own = self.base.distribution(name).into_iter();
        let own = own.filter(|dist| dist.origin != Origin::Backports);
        own.filter_map(|dist| self.stand_in(dist)).collect()
    }

    fn stand_in(&self, dist: ArchiveDist) -> Option<ArchiveDist> {
        let winner = self.winner(&dist.package)?;
        let mut silent = self.locals.iter().filter(|local| !local.described);
        let held = silent.any(|local| local.archive.candidates(&winner.name).contains(&winner));
        held.then_some(ArchiveDist {
            package_version: winner.version,
            section: winner.section,
            origin: winner.origin,
            ..dist
        })
    }

    /// Every layer's rows whose package would be installed from there.
    fn winning<T>(
        &self,
        rows: impl Fn(&dyn Archive) -> Vec<T>,
        package: impl Fn(&T) -> (&DebName, &Origin),
    ) -> Vec<T> {
        let found = self.layers().flat_map(rows);
        let wins = |row: &T| {
            let (name, origin) = package(row);
            self.wins(name, origin)
        };
        found.filter(wins).collect()
    }
}

impl<A: Archive> Archive for Layered<A> {
    fn suite(&self) -> &Suite {
        self.base.suite()
    }

    fn distribution(&self, name: &DistName) -> Vec<ArchiveDist> {
        let mut found = self.winning(
            |layer| layer.distribution(name),
            |dist| (&dist.package, &dist.origin),
        );
        found.extend(self.stand_ins(name));
        found.sort_by(|a, b| a.rank().cmp(&b.rank()));
        found
    }

    /// One at most: what apt would install.
    fn candidates(&self, name: &DebName) -> Vec<ArchivePackage> {
        self.winner(name).into_iter().collect()
    }

    fn providers(&self, name: &DebName) -> Vec<Provider> {
        let mut found = self.winning(
            |layer| layer.providers(name),
            |provider| (&provider.package, &provider.origin),
        );
        found.sort();
        found
    }

    fn naming(&self, names: &[DebName]) -> Option<Vec<ArchivePackage>> {
        let layers: Option<Vec<_>> = self.layers().map(|layer| layer.naming(names)).collect();
        let mut found: Vec<ArchivePackage> = layers?.into_iter().flatten().collect();
        found.retain(|package| self.wins(&package.name, &package.origin));
        Some(found)
    }
}

/// The backports of a suite, as if there were nothing else.
#[derive(Clone, Copy)]
pub struct BackportsOnly<'a>(pub &'a dyn Archive);

impl Archive for BackportsOnly<'_> {
    fn suite(&self) -> &Suite {
        self.0.suite()
    }

    fn distribution(&self, name: &DistName) -> Vec<ArchiveDist> {
        let mut found = self.0.distribution(name);
        found.retain(|dist| dist.origin == Origin::Backports);
        found
    }

    fn candidates(&self, name: &DebName) -> Vec<ArchivePackage> {
        let mut found = self.0.candidates(name);
        found.retain(|package| package.origin == Origin::Backports);
        found
    }

    fn providers(&self, name: &DebName) -> Vec<Provider> {
        let mut found = self.0.providers(name);
        found.retain(|provider| provider.origin == Origin::Backports);
        found
    }

    /// Not known: nobody asks what depends on backports.
    fn naming(&self, _names: &[DebName]) -> Option<Vec<ArchivePackage>> {
        None
    }

    fn package(&self, name: &DebName) -> Option<ArchivePackage> {
        self.candidates(name).into_iter().next()
    }
}
