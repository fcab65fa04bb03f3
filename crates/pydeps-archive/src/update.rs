//! `dh-pydeps update`: a suite's lists, through apt, → its index file.
//!
//! The suite's own Packages and Contents are required. Updates, security and
//! backports are secondary: one that cannot be fetched is a finding.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use pydeps_core::archive::Origin;
use pydeps_core::diagnostic::Diagnostic as _;
use pydeps_core::finding::Finding;
use rustix::fs::{FlockOperation, flock};

use crate::apt::{
    self, Failure, Lists, MachineSource, NoSource, Plan, Pocket, Root, RootError, Target, Trust,
};
use crate::index::{self, Facts};
use pydeps_core::name::{ArchName, SuiteName};
use pydeps_host::atomic;
use pydeps_host::paths;
use pydeps_host::process::{self, ProcessError};
use pydeps_host::progress::Listener;

mod error;
mod guard;
mod read;
#[cfg(test)]
mod tests;

pub use error::UpdateError;
use read::read;
pub(crate) use read::{contents, packages};

/// What to fetch, and where to put it.
#[derive(Clone, Debug)]
pub struct Request {
    /// A codename or an alias: `trixie`, `stable`.
    pub suite: SuiteName,
    /// The architecture; by default dpkg's.
    pub architecture: Option<ArchName>,
    /// Archive areas; `main` where empty.
    pub components: Vec<String>,
    /// Another main mirror than the machine's, and whose signature it bears.
    pub mirror: Option<(String, Trust)>,
    /// Whether backports are wanted too.
    pub backports: bool,
    /// Whether source packages are wanted too: for a suite to rebuild from.
    pub sources: bool,
    /// Whether an index may be replaced by an older one.
    pub force: bool,
    /// Whether the suite's Contents are taken where they do not fit its Release file.
    pub unchecked_contents: bool,
    /// Further settings for apt, `NAME=VALUE`.
    pub apt_options: Vec<String>,
    /// Whether the machine's own lists are taken if they hold all that is needed, and
    /// neither a mirror nor a setting for apt is given.
    pub machine_lists: bool,
    /// The program's cache directory ([`paths::cache_dir`]).
    pub cache: PathBuf,
}

impl Request {
    /// The plain request for a suite.
    pub fn new(suite: SuiteName, cache: impl Into<PathBuf>) -> Self {
        Self {
            suite,
            architecture: None,
            components: Vec::new(),
            mirror: None,
            backports: false,
            sources: false,
            force: false,
            unchecked_contents: false,
            apt_options: Vec::new(),
            machine_lists: true,
            cache: cache.into(),
        }
    }
}

/// An update that was done.
#[derive(Clone, Debug)]
pub struct Updated {
    /// The index file.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// What it says of itself; `facts.findings` are for the user.
    pub facts: Facts,
}

/// What apt is configured to use on this machine.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    targets: Vec<Target>,
    sources: Vec<MachineSource>,
}

impl Machine {
    /// Asks apt. The default value is a machine without any source.
    pub fn read() -> Result<Self, UpdateError> {
        let targets = apt::machine_targets().map_err(no_apt)?;
        let sources = apt::machine_sources(&targets);
        Ok(Self { targets, sources })
    }

    /// apt's sources of a suite with its updates, in deb822 format: for a chroot.
    pub fn entries(
        &self,
        suite: &str,
        mirror: Option<&str>,
        architecture: &str,
    ) -> Result<String, UpdateError> {
        let request = apt::Request {
            suite,
            mirror: mirror.map(|uri| (uri, Trust::default())),
            backports: false,
        };
        let plan = apt::plan(&request, &self.sources)?;
        let components = ["main".to_owned()];
        let mut texts = Vec::new();
        for pocket in &plan.pockets {
            let entry = apt::entry(pocket, &components, architecture, false);
            let entry = entry.map_err(|error| explain(error, &pocket.release, Path::new("")))?;
            texts.push(entry.text);
        }
        Ok(texts.join("\n"))
    }
}

