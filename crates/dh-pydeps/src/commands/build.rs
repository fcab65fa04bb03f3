//! `build`: source packages in clean chroots, in the order of their needs.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use pydeps_build::{Area, Builder, Request};
use pydeps_core::name::{ArchName, SuiteName};
use pydeps_report::{json, text};

use crate::failure::{Failure, Outcome};
use crate::flows::build::target::BuildTarget;
use crate::flows::build::{ChrootQuery, build};
use crate::shared_args::Format;
use crate::ui::Ui;
use crate::{build_area, machine};

/// Build source packages in clean chroots, in the order of their needs
///
/// Each is built by sbuild in its unshare mode, with what was built before it where it
/// needs that. Results are in AREA/repository, which is a local apt repository, and logs
/// in AREA/logs. What is built already is not built again; a run that was killed goes on
/// where it was. A package that does not build stops only those that need it; the exit
/// status is 1 then. So it is where the lock of this directory has something to generate
/// that is not in the build area yet; what needs that is not tried.
///
/// What a failed build lacked is read from its log: a module, a header, a program, a .pc
/// file. If the suite has it, debian/control is edited and the package is built again;
/// tests that fail are left out in debian/rules, with their reason. Each change is told,
/// and kept in AREA/state/fixes.json; in a session also in pydeps.toml, in the list `fix`. A
/// package that is generated again keeps it. The logs of the attempts before are LOG.1 and on.
///
/// The chroot is made by mmdebstrap, with the mirrors of this machine's own sources, and
/// kept in ~/.cache/sbuild for a week.
#[derive(Args, Debug)]
pub struct BuildArgs {
    /// Source package, or distribution that was packaged with `dh-pydeps generate`; by default
    /// all in the build area. What it needs is built, too
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Build area; by default build-area, or ../build-area beside a debian/ directory
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Debian suite to build for; by default that of the lock of this directory, then of the
    /// changelogs, then of the environment variable DH_PYDEPS_SUITE, then this machine's
    #[arg(short, long, value_name = "SUITE")]
    pub suite: Option<SuiteName>,
    /// Debian architecture; by default that of the lock, then this machine's
    #[arg(long, value_name = "ARCH")]
    pub architecture: Option<ArchName>,
    /// Who builds; pbuilder takes root
    #[arg(long, value_name = "BUILDER", default_value = "sbuild")]
    pub builder: BuilderArg,
    /// Builds side by side; by default 1, and 2 with four processors or more
    #[arg(short, long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Build profile, such as nocheck; may be repeated
    #[arg(long = "profile", value_name = "PROFILE")]
    pub profiles: Vec<String>,
    /// Have the suite's lintian look at each result
    #[arg(long)]
    pub lintian: bool,
    /// Run the tests of each package on the result, with autopkgtest in a chroot; sbuild only
    #[arg(long)]
    pub autopkgtest: bool,
    /// Leave a package that does not build as it is: no change of debian/ by what its log says
    #[arg(long)]
    pub no_fix: bool,
    /// Build again what is named, or everything
    #[arg(long)]
    pub again: bool,
    /// Make the chroot anew
    #[arg(long)]
    pub update_chroot: bool,
    /// Debian mirror to make the chroot from instead of the machine's
    #[arg(long, value_name = "URL")]
    pub mirror: Option<String>,
    /// Setting for apt where the chroot is made, as its -o takes it; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub apt_option: Vec<String>,
    /// How to print the summary
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
}

/// Who builds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum BuilderArg {
    /// sbuild in its unshare mode.
    Sbuild,
    /// pbuilder.
    Pbuilder,
}

pub(crate) fn run(args: &BuildArgs, ui: &Ui) -> Result<Outcome, Failure> {
    if args.autopkgtest && args.builder == BuilderArg::Pbuilder {
        let error = anyhow::anyhow!("--autopkgtest goes with sbuild, not with --builder pbuilder");
        return Err(Failure::input(error).with_hint("leave one of them out"));
    }
    let area = Area::new(build_area::directory(args.output.as_deref()));
    let (suite, architecture) = (args.suite.as_ref(), args.architecture.as_ref());
    let target = BuildTarget::find(&area, &args.names, suite, architecture)?;
    let missing = target.missing.clone();
    ui.findings(missing.as_slice());
    let chroot = ChrootQuery {
        mirror: args.mirror.clone(),
        apt_options: args.apt_option.clone(),
        renew: args.update_chroot,
    };
    let mut request = request(args, area, target)?;
    let summary = build(&mut request, &chroot, !args.no_fix, ui)?;
    let repository = request.area.repository();
    match args.format {
        Format::Json => {
            let (suite, architecture) = (&request.suite, &request.architecture);
            ui.data(&json::build(suite, architecture, &repository, &summary));
        }
        Format::Text => ui.page(&text::build::text(&summary)),
    }
    if let Some(cycle) = &summary.cycle {
        ui.findings(&[text::build::circle(cycle)]);
    }
    Ok(Outcome::of(summary.is_good() && missing.is_none()))
}

fn request(args: &BuildArgs, area: Area, target: BuildTarget) -> Result<Request, Failure> {
    Ok(Request {
        suite: target.suite,
        architecture: target.architecture,
        area,
        names: target.sources,
        absent: target.absent,
        builder: match args.builder {
            BuilderArg::Sbuild => Builder::Sbuild,
            BuilderArg::Pbuilder => Builder::Pbuilder,
        },
        jobs: args.jobs.unwrap_or_else(machine::default_jobs),
        profiles: args.profiles.clone(),
        lintian: args.lintian,
        autopkgtest: args.autopkgtest,
        again: args.again,
        user: machine::user().map_err(Failure::environment)?,
        programs: machine::programs(),
        temporary: std::env::temp_dir(),
        index: None,
    })
}
