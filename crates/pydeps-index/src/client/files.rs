//! Whole files: downloaded, verified, kept.

use std::io::Write;
use std::path::{Path, PathBuf};

use pydeps_core::upstream::Details;
use tempfile::NamedTempFile;
use ureq::http::{HeaderMap, HeaderValue, StatusCode, header};

use super::Client;
use crate::error::Error;
use crate::hash::{self, Tee, Verifier};
use pydeps_http::show;
use pydeps_http::status_error;
use pydeps_python::ReadError;

/// No sdist or wheel is larger.
const MAX_FILE: u64 = 16 * 1024 * 1024 * 1024;

impl Client {
    /// Puts a file into a directory under its own name, verified, and returns its
    /// path. A file from the network must be announced with a strong digest. On any
    /// error nothing is left behind.
    pub fn download(&self, file: &Details, directory: &Path) -> Result<PathBuf, Error> {
        let local = file.url.scheme() == "file";
        if !local && Verifier::new(&file.hashes).is_none() {
            return Err(Error::NoHash {
                url: show(&file.url),
            });
        }
        if file.filename.contains('/') || file.filename.starts_with('.') {
            return Err(ReadError::BadArchive {
                url: show(&file.url),
                reason: format!("`{}` is not a file name", file.filename),
            }
            .into());
        }
        let path = directory.join(&file.filename);
        self.with_whole(file, |whole| {
            let mut copy = NamedTempFile::new_in(directory)?;
            std::io::copy(&mut fs_err::File::open(whole)?, &mut copy)?;
            // What was verified is one file, what is kept another.
            hash::verify_file(copy.path(), &file.hashes, &file.url)?;
            fs_err::set_permissions(copy.path(), readable())?;
            copy.persist(&path).map_err(|e| e.error)?;
            Ok(())
        })?;
        Ok(path)
    }

    /// Calls `work` with the path of the whole file, verified as far as a digest is
    /// announced: the local file itself, a cached one, or one downloaded now.
    pub(super) fn with_whole<T>(
        &self,
        file: &Details,
        work: impl FnOnce(&Path) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if let Ok(path) = file.url.to_file_path() {
            hash::verify_file(&path, &file.hashes, &file.url)?;
            return work(&path);
        }
        let kept = file
            .hashes
            .get("sha256")
            .and_then(|digest| self.cache.file_path(digest, &file.filename));
        if let Some(path) = kept.as_ref().filter(|path| path.is_file()) {
            if hash::verify_file(path, &file.hashes, &file.url).is_ok() {
                return work(path);
            }
        }
        let fetched = self.fetch_whole(file)?;
        let Some(kept) = kept else {
            return work(fetched.path());
        };
        match self.cache.keep(fetched, &kept) {
            Ok(path) => work(&path),
            Err(fetched) => work(fetched.path()),
        }
    }

    /// Downloads into a temporary file, which vanishes unless it is kept.
    fn fetch_whole(&self, file: &Details) -> Result<NamedTempFile, Error> {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::ACCEPT_ENCODING,
            HeaderValue::from_static("identity"),
        );
        self.transport.get(&file.url, &headers, |reply| {
            if reply.status != StatusCode::OK {
                return Err(status_error(&reply).into());
            }
            let mut temporary = self.cache.temporary().map_err(Error::from)?;
            let mut verifier = Verifier::new(&file.hashes);
            let mut tee = Tee {
                to: &mut temporary,
                verifier: verifier.as_mut(),
            };
            reply.copy_to(&mut tee, MAX_FILE)?;
            temporary.flush().map_err(Error::from)?;
            verifier.map_or(Ok(()), |verifier| verifier.finish(&file.url))?;
            Ok(temporary)
        })
    }
}

fn readable() -> std::fs::Permissions {
    std::os::unix::fs::PermissionsExt::from_mode(0o644)
}
