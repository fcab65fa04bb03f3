//! Requirements without a name: paths of directories and files, and addresses.

use std::path::Path;

use percent_encoding::percent_decode_str;
use pydeps_core::marker::{self, Marker};
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::requirement::Requirement;
use url::Url;

use pydeps_core::requirement;

use crate::filename;

/// A directory, a wheel or an sdist on this machine.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The name that the line gives it; it has to be its own.
    pub name: Option<DistName>,
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
    let named = is_named(spec);
    let (spec, _) = spec.split_once(';').unwrap_or((spec, ""));
    let file = split_extras(spec.trim()).0;
    !named
        && (spec.starts_with("file:")
            || spec.starts_with(['.', '~'])
            || spec.contains('/')
            || filename::is_release_file(file))
}

/// Whether a line is `NAME @ URL`.
pub(super) fn is_named(spec: &str) -> bool {
    let (spec, _) = spec.split_once(';').unwrap_or((spec, ""));
    let name = spec.split_once('@').map(|(name, _)| name);
    name.is_some_and(|name| !name.contains([':', '/']))
}

/// The directory or file on this machine that a requirement `NAME @ file:…` is.
pub(super) fn of_requirement(requirement: &Requirement, origin: &str) -> Option<Place> {
    let (path, _) = local_path(requirement.url.as_deref()?)?;
    Some(Place {
        name: Some(requirement.name.clone()),
        path,
        extras: requirement.extras.clone(),
        marker: Some(requirement.marker.clone()).filter(|marker| *marker != Marker::default()),
        origin: origin.to_owned(),
    })
}

/// The path of a `file:` URL, and its fragment. A relative one stays relative, as pip has it.
fn local_path(url: &str) -> Option<(String, &str)> {
    let rest = url.strip_prefix("file:")?;
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    if !rest.starts_with('/') {
        let path = percent_decode_str(rest).decode_utf8().ok()?;
        return Some((path.into_owned(), fragment));
    }
    let url = Url::parse(&format!("file:{rest}")).ok()?;
    let path = url.to_file_path().ok()?;
    Some((path.display().to_string(), fragment))
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
    let (whole, fragment) = local_path(spec).unwrap_or_else(|| (spec.to_owned(), ""));
    let (path, mut extras) = split_extras(&whole);
    let part = |key: &str| fragment.split('&').find_map(|part| part.strip_prefix(key));
    extras.extend(part("egg=").map_or_else(Vec::new, |egg| split_extras(egg).1));
    let path = match part("subdirectory=") {
        Some(below) => format!("{path}/{below}"),
        None => path.to_owned(),
    };
    let extras: Result<Vec<ExtraName>, _> = extras.iter().map(|one| one.parse()).collect();
    let Ok(extras) = extras else {
        return Unnamed::Nothing(format!("cannot read the extras of `{spec}`"));
    };
    Unnamed::Place(Place {
        name: None,
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
