//! `METADATA` out of a wheel.

use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::error::ReadError;

const MAX_METADATA: u64 = 16 * 1024 * 1024;

/// `METADATA` of a wheel that can be read whole.
/// `origin` is for error messages.
pub fn read_metadata(wheel: impl Read + Seek, origin: &str) -> Result<Vec<u8>, ReadError> {
    let bad = |reason: String| ReadError::BadArchive {
        url: origin.to_owned(),
        reason,
    };
    let mut archive = ZipArchive::new(wheel).map_err(|e| bad(e.to_string()))?;
    let is_metadata = |name: &&str| {
        let parts = name.split_once('/');
        parts.is_some_and(|(dir, file)| dir.ends_with(".dist-info") && file == "METADATA")
    };
    let name = archive.file_names().find(is_metadata).map(str::to_owned);
    let name = name.ok_or_else(|| bad("it has no *.dist-info/METADATA".to_owned()))?;
    let member = archive.by_name(&name).map_err(|e| bad(e.to_string()))?;
    let mut bytes = Vec::new();
    let read = member.take(MAX_METADATA + 1).read_to_end(&mut bytes);
    read.map_err(|e| bad(e.to_string()))?;
    if bytes.len() as u64 > MAX_METADATA {
        return Err(ReadError::TooLarge {
            url: format!("{origin}: {name}"),
            limit: MAX_METADATA,
        });
    }
    Ok(bytes)
}
