//! The tables that are built into the program, so that it has answers on a fresh
//! machine: the distributions of stable and oldstable, and unstable's names.
//!
//! A snapshot is text, sorted, for git: lines `# KEY VALUE`, then one row for each
//! copy of a distribution with the columns name, upstream version, package, its
//! version, and, where they are not the usual ones, file (or path), section, class,
//! origin and the version that Contents described (`?`: not known). Columns are
//! separated by tabs. A second table names packages that have no distribution but that
//! a mapping may lead to: package, version, and, if it is not python, section.
//! Neither is parsed at the start: a name is found by bisection.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use memchr::memmem;
use pydeps_core::alias::Aliases;
use pydeps_core::archive::{
    Archive, ArchiveDist, ArchivePackage, Origin, PathClass, Provenance, Provider, Suite,
};
use pydeps_core::name::{DebName, DistName};

use crate::index::{
    ArchiveIndex, IndexError, Row, Table, TableWriter, class_code, class_of, origin_code, origin_of,
};
use pydeps_host::atomic::{self, WriteError};
use pydeps_host::paths;

#[cfg(test)]
mod tests;

/// The architecture that the built-in tables are made for.
pub const ARCHITECTURE: &str = "amd64";
const STABLE: [(&str, &str, &str); 2] = [
    (
        "trixie",
        include_str!("../data/trixie.tsv"),
        include_str!("../data/trixie-packages.tsv"),
    ),
    (
        "bookworm",
        include_str!("../data/bookworm.tsv"),
        include_str!("../data/bookworm-packages.tsv"),
    ),
];
const UNSTABLE: (&str, &str) = ("sid", include_str!("../data/sid-names.tsv"));

/// Stands for a value that is not known; an empty column is the usual value.
const UNKNOWN: &str = "?";
const PUBLIC: &str = "usr/lib/python3/dist-packages/";

/// A table of distributions, of one suite.
#[derive(Clone, Debug)]
pub struct Snapshot<'a> {
    suite: Suite,
    body: &'a str,
    packages: &'a str,
}

/// The built-in snapshot of a suite, by codename or alias.
pub fn built_in(suite: &str) -> Option<Snapshot<'static>> {
    let all = || {
        STABLE.iter().filter_map(|(codename, text, packages)| {
            Some((*codename, Snapshot::parse(text, packages)?))
        })
    };
    let named = all().find(|(codename, _)| *codename == suite);
    let found = named
        .or_else(|| all().find(|(_, snapshot)| snapshot.suite.alias.as_deref() == Some(suite)));
    found.map(|(_, snapshot)| snapshot)
}

/// The codenames of the built-in snapshots.
pub fn built_in_suites() -> impl Iterator<Item = &'static str> {
    STABLE.iter().map(|(codename, ..)| *codename)
}

/// Unstable's names: which packages had a distribution there. For hints only: no
/// versions, and its date is the snapshot's.
pub fn unstable() -> Option<Names<'static>> {
    Names::parse(UNSTABLE.1)
}

impl<'a> Snapshot<'a> {
    /// A snapshot's two texts, as [`render`] and [`render_packages`] make them.
    pub fn parse(text: &'a str, packages: &'a str) -> Option<Self> {
        let (header, body) = split_header(text);
        let value = |key| header_value(header, key);
        let supported = value("supported")?
            .split(' ')
            .map(|version| version.parse().ok());
        let suite = Suite {
            codename: value("suite")?.parse().ok()?,
            alias: value("alias").map(str::to_owned),
            architecture: value("architecture")?.parse().ok()?,
            python: value("python")?.parse().ok()?,
            supported: supported.collect::<Option<_>>()?,
            date: value("date")?.parse().ok()?,
            provenance: Provenance::Snapshot,
        };
        Some(Self {
            suite,
            body,
            packages: split_header(packages).1,
        })
    }

    /// Every distribution, ascending by name, best copy of each first.
    pub fn distributions(&self) -> impl Iterator<Item = ArchiveDist> {
        self.table().iter().filter_map(distribution)
    }

    fn table(&self) -> Table<'a> {
        Table::new(self.body.as_bytes())
    }
}

