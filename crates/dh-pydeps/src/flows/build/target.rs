//! What is to be built: what was named, or what is in the build area, as the session's lock
//! has it.

use pydeps_build::{Absent, Area, Stock};
use pydeps_core::finding::Finding;
use pydeps_core::lock::Lock;
use pydeps_core::name::{ArchName, DistName, SuiteName};
use pydeps_core::outcome::Distribution;

use crate::build_area::AreaOf;
use crate::defaults;
use crate::failure::Failure;
use crate::session::{self, Session};

/// What is to be built, and for what.
pub(crate) struct BuildTarget {
    pub(crate) suite: SuiteName,
    pub(crate) architecture: ArchName,
    /// Source packages; all in the area where empty.
    pub(crate) sources: Vec<String>,
    /// What the lock says to build and has no source package yet.
    pub(crate) absent: Vec<Absent>,
    /// Says so, where everything was to be built.
    pub(crate) missing: Option<Finding>,
}

impl BuildTarget {
    /// What these names mean in an area: source packages, or distributions. A suite or an
    /// architecture that is not given is that of the lock, of the area, of this machine.
    pub(crate) fn find(
        area: &Area,
        names: &[String],
        suite: Option<&SuiteName>,
        architecture: Option<&ArchName>,
    ) -> Result<Self, Failure> {
        let lock = Session::open()?.lock;
        let lock = lock.as_ref();
        if lock.is_some() {
            // What will be changed is to be recorded there: it has to be right.
            session::decided()?;
        }
        let stock = Stock::read(area)?;
        let (suite, architecture) = (
            suite_of(suite, lock, area)?,
            architecture_of(architecture, lock)?,
        );
        let area_of = AreaOf {
            stock: &stock,
            suite: &suite,
            architecture: &architecture,
        };
        let rows = lock.map_or(Ok(Vec::new()), |lock| area_of.absent(lock))?;
        let source = |name: &String| source(name, &stock, area, &rows);
        let sources: Vec<String> = names.iter().map(source).collect::<Result<_, _>>()?;
        // That there is nothing at all, the build says itself.
        let is_missing = sources.is_empty() && !rows.is_empty() && !stock.is_empty();
        let missing = || Finding::error("not-generated", message(area, &rows)).with_hint(GENERATE);
        Ok(Self {
            absent: rows.iter().map(|row| area_of.as_absent(row)).collect(),
            missing: is_missing.then(missing),
            sources,
            suite,
            architecture,
        })
    }
}

const GENERATE: &str = "`dh-pydeps generate` makes what the lock says";

fn suite_of(
    given: Option<&SuiteName>,
    lock: Option<&Lock>,
    area: &Area,
) -> Result<SuiteName, Failure> {
    let known = given.or(lock.map(|lock| &lock.suite)).cloned();
    defaults::suite(known.or_else(|| changelogs_suite(area)).as_ref())
}

fn architecture_of(given: Option<&ArchName>, lock: Option<&Lock>) -> Result<ArchName, Failure> {
    defaults::architecture(given.or(lock.map(|lock| &lock.architecture)))
}

/// The suite that all changelogs in the area are for, if they agree on one.
fn changelogs_suite(area: &Area) -> Option<SuiteName> {
    let entries = fs_err::read_dir(area.top()).ok()?.filter_map(Result::ok);
    let mut suites: Vec<SuiteName> = entries
        .filter_map(|entry| {
            let text = fs_err::read_to_string(entry.path().join("debian/changelog")).ok()?;
            distribution(text.lines().next()?)
        })
        .collect();
    suites.sort();
    suites.dedup();
    match suites.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// `SOURCE (VERSION) DISTRIBUTION; …` (deb-changelog(5)); `None` where that is no suite, such as
/// `UNRELEASED`.
fn distribution(line: &str) -> Option<SuiteName> {
    let (_, rest) = line.split_once(") ")?;
    let (distribution, _) = rest.split_once(';')?;
    distribution.parse().ok()
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
    let releases: Vec<String> = absent.iter().map(|row| row.release()).collect();
    let (area, releases) = (area.top().display(), releases.join(", "));
    format!("{area} has no source package of {releases} yet")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distribution_of_a_changelog() {
        let check = |line: &str, expect: Option<&str>| {
            assert_eq!(distribution(line).as_deref(), expect, "{line}");
        };
        check("a (1:2-1) trixie; urgency=medium", Some("trixie"));
        check("a (1) trixie sid; urgency=low", None);
        check("a (1) UNRELEASED; urgency=low", None);
        check("a (1) --setup-hook=true; urgency=low", None);
        check("a (1) ../../x; urgency=low", None);
        check("nonsense", None);
    }

    #[test]
    fn changelogs_that_agree_name_the_suite() {
        let top = tempfile::tempdir().unwrap();
        let write = |name: &str, suite: &str| {
            let directory = top.path().join(name).join("debian");
            fs_err::create_dir_all(&directory).unwrap();
            let text = format!("{name} (1) {suite}; urgency=medium\n");
            fs_err::write(directory.join("changelog"), text).unwrap();
        };
        let area = Area::new(top.path());
        write("a", "UNRELEASED");
        assert_eq!(changelogs_suite(&area), None);
        write("b", "trixie");
        assert_eq!(changelogs_suite(&area).as_deref(), Some("trixie"));
        write("c", "bookworm");
        assert_eq!(changelogs_suite(&area), None);
    }
}
