//! `update`: what suites offer, through apt, into the cache.

use clap::Args;
use pydeps_archive::apt::Trust;
use pydeps_archive::update::{Machine, Request, Updated, update};

use crate::failure::{Failure, Outcome};
use crate::ui::Ui;
use crate::{defaults, machine};
use pydeps_core::name::{ArchName, SuiteName};

/// Fetch what Debian suites offer, through apt
///
/// apt does it in a directory of its own: the machine's package lists stay as they are,
/// and no rights are needed. The mirrors are those of the machine's own sources. Without
/// this, the table that is built into the program answers; it knows distributions and
/// their packages, and says how old it is.
#[derive(Args, Debug)]
pub struct UpdateArgs {
    /// Debian suite, by codename or alias; may be repeated. By default this machine's
    #[arg(short, long, value_name = "SUITE")]
    pub suite: Vec<SuiteName>,
    /// Debian architecture; by default this machine's
    #[arg(long, value_name = "ARCH")]
    pub architecture: Option<ArchName>,
    /// Debian mirror to use instead of the machine's
    #[arg(long, value_name = "URL")]
    pub mirror: Option<String>,
    /// Take what the mirror says without checking its signature
    #[arg(long, requires = "mirror")]
    pub trusted: bool,
    /// Archive area; may be repeated. By default main
    #[arg(long = "component", value_name = "AREA")]
    pub components: Vec<String>,
    /// Fetch the suite's backports, too
    #[arg(long)]
    pub backports: bool,
    /// Fetch what the suite's source packages need, too: for --backport-from
    #[arg(long)]
    pub sources: bool,
    /// Replace an index even by an older one
    #[arg(long)]
    pub force: bool,
    /// Take the suite's Contents as they are where they do not fit its Release file, as on a mirror
    /// that is out of step: the packages are verified, the lists of their files are not
    #[arg(long)]
    pub unchecked_contents: bool,
    /// Setting for apt, as its -o takes it; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub apt_option: Vec<String>,
}

pub(crate) fn run(args: &UpdateArgs, ui: &Ui) -> Result<Outcome, Failure> {
    let suites = match args.suite.as_slice() {
        [] => vec![defaults::suite(None)?],
        suites => suites.to_vec(),
    };
    let machine = Machine::read()?;
    for suite in &suites {
        one(args, suite, &machine, ui)?;
    }
    Ok(Outcome::Yes)
}

fn one(args: &UpdateArgs, suite: &SuiteName, machine: &Machine, ui: &Ui) -> Result<(), Failure> {
    let trust = if args.trusted {
        Trust::Unsigned
    } else {
        Trust::default()
    };
    let request = Request {
        architecture: args.architecture.clone(),
        components: args.components.clone(),
        mirror: args.mirror.clone().map(|mirror| (mirror, trust)),
        backports: args.backports,
        sources: args.sources,
        force: args.force,
        unchecked_contents: args.unchecked_contents,
        apt_options: args.apt_option.clone(),
        ..Request::new(suite.clone(), machine::cache_dir()?)
    };
    let mut progress = ui.progress();
    let updated = update(&request, machine, &mut progress)?;
    drop(progress);
    ui.findings(&updated.facts.findings);
    ui.status(&summary(&updated));
    Ok(())
}

fn summary(updated: &Updated) -> String {
    let facts = &updated.facts;
    format!(
        "{}/{}: {} distributions in {} packages, Python {} ({:.0} MB)",
        facts.codename,
        facts.architecture,
        facts.counts.distributions,
        facts.counts.packages,
        facts.python,
        updated.size as f64 / 1e6
    )
}
