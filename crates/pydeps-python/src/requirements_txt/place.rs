//! Requirements without a name: paths of directories and files, and addresses.

use std::path::Path;

use pydeps_core::marker::{self, Marker};
use pydeps_core::name::ExtraName;
use pydeps_core::requirement::Requirement;
use url::Url;

use pydeps_core::requirement;

use crate::filename;

/// A directory, a wheel or an sdist on this machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Its path; like pip, a relative one counts from the working directory.
    pub path: String,
    /// The extras that are asked for.
    pub extras: Vec<ExtraName>,
    /// When it is required; always without.
    pub marker: Option<Marker>,
    /// `file:line`.
    pub origin: String,
}

/// What a requirement without a name is.
pub(super) enum Unnamed {
    /// A path.
    Place(Place),
    /// An address that has the name in it.
    Requirement(Box<Requirement>),
    /// Nothing that can be used, and why.
    Nothing(String),
}

/// Whether a line is a path or an address, and no named requirement. pip's rule for
/// paths: it has a slash or begins with a dot.
pub(super) fn is_unnamed(spec: &str) -> bool {
    let (spec, _) = spec.split_once(';').unwrap_or((spec, ""));
    let named = spec
        .split_once('@')
        .is_some_and(|(name, _)| !name.contains([':', '/']));
    let file = split_extras(spec.trim()).0;
    !named
        && (spec.starts_with(['.', '~']) || spec.contains('/') || filename::is_release_file(file))
}

/// Reads one; `origin` is its place.
pub(super) fn read(spec: &str, origin: &str) -> Unnamed {
    // An address may have a `;` in it, so it takes a space as well.
    let (spec, marker) = match spec.split_once(" ;") {
        Some((spec, marker)) => (spec.trim(), Some(marker)),
        None => (spec, None),
    };
    let Ok(condition) = marker.map(marker::parse).transpose() else {
        let marker = marker.unwrap_or_default().trim();
        return Unnamed::Nothing(format!("cannot read the marker `{marker}`"));
    };
    match spec.contains("://") && !spec.starts_with("file:") {
        true => address(spec, marker),
        false => path(spec, condition, origin),
    }
}

fn path(spec: &str, marker: Option<Marker>, origin: &str) -> Unnamed {
    let (path, extras) = split_extras(spec);
    let extras: Result<Vec<ExtraName>, _> = extras.iter().map(|one| one.parse()).collect();
    let Ok(extras) = extras else {
        return Unnamed::Nothing(format!("cannot read the extras of `{spec}`"));
    };
    let local = Url::parse(path)
        .ok()
        .and_then(|url| url.to_file_path().ok());
    let path = match (local, path.strip_prefix("file:")) {
        (Some(local), _) => local.display().to_string(),
        (None, Some(relative)) => relative.to_owned(),
        (None, None) => path.to_owned(),
    };
    Unnamed::Place(Place {
        path,
        extras,
        marker,
        origin: origin.to_owned(),
    })
}

/// `#egg=NAME`, or the name of a wheel or an sdist.
fn address(spec: &str, marker: Option<&str>) -> Unnamed {
    let (place, fragment) = spec.split_once('#').unwrap_or((spec, ""));
    let egg = fragment
        .split('&')
        .find_map(|part| part.strip_prefix("egg="));
    let file = || {
        let file = Path::new(place.split('?').next()?).file_name()?.to_str()?;
        Some(filename::split(file)?.0.to_string())
    };
    let text = egg
        .map(str::to_owned)
        .or_else(file)
        .map(|name| match marker {
            Some(marker) => format!("{name} ; {marker}"),
            None => name,
        });
    match text.and_then(|text| requirement::parse(&text, spec).0) {
        Some(requirement) => Unnamed::Requirement(Box::new(requirement)),
        None => Unnamed::Nothing(format!("`{spec}` is an address without a name")),
    }
}

/// Splits `PATH[extra,extra]`; without brackets at its end there are no extras.
pub fn split_extras(text: &str) -> (&str, Vec<&str>) {
    let inner = text
        .strip_suffix(']')
        .and_then(|rest| rest.rsplit_once('['));
    match inner {
        Some((path, extras)) if !path.is_empty() => {
            let extras = extras.split(',').map(str::trim);
            (path, extras.filter(|extra| !extra.is_empty()).collect())
        }
        _ => (text, Vec::new()),
    }
}
