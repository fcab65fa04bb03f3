//! `dh-pydeps update`: a suite's lists, through apt, → its index file.
//!
//! The suite's own Packages and Contents are required. Updates, security and
//! backports are secondary: one that cannot be fetched is a finding.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use pydeps_core::archive::Origin;
use pydeps_core::finding::Finding;
use rustix::fs::{FlockOperation, flock};

use crate::apt::{
    self, Failure, KNOWN_SUITES, Lists, MachineSource, NoSource, Plan, Pocket, Root, RootError,
    Target, Trust,
};
use crate::atomic::{self, WriteError};
use crate::index::{
    self, BuildError, Contents, Facts, PackagesError, PocketFacts, Release, ReleaseError,
};
use crate::paths;
use crate::process::{self, ProcessError};
use crate::progress::Listener;

/// What to fetch, and where to put it.
#[derive(Clone, Debug)]
pub struct Request {
    /// A codename or an alias: `trixie`, `stable`.
    pub suite: String,
    /// The architecture; by default dpkg's.
    pub architecture: Option<String>,
    /// Archive areas; `main` where empty.
    pub components: Vec<String>,
    /// Another main mirror than the machine's, and whose signature it bears.
    pub mirror: Option<(String, Trust)>,
    /// Whether backports are wanted too.
    pub backports: bool,
    /// Further settings for apt, `NAME=VALUE`.
    pub apt_options: Vec<String>,
    /// Whether the machine's own lists are taken if they hold all that is needed.
    pub machine_lists: bool,
    /// The program's cache directory ([`paths::cache_dir`]).
    pub cache: PathBuf,
}