impl Archive for Snapshot<'_> {
    fn suite(&self) -> &Suite {
        &self.suite
    }

    fn distribution(&self, name: &DistName) -> Vec<ArchiveDist> {
        self.table()
            .rows(name.as_ref())
            .filter_map(distribution)
            .collect()
    }

    /// Known are packages that have a distribution, and those of the second table.
    fn candidates(&self, name: &DebName) -> Vec<ArchivePackage> {
        let plain = Table::new(self.packages.as_bytes()).rows(name.as_str());
        let plain: Vec<ArchivePackage> = plain.filter_map(plain_package).collect();
        if !plain.is_empty() {
            return plain;
        }
        let column = format!("\t{name}\t");
        let mut found: Vec<ArchivePackage> = Vec::new();
        for at in memmem::find_iter(self.body.as_bytes(), &column) {
            let start = self.body[..at].rfind('\n').map_or(0, |end| end + 1);
            let row = Table::new(&self.body.as_bytes()[start..]).iter().next();
            let dist = row
                .and_then(distribution)
                .filter(|dist| dist.package == *name);
            let package = dist.map(package_of);
            found.extend(package.filter(|package| !found.contains(package)));
        }
        found.sort_by_key(|package| package.origin.tier());
        found
    }

    /// Always empty: what packages provide is not in a snapshot.
    fn providers(&self, _name: &DebName) -> Vec<Provider> {
        Vec::new()
    }

    /// Not known: relations are not in a snapshot.
    fn naming(&self, _names: &[DebName]) -> Option<Vec<ArchivePackage>> {
        None
    }
}

fn plain_package(row: Row<'_>) -> Option<ArchivePackage> {
    let mut columns = row.columns();
    let mut next = || columns.next().unwrap_or_default();
    Some(ArchivePackage {
        name: next().parse().ok()?,
        version: next().to_owned(),
        section: or_usual(next(), "python"),
        origin: Origin::Suite,
        details: None,
    })
}

fn package_of(dist: ArchiveDist) -> ArchivePackage {
    ArchivePackage {
        name: dist.package,
        version: dist.package_version,
        section: dist.section,
        origin: dist.origin,
        details: None,
    }
}

/// Names of distributions with their packages.
#[derive(Clone, Debug)]
pub struct Names<'a> {
    /// The suite's codename.
    pub codename: &'a str,
    /// The date of its Release file.
    pub date: Timestamp,
    body: &'a str,
}

impl<'a> Names<'a> {
    /// The text of a list of names, as [`render_names`] makes it.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (header, body) = split_header(text);
        Some(Self {
            codename: header_value(header, "suite")?,
            date: header_value(header, "date")?.parse().ok()?,
            body,
        })
    }

    /// The packages that have this distribution where an interpreter finds it.
    pub fn find(&self, name: &DistName) -> Vec<DebName> {
        let rows = Table::new(self.body.as_bytes()).rows(name.as_ref());
        rows.filter_map(|row| row.columns().nth(1)?.parse().ok())
            .collect()
    }
}

/// The snapshot of an index, backports and local repositories left out.
pub fn render(index: &ArchiveIndex) -> String {
    let suite = index.suite();
    let supported: Vec<String> = suite.supported.iter().map(ToString::to_string).collect();
    let mut header = header(suite, "distributions, for use without an archive index");
    header += &format!(
        "# python {}\n# supported {}\n",
        suite.python,
        supported.join(" ")
    );
    let mut table = TableWriter::default();
    for dist in index.distributions().filter(|dist| dist.origin.tier() == 0) {
        table.row(&row(&dist).iter().map(String::as_str).collect::<Vec<_>>());
    }
    header + &String::from_utf8_lossy(&table.finish())
}

/// The packages of an index that have no distribution but that a mapping may lead to:
/// those with a name by Python Policy, those that aliases name, and Python itself.
pub fn render_packages(index: &ArchiveIndex) -> String {
    let owners: BTreeSet<DebName> = index.distributions().map(|dist| dist.package).collect();
    let aliases = Aliases::built_in();
    let aliased: BTreeSet<&DebName> = aliases.iter().filter_map(|a| a.package.as_ref()).collect();
    let wanted = |package: &ArchivePackage| {
        let by_policy =
            package.section == "python" && package.name.as_str().starts_with("python3-");
        let named =
            by_policy || aliased.contains(&package.name) || package.name.as_str() == "python3";
        named && package.origin.tier() == 0 && !owners.contains(&package.name)
    };
    let mut table = TableWriter::default();
    for package in index.packages().filter(wanted) {
        let section = unless_usual(&package.section, "python");
        table.row(&[package.name.as_str(), &package.version, &section]);
    }
    header(
        index.suite(),
        "packages without a distribution of their own",
    ) + &String::from_utf8_lossy(&table.finish())
}

