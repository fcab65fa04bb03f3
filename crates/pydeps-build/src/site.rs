//! Where the work is done: one source package after the other is built, mended where that
//! helps, and published.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::{Mutex, MutexGuard, PoisonError};

use pydeps_host::atomic;

use crate::backend::job::Job;
use crate::backend::{Backend, BuildEnd, run};
use crate::failed::Failed;
use crate::fix::{self, Files, ROUNDS, find};
use crate::log::autopkgtest;
use crate::log::lintian::tags;
use crate::log::problem::{Problem, failing_tests, problems};
use crate::log::summary;
use crate::order::Graph;
use crate::queue::{Ended, Fate};
use crate::source::{Packed, Source, read};
use crate::state::{self, Record};
use crate::{BuildError, Built, Event, Fix, Request, Row, Summary, depends};
use crate::{pack, repository};

/// One run of the builder.
struct Once {
    end: BuildEnd,
    log: String,
}

/// A source package that is being built, as it is after what was changed.
#[derive(Clone)]
struct Attempt {
    packed: Packed,
    fixes: Vec<Fix>,
    tried: BTreeSet<Problem>,
    /// How often it was built before.
    earlier: usize,
}

/// Where the work is done.
pub(crate) struct Site<'a> {
    request: &'a Request,
    backend: Option<Box<dyn Backend>>,
    packed: BTreeMap<&'a str, &'a Packed>,
    kept: BTreeMap<String, Record>,
    attempts: Mutex<BTreeMap<String, Attempt>>,
    publishing: Mutex<()>,
    watch: Mutex<&'a mut (dyn FnMut(Event<'_>) + Send)>,
}

