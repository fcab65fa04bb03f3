//! Lists that apt has fetched → what they say.

use std::path::{Path, PathBuf};

use pydeps_core::archive::{Origin, SourcePackage};

use super::UpdateError;
use crate::apt::{self, Lists};
use crate::index::{self, Contents, PackageFacts, PackagesError, PocketFacts, Release};
use pydeps_host::process::ProcessError;
use pydeps_host::progress::Listener;

/// Reads every list of one repository of a suite.
pub(super) fn read(
    origin: &Origin,
    lists: &Lists,
    suite: &str,
    listener: &mut dyn Listener,
) -> Result<PocketFacts, UpdateError> {
    let release = read_release(lists, suite)?;
    let files = lists.packages.len() + lists.contents.len() + lists.sources.len();
    let mut done = 0;
    let mut progress = || {
        let fraction = f64::from(done) / files as f64;
        listener.progress(&format!("reading {}", release.codename), Some(fraction));
        done += 1;
    };
    Ok(PocketFacts {
        origin: origin.clone(),
        packages: packages(&lists.packages, &mut progress)?,
        contents: contents(&lists.contents, &mut progress)?,
        sources: sources(&lists.sources, &mut progress)?,
        release,
    })
}

/// The packages of Packages files; `each` is called before each file.
pub(crate) fn packages(
    paths: &[PathBuf],
    each: &mut dyn FnMut(),
) -> Result<Vec<PackageFacts>, UpdateError> {
    stanzas(paths, each, index::parse_packages)
}

/// What Contents files say; `each` is called before each file.
pub(crate) fn contents(paths: &[PathBuf], each: &mut dyn FnMut()) -> Result<Contents, UpdateError> {
    let mut contents = Contents::default();
    for path in paths {
        each();
        apt::cat(path, |reader| contents.read(reader))?;
    }
    Ok(contents)
}

/// The source packages of Sources files; `None` if there is no file.
fn sources(
    paths: &[PathBuf],
    each: &mut dyn FnMut(),
) -> Result<Option<Vec<SourcePackage>>, UpdateError> {
    let found = stanzas(paths, each, index::parse_sources)?;
    Ok((!paths.is_empty()).then_some(found))
}

fn stanzas<T>(
    paths: &[PathBuf],
    each: &mut dyn FnMut(),
    parse: impl Fn(&str) -> Result<Vec<T>, PackagesError>,
) -> Result<Vec<T>, UpdateError> {
    let mut found = Vec::new();
    for path in paths {
        each();
        let parsed = parse(&text(path)?).map_err(|source| UpdateError::Stanzas {
            path: path.clone(),
            source,
        })?;
        found.extend(parsed);
    }
    Ok(found)
}

fn text(path: &Path) -> Result<String, ProcessError> {
    apt::cat(path, |reader| {
        let mut bytes = Vec::new();
        reader
            .read_to_end(&mut bytes)
            .map(|_| String::from_utf8_lossy(&bytes).into_owned())
    })
}

fn read_release(lists: &Lists, suite: &str) -> Result<Release, UpdateError> {
    let path = lists.release.clone().ok_or_else(|| UpdateError::Missing {
        suite: suite.to_owned(),
        what: "Release",
        architecture: "any architecture".to_owned(),
    })?;
    Release::parse(&text(&path)?).map_err(|source| UpdateError::Release { path, source })
}