/// Fetches a suite and writes its index file.
pub fn update(
    request: &Request,
    machine: &Machine,
    listener: &mut dyn Listener,
) -> Result<Updated, UpdateError> {
    let cache = &request.cache;
    let _lock = lock(cache, listener).map_err(|source| UpdateError::Cache {
        path: cache.clone(),
        source,
    })?;
    let job = Job {
        architecture: architecture(request)?,
        components: components(request),
        request,
        machine,
    };
    let (pockets, findings) = match job.of_machine() {
        Some(found) => found,
        None => job.fetch(listener)?,
    };
    job.write(&pockets, findings, listener)
}

fn no_apt(error: ProcessError) -> UpdateError {
    match error {
        ProcessError::NotFound { .. } => UpdateError::NoApt,
        error => UpdateError::Process(error),
    }
}

/// One update at a time in a cache directory; the next one waits.
pub(crate) fn lock(cache: &Path, listener: &mut dyn Listener) -> io::Result<fs_err::File> {
    fs_err::create_dir_all(cache.join("archive"))?;
    let file = atomic::open_lock(&cache.join("update.lock"))?;
    if flock(file.file(), FlockOperation::NonBlockingLockExclusive).is_err() {
        listener.progress("waiting for another update to end", None);
        flock(file.file(), FlockOperation::LockExclusive)?;
    }
    atomic::sweep(&cache.join("archive"))?;
    Ok(file)
}

fn architecture(request: &Request) -> Result<ArchName, UpdateError> {
    if let Some(architecture) = &request.architecture {
        return Ok(architecture.clone());
    }
    let said = process::run(Command::new("dpkg").arg("--print-architecture"))?;
    Ok(said.stdout.trim().parse()?)
}

fn components(request: &Request) -> Vec<String> {
    match request.components.as_slice() {
        [] => vec!["main".to_owned()],
        components => components.to_vec(),
    }
}

type Found = (Vec<(Origin, Lists)>, Vec<Finding>);

struct Job<'a> {
    request: &'a Request,
    architecture: ArchName,
    components: Vec<String>,
    machine: &'a Machine,
}

