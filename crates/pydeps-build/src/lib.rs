//! Building source packages in clean chroots, in the order of their needs.
//!
//! | module | what |
//! |---|---|
//! | `area` | where everything is |
//! | `source`, [`source_package`] | `.dsc` files; source trees, `debian/`, dpkg-source |
//! | `order` | who needs whom, circles; pure |
//! | `queue` | builds side by side |
//! | `site` | one package after the other: build, mend, publish |
//! | `backend` | who builds: sbuild, pbuilder; chroots, processes, what a killed run left |
//! | `log` | what a build's log says; pure |
//! | `fix` | the edit of debian/ for what a build lacked; pure but for `find` |
//! | `pack` | edited trees are packed again |
//! | `repository` | the local apt repository of results |
//! | `state`, `failed` | what was built, told from facts; what was not |
//! | `stock` | which source package belongs to which distribution, and how far it is |

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pydeps_core::clause::{self, Clause};

use pydeps_archive::index::ArchiveIndex;
use pydeps_core::name::{ArchName, SuiteName};

mod area;
mod backend;
mod digest;
mod error;
mod failed;
mod fix;
mod log;
mod order;
mod pack;
mod queue;
mod repository;
mod site;
mod source;
pub mod source_package;
mod state;
mod stock;
mod turn;

pub use area::Area;
pub use backend::chroot::{Chroot, Wanted, ensure};
pub use error::BuildError;
pub use log::lintian::tags;
pub use log::phase::Phase;
pub use log::problem::{Lack, Problem, problems};
pub use order::{Absent, Graph};
pub use pydeps_core::build_summary::{BuildStatus, Built, Cycle, Fix, Row, Summary, Tags};
pub use source::{Packed, Source, SourceError, parse, read, read_all};
pub use stock::{Made, Refusal, Stock, note, note_packages, note_refusal};

use site::Site;
use state::Record;

/// Who builds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Builder {
    /// sbuild in its unshare mode.
    #[default]
    Sbuild,
    /// pbuilder, as root.
    Pbuilder,
}

/// What to build, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where.
    pub area: Area,
    /// Source packages; all where empty. What they need is built, too.
    pub names: Vec<String>,
    /// What is to be made beside them and has no source package: who needs it is not tried.
    pub absent: Vec<Absent>,
    /// The suite to build for.
    pub suite: SuiteName,
    /// The architecture to build for.
    pub architecture: ArchName,
    /// Who builds.
    pub builder: Builder,
    /// How many builds may run side by side.
    pub jobs: usize,
    /// Build profiles (Policy 4.9.1).
    pub profiles: Vec<String>,
    /// Whether lintian is to look at the results.
    pub lintian: bool,
    /// Whether the tests of the packages are to run on the results: autopkgtest(1).
    pub autopkgtest: bool,
    /// Build what is named even if it is built already.
    pub again: bool,
    /// Who is running this: name and number.
    pub user: (String, u32),
    /// Where programs are: `$PATH`.
    pub programs: Vec<PathBuf>,
    /// Directory for chroots while they are used.
    pub temporary: PathBuf,
    /// What the suite's packages hold, to mend what does not build; nothing is mended
    /// without.
    pub index: Option<Arc<ArchiveIndex>>,
}

