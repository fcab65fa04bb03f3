//! An index file → answers. The file is mapped; a lookup reads what it needs.

use std::path::{Path, PathBuf};

use memmap2::Mmap;
use pydeps_core::archive::{
    Archive, ArchiveDist, ArchivePackage, Origin, PackageDetails, Provenance, Provider,
    SourcePackage, Suite,
};
use pydeps_core::name::{DebName, DistName};

use super::build::Facts;
use super::container::{Container, FormatError, Section};
use super::names::{Names, PathHit, PathKind};
use super::rows::{class_of, origin_of};
use super::sources::source;
use super::table::{Row, Table};

/// An index that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The file cannot be opened. The system's reason names it.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The file is not a whole index of this format.
    #[error("{path}: {source}; `dh-pydeps update --suite {suite}` makes a new one")]
    Format {
        /// The file.
        path: PathBuf,
        /// The suite, by the file's name.
        suite: String,
        /// What is wrong with it.
        source: FormatError,
    },
}

/// What [`Archive`] answers from.
const VERIFIED: [Section; 3] = [Section::Distributions, Section::Packages, Section::Provides];

/// An open index file.
#[derive(Debug)]
pub struct ArchiveIndex {
    path: PathBuf,
    container: Container<Mmap>,
    facts: Facts,
    suite: Suite,
}

impl ArchiveIndex {
    /// Opens an index file and verifies all that [`Archive`] answers from. The path
    /// tables are verified when they are first asked.
    pub fn open(path: &Path) -> Result<Self, IndexError> {
        let file = fs_err::File::open(path)?;
        let map = map(&file).map_err(|error| {
            std::io::Error::new(error.kind(), format!("{}: {error}", path.display()))
        })?;
        let format = |source| format_error(path, source);
        let container = Container::parse(map).map_err(format)?;
        for section in VERIFIED {
            container.section(section).map_err(format)?;
        }
        let meta = container.section(Section::Meta).map_err(format)?;
        let facts: Facts = serde_json::from_slice(meta)
            .map_err(|_| format(FormatError::Unreadable(Section::Meta.name())))?;
        let suite = suite_of(&facts)
            .ok_or_else(|| format(FormatError::Unreadable(Section::Meta.name())))?;
        Ok(Self {
            path: path.to_owned(),
            container,
            facts,
            suite,
        })
    }

    /// What the index says of itself: its parts with their dates, its sizes, and
    /// what was noticed when it was made.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Who ships this; at most `limit` answers, the nearest first. A header is found
    /// in any directory below `usr/include`; a namespace through its modules.
    pub fn find(
        &self,
        kind: PathKind,
        name: &str,
        limit: usize,
    ) -> Result<Vec<PathHit>, IndexError> {
        let section = match kind {
            PathKind::Module => Section::Modules,
            PathKind::Header => Section::Headers,
            PathKind::PkgConfig => Section::PkgConfig,
            PathKind::Cmake => Section::Cmake,
            PathKind::Command => Section::Commands,
        };
        let format = |source| format_error(&self.path, source);
        let map = self.container.section(section).map_err(format)?;
        let owners = self.container.section(Section::Owners).map_err(format)?;
        let names = Names::new(kind, map, owners)
            .ok_or_else(|| format(FormatError::Unreadable(section.name())))?;
        Ok(names.find(name, limit))
    }

    /// Whether the backports of the suite were fetched, too.
    pub fn has_backports(&self) -> bool {
        let mut parts = self.facts.parts.iter();
        parts.any(|part| part.origin == Origin::Backports)
    }

    /// Whether the files in the packages of the backports are known.
    pub fn has_backports_contents(&self) -> bool {
        let mut parts = self.facts.parts.iter();
        parts.any(|part| part.origin == Origin::Backports && part.contents)
    }

    /// Whether the source packages of the suite were fetched, too.
    pub fn has_sources(&self) -> bool {
        let mut parts = self.facts.parts.iter();
        parts.any(|part| part.origin == Origin::Suite && part.sources)
    }

    /// A source package of the suite, updates and security updates included; `None` if
    /// it has none of this name, or if [`ArchiveIndex::has_sources`] is false.
    pub fn source(&self, name: &str) -> Result<Option<SourcePackage>, IndexError> {
        let bytes = self.container.section(Section::Sources);
        let bytes = bytes.map_err(|source| format_error(&self.path, source))?;
        Ok(Table::new(bytes).rows(name).next().map(source))
    }

    /// Every distribution, ascending by name, best copy of each first.
    pub fn distributions(&self) -> impl Iterator<Item = ArchiveDist> {
        self.table(Section::Distributions)
            .iter()
            .filter_map(distribution)
    }

