//! Opening a suite, and the tables around it.

use jiff::Timestamp;
use pydeps_core::alias::Aliases;
use pydeps_core::archive::{Archive, ArchiveDist};
use pydeps_core::mapping::{self, Answer, Tables};
use pydeps_core::name::{DebName, DistName};
use pydeps_core::overrides::Overrides;
use pydeps_core::spelling::read_back;
use pydeps_core::target::Target;
use pydeps_host::{installed, open, overrides, system};

use crate::failure::Failure;
use crate::settings::{self, SuiteArgs};
use crate::ui::Ui;

/// An index this old no longer says what a suite has.
const STALE_DAYS: u32 = 30;

/// A suite with everything that mappings are read from.
pub(crate) struct Debian {
    archive: Box<dyn Archive>,
    overrides: Option<(Overrides, String)>,
    aliases: Aliases,
    own: bool,
}

impl Debian {
    /// Opens the suite that was asked for, with the overrides in this directory's
    /// `debian/`.
    pub(crate) fn open(args: &SuiteArgs, ui: &Ui) -> Result<Self, Failure> {
        let suite = args.suite()?;
        let cache = settings::cache_dir().ok();
        let architecture = args.architecture.as_deref();
        let archive = open::open(&suite, architecture, cache.as_deref()).map_err(|error| {
            let unknown = error.is_unknown_suite();
            let hint = error.hint();
            let failure = if unknown { Failure::input(error) } else { Failure::environment(error) };
            match hint {
                Some(hint) => failure.with_hint(hint),
                None => failure,
            }
        })?;
        ui.findings(archive.suite().staleness(Timestamp::now(), STALE_DAYS).as_slice());
        Ok(Self {
            own: system::codename().as_deref() == Some(archive.suite().codename.as_str()),
            overrides: read_overrides(ui)?,
            aliases: Aliases::built_in(),
            archive,
        })
    }

    pub(crate) fn archive(&self) -> &dyn Archive {
        self.archive.as_ref()
    }

    /// What the suite says of a distribution.
    pub(crate) fn look_up(&self, name: &DistName) -> Answer {
        let installed: &dyn Fn(&DistName) -> Vec<ArchiveDist> = &installed::copies;
        let unstable: &dyn Fn(&DistName) -> Option<DebName> = &open::in_unstable;
        let overrides = self.overrides.as_ref();
        mapping::map(
            name,
            &Tables {
                archive: self.archive(),
                overrides: overrides.map(|(overrides, file)| (overrides, file.as_str())),
                installed: self.own.then_some(installed),
                aliases: &self.aliases,
                unstable,
            },
        )
    }

    /// The Python that the suite runs.
    pub(crate) fn target(&self) -> Target {
        let package = "python3".parse().ok().and_then(|name| self.archive.package(&name));
        let version = package.and_then(|package| read_back(&package.version.parse().ok()?));
        Target::new(self.archive.suite(), version)
    }
}

fn read_overrides(ui: &Ui) -> Result<Option<(Overrides, String)>, Failure> {
    let file = overrides::FILE;
    let Some(text) = overrides::read().map_err(Failure::environment)? else {
        return Ok(None);
    };
    let (overrides, findings) = Overrides::parse(&text, file).map_err(Failure::input)?;
    ui.findings(&findings);
    Ok(Some((overrides, file.to_owned())))
}
