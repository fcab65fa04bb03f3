//! `generate`: source packages from upstream releases.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use pep508_rs::Requirement;
use pydeps_core::name::DistName;
use pydeps_generate::depends::For;
use pydeps_generate::names::Role;
use pydeps_generate::plan::{self, Choices, Plan};
use pydeps_generate::suite::Form;
use pydeps_index::{Client, Config, Env};

use crate::archive::Debian;
use crate::cli::Format;
use crate::failure::{Failure, Outcome};
use crate::generating::{area, fetch, lookup::Lookup, maintainer};
use crate::settings::{IndexArgs, SuiteArgs};
use crate::ui::Ui;

/// Make Debian source packages of upstream releases
///
/// For each name the sdist is fetched from the package index, verified, and unpacked into
/// the build area, debian/ is written for the suite, and both are packed with
/// dpkg-source(1). Nothing of the release is executed.
///
/// The exit status is 1 if a release cannot be packaged for the suite; the reasons are on
/// standard error.
#[derive(Args, Debug)]
pub struct GenerateArgs {
    /// Release to package: `NAME==VERSION`, or `NAME` for the newest
    #[arg(required = true, value_name = "NAME")]
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
    #[arg(long, value_name = "BUG")]
    pub itp: Option<u32>,
    /// Package it as an application, under its plain name: nobody imports it
    #[arg(long)]
    pub application: bool,
    /// Leave the bounds on this distribution out of the dependencies; may be repeated
    #[arg(long, value_name = "NAME")]
    pub relax: Vec<String>,
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
    let requirements = args
        .names
        .iter()
        .map(|text| crate::roots::requirement(text));
    let requirements: Vec<Requirement> = requirements.collect::<Result<_, _>>()?;
    let relaxed = args
        .relax
        .iter()
        .map(|name| crate::roots::distribution(name));
    let relaxed: BTreeSet<DistName> = relaxed.collect::<Result<_, _>>()?;
    let maintainer = maintainer::maintainer(args.maintainer.as_deref())?;
    let debian = Debian::open(&args.suite, ui)?;
    let config = Config::gather(&args.index.options(), &Env::from_process());
    let client = Client::new(config.map_err(Failure::environment)?);
    let lookup = Lookup::open(&debian, &client, &args.suite)?;
    let target = debian.target();
    let form = Form::of(&debian.archive().suite().codename, &lookup);
    let area = area::directory(args.output.as_deref());
    fs_err::create_dir_all(&area).map_err(Failure::environment)?;
    let mut done = true;
    for requirement in &requirements {
        let fetched = fetch::fetch(requirement, &client, &area)?;
        ui.findings(&fetched.findings);
        let release = &fetched.release;
        let date = date(release.uploaded)?.max(form.not_before);
        let choices = Choices {
            maintainer: maintainer.clone(),
            itp: args.itp,
            role: if args.application {
                Role::Application
            } else {
                Role::Library
            },
            date,
        };
        let context = For {
            debian: &lookup,
            target: &target,
            suite: &form.codename,
            relaxed: &relaxed,
        };
        match plan::plan(release, &form, &choices, context) {
            Ok(plan) => {
                let written = area::write(&area, &fetched, &plan, date.as_second())?;
                ui.findings(&plan.findings);
                ui.findings(&written.findings);
                ui.data(&line(&plan, &written.dsc.display().to_string()));
            }
            Err(refused) => {
                ui.findings(&refused.findings);
                ui.status(&format!(
                    "{}: refused",
                    fetch::shown(&release.name, &release.version)
                ));
                done = false;
            }
        }
    }
    Ok(Outcome::of(done))
}

fn line(plan: &Plan, dsc: &str) -> String {
    format!("{} {} → {} ({dsc})", plan.source, plan.version, plan.binary)
}

/// `SOURCE_DATE_EPOCH`, else the time of the upload; deterministic in any case.
fn date(uploaded: Option<Timestamp>) -> Result<Timestamp, Failure> {
    let Ok(text) = std::env::var("SOURCE_DATE_EPOCH") else {
        return Ok(uploaded.unwrap_or(Timestamp::UNIX_EPOCH));
    };
    let seconds = text.trim().parse().ok();
    let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.ok_or_else(|| {
        let error = anyhow::anyhow!("SOURCE_DATE_EPOCH: `{text}` is not a number of seconds");
        Failure::input(error)
            .with_hint("unset it, or see its specification at reproducible-builds.org")
    })
}
