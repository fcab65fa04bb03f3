//! Building source packages in clean chroots, in the order of their needs.
//!
//! | module | what |
//! |---|---|
//! | `area` | where everything is |
//! | `source` | `.dsc` files |
//! | `order` | who needs whom, circles; pure |
//! | `queue` | builds side by side |
//! | `chroot` | tarballs, by mmdebstrap |
//! | `sbuild` | the builder |
//! | `run` | one build as a process, its log |
//! | `phase`, `lintian` | what a log says; pure |
//! | `repository` | the local apt repository of results |
//! | `state` | what was built, told from facts |

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use pydeps_core::clause::{self, Clause};

pub(crate) mod area;
mod chroot;
mod digest;
mod error;
mod job;
mod lintian;
mod order;
mod phase;
mod queue;
mod repository;
mod run;
mod sbuild;
mod source;
mod state;

pub use area::Area;
pub use chroot::{Chroot, Wanted, ensure};
pub use error::BuildError;
pub use lintian::{Tags, tags};
pub use order::{Cycle, Graph};
pub use phase::Phase;
pub use source::{Packed, Source, SourceError, parse, read, read_all};

use job::Job;
use queue::{Ended, Fate};
use state::Record;

/// What to build, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// Where.
    pub area: Area,
    /// Source packages; all where empty. What they need is built, too.
    pub names: Vec<String>,
    /// The suite to build for.
    pub suite: String,
    /// The architecture to build for.
    pub architecture: String,
    /// How many builds may run side by side.
    pub jobs: usize,
    /// Build profiles (Policy 4.9.1).
    pub profiles: Vec<String>,
    /// Whether lintian is to look at the results.
    pub lintian: bool,
    /// Build what is named even if it is built already.
    pub again: bool,
    /// Who is running this: name and number.
    pub user: (String, u32),
    /// Directory for chroots while they are used.
    pub temporary: PathBuf,
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
    /// A source package is done with.
    Ended(&'a str, &'a Built),
}

/// What became of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Built {
    /// Its version.
    pub version: String,
    /// Whether its packages are in the repository.
    pub good: bool,
    /// Whether they were before.
    pub before: bool,
    /// Why not, in a few words.
    pub reason: Option<String>,
    /// How long the build took.
    pub seconds: u64,
    /// What was said.
    pub log: PathBuf,
    /// What lintian found, if it was asked.
    pub lintian: Option<Tags>,
}

/// One line of the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// It was tried, or is there.
    Tried(Built),
    /// It was not, as it needs these.
    Skipped {
        /// Its version.
        version: String,
        /// Source packages.
        needs: BTreeSet<String>,
    },
}

/// What came of it all.
#[derive(Clone, Debug)]
pub struct Summary {
    /// By source package.
    pub rows: BTreeMap<String, Row>,
    /// Source packages that need each other in a circle.
    pub cycle: Option<Cycle>,
}

impl Summary {
    /// Whether everything is built.
    pub fn is_good(&self) -> bool {
        let good = |row: &Row| matches!(row, Row::Tried(built) if built.good);
        self.rows.values().all(good)
    }
}

