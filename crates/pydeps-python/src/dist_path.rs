//! Where a distribution's metadata lie: `*.dist-info` and `*.egg-info` in paths.

#[cfg(test)]
mod tests;

use pydeps_core::archive::PathClass;
use pydeps_core::name::DistName;

/// A distribution's metadata at a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DistPath {
    /// The normalised name.
    pub name: DistName,
    /// The version, as written in the path.
    pub version: Option<String>,
    /// The path of the directory or file, without a leading `/`.
    pub path: String,
    /// Whether an interpreter finds it there.
    pub class: PathClass,
}

/// The distribution that a path belongs to the metadata of.
///
/// The innermost `*.dist-info` or `*.egg-info` component counts. Its name is read
/// as the binary distribution format (for `.dist-info`) and setuptools (for
/// `.egg-info`: `NAME[-VERSION[-pyX.Y[-PLATFORM]]]`) write it.
pub fn dist_of_path(path: &str) -> Option<DistPath> {
    let (end, stem, egg) = metadata_component(path)?;
    let whole = &path[..end];
    let (parent, _) = whole.rsplit_once('/').unwrap_or(("", whole));
    let (name, version) = match egg {
        true => split_egg_info(stem),
        false => split_dist_info(stem),
    };
    Some(DistPath {
        name: Some(name).filter(|name| !name.is_empty())?.parse().ok()?,
        version: version.map(str::to_owned),
        path: whole.to_owned(),
        class: class_of_parent(parent),
    })
}

/// Where the last metadata component ends, its name without the suffix, and
/// whether it is an egg-info.
fn metadata_component(path: &str) -> Option<(usize, &str, bool)> {
    let mut end = path.len();
    for component in path.rsplit('/') {
        for (suffix, egg) in [(".dist-info", false), (".egg-info", true)] {
            if let Some(stem) = component
                .strip_suffix(suffix)
                .filter(|stem| !stem.is_empty())
            {
                return Some((end, stem, egg));
            }
        }
        end = end.saturating_sub(component.len() + 1);
    }
    None
}

/// `NAME-VERSION`: both have their `-` escaped to `_`, but not by every tool, so
/// the last `-` before a digit separates them, else the first.
fn split_dist_info(stem: &str) -> (&str, Option<&str>) {
    match version_dash(stem).or_else(|| stem.find('-')) {
        Some(dash) => (&stem[..dash], Some(&stem[dash + 1..])),
        None => (stem, None),
    }
}

/// As above, without the Python version and platform of an egg, and without a
/// version where there is no digit after any `-`; but a placeholder that nobody filled
/// in (`NAME-_VERSION_`) is no part of the name.
fn split_egg_info(stem: &str) -> (&str, Option<&str>) {
    let python = |at: &usize| stem[at + 3..].starts_with(|c: char| c.is_ascii_digit());
    let end = stem.match_indices("-py").map(|(at, _)| at).find(python);
    let stem = &stem[..end.unwrap_or(stem.len())];
    match version_dash(stem) {
        Some(dash) => (&stem[..dash], Some(&stem[dash + 1..])),
        None if stem.ends_with('_') => stem
            .split_once('-')
            .map_or((stem, None), |(name, version)| (name, Some(version))),
        None => (stem, None),
    }
}

fn version_dash(stem: &str) -> Option<usize> {
    let digit = |dash: &usize| stem[dash + 1..].starts_with(|c: char| c.is_ascii_digit());
    let mut dashes = stem.rmatch_indices('-').map(|(at, _)| at);
    dashes.find(|at| *at > 0 && digit(at))
}

fn class_of_parent(parent: &str) -> PathClass {
    let versioned = |rest: &str| {
        let (version, directory) = rest.split_once('/').unwrap_or((rest, ""));
        let numeric = version
            .strip_prefix('.')
            .is_some_and(|minor| minor.bytes().all(|b| b.is_ascii_digit()));
        numeric && matches!(directory, "" | "dist-packages" | "lib-dynload")
    };
    match parent.strip_prefix("usr/lib/python3") {
        Some("/dist-packages") => PathClass::Public,
        Some(rest) if versioned(rest) => PathClass::Versioned,
        _ => PathClass::Private,
    }
}
