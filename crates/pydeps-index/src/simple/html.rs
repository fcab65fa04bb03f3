//! PEP 503: the simple API as HTML, and pip's `find-links` pages.

use std::borrow::Cow;

use html5gum::{StartTag, Token, Tokenizer};
use percent_encoding::percent_decode_str;
use pydeps_core::name::DistName;
use url::Url;

use super::{Entry, Hashes, Listing, MetadataEntry};
use crate::error::Error;
use pydeps_http::show;
use pydeps_python::filename::{self, Named, looks_like_release};

/// What a page is expected to be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The page of one project; files of others are told.
    Index,
    /// Links to files of any project; files of others are passed over.
    Links,
}

/// What the page has, apart from the files.
#[derive(Default)]
struct Signs {
    title: String,
    in_title: bool,
    declared: bool,
    files: usize,
    other_links: usize,
    form: bool,
}

pub(super) fn parse(
    bytes: &[u8],
    url: &Url,
    name: &DistName,
    kind: Kind,
) -> Result<Vec<u8>, Error> {
    let anchors = scan(bytes, url);
    if kind == Kind::Index && !anchors.signs.is_index() {
        return Err(Error::NotAnIndex {
            url: show(url),
            got: anchors.signs.describe(),
        });
    }
    let mut listing = Listing::new(&anchors.base, name, show(url));
    for tag in &anchors.files {
        push(&mut listing, tag, name, kind);
    }
    Ok(listing.finish())
}

struct Anchors {
    base: Url,
    files: Vec<Tag>,
    signs: Signs,
}

type Tag = StartTag<()>;

fn scan(bytes: &[u8], url: &Url) -> Anchors {
    let mut anchors = Anchors {
        base: url.clone(),
        files: Vec::new(),
        signs: Signs::default(),
    };
    let mut based = false;
    for token in Tokenizer::new(bytes) {
        let Ok(token) = token;
        match token {
            Token::StartTag(tag) if tag.name.as_slice() == b"a" => anchors.link(tag),
            Token::StartTag(tag) if tag.name.as_slice() == b"base" && !based => {
                if let Some(base) = attribute(&tag, "href").and_then(|h| url.join(&h).ok()) {
                    anchors.base = base;
                    based = true;
                }
            }
            Token::StartTag(tag) => anchors.signs.note(&tag),
            Token::EndTag(tag) if tag.name.as_slice() == b"title" => anchors.signs.in_title = false,
            Token::String(text) if anchors.signs.in_title => {
                anchors.signs.title += &String::from_utf8_lossy(&text);
            }
            _ => {}
        }
    }
    anchors
}

impl Anchors {
    fn link(&mut self, tag: Tag) {
        let Some(href) = attribute(&tag, "href") else {
            return;
        };
        if looks_like_release(&last_segment(&href)) {
            self.signs.files += 1;
            self.files.push(tag);
        } else if !(href.starts_with(['?', '#']) || href.ends_with('/')) {
            self.signs.other_links += 1;
        }
    }
}

impl Signs {
    fn note(&mut self, tag: &Tag) {
        match tag.name.as_slice() {
            b"title" => self.in_title = true,
            b"form" | b"input" | b"script" | b"frameset" => self.form = true,
            b"meta" => {
                let name = attribute(tag, "name").unwrap_or_default();
                self.declared |= name == "pypi:repository-version";
            }
            _ => {}
        }
    }

    /// A page with files is one, whatever else it shows. Without files, it must
    /// look like an empty list.
    fn is_index(&self) -> bool {
        self.files > 0 || self.declared || (self.other_links == 0 && !self.form)
    }

    fn describe(&self) -> String {
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let title: String = title.chars().take(80).collect();
        if title.is_empty() {
            "an HTML page without a link to any file".to_owned()
        } else {
            format!("the HTML page `{title}` without a link to any file")
        }
    }
}

fn push(listing: &mut Listing<'_>, tag: &Tag, name: &DistName, kind: Kind) {
    let href = attribute(tag, "href").unwrap_or_default();
    let filename = last_segment(&href);
    let release = || matches!(filename::parse(&filename, name), Named::Release(..));
    if kind == Kind::Links && !release() {
        return;
    }
    let fragment = href.split_once('#').map_or("", |(_, fragment)| fragment);
    let yanked = attribute(tag, "data-yanked");
    let requires_python = attribute(tag, "data-requires-python");
    let uploaded = attribute(tag, "data-upload-time");
    listing.push(&Entry {
        filename: &filename,
        url: href.trim(),
        hashes: hashes(fragment),
        requires_python: requires_python.as_deref(),
        yanked: yanked.as_deref(),
        metadata: metadata(tag),
        uploaded: uploaded.as_deref(),
        size: None,
    });
}

/// `data-core-metadata` (PEP 714), else `data-dist-info-metadata` (PEP 658).
fn metadata(tag: &Tag) -> MetadataEntry<'static> {
    let value =
        attribute(tag, "data-core-metadata").or_else(|| attribute(tag, "data-dist-info-metadata"));
    match value.as_deref().map(str::trim) {
        None => MetadataEntry::Unknown,
        Some("false") => MetadataEntry::Absent,
        Some(digest) => MetadataEntry::Present(hashes(digest)),
    }
}

/// `sha256=abc`, alone or among other `&`-separated parts of a fragment.
fn hashes(fragment: &str) -> Hashes<'static> {
    let known = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];
    let hashes = fragment
        .split('&')
        .filter_map(|part| part.split_once('='))
        .map(|(name, digest)| (name.to_ascii_lowercase(), digest.to_ascii_lowercase()))
        .filter(|(name, _)| known.contains(&name.as_str()))
        .map(|(name, digest)| (Cow::Owned(name), Cow::Owned(digest)));
    Hashes(hashes.collect())
}

/// The last segment of the path, decoded.
fn last_segment(href: &str) -> String {
    let end = href.find(['?', '#']).unwrap_or(href.len());
    let path = href[..end].trim();
    let last = path.rsplit('/').next().unwrap_or(path);
    percent_decode_str(last).decode_utf8_lossy().into_owned()
}

fn attribute(tag: &Tag, name: &str) -> Option<String> {
    let value = tag.attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}