impl<'a> Site<'a> {
    pub(crate) fn new(
        request: &'a Request,
        backend: Option<Box<dyn Backend>>,
        packed: &'a [Packed],
        kept: BTreeMap<String, Record>,
        watch: &'a mut (dyn FnMut(Event<'_>) + Send),
    ) -> Self {
        let by_name = packed.iter().map(|one| (one.source.name.as_str(), one));
        Self {
            request,
            backend,
            packed: by_name.collect(),
            kept,
            attempts: Mutex::default(),
            publishing: Mutex::new(()),
            watch: Mutex::new(watch),
        }
    }

    fn tell(&self, event: Event<'_>) {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        watch(event);
    }

    pub(crate) fn work(&self, name: &str, needs: &BTreeSet<String>) -> Ended<Built, BuildError> {
        let ended = match (self.kept.get(name), &self.backend) {
            (None, Some(backend)) => self.one(backend.as_ref(), name, needs),
            (Some(record), _) => self.built(name, record, true, Vec::new()),
            (None, None) => return Ended::Failed(self.row(name)),
        };
        match ended {
            Ok(ended) => {
                if let Ended::Built(built, _) | Ended::Failed(built) = &ended {
                    self.tell(Event::Ended(name, built));
                }
                ended
            }
            Err(error) => {
                self.backend.iter().for_each(|backend| backend.cancel());
                Ended::Broken(error)
            }
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
            autopkgtest: None,
            fixes: Vec::new(),
        }
    }

    fn built(
        &self,
        name: &str,
        record: &Record,
        before: bool,
        fixes: Vec<Fix>,
    ) -> Result<Ended<Built, BuildError>, BuildError> {
        let depends = depends(self.request, record)?;
        let built = Built {
            good: true,
            before,
            seconds: record.seconds,
            lintian: record.lintian.clone(),
            autopkgtest: record.autopkgtest.clone(),
            fixes,
            ..self.row(name)
        };
        Ok(Ended::Built(built, depends))
    }

    /// Builds one, and publishes what came of it; or changes it, if that may help.
    fn one(
        &self,
        backend: &dyn Backend,
        name: &str,
        needs: &BTreeSet<String>,
    ) -> Result<Ended<Built, BuildError>, BuildError> {
        let mut attempt = self.attempt(name);
        let once = self.once(backend, &attempt, needs)?;
        let seconds = once.end.time.as_secs();
        if once.end.status.success() {
            let mut record = self.like(&attempt.packed);
            record.seconds = seconds;
            record.lintian = tags(&once.log);
            record.autopkgtest = autopkgtest::result(&once.log);
            let record = self.publish(name, record)?;
            return self.built(name, &record, false, attempt.fixes);
        }
        let more = match attempt.fixes.len() < ROUNDS {
            true => self.mend(&attempt.packed, &once.log, &mut attempt.tried)?,
            false => Vec::new(),
        };
        if more.is_empty() {
            let reason = reason(&once.log, once.end.status);
            return self.failed(name, attempt, reason, seconds);
        }
        more.iter().for_each(|fix| self.tell(Event::Mended(fix)));
        attempt.fixes.extend(more);
        attempt.earlier += 1;
        attempt.packed = read(&pack::again(&self.request.area, name)?)?;
        let changed = attempt.packed.source.clone();
        self.attempts().insert(name.to_owned(), attempt);
        Ok(Ended::Changed(changed))
    }

    /// Notes why it does not build.
    fn failed(
        &self,
        name: &str,
        attempt: Attempt,
        reason: String,
        seconds: u64,
    ) -> Result<Ended<Built, BuildError>, BuildError> {
        let request = self.request;
        let (packed, suite) = (attempt.packed, &request.suite);
        let failed = Failed::new(&packed, suite, &request.architecture, &reason);
        failed.write(&request.area, name)?;
        Ok(Ended::Failed(Built {
            reason: Some(reason),
            fixes: attempt.fixes,
            version: packed.source.version,
            seconds,
            ..self.row(name)
        }))
    }

    fn attempts(&self) -> MutexGuard<'_, BTreeMap<String, Attempt>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was tried so far.
    fn attempt(&self, name: &str) -> Attempt {
        let known = self.attempts().get(name).cloned();
        known.unwrap_or_else(|| Attempt {
            packed: self.packed[name].clone(),
            fixes: Vec::new(),
            tried: BTreeSet::new(),
            earlier: 0,
        })
    }

    /// The package of another source package here that has what was lacking, by the names
    /// that modules' packages have (Python Policy, section 4.3).
    fn ours(&self, name: &str, problem: &Problem) -> Option<String> {
        let (Problem::Module(module) | Problem::Backend(module)) = problem else {
            return None;
        };
        let top = module.split('.').next().unwrap_or(module);
        let package = format!("python3-{}", top.to_lowercase().replace('_', "-"));
        let mut others = self.packed.values().filter(|one| one.source.name != name);
        others
            .any(|one| one.source.binaries.contains(&package))
            .then_some(package)
    }

    /// One run of the builder.
    fn once(
        &self,
        backend: &dyn Backend,
        attempt: &Attempt,
        needs: &BTreeSet<String>,
    ) -> Result<Once, BuildError> {
        let (request, packed) = (self.request, &attempt.packed);
        let name = packed.source.name.as_str();
        let version = &packed.source.version;
        let path = request.area.log(name, version, &request.architecture);
        let work = request.area.work(name);
        state::discard(&work)?;
        fs_err::create_dir_all(&work)?;
        run::keep(&path, attempt.earlier)?;
        self.tell(Event::Begun {
            source: name,
            version,
            log: &path,
        });
        let packages = self.packages(needs)?;
        let dsc = packed.dsc.canonicalize()?;
        let job = Job {
            dsc: &dsc,
            suite: &request.suite,
            architecture: &request.architecture,
            packages: &packages,
            profiles: &request.profiles,
            lintian: request.lintian,
            autopkgtest: request.autopkgtest,
        };
        let mut events = |phase| self.tell(Event::Phase(name, phase));
        let end = backend.build(&job, &work, &path, &mut events)?;
        let log = String::from_utf8_lossy(&fs_err::read(&path)?).into_owned();
        Ok(Once { end, log })
    }

    /// Edits the source tree by what the log says was lacking. What was done.
    fn mend(
        &self,
        packed: &Packed,
        log: &str,
        tried: &mut BTreeSet<Problem>,
    ) -> Result<Vec<Fix>, BuildError> {
        let (name, area) = (packed.source.name.as_str(), &self.request.area);
        let debian = area.tree(name).join("debian");
        let Some(index) = self.request.index.as_ref().filter(|_| debian.is_dir()) else {
            return Ok(Vec::new());
        };
        let paths = [debian.join("control"), debian.join("rules")];
        let mut files = Files {
            control: fs_err::read_to_string(&paths[0])?,
            rules: fs_err::read_to_string(&paths[1])?,
        };
        let find = |problem: &Problem| {
            let ours = self.ours(name, problem);
            ours.or_else(|| find::package(index, problem))
        };
        let lacks = problems(log);
        let mut done = fix::apply(&mut files, &lacks, tried, find);
        if done.is_empty() && lacks.iter().all(|lack| lack.testing) {
            done = fix::apply(&mut files, &failing_tests(log), tried, find);
        }
        if !done.is_empty() {
            atomic::write(&paths[0], files.control.as_bytes())?;
            atomic::write(&paths[1], files.rules.as_bytes())?;
        }
        let fix = |(change, reason)| Fix {
            source: name.to_owned(),
            version: packed.source.version.clone(),
            change,
            reason,
        };
        let fixes: Vec<Fix> = done.into_iter().map(fix).collect();
        let _turn = self.turn();
        state::remember(area, &fixes)?;
        Ok(fixes)
    }

    fn like(&self, packed: &Packed) -> Record {
        let request = self.request;
        Record::new(
            &request.suite,
            &request.architecture,
            &request.profiles,
            &packed.digest,
        )
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.publishing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The packages of these sources.
    fn packages(&self, needs: &BTreeSet<String>) -> Result<Vec<PathBuf>, BuildError> {
        let area = &self.request.area;
        let records = needs.iter().filter_map(|need| Record::read(area, need));
        let debs = records.flat_map(|record| record.debs(area));
        debs.map(|deb| Ok(deb.canonicalize()?)).collect()
    }

    fn publish(&self, name: &str, record: Record) -> Result<Record, BuildError> {
        let area = &self.request.area;
        let (work, _turn) = (area.work(name), self.turn());
        let before = Record::read(area, name);
        let replaced: Vec<String> = before
            .into_iter()
            .flat_map(|old| old.files.into_keys())
            .collect();
        // What was built before is not to count while it is replaced.
        state::forget(&area.record(name))?;
        let files = repository::publish(area, &work, &replaced)?;
        let mut record = record;
        record.files = files;
        record.write(area, name)?;
        state::forget(&area.failed(name))?;
        state::discard(&work)?;
        Ok(record)
    }

    /// What came of everything.
    pub(crate) fn summary(&self, fates: BTreeMap<String, Fate<Built>>, graph: &Graph) -> Summary {
        let skipped = fates
            .iter()
            .filter(|(_, fate)| matches!(fate, Fate::Skipped(_)));
        let skipped: BTreeSet<String> = skipped.map(|(name, _)| name.clone()).collect();
        let attempts: Vec<Attempt> = self.packed.keys().map(|name| self.attempt(name)).collect();
        let sources: Vec<&Source> = attempts.iter().map(|one| &one.packed.source).collect();
        let fixes = attempts.iter().flat_map(|one| &one.fixes).cloned();
        let row = |(name, fate): (String, Fate<Built>)| {
            let row = match fate {
                Fate::Built(built) | Fate::Failed(built) => Row::Tried(built),
                Fate::Skipped(needs) => {
                    let parts = needs.into_iter().partition(|need| graph.is_absent(need));
                    let (absent, needs) = parts;
                    Row::Skipped {
                        version: self.row(&name).version,
                        needs,
                        absent,
                    }
                }
            };
            (name, row)
        };
        Summary {
            cycle: graph.cycle(&skipped, &sources),
            fixes: fixes.collect(),
            rows: fates.into_iter().map(row).collect(),
        }
    }
}

/// What sbuild says in its summary, and what was lacking first; or else what the log says last.
fn reason(log: &str, status: ExitStatus) -> String {
    let said = |name: &str| {
        let mut lines = log.lines().rev();
        lines.find_map(|line| line.strip_prefix(name).map(str::trim))
    };
    let stage = match (said("Status: "), said("Fail-Stage: ")) {
        (_, Some(stage)) => format!("failed at {stage}"),
        (Some(word), None) => word.to_owned(),
        (None, None) => format!("the builder ended with {status}"),
    };
    let lacked = problems(log).first().map(|lack| lack.problem.words());
    match lacked.or_else(|| summary::line(log)) {
        Some(why) => format!("{stage}: {why}"),
        None => stage,
    }
}