/// Builds. `chroot` is asked for when there is something to do; `watch` hears what happens,
/// from several threads, one at a time.
pub fn build(
    request: &Request,
    chroot: impl FnOnce() -> Result<Chroot, BuildError>,
    watch: &mut (dyn FnMut(Event<'_>) + Send),
) -> Result<Summary, BuildError> {
    let _lock = state::lock(&request.area)?;
    let packed = read_all(request.area.top())?;
    let mut graph = Graph::new(
        packed.iter().map(|one| &one.source),
        &request.architecture,
        &profiles(request),
    );
    let wanted = wanted(request, &packed)?;
    let kept = kept(request, &packed, &mut graph)?;
    let order = graph.order(&wanted);
    let todo = order.iter().any(|name| !kept.contains_key(name));
    let site = Site {
        request,
        chroot: if todo {
            Some(site(request, chroot)?)
        } else {
            None
        },
        packed: packed
            .iter()
            .map(|one| (one.source.name.as_str(), one))
            .collect(),
        kept,
        publishing: Mutex::new(()),
        watch: Mutex::new(watch),
    };
    let worked = queue::run(graph, order, request.jobs, |name, needs| {
        site.work(name, needs)
    });
    let (fates, graph) = worked?;
    Ok(site.summary(fates, &graph))
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
        let record = Record::read(&request.area, name)
            .filter(|record| !(request.again && named) && record.holds(&request.area, one, &like));
        if let Some(record) = record {
            graph.learn(name, &depends(request, &record)?);
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

/// What builds need on this machine.
struct Machine {
    chroot: Chroot,
    configuration: PathBuf,
}

fn site(
    request: &Request,
    chroot: impl FnOnce() -> Result<Chroot, BuildError>,
) -> Result<Machine, BuildError> {
    sbuild::check(&request.user.0, request.user.1)?;
    state::discard(&request.area.state().join("work"))?;
    let configuration = request.area.state().join("sbuild.conf");
    let template = request.temporary.join("dh-pydeps");
    let text = sbuild::configuration(&template.to_string_lossy());
    crate::atomic::write(&configuration, text.as_bytes())?;
    Ok(Machine {
        chroot: chroot()?,
        configuration: configuration.canonicalize()?,
    })
}

/// Where the work is done.
struct Site<'a> {
    request: &'a Request,
    chroot: Option<Machine>,
    packed: BTreeMap<&'a str, &'a Packed>,
    kept: BTreeMap<String, Record>,
    publishing: Mutex<()>,
    watch: Mutex<&'a mut (dyn FnMut(Event<'_>) + Send)>,
}

impl Site<'_> {
    fn tell(&self, event: Event<'_>) {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        watch(event);
    }

    fn work(&self, name: &str, needs: &BTreeSet<String>) -> Ended<Built, BuildError> {
        let ended = match (self.kept.get(name), &self.chroot) {
            (None, Some(machine)) => self.one(machine, name, needs),
            (Some(record), _) => self.built(name, record.clone(), true),
            (None, None) => return Ended::Failed(self.row(name)),
        };
        match ended {
            Ok(ended) => {
                if let Ended::Built(built, _) | Ended::Failed(built) = &ended {
                    self.tell(Event::Ended(name, built));
                }
                ended
            }
            Err(error) => Ended::Broken(error),
        }
    }

    fn row(&self, name: &str) -> Built {
        let request = self.request;
        let version = &self.packed[name].source.version;
        Built {
            version: version.clone(),
            good: false,
            before: false,
            reason: None,
            seconds: 0,
            log: request.area.log(name, version, &request.architecture),
            lintian: None,
        }
    }

    fn built(
        &self,
        name: &str,
        record: Record,
        before: bool,
    ) -> Result<Ended<Built, BuildError>, BuildError> {
        let depends = depends(self.request, &record)?;
        let built = Built {
            good: true,
            before,
            seconds: record.seconds,
            lintian: record.lintian.clone(),
            ..self.row(name)
        };
        Ok(Ended::Built(built, depends))
    }

    /// Builds one, and publishes what came of it.
    fn one(
        &self,
        machine: &Machine,
        name: &str,
        needs: &BTreeSet<String>,
    ) -> Result<Ended<Built, BuildError>, BuildError> {
        let (request, row) = (self.request, self.row(name));
        let work = request.area.work(name);
        state::discard(&work)?;
        fs_err::create_dir_all(&work)?;
        self.tell(Event::Begun {
            source: name,
            version: &row.version,
            log: &row.log,
        });
        let packages = self.packages(needs)?;
        let dsc = self.packed[name].dsc.canonicalize()?;
        let job = Job {
            dsc: &dsc,
            suite: &request.suite,
            architecture: &request.architecture,
            packages: &packages,
            profiles: &request.profiles,
            lintian: request.lintian,
        };
        let mut command = sbuild::command(&job, &machine.chroot, &machine.configuration, &work);
        let (status, time) = run::logged(&mut command, &row.log, |phase| {
            self.tell(Event::Phase(name, phase));
        })?;
        let log = String::from_utf8_lossy(&fs_err::read(&row.log)?).into_owned();
        if !status.success() {
            return Ok(Ended::Failed(Built {
                seconds: time.as_secs(),
                reason: Some(reason(&log, status)),
                ..row
            }));
        }
        let mut record = self.like(name);
        record.seconds = time.as_secs();
        record.lintian = tags(&log);
        let record = self.publish(name, &work, record)?;
        self.built(name, record, false)
    }

    fn like(&self, name: &str) -> Record {
        let request = self.request;
        let digest = &self.packed[name].digest;
        Record::new(
            &request.suite,
            &request.architecture,
            &request.profiles,
            digest,
        )
    }

    /// The packages of these sources.
    fn packages(&self, needs: &BTreeSet<String>) -> Result<Vec<PathBuf>, BuildError> {
        let area = &self.request.area;
        let records = needs.iter().filter_map(|need| Record::read(area, need));
        let debs = records.flat_map(|record| record.debs(area));
        debs.map(|deb| Ok(deb.canonicalize()?)).collect()
    }

    fn publish(&self, name: &str, work: &Path, record: Record) -> Result<Record, BuildError> {
        let area = &self.request.area;
        let _turn = self
            .publishing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let before = Record::read(area, name);
        let replaced: Vec<String> = before
            .into_iter()
            .flat_map(|old| old.files.into_keys())
            .collect();
        state::forget(area, name)?;
        let files = repository::publish(&area.repository(), work, &replaced)?;
        let mut record = record;
        record.files = files;
        record.write(area, name)?;
        state::discard(work)?;
        Ok(record)
    }

    fn summary(&self, fates: BTreeMap<String, Fate<Built>>, graph: &Graph) -> Summary {
        let skipped = fates
            .iter()
            .filter(|(_, fate)| matches!(fate, Fate::Skipped(_)));
        let skipped: BTreeSet<String> = skipped.map(|(name, _)| name.clone()).collect();
        let sources: Vec<&Source> = self.packed.values().map(|one| &one.source).collect();
        let row = |(name, fate): (String, Fate<Built>)| {
            let row = match fate {
                Fate::Built(built) | Fate::Failed(built) => Row::Tried(built),
                Fate::Skipped(needs) => Row::Skipped {
                    version: self.row(&name).version,
                    needs,
                },
            };
            (name, row)
        };
        Summary {
            cycle: graph.cycle(&skipped, &sources),
            rows: fates.into_iter().map(row).collect(),
        }
    }
}

/// What sbuild says in its summary.
fn reason(log: &str, status: std::process::ExitStatus) -> String {
    let said = |name: &str| {
        let mut lines = log.lines().rev();
        lines.find_map(|line| line.strip_prefix(name).map(str::trim))
    };
    match (said("Status: "), said("Fail-Stage: ")) {
        (_, Some(stage)) => format!("failed at {stage}"),
        (Some(word), None) => word.to_owned(),
        (None, None) => format!("the builder ended with {status}"),
    }
}
