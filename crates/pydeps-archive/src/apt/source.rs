//! Fetching a source package in the roots that an update has left, or as the machine is
//! configured: by exact version, checked by apt against the signed list of sources.

use std::path::{Path, PathBuf};

use pydeps_core::diagnostic::{Blame, Diagnostic};

use super::failure::{Failure, complaints};
use super::root::Root;
use super::targets::{Target, apt_get, targets};
use crate::index::Release;
use pydeps_core::deb_version::without_epoch;
use pydeps_host::process::{self, ProcessError};
use pydeps_host::progress::Listener;

/// A source package of a suite.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The suite's codename.
    pub suite: &'a str,
    /// The architecture whose index it was found in.
    pub architecture: &'a str,
    /// The source package.
    pub source: &'a str,
    /// Its version.
    pub version: &'a str,
    /// The program's cache directory.
    pub cache: &'a Path,
    /// Further settings for apt, `NAME=VALUE`.
    pub apt_options: &'a [String],
}

/// A source package could not be fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// No list of sources has it.
    #[error("no list of {suite}'s source packages has {source_package} {version}")]
    Unlisted {
        /// The suite.
        suite: String,
        /// The source package.
        source_package: String,
        /// Its version.
        version: String,
    },
    /// The list has it, the mirror has not.
    #[error("the mirror does not have {source_package} {version} of {suite} any more")]
    Gone {
        /// The suite.
        suite: String,
        /// The source package.
        source_package: String,
        /// Its version.
        version: String,
    },
    /// apt failed otherwise.
    #[error("{source_package} {version}: {failure}{}", lines(details))]
    Fetch {
        /// The source package.
        source_package: String,
        /// Its version.
        version: String,
        /// What happened.
        failure: Failure,
        /// What apt said.
        details: Vec<String>,
    },
    /// apt is missing, or cannot be run.
    #[error(transparent)]
    Process(#[from] ProcessError),
}

fn lines(details: &[String]) -> String {
    let details = details.iter().take(8);
    details.map(|line| format!("\n  {line}")).collect()
}

impl Diagnostic for FetchError {
    /// That a mirror lacks one package need not stop the others.
    fn blame(&self) -> Blame {
        match self {
            Self::Unlisted { .. } | Self::Gone { .. } => Blame::Input,
            Self::Fetch { .. } | Self::Process(_) => Blame::Environment,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Unlisted { suite, .. } | Self::Gone { suite, .. } => Some(format!(
                "`dh-pydeps update --suite {suite} --sources`, then `dh-pydeps resolve`: the suite may have a newer one"
            )),
            Self::Fetch { failure, .. } => failure.hint().map(str::to_owned),
            Self::Process(_) => None,
        }
    }
}

/// Fetches a source package into a directory, and returns the path of its `.dsc`.
///
/// # Errors
///
/// [`FetchError`] if it is not to be had.
pub fn fetch_source(
    wanted: &Wanted<'_>,
    into: &Path,
    listener: &mut dyn Listener,
) -> Result<PathBuf, FetchError> {
    let message = format!(
        "fetching the source package {} {}",
        wanted.source, wanted.version
    );
    listener.progress(&message, None);
    for arguments in places(wanted) {
        if download(&arguments, wanted, into)? {
            let name = format!("{}_{}.dsc", wanted.source, without_epoch(wanted.version));
            return Ok(into.join(name));
        }
    }
    Err(FetchError::Unlisted {
        suite: wanted.suite.to_owned(),
        source_package: wanted.source.to_owned(),
        version: wanted.version.to_owned(),
    })
}