/// The list of names of an index: copies that an interpreter finds, the suite's own.
pub fn render_names(index: &ArchiveIndex) -> String {
    let mut table = TableWriter::default();
    let mut last = None;
    for dist in index.distributions() {
        let this = (dist.name, dist.package);
        if dist.origin.tier() == 0
            && dist.class != PathClass::Private
            && last.as_ref() != Some(&this)
        {
            table.row(&[this.0.as_ref(), this.1.as_str()]);
            last = Some(this);
        }
    }
    header(index.suite(), "names of distributions, for hints")
        + &String::from_utf8_lossy(&table.finish())
}

/// A snapshot could not be renewed.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// An index is missing or damaged.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A file could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Renews the built-in tables from the indexes in a cache directory; returns the
/// files written. `data` is this crate's `data` directory.
pub fn write_all(cache: &Path, data: &Path) -> Result<Vec<PathBuf>, SnapshotError> {
    let mut written = Vec::new();
    let open = |codename| ArchiveIndex::open(&paths::index_file(cache, codename, ARCHITECTURE));
    for codename in built_in_suites() {
        let index = open(codename)?;
        let packages = data.join(format!("{codename}-packages.tsv"));
        written.push((data.join(format!("{codename}.tsv")), render(&index)));
        written.push((packages, render_packages(&index)));
    }
    let (codename, _) = UNSTABLE;
    written.push((
        data.join(format!("{codename}-names.tsv")),
        render_names(&open(codename)?),
    ));
    for (path, text) in &written {
        atomic::write(path, text.as_bytes())?;
    }
    Ok(written.into_iter().map(|(path, _)| path).collect())
}

fn header(suite: &Suite, what: &str) -> String {
    let alias = suite.alias.iter().map(|alias| format!("# alias {alias}\n"));
    format!(
        "# dh-pydeps snapshot: {what}\n# suite {}\n{}# architecture {}\n# date {}\n",
        suite.codename,
        alias.collect::<String>(),
        suite.architecture,
        suite.date
    )
}

fn split_header(text: &str) -> (&str, &str) {
    let lines = text
        .split_inclusive('\n')
        .take_while(|line| line.starts_with('#'));
    text.split_at(lines.map(str::len).sum())
}

fn header_value<'a>(header: &'a str, key: &str) -> Option<&'a str> {
    header.lines().find_map(|line| {
        line.strip_prefix("# ")?
            .strip_prefix(key)?
            .strip_prefix(' ')
    })
}

/// The file that today's tools write for a distribution.
fn usual_file(name: &DistName, version: &str) -> String {
    format!("{}-{version}.dist-info", name.as_ref().replace('-', "_"))
}

fn unless_usual(text: &str, usual: &str) -> String {
    match text {
        text if text == usual => String::new(),
        "" => UNKNOWN.to_owned(),
        text => text.to_owned(),
    }
}

/// The inverse of [`unless_usual`].
fn or_usual(column: &str, usual: &str) -> String {
    match column {
        "" => usual.to_owned(),
        UNKNOWN => String::new(),
        column => column.to_owned(),
    }
}

fn row(dist: &ArchiveDist) -> [String; 9] {
    let upstream = dist.upstream.clone().unwrap_or_default();
    let file = dist
        .path
        .strip_prefix(PUBLIC)
        .filter(|file| !file.contains('/'))
        .unwrap_or(&dist.path);
    [
        dist.name.to_string(),
        upstream.clone(),
        dist.package.to_string(),
        dist.package_version.clone(),
        unless_usual(file, &usual_file(&dist.name, &upstream)),
        unless_usual(&dist.section, "python"),
        class_code(dist.class).to_owned(),
        origin_code(&dist.origin),
        unless_usual(&dist.described_version, &dist.package_version),
    ]
}

fn distribution(row: Row<'_>) -> Option<ArchiveDist> {
    let mut columns = row.columns();
    let mut next = || columns.next().unwrap_or_default();
    let (name, upstream, package, version) = (next(), next(), next(), next());
    let (file, section, class, origin, described) = (next(), next(), next(), next(), next());
    let name: DistName = name.parse().ok()?;
    let file = or_usual(file, &usual_file(&name, upstream));
    Some(ArchiveDist {
        upstream: Some(upstream.to_owned()).filter(|version| !version.is_empty()),
        package: package.parse().ok()?,
        package_version: version.to_owned(),
        described_version: or_usual(described, version),
        section: or_usual(section, "python"),
        path: if file.contains('/') {
            file
        } else {
            format!("{PUBLIC}{file}")
        },
        class: class_of(class),
        origin: origin_of(origin),
        name,
    })
}
