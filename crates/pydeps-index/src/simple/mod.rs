//! The simple repository API: what a page says of a project, as JSON (PEP 691) or
//! HTML (PEP 503), with PEP 592, 658, 700 and 714.

mod html;
mod json;
mod listing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use pydeps_core::name::DistName;
use pydeps_core::upstream::Project;
use url::Url;

pub(crate) use listing::{Entry, Hashes, Listing, MetadataEntry};

use crate::compact;
use crate::error::Error;
use pydeps_http::cache;
use pydeps_http::show;

/// The `Accept` header that prefers JSON.
pub const ACCEPT: &str = "application/vnd.pypi.simple.v1+json, \
    application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01";

/// Reads an index page of `name`, which came from `url` (after redirects) with the
/// given content type. A page that says something else than JSON or HTML is judged
/// by its first character.
pub fn parse(
    bytes: &[u8],
    content_type: &str,
    url: &Url,
    name: &DistName,
) -> Result<Project, Error> {
    unpack(pack(bytes, content_type, url, name)?, url)
}

/// Reads a `find-links` page: HTML with links to files of any project.
pub fn parse_links(bytes: &[u8], url: &Url, name: &DistName) -> Result<Project, Error> {
    unpack(pack_links(bytes, url, name)?, url)
}

/// [`parse`], as the compact form.
pub(crate) fn pack(
    bytes: &[u8],
    content_type: &str,
    url: &Url,
    name: &DistName,
) -> Result<Vec<u8>, Error> {
    if is_json(bytes, content_type) {
        json::parse(bytes, url, name)
    } else if is_html(bytes, content_type) {
        html::parse(bytes, url, name, html::Kind::Index)
    } else {
        Err(Error::NotAnIndex {
            url: show(url),
            got: format!("`{content_type}`"),
        })
    }
}

/// [`parse_links`], as the compact form.
pub(crate) fn pack_links(bytes: &[u8], url: &Url, name: &DistName) -> Result<Vec<u8>, Error> {
    html::parse(bytes, url, name, html::Kind::Links)
}

/// The project of a compact form.
pub(crate) fn unpack(bytes: Vec<u8>, url: &Url) -> Result<Project, Error> {
    compact::decode(&Arc::new(cache::Entry::unstored(bytes))).ok_or_else(|| Error::BadPage {
        url: show(url),
        reason: "what it says of files is too much to keep".to_owned(),
    })
}

fn is_json(bytes: &[u8], content_type: &str) -> bool {
    let (kind, _) = content_type.split_once(';').unwrap_or((content_type, ""));
    let kind = kind.trim().to_ascii_lowercase();
    kind.ends_with("json") || (kind != "text/html" && first(bytes) == Some(b'{'))
}

fn is_html(bytes: &[u8], content_type: &str) -> bool {
    content_type.to_ascii_lowercase().contains("html") || first(bytes) == Some(b'<')
}

fn first(bytes: &[u8]) -> Option<u8> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.iter().copied().find(|b| !b.is_ascii_whitespace())
}