/// apt's arguments for each place that has lists of the suite's sources: what an update has
/// fetched, then what the machine has.
fn places(wanted: &Wanted<'_>) -> Vec<Vec<String>> {
    let roots = fs_err::read_dir(wanted.cache.join("apt"));
    let entries = roots.into_iter().flatten().filter_map(Result::ok);
    let mut directories: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    directories.sort();
    let mut places: Vec<Vec<String>> = directories
        .iter()
        .filter_map(|directory| Root::kept(directory, wanted.architecture))
        .chain([Vec::new()])
        .filter(|arguments| has_sources(arguments, wanted.suite))
        .collect();
    for place in &mut places {
        let options = wanted.apt_options.iter();
        place.extend(options.flat_map(|option| ["-o".to_owned(), option.clone()]));
    }
    places
}

/// Whether there is a list of the sources of the suite, its updates or its security updates.
fn has_sources(arguments: &[String], suite: &str) -> bool {
    let targets = targets(arguments).unwrap_or_default();
    let mut lists = targets.iter().filter(|target| target.is_sources());
    lists.any(|target| target.stored().is_some() && is_of(target, suite))
}

fn is_of(target: &Target, suite: &str) -> bool {
    let text = target
        .release_file()
        .and_then(|path| fs_err::read_to_string(path).ok());
    let release = text.and_then(|text| Release::parse(&text).ok());
    release.is_some_and(|release| {
        let more = release.codename.strip_prefix(suite);
        more.is_some_and(|more| more.is_empty() || more.starts_with('-'))
    })
}

/// Whether it was there; what is in `into` is as apt has checked it.
fn download(arguments: &[String], wanted: &Wanted<'_>, into: &Path) -> Result<bool, FetchError> {
    let exactly = format!("{}={}", wanted.source, wanted.version);
    let mut command = apt_get();
    command.current_dir(into).args(arguments);
    command.args([
        "-qq",
        "source",
        "--download-only",
        "--only-source",
        &exactly,
    ]);
    match process::run(&mut command) {
        Ok(_) => Ok(true),
        Err(ProcessError::Failed { stderr, .. }) => match failure(&stderr, wanted) {
            None => Ok(false),
            Some(error) => Err(error),
        },
        Err(error) => Err(error.into()),
    }
}

/// What apt says of what it does not know.
const UNKNOWN: [&str; 3] = [
    "Unable to find a source package",
    "Can not find version",
    "You must put some 'deb-src' URIs",
];

/// Nothing where the lists do not have it.
fn failure(stderr: &str, wanted: &Wanted<'_>) -> Option<FetchError> {
    if UNKNOWN.iter().any(|phrase| stderr.contains(phrase)) {
        return None;
    }
    let (source_package, version) = (wanted.source.to_owned(), wanted.version.to_owned());
    let suite = wanted.suite.to_owned();
    Some(match Failure::of(stderr) {
        Failure::Unknown => FetchError::Gone {
            suite,
            source_package,
            version,
        },
        failure => FetchError::Fetch {
            source_package,
            version,
            failure,
            details: complaints(stderr),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stderr: &str, expect: &str) {
        let wanted = Wanted {
            suite: "sid",
            architecture: "amd64",
            source: "six",
            version: "1.17-1",
            cache: Path::new("/nowhere"),
            apt_options: &[],
        };
        let found = failure(stderr, &wanted).map(|error| error.to_string());
        assert_eq!(found.unwrap_or_default(), expect, "{stderr}");
    }

    #[test]
    fn apt_in_its_own_words() {
        check(
            "E: Can not find version '1.0' of package 'six'\nE: Unable to find a source package for six",
            "",
        );
        check(
            "E: You must put some 'deb-src' URIs in your sources.list",
            "",
        );
        check(
            "E: Failed to fetch https://mirror.example/six_1.17-1.dsc  404  Not Found [IP: ::1 80]\nE: Failed to fetch some archives.",
            "the mirror does not have six 1.17-1 of sid any more",
        );
        check(
            "E: Failed to fetch x  Hash Sum mismatch",
            "six 1.17-1: its files do not fit its Release file\n  Failed to fetch x  Hash Sum mismatch",
        );
    }
}