impl Request {
    /// The plain request for a suite.
    pub fn new(suite: impl Into<String>, cache: impl Into<PathBuf>) -> Self {
        Self {
            suite: suite.into(),
            architecture: None,
            components: Vec::new(),
            mirror: None,
            backports: false,
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

/// There is no new index; an old one is as it was.
#[derive(Debug, thiserror::Error)]
pub enum UpdateError {
    /// apt is not installed.
    #[error("apt-get is not installed: an archive index is made with apt")]
    NoApt,
    /// There is no source to derive the suite's from.
    #[error(transparent)]
    NoSource(#[from] NoSource),
    /// The cache directory cannot be written to.
    #[error("the cache directory {path} cannot be used: {source}")]
    Cache {
        /// The directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Debian's keyring is not installed.
    #[error("{suite}: {}", Failure::Keyring)]
    NoKeyring {
        /// The suite.
        suite: String,
    },
    /// apt could not fetch the suite.
    #[error("{suite}: {failure}{}", Details(details))]
    Fetch {
        /// The suite.
        suite: String,
        /// What happened.
        failure: Failure,
        /// What apt said.
        details: Vec<String>,
    },
    /// The repository lacks a list that is required.
    #[error("{suite}: the mirror has no {what} of this suite for {architecture}")]
    Missing {
        /// The suite.
        suite: String,
        /// `Packages`, `Contents` or `Release`.
        what: &'static str,
        /// The architecture.
        architecture: String,
    },
    /// A command failed.
    #[error(transparent)]
    Process(#[from] ProcessError),
    /// A Release file cannot be read.
    #[error("{path}: {source}")]
    Release {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: ReleaseError,
    },
    /// A Packages file cannot be read.
    #[error("{path}: {source}")]
    Packages {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: PackagesError,
    },
    /// The lists do not make an index.
    #[error("{suite}: {source}")]
    Build {
        /// The suite.
        suite: String,
        /// What is wrong.
        source: BuildError,
    },
    /// The index file cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

struct Details<'a>(&'a [String]);

impl std::fmt::Display for Details<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0
            .iter()
            .take(8)
            .try_for_each(|line| write!(f, "\n  {line}"))
    }
}

impl UpdateError {
    /// One action that the user can take.
    pub fn hint(&self) -> Option<String> {
        let text = match self {
            Self::NoApt => {
                "run `dh-pydeps update` in a Debian container, or copy an index file from a machine with apt"
            }
            Self::NoSource(_) => "name a Debian mirror with --mirror",
            Self::Cache { .. } => "set XDG_CACHE_HOME to a directory that can be written to",
            Self::NoKeyring { .. } => Failure::Keyring.hint()?,
            Self::Fetch {
                failure: Failure::Unknown,
                ..
            } => {
                return Some(format!(
                    "known suites: {KNOWN_SUITES}; --mirror names another mirror"
                ));
            }
            Self::Fetch { failure, .. } => failure.hint()?,
            Self::Missing { .. } => {
                "--architecture and --component say what to look for, --mirror where"
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}

/// Fetches a suite and writes its index file.
pub fn update(request: &Request, listener: &mut dyn Listener) -> Result<Updated, UpdateError> {
    let cache = &request.cache;
    let _lock = lock(cache).map_err(|source| UpdateError::Cache {
        path: cache.clone(),
        source,
    })?;
    let targets = apt::machine_targets().map_err(no_apt)?;
    let machine = apt::machine_sources(&targets);
    let job = Job {
        architecture: architecture(request)?,
        components: components(request),
        request,
    };
    let (pockets, findings) = match job.of_machine(&targets, &machine) {
        Some(found) => found,
        None => job.fetch(&machine, listener)?,
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
fn lock(cache: &Path) -> io::Result<fs_err::File> {
    fs_err::create_dir_all(cache.join("archive"))?;
    let file = fs_err::File::create(cache.join("update.lock"))?;
    flock(file.file(), FlockOperation::LockExclusive)?;
    Ok(file)
}

fn architecture(request: &Request) -> Result<String, UpdateError> {
    if let Some(architecture) = &request.architecture {
        return Ok(architecture.clone());
    }
    let said = process::run(Command::new("dpkg").arg("--print-architecture"))?;
    Ok(said.stdout.trim().to_owned())
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
    architecture: String,
    components: Vec<String>,
}

impl Job<'_> {
    fn plan(&self, machine: &[MachineSource]) -> Result<Plan, NoSource> {
        let mirror = self.request.mirror.as_ref();
        let request = apt::Request {
            suite: &self.request.suite,
            mirror: mirror.map(|(uri, trust)| (uri.as_str(), trust.clone())),
            backports: self.request.backports,
        };
        apt::plan(&request, machine)
    }

    /// The machine's own lists, if every pocket's are there. They are read only.
    fn of_machine(&self, targets: &[Target], machine: &[MachineSource]) -> Option<Found> {
        let request = self.request;
        if !request.machine_lists || request.mirror.is_some() || !request.apt_options.is_empty() {
            return None;
        }
        let plan = self.plan(machine).ok()?;
        let mut pockets = Vec::new();
        for pocket in plan.pockets {
            let lists = self.machine_lists(&pocket, targets);
            let required = pocket.origin == Origin::Suite;
            if lists.release.is_none()
                || lists.packages.is_empty()
                || (required && lists.contents.is_empty())
            {
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

    fn machine_lists(&self, pocket: &Pocket, targets: &[Target]) -> Lists {
        let wanted = |target: &&Target| {
            let architecture =
                target.architecture == self.architecture || target.architecture == "all";
            architecture
                && target.release == pocket.release
                && target.uri == pocket.uri
                && self.components.contains(&target.component)
        };
        let found: Vec<&Target> = targets.iter().filter(wanted).collect();
        let complete = self
            .components
            .iter()
            .all(|component| found.iter().any(|target| target.component == *component));
        match complete {
            true => Lists::of(found),
            false => Lists::default(),
        }
    }

    fn fetch(
        &self,
        machine: &[MachineSource],
        listener: &mut dyn Listener,
    ) -> Result<Found, UpdateError> {
        let Plan {
            pockets,
            mut findings,
        } = self.plan(machine)?;
        let mut found = Vec::new();
        for pocket in pockets {
            match self.fetch_pocket(&pocket, listener) {
                Ok(lists) => found.push((pocket.origin, lists)),
                Err(error) if pocket.origin == Origin::Suite => return Err(error),
                Err(error) => findings.push(secondary(&self.request.suite, &pocket, &error)),
            }
        }
        Ok((found, findings))
    }

    fn fetch_pocket(
        &self,
        pocket: &Pocket,
        listener: &mut dyn Listener,
    ) -> Result<Lists, UpdateError> {
        let directory = paths::apt_root(&self.request.cache, &pocket.release, &self.architecture);
        let root = Root::prepare(
            &directory,
            pocket,
            &self.components,
            &self.architecture,
            &self.request.apt_options,
        );
        let lists = root
            .and_then(|root| root.fetch(listener))
            .map_err(|error| self.explain(error, &pocket.release, directory))?;
        let missing = |what| UpdateError::Missing {
            suite: pocket.release.clone(),
            what,
            architecture: self.architecture.clone(),
        };
        match &lists {
            Lists { release: None, .. } => Err(missing("Release")),
            lists if lists.packages.is_empty() => Err(missing("Packages")),
            lists if lists.contents.is_empty() && pocket.origin == Origin::Suite => {
                Err(missing("Contents"))
            }
            _ => Ok(lists),
        }
    }

    fn explain(&self, error: RootError, release: &str, path: PathBuf) -> UpdateError {
        let suite = release.to_owned();
        match error {
            RootError::Directory(source) => UpdateError::Cache { path, source },
            RootError::NoKeyring => UpdateError::NoKeyring { suite },
            RootError::Process(error) => no_apt(error),
            RootError::Fetch(failure, details) => UpdateError::Fetch {
                suite,
                failure,
                details,
            },
        }
    }

    fn write(
        &self,
        pockets: &[(Origin, Lists)],
        findings: Vec<Finding>,
        listener: &mut dyn Listener,
    ) -> Result<Updated, UpdateError> {
        let mut read_pockets = Vec::new();
        for (origin, lists) in pockets {
            read_pockets.push(read(origin, lists, &self.request.suite, listener)?);
        }
        listener.progress("writing the index", None);
        let built = index::build(&self.architecture, &read_pockets, findings);
        let (bytes, facts) = built.map_err(|source| UpdateError::Build {
            suite: self.request.suite.clone(),
            source,
        })?;
        let path = paths::index_file(&self.request.cache, &facts.codename, &self.architecture);
        atomic::write(&path, &bytes)?;
        let size = bytes.len() as u64;
        Ok(Updated { path, size, facts })
    }
}

fn secondary(suite: &str, pocket: &Pocket, error: &UpdateError) -> Finding {
    let message = format!("{suite} is without {}: {error}", pocket.release);
    let finding =
        Finding::warning("incomplete-archive", message).with_origin(pocket.release.clone());
    match error.hint() {
        Some(hint) => finding.with_hint(hint),
        None => finding,
    }
}

fn read(
    origin: &Origin,
    lists: &Lists,
    suite: &str,
    listener: &mut dyn Listener,
) -> Result<PocketFacts, UpdateError> {
    let mut pocket = PocketFacts {
        origin: origin.clone(),
        release: read_release(lists, suite)?,
        packages: Vec::new(),
        contents: Contents::default(),
    };
    let files = lists.packages.len() + lists.contents.len();
    let mut done = 0;
    let mut progress = || {
        listener.progress(
            &format!("reading {}", pocket.release.codename),
            Some(f64::from(done) / files as f64),
        );
        done += 1;
    };
    for path in &lists.packages {
        progress();
        let text = apt::cat(path, |reader| {
            let mut bytes = Vec::new();
            reader
                .read_to_end(&mut bytes)
                .map(|_| String::from_utf8_lossy(&bytes).into_owned())
        })?;
        let packages = index::parse_packages(&text).map_err(|source| UpdateError::Packages {
            path: path.clone(),
            source,
        })?;
        pocket.packages.extend(packages);
    }
    for path in &lists.contents {
        progress();
        apt::cat(path, |reader| pocket.contents.read(reader))?;
    }
    Ok(pocket)
}

fn read_release(lists: &Lists, suite: &str) -> Result<Release, UpdateError> {
    let path = lists.release.clone().ok_or_else(|| UpdateError::Missing {
        suite: suite.to_owned(),
        what: "Release",
        architecture: "any architecture".to_owned(),
    })?;
    let text = apt::cat(&path, |reader| {
        let mut bytes = Vec::new();
        reader
            .read_to_end(&mut bytes)
            .map(|_| String::from_utf8_lossy(&bytes).into_owned())
    })?;
    Release::parse(&text).map_err(|source| UpdateError::Release { path, source })
}