    /// Every package of every origin, ascending by name.
    pub fn packages(&self) -> impl Iterator<Item = ArchivePackage> {
        self.table(Section::Packages).iter().filter_map(package)
    }

    /// A section that [`ArchiveIndex::open`] has verified.
    fn table(&self, section: Section) -> Table<'_> {
        Table::new(self.container.section(section).unwrap_or_default())
    }
}

impl Archive for ArchiveIndex {
    fn suite(&self) -> &Suite {
        &self.suite
    }

    fn distribution(&self, name: &DistName) -> Vec<ArchiveDist> {
        let rows = self.table(Section::Distributions).rows(name.as_ref());
        rows.filter_map(distribution).collect()
    }

    fn candidates(&self, name: &DebName) -> Vec<ArchivePackage> {
        let rows = self.table(Section::Packages).rows(name.as_str());
        rows.filter_map(package).collect()
    }

    fn providers(&self, name: &DebName) -> Vec<Provider> {
        let rows = self.table(Section::Provides).rows(name.as_str());
        rows.filter_map(provider).collect()
    }

    fn naming(&self, names: &[DebName]) -> Option<Vec<ArchivePackage>> {
        let table = self.table(Section::Packages);
        let rows = table.containing(names.iter().map(DebName::as_str));
        let packages = rows.filter_map(package);
        let naming = |package: &ArchivePackage| {
            package.origin != Origin::Backports && package.names_any(names)
        };
        Some(packages.filter(naming).collect())
    }
}

/// Maps a file that nobody changes in place: `update` writes a new one and renames it.
#[allow(unsafe_code)]
fn map(file: &fs_err::File) -> std::io::Result<Mmap> {
    // SAFETY: the bytes may only be assumed stable while nobody writes to the file.
    // Index files are replaced by renaming, never written to, and every value read
    // from the map is checked before it is used as an offset.
    unsafe { Mmap::map(file.file()) }
}

fn format_error(path: &Path, source: FormatError) -> IndexError {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let suite = stem.rsplit_once('-').map_or(&*stem, |(suite, _)| suite);
    IndexError::Format {
        path: path.to_owned(),
        suite: suite.to_owned(),
        source,
    }
}

fn suite_of(facts: &Facts) -> Option<Suite> {
    let versions = facts.supported.iter().map(|version| version.parse().ok());
    Some(Suite {
        codename: facts.codename.clone(),
        alias: facts.alias.clone(),
        architecture: facts.architecture.clone(),
        python: facts.python.parse().ok()?,
        supported: versions.collect::<Option<_>>()?,
        date: facts.date.parse().ok()?,
        provenance: Provenance::Index,
    })
}

fn distribution(row: Row<'_>) -> Option<ArchiveDist> {
    let mut columns = row.columns();
    let mut next = || columns.next().unwrap_or_default();
    let (name, upstream, package, version, described) = (next(), next(), next(), next(), next());
    let (section, class, origin, path) = (next(), next(), next(), next());
    Some(ArchiveDist {
        name: name.parse().ok()?,
        upstream: Some(upstream.to_owned()).filter(|version| !version.is_empty()),
        package: package.parse().ok()?,
        package_version: version.to_owned(),
        described_version: if described == "=" { version } else { described }.to_owned(),
        section: section.to_owned(),
        path: path.to_owned(),
        class: class_of(class),
        origin: origin_of(origin),
    })
}

pub(super) fn package(row: Row<'_>) -> Option<ArchivePackage> {
    let mut columns = row.columns().map(str::to_owned);
    let mut next = || columns.next().unwrap_or_default();
    let or = |text: String, default: &str| {
        if text.is_empty() {
            default.to_owned()
        } else {
            text
        }
    };
    let (name, origin, version, section) = (next(), next(), next(), next());
    let details = PackageDetails {
        source: or(next(), &name),
        source_version: or(next(), &version),
        architecture: next(),
        multi_arch: next(),
        provides: next(),
        depends: next(),
        pre_depends: next(),
        breaks: next(),
        conflicts: next(),
    };
    Some(ArchivePackage {
        name: name.parse().ok()?,
        version,
        section,
        origin: origin_of(&origin),
        details: Some(details),
    })
}

fn provider(row: Row<'_>) -> Option<Provider> {
    let mut columns = row.columns().skip(1);
    let mut next = || columns.next().unwrap_or_default();
    let (package, version, origin) = (next(), next(), next());
    Some(Provider {
        package: package.parse().ok()?,
        version: Some(version.to_owned()).filter(|version| !version.is_empty()),
        origin: origin_of(origin),
    })
}
