//! A repository that apt fetches, named by a line as in sources.list(5).

use std::path::Path;

use super::LocalError;
use crate::apt::{Entry, Lists, Root, RootError};
use crate::index::{Contents, PackageFacts};
use crate::update::{self, UpdateError};
use pydeps_host::paths;
use pydeps_host::process::ProcessError;
use pydeps_host::progress::Listener;

/// The address in what follows `deb`: after the options in brackets.
pub(super) fn uri(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(options) => options.split_once(']')?.1,
        None => rest,
    };
    let mut words = rest.split_whitespace();
    let uri = words.next()?;
    (uri.contains(':') && words.next().is_some()).then_some(uri)
}

/// The line's address, without user and password.
pub(super) fn name(line: &str) -> String {
    let rest = line.split_once([' ', '\t']).map_or("", |(_, rest)| rest);
    let uri = uri(rest).unwrap_or(line);
    let Some((scheme, after)) = uri.split_once("://") else {
        return uri.to_owned();
    };
    let host = after.split('/').next().unwrap_or_default();
    match host.rsplit_once('@') {
        Some((credentials, _)) => format!("{scheme}://{}", &after[credentials.len() + 1..]),
        None => uri.to_owned(),
    }
}

/// Fetches the repository's lists and reads them.
pub(super) fn read(
    line: &str,
    name: &str,
    architecture: &str,
    cache: &Path,
    listener: &mut dyn Listener,
) -> Result<(Vec<PackageFacts>, Contents), LocalError> {
    let unusable = |source| UpdateError::Cache {
        path: cache.to_owned(),
        source,
    };
    let _lock = update::lock(cache, listener).map_err(unusable)?;
    let directory = paths::local_root(cache, line, architecture);
    let entry = Entry {
        file: "local.list",
        text: format!("{line}\n"),
    };
    let root = Root::prepare(&directory, name, &entry, architecture, &[]);
    let lists = root.and_then(|root| root.fetch(listener));
    let lists = lists.map_err(|error| explain(error, name, cache))?;
    let Lists {
        packages, contents, ..
    } = lists;
    if packages.is_empty() {
        return Err(LocalError::NoPackages(name.to_owned()));
    }
    let mut progress = || listener.progress(&format!("reading {name}"), None);
    Ok((
        update::packages(&packages, &mut progress)?,
        update::contents(&contents, &mut progress)?,
    ))
}

fn explain(error: RootError, name: &str, cache: &Path) -> LocalError {
    match error {
        RootError::Directory(source) => LocalError::Update(UpdateError::Cache {
            path: cache.to_owned(),
            source,
        }),
        RootError::NoKeyring(path) => LocalError::Fetch {
            place: name.to_owned(),
            failure: crate::apt::Failure::Keyring,
            details: vec![path],
        },
        RootError::Process(ProcessError::NotFound { .. }) => UpdateError::NoApt.into(),
        RootError::Process(error) => LocalError::Process(error),
        RootError::Fetch(failure, details) => LocalError::Fetch {
            place: name.to_owned(),
            failure,
            details,
        },
    }
}
