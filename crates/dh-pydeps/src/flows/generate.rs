//! From names, or from the lock, to source packages in the build area.

mod area;
pub(crate) mod components;
mod fetch;
mod generator;
pub(crate) mod jobs;
pub(crate) mod licences;
mod lookup;
mod overwrite_check;
mod worklist;

use std::collections::BTreeSet;
use std::path::PathBuf;

use pydeps_build::Area;
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, SuiteName};
use pydeps_generate::suite_conventions::SuiteConventions;
use pydeps_report::release_outcome::ReleaseOutcome;

use crate::archive::Debian;
use crate::failure::Failure;
use crate::flows::backport::{Rebuilder, jobs as rebuilding};
use crate::machine;
use crate::maintainer::maintainer;
use crate::query::SuiteQuery;
use crate::session::{Session, outdated};
use crate::ui::Ui;

use components::Tarballs;
use generator::Generator;
use licences::Licences;
use lookup::Lookup;
use worklist::Worklist;

/// What is to be packaged, and how.
#[derive(Clone, Debug)]
pub(crate) struct GenerateQuery {
    /// Releases of the index; all that the lock says where empty.
    pub(crate) names: Vec<String>,
    /// Where the source packages come to lie.
    pub(crate) area: PathBuf,
    /// Who packages; by default the environment says it.
    pub(crate) maintainer: Option<String>,
    /// The bug that announces the package.
    pub(crate) itp: Option<u32>,
    /// Whether what is named is an application.
    pub(crate) application: bool,
    /// Whether packages of the suite may be packaged anew.
    pub(crate) replace: bool,
    /// Whether what is needed and is nowhere is made as well.
    pub(crate) missing: bool,
    /// Distributions whose bounds do not count.
    pub(crate) relaxed: BTreeSet<DistName>,
    pub(crate) licences: Licences,
    pub(crate) components: Tarballs,
    pub(crate) suite: SuiteQuery,
    pub(crate) index: pydeps_index::Options,
}

/// What came of it.
pub(crate) struct GenerateOutcome {
    pub(crate) suite: SuiteName,
    pub(crate) outcomes: Vec<ReleaseOutcome>,
    /// What the lock leaves open.
    pub(crate) left: Vec<Finding>,
}

/// Makes the source packages.
pub(crate) fn generate(mut query: GenerateQuery, ui: &Ui) -> Result<GenerateOutcome, Failure> {
    let work = worklist(&mut query, ui)?;
    work.check_itp(query.itp)?;
    let maintainer = maintainer(query.maintainer.as_deref(), ui)?;
    let debian = Debian::open(&query.suite, ui)?;
    let client = machine::index_client(&query.index)?;
    let mut lookup = Lookup::open(&debian, &client, &query.suite)?;
    (lookup.ignored, lookup.planned) = (work.ignored, work.planned);
    let rebuilds = match &work.rebuilds {
        Some(lock) => rebuilding::locked(lock, &debian, &query.area)?,
        None => Vec::new(),
    };
    let _turn = Area::new(&query.area).turn()?;
    let mut generator = Generator {
        conventions: SuiteConventions::of(&debian.archive().suite().codename, &lookup),
        target: debian.target(),
        lookup,
        client: &client,
        area: query.area,
        maintainer,
        itp: query.itp,
        replaces: query.replace || query.names.is_empty(),
        relaxed: work.relaxed,
        missing: query.missing,
        components: query.components,
        licences: query.licences,
    };
    let mut outcomes = generator.generate(&work.jobs, ui)?;
    let rebuilder = Rebuilder {
        debian: &debian,
        area: &generator.area,
        maintainer: &generator.maintainer,
        apt_options: &[],
    };
    outcomes.extend(rebuilder.rebuild(&rebuilds, ui)?);
    Ok(GenerateOutcome {
        suite: debian.archive().suite().codename.clone(),
        outcomes,
        left: work.left,
    })
}

/// What is named, or what the lock of this directory says, for the suite that it is of.
fn worklist(query: &mut GenerateQuery, ui: &Ui) -> Result<Worklist, Failure> {
    let relaxed = std::mem::take(&mut query.relaxed);
    if !query.names.is_empty() {
        return Worklist::named(&query.names, query.application, relaxed);
    }
    let lock = Session::open()?.lock.ok_or_else(nothing)?;
    ui.findings(outdated(&lock)?.as_slice());
    rebuilding::as_asked(&lock, &mut query.suite);
    Ok(Worklist::of_lock(lock, query.application, relaxed))
}

/// Neither names nor a lock.
fn nothing() -> Failure {
    let error =
        anyhow::anyhow!("nothing is named, and there is no lock here that says what to generate");
    Failure::input(error)
        .with_hint("name a release, as in copier==9.4.1, or run `dh-pydeps resolve` first")
}
