//! `generate`: source packages from upstream releases.

use std::path::PathBuf;

use clap::Args;
use pydeps_report::{json, text};

use crate::failure::{Failure, Outcome};
use crate::flows::generate::{GenerateQuery, components, generate, jobs, licences};
use crate::shared_args::{Format, IndexArgs, SuiteArgs};
use crate::ui::Ui;
use crate::{build_area, inputs};

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
    let made = generate(query(args)?, ui)?;
    match args.format {
        Format::Json => ui.data(&json::releases(&made.suite, &made.outcomes)),
        Format::Text => {
            for outcome in &made.outcomes {
                ui.page(&text::release::text(outcome));
            }
        }
    }
    if made.outcomes.is_empty() && made.left.is_empty() {
        ui.status("There is nothing to generate.");
    }
    ui.findings(&made.left);
    let done = made.outcomes.iter().all(|outcome| outcome.done);
    Ok(Outcome::of(done && made.left.is_empty()))
}

fn query(args: &GenerateArgs) -> Result<GenerateQuery, Failure> {
    let relaxed = args.relax.iter().map(|name| inputs::distribution(name));
    Ok(GenerateQuery {
        components: components::parse(&args.component)?,
        licences: licences::parse(&args.licence)?,
        relaxed: relaxed.collect::<Result<_, _>>()?,
        names: args.names.clone(),
        area: build_area::directory(args.output.as_deref()),
        maintainer: args.maintainer.clone(),
        itp: args.itp,
        application: args.application,
        replace: args.replace,
        missing: args.missing,
        suite: args.suite.query(),
        index: args.index.options(),
    })
}
