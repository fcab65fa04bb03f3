//! PEP 691: the simple API as JSON, version 1.x.

use std::borrow::Cow;
use std::fmt;

use pydeps_core::name::DistName;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use url::Url;

use super::{Entry, Hashes, Listing, MetadataEntry};
use crate::error::Error;
use pydeps_http::show;

/// A string borrowed from the page where it has no escapes.
#[derive(serde::Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(serde::Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    meta: Option<Meta<'a>>,
    #[serde(borrow)]
    files: Vec<File<'a>>,
}

#[derive(serde::Deserialize)]
struct Meta<'a> {
    #[serde(borrow, rename = "api-version")]
    api_version: Option<Text<'a>>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(borrow, default)]
    hashes: Option<Hashes<'a>>,
    #[serde(borrow, default)]
    requires_python: Option<Text<'a>>,
    #[serde(borrow, default)]
    yanked: Option<Yanked<'a>>,
    #[serde(borrow, default)]
    core_metadata: Option<MetadataEntry<'a>>,
    #[serde(borrow, default)]
    dist_info_metadata: Option<MetadataEntry<'a>>,
    #[serde(borrow, default, rename = "data-dist-info-metadata")]
    data_dist_info_metadata: Option<MetadataEntry<'a>>,
    #[serde(borrow, default)]
    upload_time: Option<Text<'a>>,
    #[serde(default)]
    size: Option<u64>,
}

/// `true` or `false`, or the reason.
enum Yanked<'a> {
    Flag(bool),
    Reason(Cow<'a, str>),
}

impl<'de: 'a, 'a> Deserialize<'de> for Yanked<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(YankedVisitor)
    }
}

struct YankedVisitor;

impl<'de> Visitor<'de> for YankedVisitor {
    type Value = Yanked<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a truth value or a reason")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Yanked::Flag(flag))
    }

    fn visit_borrowed_str<E>(self, reason: &'de str) -> Result<Self::Value, E> {
        Ok(Yanked::Reason(Cow::Borrowed(reason)))
    }

    fn visit_str<E>(self, reason: &str) -> Result<Self::Value, E> {
        Ok(Yanked::Reason(Cow::Owned(reason.to_owned())))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Hashes<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(HashesVisitor)
    }
}

struct HashesVisitor;

impl<'de> Visitor<'de> for HashesVisitor {
    type Value = Hashes<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("digests by the names of algorithms")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut hashes = Vec::new();
        while let Some((Text(name), Text(digest))) = map.next_entry()? {
            if !name.is_empty() {
                hashes.push((lower(name), lower(digest)));
            }
        }
        Ok(Hashes(hashes))
    }
}

/// Almost always lower-case already; then nothing is copied.
fn lower(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => text,
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for MetadataEntry<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(MetadataVisitor)
    }
}

struct MetadataVisitor;

impl<'de> Visitor<'de> for MetadataVisitor {
    type Value = MetadataEntry<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a truth value or digests")
    }

    fn visit_bool<E>(self, there: bool) -> Result<Self::Value, E> {
        Ok(match there {
            true => MetadataEntry::Present(Hashes::default()),
            false => MetadataEntry::Absent,
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        HashesVisitor.visit_map(map).map(MetadataEntry::Present)
    }
}

pub(super) fn parse(bytes: &[u8], url: &Url, name: &DistName) -> Result<Vec<u8>, Error> {
    let bad = |reason: String| Error::BadPage {
        url: show(url),
        reason,
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let page: Page<'_> = serde_json::from_slice(bytes).map_err(|e| bad(e.to_string()))?;
    let api = page.meta.as_ref().and_then(|m| m.api_version.as_ref());
    if let Some(Text(api)) = api.filter(|a| a.0.split('.').next() != Some("1")) {
        return Err(bad(format!("API version {api} is not known, only 1.x is")));
    }
    let mut listing = Listing::new(url, name, show(url));
    for file in page.files {
        push(&mut listing, file);
    }
    Ok(listing.finish())
}

fn push(listing: &mut Listing<'_>, file: File<'_>) {
    let yanked = match &file.yanked {
        None | Some(Yanked::Flag(false)) => None,
        Some(Yanked::Flag(true)) => Some(""),
        Some(Yanked::Reason(reason)) => Some(reason.as_ref()),
    };
    let metadata = file
        .core_metadata
        .or(file.dist_info_metadata)
        .or(file.data_dist_info_metadata);
    listing.push(&Entry {
        filename: &file.filename.0,
        url: &file.url.0,
        hashes: file.hashes.unwrap_or_default(),
        requires_python: file.requires_python.as_ref().map(|t| t.0.as_ref()),
        yanked,
        metadata: metadata.unwrap_or_default(),
        uploaded: file.upload_time.as_ref().map(|t| t.0.as_ref()),
        size: file.size,
    });
}