impl Job<'_> {
    fn plan(&self) -> Result<Plan, NoSource> {
        let mirror = self.request.mirror.as_ref();
        let request = apt::Request {
            suite: &self.request.suite,
            mirror: mirror.map(|(uri, trust)| (uri.as_str(), trust.clone())),
            backports: self.request.backports,
        };
        apt::plan(&request, &self.machine.sources)
    }

    /// The machine's own lists, if every pocket's are there. They are read only.
    fn of_machine(&self) -> Option<Found> {
        let request = self.request;
        if !request.machine_lists || request.mirror.is_some() || !request.apt_options.is_empty() {
            return None;
        }
        let plan = self.plan().ok()?;
        let mut pockets = Vec::new();
        for pocket in plan.pockets {
            let lists = self.machine_lists(&pocket);
            let required = pocket.origin == Origin::Suite;
            let lacking =
                lists.contents.is_empty() || (request.sources && lists.sources.is_empty());
            if lists.release.is_none() || lists.packages.is_empty() || (required && lacking) {
                return None;
            }
            pockets.push((pocket.origin, lists));
        }
        let mut findings = plan.findings;
        findings.push(
            Finding::info(
                "machine-lists",
                "this machine's own lists were used; apt-get update renews them",
            )
            .with_origin("/var/lib/apt/lists"),
        );
        Some((pockets, findings))
    }

    fn machine_lists(&self, pocket: &Pocket) -> Lists {
        let wanted = |target: &&Target| {
            let architecture = target.is_sources()
                || [self.architecture.as_str(), "all"].contains(&target.architecture.as_str());
            architecture
                && target.release == pocket.release
                && target.uri == pocket.uri
                && self.components.contains(&target.component)
        };
        let found: Vec<&Target> = self.machine.targets.iter().filter(wanted).collect();
        let complete = self
            .components
            .iter()
            .all(|component| found.iter().any(|target| target.component == *component));
        match complete {
            true => Lists::of(found),
            false => Lists::default(),
        }
    }

    fn fetch(&self, listener: &mut dyn Listener) -> Result<Found, UpdateError> {
        let Plan {
            pockets,
            mut findings,
        } = self.plan()?;
        let mut found = Vec::new();
        for pocket in pockets {
            match self.fetch_pocket(&pocket, true, listener) {
                Ok(lists) => found.push((pocket.origin, lists)),
                Err(error) if pocket.origin == Origin::Suite => {
                    let lists = self.fetch_unchecked(&pocket, error, listener)?;
                    findings.push(unchecked(&pocket));
                    found.push((pocket.origin, lists));
                }
                Err(error) => {
                    let lists = self.fetch_without_contents(&pocket, &error, listener);
                    findings.push(secondary(
                        &self.request.suite,
                        &pocket,
                        &error,
                        lists.is_some(),
                    ));
                    found.extend(lists.map(|lists| (pocket.origin, lists)));
                }
            }
        }
        Ok((found, findings))
    }

    /// Contents are the largest files of a release, and the first to be out of step
    /// with it; its Packages may be good all the same.
    fn fetch_without_contents(
        &self,
        pocket: &Pocket,
        error: &UpdateError,
        listener: &mut dyn Listener,
    ) -> Option<Lists> {
        is_inconsistent(error).then(|| self.fetch_pocket(pocket, false, listener).ok())?
    }

    /// The suite itself with Contents that its Release file does not vouch for, where that
    /// was asked for. What is signed otherwise is checked as always: all that they can do is
    /// to say the wrong package of it for a file.
    fn fetch_unchecked(
        &self,
        pocket: &Pocket,
        error: UpdateError,
        listener: &mut dyn Listener,
    ) -> Result<Lists, UpdateError> {
        if !(self.request.unchecked_contents && is_inconsistent(&error)) {
            return Err(error);
        }
        let mut lists = self.fetch_pocket(pocket, false, listener)?;
        let root = self.root(pocket)?;
        for component in &self.components {
            for architecture in [self.architecture.as_str(), "all"] {
                let file = format!("{component}/Contents-{architecture}");
                let fetched = download(&root, pocket, &file, listener);
                let fetched = fetched.map_err(|error| self.explain(error, pocket))?;
                lists.contents.push(fetched);
            }
        }
        Ok(lists)
    }

    fn fetch_pocket(
        &self,
        pocket: &Pocket,
        contents: bool,
        listener: &mut dyn Listener,
    ) -> Result<Lists, UpdateError> {
        let release = &pocket.release;
        let sources = self.request.sources && pocket.origin.tier() == 0;
        let mut root = self.root(pocket)?;
        if !contents {
            root = root.without_contents();
        }
        let lists = root.fetch(listener);
        let lists = lists.map_err(|error| self.explain(error, pocket))?;
        let missing = |what| UpdateError::Missing {
            suite: release.clone(),
            what,
            architecture: self.architecture.to_string(),
        };
        match &lists {
            Lists { release: None, .. } => Err(missing("Release")),
            lists if lists.packages.is_empty() => Err(missing("Packages")),
            lists if contents && lists.contents.is_empty() && pocket.origin == Origin::Suite => {
                Err(missing("Contents"))
            }
            lists if sources && lists.sources.is_empty() && pocket.origin == Origin::Suite => {
                Err(missing("Sources"))
            }
            _ => Ok(lists),
        }
    }

    /// The private root of a repository.
    fn root(&self, pocket: &Pocket) -> Result<Root, UpdateError> {
        let sources = self.request.sources && pocket.origin.tier() == 0;
        let entry = apt::entry(pocket, &self.components, &self.architecture, sources);
        let root = entry.and_then(|entry| {
            Root::prepare(
                &self.directory(pocket),
                &pocket.release,
                &entry,
                &self.architecture,
                &self.request.apt_options,
            )
        });
        root.map_err(|error| self.explain(error, pocket))
    }

    fn directory(&self, pocket: &Pocket) -> PathBuf {
        paths::apt_root(&self.request.cache, &pocket.release, &self.architecture)
    }

    fn explain(&self, error: RootError, pocket: &Pocket) -> UpdateError {
        explain(error, &pocket.release, &self.directory(pocket))
    }

    fn write(
        &self,
        pockets: &[(Origin, Lists)],
        findings: Vec<Finding>,
        listener: &mut dyn Listener,
    ) -> Result<Updated, UpdateError> {
        let mut read_pockets = Vec::new();
        for (origin, lists) in pockets {
            let suite = &self.request.suite;
            read_pockets.push(read(origin, lists, suite, listener)?);
        }
        listener.progress("writing the index", None);
        let built = index::build(&self.architecture, &read_pockets, findings);
        let (bytes, facts) = built.map_err(|source| UpdateError::Build {
            suite: self.request.suite.to_string(),
            source,
        })?;
        let path = paths::index_file(&self.request.cache, &facts.codename, &self.architecture);
        if !self.request.force {
            guard::newer(&path, &facts)?;
        }
        atomic::write(&path, &bytes)?;
        let size = bytes.len() as u64;
        Ok(Updated { path, size, facts })
    }
}