/// What happens while it happens.
#[derive(Clone, Copy, Debug)]
pub enum Event<'a> {
    /// A build begins.
    Begun {
        /// The source package.
        source: &'a str,
        /// Its version.
        version: &'a str,
        /// Where its log is.
        log: &'a Path,
    },
    /// A build does something else now.
    Phase(&'a str, Phase),
    /// A source package was changed, and is built again.
    Mended(&'a Fix),
    /// A source package is done with.
    Ended(&'a str, &'a Built),
}

/// Builds. `chroot` is asked for when there is something to do; `watch` hears what happens,
/// from several threads, one at a time.
pub fn build(
    request: &Request,
    chroot: impl FnOnce() -> Result<Chroot, BuildError>,
    watch: &mut (dyn FnMut(Event<'_>) + Send),
) -> Result<Summary, BuildError> {
    let wanted = wanted(request, &read_sources(&request.area)?)?;
    let _lock = state::lock(&request.area)?;
    let packed = packed(&request.area)?;
    let sources = packed.iter().map(|one| &one.source);
    let mut graph = Graph::new(sources.clone(), &request.architecture, &profiles(request));
    graph.lack(&request.absent, sources);
    let kept = kept(request, &packed, &mut graph)?;
    let order = graph.order(&wanted);
    let hopeless = graph.hopeless(&order);
    let is_to_do = |name: &String| !kept.contains_key(name) && !hopeless.contains(name);
    let todo = order.iter().any(is_to_do);
    let backend = match todo {
        true => Some(backend::prepare(request, chroot)?),
        false => None,
    };
    let site = Site::new(request, backend, &packed, kept, watch);
    let worked = queue::run(graph, order, request.jobs, |name, needs| {
        site.work(name, needs)
    });
    let (fates, graph) = worked?;
    Ok(site.summary(fates, &graph))
}

/// The source packages as they are packed; none where there is no area.
fn read_sources(area: &Area) -> Result<Vec<Packed>, BuildError> {
    area.check()?;
    match read_all(area.top()) {
        Err(SourceError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            Ok(Vec::new())
        }
        read => Ok(read?),
    }
}

/// The source packages; those whose trees were edited, as they are now.
fn packed(area: &Area) -> Result<Vec<Packed>, BuildError> {
    let mut all = read_sources(area)?;
    for one in &mut all {
        if let Some(dsc) = pack::refresh(area, one)? {
            *one = read(&dsc)?;
        }
    }
    Ok(all)
}

fn profiles(request: &Request) -> Vec<&str> {
    request.profiles.iter().map(String::as_str).collect()
}

/// The source packages that were named, or all.
fn wanted(request: &Request, packed: &[Packed]) -> Result<BTreeSet<String>, BuildError> {
    let area = request.area.top();
    let all: BTreeSet<String> = packed.iter().map(|one| one.source.name.clone()).collect();
    if all.is_empty() {
        return Err(BuildError::Empty(area.to_owned()));
    }
    if let Some(name) = request.names.iter().find(|name| !all.contains(*name)) {
        return Err(BuildError::Unknown {
            name: name.clone(),
            area: area.to_owned(),
        });
    }
    match request.names.as_slice() {
        [] => Ok(all),
        names => Ok(names.iter().cloned().collect()),
    }
}

/// What is built already, and what its packages depend on.
fn kept(
    request: &Request,
    packed: &[Packed],
    graph: &mut Graph,
) -> Result<BTreeMap<String, Record>, BuildError> {
    let mut kept = BTreeMap::new();
    for one in packed {
        let name = &one.source.name;
        let named = request.names.is_empty() || request.names.contains(name);
        let like = Record::new(&request.suite, &request.architecture, &request.profiles, "");
        let asked = |record: &Record| {
            (!request.lintian || record.lintian.is_some())
                && (!request.autopkgtest || record.autopkgtest.is_some())
        };
        let record = Record::read(&request.area, name)
            .filter(|record| asked(record) && !(request.again && named))
            .filter(|record| record.holds(&request.area, one, &like));
        if let Some(record) = record {
            graph.learn(name, &depends(request, &record)?);
            graph.is_there(name);
            kept.insert(name.clone(), record);
        }
    }
    Ok(kept)
}

fn depends(request: &Request, record: &Record) -> Result<Vec<Clause>, BuildError> {
    let debs = record.debs(&request.area);
    let fields = repository::depends(&request.area.repository(), &debs)?;
    let clauses = fields.iter().flat_map(|field| clause::parse(field));
    // dpkg has built it, so what cannot be read here is no relation to a package of ours.
    Ok(clauses.filter_map(Result::ok).collect())
}
