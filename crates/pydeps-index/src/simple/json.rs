//! PEP 691: the simple API as JSON, version 1.x.

use std::borrow::Cow;
use std::collections::BTreeMap;

use pydeps_core::name::DistName;
use pydeps_core::upstream::{MetadataFile, Project};
use serde::Deserialize;
use url::Url;

use super::{Entry, Listing};
use crate::error::{Error, show};

/// A string borrowed from the page where it has no escapes.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Deserialize)]
struct Page<'a> {
    #[serde(borrow, default)]
    meta: Option<Meta<'a>>,
    #[serde(borrow)]
    files: Vec<File<'a>>,
}

#[derive(Deserialize)]
struct Meta<'a> {
    #[serde(borrow, rename = "api-version")]
    api_version: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File<'a> {
    #[serde(borrow)]
    filename: Text<'a>,
    #[serde(borrow)]
    url: Text<'a>,
    #[serde(default)]
    hashes: Option<Hashes>,
    #[serde(borrow, default)]
    requires_python: Option<Text<'a>>,
    #[serde(borrow, default)]
    yanked: Option<Yanked<'a>>,
    #[serde(default)]
    core_metadata: Option<CoreMetadata>,
    #[serde(default)]
    dist_info_metadata: Option<CoreMetadata>,
    #[serde(default, rename = "data-dist-info-metadata")]
    data_dist_info_metadata: Option<CoreMetadata>,
    #[serde(borrow, default)]
    upload_time: Option<Text<'a>>,
    #[serde(default)]
    size: Option<u64>,
}

type Hashes = BTreeMap<String, String>;

#[derive(Deserialize)]
#[serde(untagged)]
enum Yanked<'a> {
    Flag(bool),
    #[serde(borrow)]
    Reason(Text<'a>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum CoreMetadata {
    Flag(bool),
    Hashes(Hashes),
}

pub(super) fn parse(bytes: &[u8], url: &Url, name: &DistName) -> Result<Project, Error> {
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
        Some(Yanked::Reason(Text(reason))) => Some(reason.as_ref()),
    };
    let metadata = file
        .core_metadata
        .or(file.dist_info_metadata)
        .or(file.data_dist_info_metadata);
    listing.push(Entry {
        filename: &file.filename.0,
        url: &file.url.0,
        hashes: lower(file.hashes.unwrap_or_default()),
        requires_python: file.requires_python.as_ref().map(|t| t.0.as_ref()),
        yanked,
        metadata: match metadata {
            None => MetadataFile::Unknown,
            Some(CoreMetadata::Flag(false)) => MetadataFile::Absent,
            Some(CoreMetadata::Flag(true)) => MetadataFile::Present(BTreeMap::new()),
            Some(CoreMetadata::Hashes(hashes)) => MetadataFile::Present(lower(hashes)),
        },
        uploaded: file.upload_time.as_ref().map(|t| t.0.as_ref()),
        size: file.size,
    });
}

/// Almost always lower-case already; then nothing is copied.
fn lower(hashes: Hashes) -> Hashes {
    let upper = |text: &str| text.bytes().any(|b| b.is_ascii_uppercase());
    if !hashes.iter().any(|(k, v)| upper(k) || upper(v)) {
        return hashes;
    }
    let fold = |(k, v): (String, String)| (k.to_ascii_lowercase(), v.to_ascii_lowercase());
    hashes.into_iter().map(fold).collect()
}
