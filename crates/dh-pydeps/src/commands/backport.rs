//! `backport`: a newer suite's source packages, rebuilt for this one.

use std::path::PathBuf;

use clap::Args;
use pydeps_build::Area;
use pydeps_report::{json, text};

use crate::archive::Debian;
use crate::build_area;
use crate::failure::{Failure, Outcome};
use crate::flows::backport::{Rebuilder, jobs};
use crate::flows::generate::maintainer;
use crate::session::{Session, outdated};
use crate::shared_args::Format;
use crate::shared_args::SuiteArgs;
use crate::ui::Ui;

/// Rebuild a newer suite's source packages for this one
///
/// Each is fetched by apt with the lists that `dh-pydeps update --sources` has fetched,
/// checked against them, unpacked into the build area, and packed again with an entry on
/// top of its changelog: VERSION~bpo13+1~local1, "Rebuild for trixie." Nothing else of it
/// changes, and nothing of it is executed. What was changed in its debian/ by hand stays.
/// `dh-pydeps build` builds it with the others.
///
/// The version is that of Debian's backports, ~bpo and the number of the release, so that an
/// upgrade to the newer suite replaces it; with ~local1, as it is not uploaded, so that
/// backports' own package does so, too.
///
/// The exit status is 1 if the suite does not have what a package needs for its build; which
/// bound is not met is on standard error.
#[derive(Args, Debug)]
pub struct BackportArgs {
    /// Distribution, or source package, to rebuild. By default all that the lock of this
    /// directory says to rebuild
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Build area: the directory for the packages; by default build-area, in a source
    /// package ../build-area
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Maintainer, as `Name <address>`; by default DEBFULLNAME and DEBEMAIL
    #[arg(long, value_name = "MAINTAINER")]
    pub maintainer: Option<String>,
    /// Setting for apt, as its -o takes it; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub apt_option: Vec<String>,
    /// The suite.
    #[command(flatten)]
    pub suite: SuiteArgs,
    /// How to print the summary
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

pub(crate) fn run(args: &BackportArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let mut suite = args.suite.query();
    let lock = Session::open()?.lock;
    let lock = match args.names.is_empty() {
        true => Some(lock.ok_or_else(nothing)?),
        false => None,
    };
    if let Some(lock) = &lock {
        ui.findings(outdated(lock)?.as_slice());
        jobs::as_asked(lock, &mut suite);
    }
    let area = build_area::directory(args.output.as_deref());
    let debian = Debian::open(&suite, ui)?;
    let jobs = match &lock {
        Some(lock) if !jobs::any(lock) => Vec::new(),
        Some(lock) => jobs::locked(lock, &debian, &area)?,
        None => jobs::named(&args.names, &debian)?,
    };
    let maintainer = maintainer::maintainer(args.maintainer.as_deref(), ui)?;
    let _turn = Area::new(&area).turn()?;
    let rebuilder = Rebuilder {
        debian: &debian,
        area: &area,
        maintainer: &maintainer,
        apt_options: &args.apt_option,
    };
    let made = rebuilder.make(&jobs, ui)?;
    let codename = &debian.archive().suite().codename;
    match args.format {
        Format::Json => ui.data(&json::releases(codename, &made)),
        Format::Text => made
            .iter()
            .for_each(|one| ui.data(&text::release::text(one))),
    }
    if jobs.is_empty() {
        ui.status("There is nothing to rebuild.");
    }
    Ok(Outcome::of(made.iter().all(|one| one.done)))
}

/// Neither names nor a lock.
fn nothing() -> Failure {
    let error =
        anyhow::anyhow!("nothing is named, and there is no lock here that says what to rebuild");
    Failure::input(error).with_hint(
        "name a distribution, as in `backport sympy --backport-from sid`, or run `dh-pydeps resolve` first",
    )
}