/// A file of a release, packed in whichever way the mirror has it.
fn download(
    root: &Root,
    pocket: &Pocket,
    file: &str,
    listener: &mut dyn Listener,
) -> Result<PathBuf, RootError> {
    let release = format!(
        "{}/dists/{}",
        pocket.uri.trim_end_matches('/'),
        pocket.release
    );
    let mut one = |suffix: &str| {
        let name = format!("{}{suffix}", file.replace('/', "_"));
        root.download(&format!("{release}/{file}{suffix}"), &name, listener)
    };
    one(".gz").or_else(|_| one(".xz")).or_else(|_| one(""))
}

fn is_inconsistent(error: &UpdateError) -> bool {
    let UpdateError::Fetch { failure, .. } = error else {
        return false;
    };
    *failure == Failure::Inconsistent
}

/// Contents that nobody vouches for.
fn unchecked(pocket: &Pocket) -> Finding {
    let message = format!(
        "the Contents of {} do not fit its Release file, and were taken as they are: which package \
         has which file is not verified",
        pocket.release
    );
    Finding::warning("unchecked-contents", message)
        .with_origin(pocket.release.clone())
        .with_hint("`dh-pydeps update` without --unchecked-contents, once the mirror is complete")
}

/// What went wrong, for the user. The root of a release that the mirror does not
/// have is removed.
fn explain(error: RootError, release: &str, directory: &Path) -> UpdateError {
    let (suite, path) = (release.to_owned(), directory.to_owned());
    if matches!(error, RootError::Fetch(Failure::Unknown, _)) {
        let _ = fs_err::remove_dir_all(directory);
    }
    match error {
        RootError::Directory(source) => UpdateError::Cache { path, source },
        RootError::NoKeyring(path) => UpdateError::NoKeyring { suite, path },
        RootError::Process(error) => no_apt(error),
        RootError::Fetch(failure, details) => UpdateError::Fetch {
            suite,
            failure,
            details,
        },
    }
}

/// A release beside the suite's own that could not be fetched, or not all of it.
fn secondary(suite: &str, pocket: &Pocket, error: &UpdateError, packages: bool) -> Finding {
    let without = if packages { "the Contents of " } else { "" };
    let message = format!(
        "{suite} is without {without}{}: {}",
        pocket.release,
        error.cause()
    );
    let finding =
        Finding::warning("incomplete-archive", message).with_origin(pocket.release.clone());
    match error.hint() {
        // Its packages are there; nothing depends on what its Contents would add.
        _ if packages => finding.with_hint("try again later; --mirror names another mirror"),
        Some(hint) => finding.with_hint(hint),
        None => finding,
    }
}
