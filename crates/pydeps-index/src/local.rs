//! Directories of files, as an index and as `find-links`.

use std::path::Path;

use pydeps_core::name::DistName;
use pydeps_core::upstream::Project;
use url::Url;

use crate::error::Error;
use crate::simple::{self, Entry, Hashes, Listing, MetadataEntry};
use pydeps_http::show;
use pydeps_python::filename::{self, Named};

/// A project on a `file:` index: `NAME/index.html`, or the files in `NAME/`.
/// `None` if there is no such directory.
pub(crate) fn project(url: &Url, name: &DistName) -> Result<Option<Project>, Error> {
    let Ok(path) = url.to_file_path() else {
        return Ok(None);
    };
    if !path.is_dir() {
        return Ok(None);
    }
    let page = path.join("index.html");
    if page.is_file() {
        let bytes = fs_err::read(&page)?;
        return simple::parse(&bytes, "text/html", url, name).map(Some);
    }
    directory(&path, url, name).map(Some)
}

/// What a `find-links` directory or page has of a project.
pub(crate) fn links(url: &Url, name: &DistName) -> Result<Project, Error> {
    match url.to_file_path() {
        Ok(path) if path.is_dir() => {
            let mut base = url.clone();
            if !base.path().ends_with('/') {
                base.set_path(&format!("{}/", url.path()));
            }
            directory(&path, &base, name)
        }
        Ok(path) => simple::parse_links(&fs_err::read(path)?, url, name),
        Err(()) => Err(Error::BadPage {
            url: show(url),
            reason: "not a local path".to_owned(),
        }),
    }
}

fn directory(path: &Path, url: &Url, name: &DistName) -> Result<Project, Error> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(path)? {
        names.extend(entry?.file_name().into_string().ok());
    }
    names.sort();
    let mut listing = Listing::new(url, name, show(url));
    for filename in names {
        if !matches!(filename::parse(&filename, name), Named::Release(..)) {
            continue;
        }
        let Ok(file) = Url::from_file_path(path.join(&filename)) else {
            continue;
        };
        listing.push(&Entry {
            filename: &filename,
            url: file.as_str(),
            hashes: Hashes::default(),
            requires_python: None,
            yanked: None,
            metadata: MetadataEntry::Absent,
            uploaded: None,
            size: None,
        });
    }
    simple::unpack(listing.finish(), url)
}
