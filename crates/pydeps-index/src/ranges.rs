//! `METADATA` out of a wheel, of which only the end and that member are read.
//!
//! A wheel's digest can be verified only over the whole wheel. Where ranges are
//! read, what is trusted is the connection (TLS) and the index behind it; the zip
//! member's own CRC is checked.

use std::io::{self, Read, Seek, SeekFrom};

use crate::error::Error;
use pydeps_http::show;
use pydeps_http::{Transport, status_error};
use pydeps_python::{ReadError, wheel};
use ureq::http::{HeaderMap, HeaderValue, StatusCode, header};
use url::Url;

/// Enough for the central directory of most wheels, and often for METADATA too.
const TAIL: u64 = 32 * 1024;
/// Gaps up to this size are read in one go.
const GAP: u64 = 4 * 1024 * 1024;

/// `METADATA` of a wheel on a server; `None` if the server does not do ranges.
pub(crate) fn metadata_by_range(
    transport: &Transport,
    url: &Url,
    size: Option<u64>,
) -> Result<Option<Vec<u8>>, Error> {
    let range = match size {
        Some(size) => format!("bytes={}-", size.saturating_sub(TAIL)),
        None => format!("bytes=-{TAIL}"),
    };
    let Some((tail, length)) = fetch(transport, url, &range)? else {
        return Ok(None);
    };
    let mut reader = Ranges {
        transport,
        url,
        length,
        position: 0,
        parts: vec![tail],
        failure: None,
    };
    let result = wheel::read_metadata(&mut reader, &show(url));
    match reader.failure {
        Some(failure) => Err(failure),
        None => Ok(Some(result?)),
    }
}

/// A part of the file: where it begins, and its bytes.
struct Part {
    start: u64,
    bytes: Vec<u8>,
}

/// Asks for a range; the part and the length of the whole file, or `None` if the
/// server answers with something else.
fn fetch(transport: &Transport, url: &Url, range: &str) -> Result<Option<(Part, u64)>, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(
        header::ACCEPT_ENCODING,
        HeaderValue::from_static("identity"),
    );
    if let Ok(value) = HeaderValue::from_str(range) {
        headers.insert(header::RANGE, value);
    }
    transport.get(url, &headers, |reply| match reply.status {
        StatusCode::PARTIAL_CONTENT => {
            let Some((start, length)) = content_range(reply.header(header::CONTENT_RANGE)) else {
                return Ok(None);
            };
            let bytes = reply.bytes(GAP + TAIL)?;
            let fits = start
                .checked_add(bytes.len() as u64)
                .is_some_and(|end| end <= length);
            Ok(fits.then_some((Part { start, bytes }, length)))
        }
        StatusCode::OK
        | StatusCode::RANGE_NOT_SATISFIABLE
        | StatusCode::NOT_IMPLEMENTED
        | StatusCode::METHOD_NOT_ALLOWED => Ok(None),
        _ => Err(status_error(&reply).into()),
    })
}

/// `bytes 10-19/100` is `(10, 100)`.
fn content_range(text: &str) -> Option<(u64, u64)> {
    let (range, length) = text.trim().strip_prefix("bytes")?.trim().split_once('/')?;
    let (start, _) = range.split_once('-')?;
    Some((start.trim().parse().ok()?, length.trim().parse().ok()?))
}

/// A file on a server, read by ranges as needed.
struct Ranges<'a> {
    transport: &'a Transport,
    url: &'a Url,
    length: u64,
    position: u64,
    parts: Vec<Part>,
    failure: Option<Error>,
}

impl Ranges<'_> {
    /// The known bytes from the current position on.
    fn known(&self) -> Option<&[u8]> {
        self.parts.iter().find_map(|part| {
            let offset = usize::try_from(self.position.checked_sub(part.start)?).ok()?;
            part.bytes.get(offset..).filter(|rest| !rest.is_empty())
        })
    }

    /// Fetches what begins at the current position: up to the next known part if
    /// that is near, else a piece.
    fn fill(&mut self) -> Result<(), Error> {
        let starts = self.parts.iter().map(|part| part.start);
        let next = starts.filter(|&start| start > self.position).min();
        let end = next.unwrap_or(self.length);
        let end = if end - self.position > GAP {
            self.position + TAIL
        } else {
            end
        };
        let range = format!("bytes={}-{}", self.position, end - 1);
        let bad = || ReadError::BadArchive {
            url: show(self.url),
            reason: "the server answers ranges in more than one way".to_owned(),
        };
        let (part, length) = fetch(self.transport, self.url, &range)?.ok_or_else(bad)?;
        if part.start != self.position || part.bytes.is_empty() || length != self.length {
            return Err(bad().into());
        }
        self.parts.push(part);
        Ok(())
    }
}

impl Read for Ranges<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.length || buffer.is_empty() {
            return Ok(0);
        }
        if self.known().is_none() {
            if let Err(error) = self.fill() {
                self.failure = Some(error);
                return Err(io::Error::other("the range could not be read"));
            }
        }
        let known = self.known().unwrap_or_default();
        let count = known.len().min(buffer.len());
        buffer[..count].copy_from_slice(&known[..count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl Seek for Ranges<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
        };
        let invalid = || io::Error::new(io::ErrorKind::InvalidInput, "seek before the start");
        self.position = target.ok_or_else(invalid)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges() {
        assert_eq!(content_range("bytes 10-19/100"), Some((10, 100)));
        assert_eq!(content_range("bytes */100"), None);
        assert_eq!(content_range("bytes 0-1/*"), None);
        assert_eq!(content_range(""), None);
    }
}
