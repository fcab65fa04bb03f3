//! The metadata of a release, from the cheapest of its files.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use pep440_rs::Version;
use pydeps_core::upstream::{
    Details, File, FileKind, Metadata, MetadataFile, MetadataSource, Project,
};
use serde::{Deserialize, Serialize};
use ureq::http::{HeaderMap, StatusCode};
use url::Url;

use super::Client;
use crate::error::Error;
use crate::{hash, ranges};
use pydeps_http::cache::Kind;
use pydeps_http::show;
use pydeps_http::status_error;
use pydeps_python::metadata::{self, header_block};
use pydeps_python::sdist::{self, Texts};
use pydeps_python::{ReadError, wheel};

const MAX_METADATA: u64 = 16 * 1024 * 1024;

/// What a cached metadata entry begins with.
#[derive(Serialize, Deserialize)]
struct Header {
    /// Where it was read.
    origin: String,
    form: Form,
}

/// What a cached metadata entry holds.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Form {
    MetadataFile,
    Wheel,
    Sdist,
}

impl Client {
    /// The metadata of a release. In this order: what is cached; the `.metadata`
    /// file of a wheel; `METADATA` inside a wheel, by ranges if the server can;
    /// the static metadata of an sdist. Among wheels, one for any machine is
    /// preferred, then one for Linux. Yanked files come last.
    pub fn metadata(&self, project: &Project, version: &Version) -> Result<Metadata, Error> {
        let known = |file: &File| Some((file.yanked.is_some(), file.details()?));
        let files = project.files(version).iter();
        let mut files: Vec<(bool, Details)> = files.filter_map(known).collect();
        files.sort_by_cached_key(|(yanked, file)| (*yanked, cost(file), file.filename.clone()));
        let files: Vec<Details> = files.into_iter().map(|(_, file)| file).collect();
        let cached = files
            .iter()
            .find_map(|file| self.cached(project, version, file));
        if let Some(answer) = cached {
            return answer;
        }
        let mut first = None;
        for file in &files {
            match self.obtain(project, version, file) {
                Err(error) if !error.is_fatal() => {
                    first.get_or_insert(error);
                }
                answer => return answer,
            }
        }
        Err(first.unwrap_or_else(|| Error::NoFile {
            name: project.name.clone(),
            version: version.clone(),
        }))
    }

    fn cached(
        &self,
        project: &Project,
        version: &Version,
        file: &Details,
    ) -> Option<Result<Metadata, Error>> {
        let entry = self.cache.read(Kind::Metadata, &key(file))?;
        let header: Header = serde_json::from_slice(entry.header()).ok()?;
        match read(project, version, &header, entry.body()) {
            Ok(metadata) => Some(Ok(metadata)),
            // Another file of the release may do better.
            Err(_) => None,
        }
    }

    /// Reads one file's metadata and stores it.
    fn obtain(
        &self,
        project: &Project,
        version: &Version,
        file: &Details,
    ) -> Result<Metadata, Error> {
        let (header, bytes) = self.bytes(file)?;
        let metadata = read(project, version, &header, &bytes)?;
        if file.url.scheme() != "file" {
            if let Ok(header) = serde_json::to_vec(&header) {
                self.cache
                    .write(Kind::Metadata, &key(file), &header, &bytes);
            }
        }
        Ok(metadata)
    }

    fn bytes(&self, file: &Details) -> Result<(Header, Vec<u8>), Error> {
        if let Some(found) = self.beside(file)? {
            return Ok(found);
        }
        let origin = show(&file.url);
        if file.kind == FileKind::Sdist {
            let texts = self.with_whole(file, |path| {
                Ok(sdist::read(
                    fs_err::File::open(path)?,
                    &file.filename,
                    &origin,
                )?)
            })?;
            let bytes = serde_json::to_vec(&texts).map_err(std::io::Error::other)?;
            return Ok((
                Header {
                    origin,
                    form: Form::Sdist,
                },
                bytes,
            ));
        }
        let ranged = match file.url.scheme() {
            "file" => None,
            _ => ranges::metadata_by_range(&self.transport, &file.url, file.size)?,
        };
        let bytes = match ranged {
            Some(bytes) => bytes,
            None => self.with_whole(file, |path| {
                Ok(wheel::read_metadata(fs_err::File::open(path)?, &origin)?)
            })?,
        };
        let header = Header {
            origin,
            form: Form::Wheel,
        };
        Ok((header, header_block(&bytes).to_vec()))
    }

