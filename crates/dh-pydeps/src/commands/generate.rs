//! `generate`: source packages from upstream releases.

use std::path::PathBuf;

use clap::Args;
use pydeps_build::Area;
use pydeps_generate::suite::Form;
use pydeps_report::{json, text};

use crate::archive::Debian;
use crate::build_area;
use crate::failure::{Failure, Outcome};
use crate::flows::backport::{Rebuilder, jobs as rebuilding};
use crate::flows::generate::{Workshop, asked::Asked, lookup::Lookup};
use crate::flows::generate::{components, jobs, licences, maintainer};
use crate::machine;
use crate::shared_args::Format;
use crate::shared_args::{IndexArgs, SuiteArgs};
use crate::ui::Ui;

/// Make Debian source packages of upstream releases
///
/// For each name the sdist is fetched from the package index, verified, and unpacked into
/// the build area, debian/ is written for the suite, and both are packed with
/// dpkg-source(1). Nothing of the release is executed.
///
/// What the suite's build backend does not understand in pyproject.toml is patched
/// (debian/patches), if what is installed stays the same: newer licence fields, classifiers,
/// uv_build, versions that are read from a repository. `-v` tells each patch and its reason.
///
/// What a build with CMake would fetch (ExternalProject, FetchContent) is refused, as Debian's
/// builds have no network; the refusal names what is wanted. With --component it is an
/// additional upstream tarball (SOURCE_VERSION.orig-NAME.tar.gz, dpkg-source(1)), and a patch
/// makes the build use that. A later run on the same version finds it in the build area.
///
/// What a module imports whenever it is imported, outside of `try` and `if`, is a dependency
/// even if the metadata do not require it: parts of Python that Debian has in packages of
/// their own (tkinter), what belongs to an extra, what upstream forgot. A warning names the
/// file that imports it; where the suite lacks it, it has to be packaged as well.
///
/// Where the lock has a newer suite's package to rebuild, that is made as well, as by
/// `dh-pydeps backport`.
///
/// Extras of what is named, or was asked for in `resolve`, are dependencies of the package;
/// all others are suggestions.
///
/// The exit status is 1 if a release cannot be packaged for the suite, if the suite has what
/// is named already, if a newer suite's package cannot be rebuilt, or if the lock leaves
/// something open; the reasons are on standard error.
#[derive(Args, Debug)]
pub struct GenerateArgs {
    /// Release to package: `NAME==VERSION`, or `NAME` for the newest, with `[EXTRA]`s. By default all that the
    /// lock of this directory says to generate
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Build area: the directory for the packages; by default build-area, in a source
    /// package ../build-area
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Maintainer, as `Name <address>`; by default DEBFULLNAME and DEBEMAIL
    #[arg(long, value_name = "MAINTAINER")]
    pub maintainer: Option<String>,
    /// Number of the bug that announces the package (ITP): the package is for Debian itself,
    /// with revision 1 instead of 1~local1
    #[arg(long, value_name = "BUG", value_parser = jobs::bug)]
    pub itp: Option<u32>,
    /// Package it as an application, under its plain name: nobody imports it
    #[arg(long)]
    pub application: bool,
    /// Package what is named although the suite has it already, to take its place
    #[arg(long)]
    pub replace: bool,
    /// Package as well what these need and the suite lacks, and what that needs: the newest
    /// releases that are accepted. `dh-pydeps resolve` finds the smallest set
    #[arg(long, requires = "names", conflicts_with = "itp")]
    pub missing: bool,
    /// Leave the bounds on this distribution out of the dependencies; may be repeated
    #[arg(long, value_name = "NAME")]
    pub relax: Vec<String>,
    /// Licence of a distribution as an SPDX expression, where the release does not say it, or says
    /// it badly; may be repeated
    #[arg(long, value_name = "NAME=EXPRESSION")]
    pub licence: Vec<String>,
    /// Tarball that takes the place of what a build would fetch, as an additional upstream
    /// tarball of the package; may be repeated
    #[arg(long, value_name = "NAME=TARBALL")]
    pub component: Vec<String>,
    /// The suite.
    #[command(flatten)]
    pub suite: SuiteArgs,
    /// The package index.
    #[command(flatten)]
    pub index: IndexArgs,
    /// How to print the summary
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

pub(crate) fn run(args: &GenerateArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let components = components::given(&args.component)?;
    let licences = licences::given(&args.licence)?;
    let mut suite = args.suite.query();
    let asked = match args.names.is_empty() {
        true => Asked::of_lock(args, &mut suite, ui)?,
        false => Asked::named(args)?,
    };
    asked.check_itp(args.itp)?;
    let maintainer = maintainer::maintainer(args.maintainer.as_deref(), ui)?;
    let debian = Debian::open(&suite, ui)?;
    let client = machine::index_client(&args.index.options())?;
    let mut lookup = Lookup::open(&debian, &client, &suite)?;
    (lookup.ignored, lookup.planned) = (asked.ignored, asked.planned);
    let area = build_area::directory(args.output.as_deref());
    let rebuild = asked.rebuilds.as_ref();
    let rebuild = rebuild.map(|lock| rebuilding::locked(lock, &debian, &area));
    let rebuild = rebuild.transpose()?.unwrap_or_default();
    let _turn = Area::new(&area).turn()?;
    let mut workshop = Workshop {
        form: Form::of(&debian.archive().suite().codename, &lookup),
        target: debian.target(),
        lookup,
        client: &client,
        area,
        maintainer,
        itp: args.itp,
        replaces: args.replace || args.names.is_empty(),
        relaxed: asked.relaxed,
        missing: args.missing,
        components,
        licences,
    };
    let mut made = workshop.make(&asked.jobs, ui)?;
    let rebuilder = Rebuilder {
        debian: &debian,
        area: &workshop.area,
        maintainer: &workshop.maintainer,
        apt_options: &[],
    };
    made.extend(rebuilder.make(&rebuild, ui)?);
    match args.format {
        Format::Json => ui.data(&json::releases(&workshop.form.codename, &made)),
        Format::Text => made
            .iter()
            .for_each(|one| ui.data(&text::release::text(one))),
    }
    if asked.jobs.is_empty() && rebuild.is_empty() && asked.left.is_empty() {
        ui.status("There is nothing to generate.");
    }
    ui.findings(&asked.left);
    let is_done = asked.left.is_empty() && made.iter().all(|one| one.done);
    Ok(Outcome::of(is_done))
}
