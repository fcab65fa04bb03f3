//! `backport`: a newer suite's source packages, rebuilt for this one.

use std::path::PathBuf;

use clap::Args;
use pydeps_report::{json, text};

use crate::build_area;
use crate::failure::{Failure, Outcome};
use crate::flows::backport::{BackportQuery, backport};
use crate::shared_args::{Format, SuiteArgs};
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
    let query = BackportQuery {
        names: args.names.clone(),
        area: build_area::directory(args.output.as_deref()),
        maintainer: args.maintainer.clone(),
        apt_options: args.apt_option.clone(),
        suite: args.suite.query(),
    };
    let (suite, outcomes) = backport(query, ui)?;
    match args.format {
        Format::Json => ui.data(&json::releases(&suite, &outcomes)),
        Format::Text => {
            for outcome in &outcomes {
                ui.page(&text::release::text(outcome));
            }
        }
    }
    if outcomes.is_empty() {
        ui.status("There is nothing to rebuild.");
    }
    Ok(Outcome::of(outcomes.iter().all(|outcome| outcome.done)))
}
