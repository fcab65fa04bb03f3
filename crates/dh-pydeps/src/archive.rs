//! Opening a suite, and the tables around it.

mod offers;
mod origins;

use std::path::Path;

use jiff::Timestamp;
use pydeps_archive::index::ArchiveIndex;
use pydeps_archive::open::{self, OpenArchive};
use pydeps_archive::snapshot;
use pydeps_core::alias::Aliases;
use pydeps_core::archive::{Archive, ArchiveDist, Layered, Origin};
use pydeps_core::deb_version::is_later;
use pydeps_core::finding::{Finding, Severity};
use pydeps_core::mapping::{self, Answer, Tables};
use pydeps_core::name::DistName;
use pydeps_core::overrides::Overrides;
use pydeps_core::spelling::read_back;
use pydeps_core::target::Target;
use pydeps_host::overrides;

use crate::failure::Failure;
use crate::query::SuiteQuery;
use crate::ui::Ui;
use crate::{defaults, machine};

/// A suite with everything that mappings are read from.
pub(crate) struct Debian {
    /// The suite with the local repositories, as apt sees them.
    archive: Layered<OpenArchive>,
    /// Whether the suite's backports are offered.
    backports: bool,
    /// The suite whose source packages are offered.
    newer: Option<ArchiveIndex>,
    overrides: Option<(Overrides, String)>,
    aliases: Aliases,
    own: bool,
}

impl Debian {
    /// Opens the suite that was asked for, with the overrides in this directory's
    /// `debian/`.
    pub(crate) fn open(query: &SuiteQuery, ui: &Ui) -> Result<Self, Failure> {
        let suite = defaults::suite(query.suite.as_ref())?;
        let cache = machine::cache_dir()?;
        let architecture = defaults::architecture(query.architecture.as_ref())?;
        let archive = open::open(&suite, &architecture, &cache)
            .map_err(|error| origins::failure(error, query))?;
        ui.findings(&known_findings(&archive, &architecture));
        let facts = archive.suite();
        ui.findings(
            facts
                .staleness(Timestamp::now(), origins::STALE_DAYS)
                .as_slice(),
        );
        if query.backports {
            origins::check_backports(&archive, query)?;
        }
        let newer = origins::newer(&archive, query, &cache, ui)?;
        let codename = machine::installed().codename();
        Ok(Self {
            own: codename.as_deref() == Some(facts.codename.as_str()),
            overrides: read_overrides(ui)?,
            aliases: Aliases::built_in(),
            backports: query.backports,
            newer,
            archive: origins::with_locals(archive, query, &cache, ui)?,
        })
    }

    pub(crate) fn archive(&self) -> &dyn Archive {
        &self.archive
    }

    /// The suite whose source packages may be rebuilt.
    pub(crate) fn newer(&self) -> Option<&ArchiveIndex> {
        self.newer.as_ref()
    }

    /// What the suite says of a distribution.
    pub(crate) fn look_up(&self, name: &DistName) -> Answer {
        let machine = machine::installed();
        let installed = |name: &DistName| {
            let mut copies = machine.copies(name);
            copies.retain(|copy| !self.is_outdated(copy));
            copies
        };
        let names = snapshot::unstable();
        let unstable = |name: &DistName| names.as_ref()?.find(name).into_iter().next();
        let overrides = self.overrides.as_ref();
        mapping::map(
            name,
            &Tables {
                archive: self.archive(),
                overrides: overrides.map(|(overrides, file)| (overrides, file.as_str())),
                installed: self.own.then_some(&installed),
                aliases: &self.aliases,
                unstable: &unstable,
                by_unstable_name: false,
            },
        )
    }

    /// Whether apt would install a local repository's package over an installed one.
    fn is_outdated(&self, installed: &ArchiveDist) -> bool {
        let candidate = self.archive.package(&installed.package);
        let local = candidate.filter(|package| matches!(package.origin, Origin::Local(_)));
        local.is_some_and(|package| is_later(&package.version, &installed.package_version))
    }

    /// The Python that the suite runs.
    pub(crate) fn target(&self) -> Target {
        let package = "python3"
            .parse()
            .ok()
            .and_then(|name| self.archive.package(&name));
        let version = package.and_then(|package| read_back(&package.version.parse().ok()?));
        Target::new(self.archive.suite(), version)
    }
}

/// What `update` has told already is a note from then on.
fn known_findings(archive: &OpenArchive, architecture: &str) -> Vec<Finding> {
    let told = archive.index().is_some();
    let mut findings = archive.findings(architecture);
    for finding in findings.iter_mut().filter(|_| told) {
        finding.severity = Severity::Info;
    }
    findings
}

fn read_overrides(ui: &Ui) -> Result<Option<(Overrides, String)>, Failure> {
    let file = overrides::FILE;
    let Some(text) = overrides::read(Path::new(".")).map_err(Failure::environment)? else {
        return Ok(None);
    };
    let parsed = Overrides::parse(&text, file);
    let (overrides, findings) = parsed.map_err(|error| {
        Failure::input(error)
            .with_hint("PYTHONS is like 3.9-3.12; DEPENDENCY begins with a package")
    })?;
    ui.findings(&findings);
    Ok(Some((overrides, file.to_owned())))
}
