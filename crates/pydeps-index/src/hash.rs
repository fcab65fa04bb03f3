//! Verifying bytes by the digests that an index announces.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use sha2::{Digest, Sha256, Sha384, Sha512};
use url::Url;

use crate::error::Error;
use pydeps_http::cache::hex;
use pydeps_http::show;

enum State {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

/// Computes the strongest digest that is announced, and compares.
pub(crate) struct Verifier {
    name: &'static str,
    expected: String,
    state: State,
}

impl Verifier {
    /// `None` if no digest that is strong enough is announced.
    pub(crate) fn new(hashes: &BTreeMap<String, String>) -> Option<Self> {
        let found = |name: &'static str, state: State| {
            let expected = hashes.get(name)?.clone();
            Some(Self {
                name,
                expected,
                state,
            })
        };
        found("sha256", State::Sha256(Sha256::new()))
            .or_else(|| found("sha512", State::Sha512(Sha512::new())))
            .or_else(|| found("sha384", State::Sha384(Sha384::new())))
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match &mut self.state {
            State::Sha256(hasher) => hasher.update(bytes),
            State::Sha384(hasher) => hasher.update(bytes),
            State::Sha512(hasher) => hasher.update(bytes),
        }
    }

    pub(crate) fn finish(self, url: &Url) -> Result<(), Error> {
        let actual = match self.state {
            State::Sha256(hasher) => hex(&hasher.finalize()),
            State::Sha384(hasher) => hex(&hasher.finalize()),
            State::Sha512(hasher) => hex(&hasher.finalize()),
        };
        if actual == self.expected {
            return Ok(());
        }
        Err(Error::Hash {
            url: show(url),
            algorithm: self.name.to_owned(),
            expected: self.expected,
            actual,
        })
    }
}

/// Verifies bytes in memory; nothing announced, nothing to verify.
pub(crate) fn verify(
    bytes: &[u8],
    hashes: &BTreeMap<String, String>,
    url: &Url,
) -> Result<(), Error> {
    match Verifier::new(hashes) {
        None => Ok(()),
        Some(mut verifier) => {
            verifier.update(bytes);
            verifier.finish(url)
        }
    }
}

/// Verifies a file; nothing announced, nothing to verify.
pub(crate) fn verify_file(
    path: &Path,
    hashes: &BTreeMap<String, String>,
    url: &Url,
) -> Result<(), Error> {
    let Some(mut verifier) = Verifier::new(hashes) else {
        return Ok(());
    };
    let mut file = fs_err::File::open(path)?;
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            return verifier.finish(url);
        }
        verifier.update(&buffer[..count]);
    }
}

/// A writer that digests what it passes on.
pub(crate) struct Tee<'a, W> {
    pub(crate) to: W,
    pub(crate) verifier: Option<&'a mut Verifier>,
}

impl<W: Write> Write for Tee<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.to.write_all(bytes)?;
        if let Some(verifier) = &mut self.verifier {
            verifier.update(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.to.flush()
    }
}
