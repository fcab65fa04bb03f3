//! What is to be built: what was named, or what is in the build area, as the session's lock
//! has it.

use pydeps_build::{Area, Builder, Request, Stock};
use pydeps_core::finding::Finding;
use pydeps_core::lock::Lock;
use pydeps_core::name::{ArchName, DistName, SuiteName};
use pydeps_core::outcome::Distribution;

use super::build_status::{Yard, release};
use super::{default_jobs, programs, suite_of, user};
use crate::commands::build::{BuildArgs, BuilderArg};
use crate::defaults;
use crate::failure::Failure;
use crate::flows::generate::area;
use crate::session::Session;

/// What is to be built, and what is missing for the whole of the session.
pub(crate) fn request(args: &BuildArgs) -> Result<(Request, Option<Finding>), Failure> {
    if args.autopkgtest && args.builder == BuilderArg::Pbuilder {
        let error = anyhow::anyhow!("--autopkgtest goes with sbuild, not with --builder pbuilder");
        return Err(Failure::input(error).with_hint("leave one of them out"));
    }
    let area = Area::new(area::directory(args.output.as_deref()));
    let lock = Session::open()?.lock;
    if lock.is_some() {
        // What will be changed is to be recorded there: it has to be right.
        crate::session::decided()?;
    }
    let stock = Stock::read(&area)?;
    let (suite, architecture) = target(args, &area, lock.as_ref())?;
    let yard = Yard {
        stock: &stock,
        suite: &suite,
        architecture: &architecture,
    };
    let absent = match &lock {
        Some(lock) => yard.absent(lock)?,
        None => Vec::new(),
    };
    let lacking = absent.iter().map(|one| yard.lacking(one)).collect();
    let name = |name: &String| source(name, &stock, &area, &absent);
    let names: Vec<String> = args.names.iter().map(name).collect::<Result<_, _>>()?;
    // That there is nothing at all, the build says itself.
    let missing = (names.is_empty() && !absent.is_empty() && !stock.is_empty())
        .then(|| Finding::error("not-generated", message(&area, &absent)).with_hint(GENERATE));
    let request = Request {
        suite,
        architecture,
        area,
        names,
        absent: lacking,
        builder: match args.builder {
            BuilderArg::Sbuild => Builder::Sbuild,
            BuilderArg::Pbuilder => Builder::Pbuilder,
        },
        jobs: args.jobs.unwrap_or_else(default_jobs),
        profiles: args.profiles.clone(),
        lintian: args.lintian,
        autopkgtest: args.autopkgtest,
        again: args.again,
        user: user().map_err(Failure::environment)?,
        programs: programs(),
        temporary: std::env::temp_dir(),
        index: None,
    };
    Ok((request, missing))
}

const GENERATE: &str = "`dh-pydeps generate` makes what the lock says";

/// The suite and the architecture: the command line's, the lock's, the area's, this machine's.
fn target(
    args: &BuildArgs,
    area: &Area,
    lock: Option<&Lock>,
) -> Result<(SuiteName, ArchName), Failure> {
    let suite = args.suite.clone();
    let suite = suite.or_else(|| lock.map(|lock| lock.suite.clone()));
    let architecture = args.architecture.clone();
    let suite = suite.or_else(|| suite_of(area));
    let architecture = architecture.or_else(|| lock.map(|lock| lock.architecture.clone()));
    Ok((
        defaults::suite(suite.as_ref())?,
        defaults::architecture(architecture.as_ref())?,
    ))
}

/// The source package that is meant by a name; one that nobody knows stays as it is.
fn source(
    name: &str,
    stock: &Stock,
    area: &Area,
    absent: &[&Distribution],
) -> Result<String, Failure> {
    let distribution = name.parse::<DistName>().ok();
    let waits = absent
        .iter()
        .find(|absent| Some(&absent.name) == distribution.as_ref());
    match (stock.source(name), waits) {
        // A source package that bears the name is meant, whatever it packages.
        (Some(source), Some(_)) if source == name => Ok(source.to_owned()),
        (_, Some(waits)) => {
            let error = anyhow::anyhow!(message(area, &[*waits]));
            Err(Failure::input(error).with_hint(GENERATE))
        }
        (source, None) => Ok(source.unwrap_or(name).to_owned()),
    }
}

fn message(area: &Area, absent: &[&Distribution]) -> String {
    let releases: Vec<String> = absent.iter().map(|one| release(one)).collect();
    let (area, releases) = (area.top().display(), releases.join(", "));
    format!("{area} has no source package of {releases} yet")
}