    /// The `.metadata` file, where the index announces it or may just not say so.
    /// A server that turns out not to have one unannounced is not asked again.
    fn beside(&self, file: &Details) -> Result<Option<(Header, Vec<u8>)>, Error> {
        let host = host(&file.url);
        let none = BTreeMap::new();
        let (hashes, announced) = match &file.metadata {
            MetadataFile::Present(hashes) => (hashes, true),
            MetadataFile::Unknown if file.kind != FileKind::Sdist => (&none, false),
            _ => return Ok(None),
        };
        let bare = || {
            self.bare_hosts
                .lock()
                .is_ok_and(|hosts| hosts.contains(&host))
        };
        if file.url.scheme() == "file" || (!announced && bare()) {
            return Ok(None);
        }
        let mut url = file.url.clone();
        url.set_path(&format!("{}.metadata", url.path()));
        let origin = show(&url);
        let bytes = self.small_file(&url, !announced)?.filter(|bytes| {
            // A page that says in HTML that there is nothing.
            announced || metadata::parse(bytes, MetadataSource::MetadataFile, &origin).is_ok()
        });
        let Some(bytes) = bytes else {
            if let (false, Ok(mut hosts)) = (announced, self.bare_hosts.lock()) {
                hosts.insert(host);
            }
            return Ok(None);
        };
        hash::verify(&bytes, hashes, &url)?;
        let header = Header {
            origin,
            form: Form::MetadataFile,
        };
        Ok(Some((header, header_block(&bytes).to_vec())))
    }

    /// A file's bytes; `None` if there is none, or, where that is but a guess, if
    /// the server refuses it.
    fn small_file(&self, url: &Url, guess: bool) -> Result<Option<Vec<u8>>, Error> {
        self.transport
            .get(url, &HeaderMap::new(), |reply| match reply.status {
                StatusCode::OK => reply.bytes(MAX_METADATA).map(Some),
                StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
                status if guess && status.is_client_error() => Ok(None),
                _ => Err(status_error(&reply).into()),
            })
    }
}

/// From cached or fetched bytes to metadata.
fn read(
    project: &Project,
    version: &Version,
    header: &Header,
    bytes: &[u8],
) -> Result<Metadata, Error> {
    let source = match header.form {
        Form::MetadataFile => MetadataSource::MetadataFile,
        Form::Wheel => MetadataSource::Wheel,
        Form::Sdist => {
            let texts: Texts =
                serde_json::from_slice(bytes).map_err(|e| ReadError::BadMetadata {
                    url: header.origin.clone(),
                    reason: e.to_string(),
                })?;
            return Ok(sdist::metadata(
                &texts,
                &project.name,
                version,
                &header.origin,
            )?);
        }
    };
    Ok(metadata::parse(bytes, source, &header.origin)?)
}

/// A file does not change at its address; if the index says that it did, it is
/// another one.
fn key(file: &Details) -> String {
    let digest = file.hashes.get("sha256").map_or("", String::as_str);
    format!("{} {digest}", file.url)
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// What reading a file's metadata costs, roughly, and how far its wheel is from
/// today's Python, in the order of preference.
fn cost(file: &Details) -> (u8, Reverse<u32>) {
    let announced = match file.metadata {
        MetadataFile::Present(_) => 0,
        MetadataFile::Unknown => 10,
        MetadataFile::Absent => 20,
    };
    let python = newest_python(file);
    let kind = match &file.kind {
        FileKind::Sdist if announced == 0 => 3,
        FileKind::Sdist => 50,
        // Requirements may differ: an old Python needs more backports.
        FileKind::Wheel { .. } if python == 0 => 60,
        FileKind::Wheel { tags } if tags.iter().any(|t| t.ends_with("-any")) => 0,
        FileKind::Wheel { tags } if tags.iter().any(|t| t.contains("linux")) => 1,
        FileKind::Wheel { .. } => 2,
    };
    (announced + kind, Reverse(python))
}

/// The newest Python 3 that a wheel's tags name, `3.N` as N + 1; 0 if they name none.
fn newest_python(file: &Details) -> u32 {
    let FileKind::Wheel { tags } = &file.kind else {
        return 0;
    };
    let minor = |tag: &String| {
        let python = tag.split('-').next()?;
        let digits = python.strip_prefix("cp3").or(python.strip_prefix("py3"))?;
        match digits {
            "" => Some(1),
            digits => digits.parse::<u32>().ok().map(|minor| minor + 1),
        }
    };
    tags.iter().filter_map(minor).max().unwrap_or(0)
}
