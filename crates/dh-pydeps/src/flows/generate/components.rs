//! Component tarballs: what a person gives in the place of what a build would fetch, and what
//! lies in the area since the last time.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use pydeps_build::source_package as host;
use pydeps_generate::aspects::build_downloads::{self, is_component_name};
use pydeps_generate::facts::Component;
use pydeps_index::unpack;

use super::fetch::{Fetched, files};
use crate::failure::Failure;

/// Tarballs by the names of their components.
pub(crate) type Tarballs = BTreeMap<String, PathBuf>;

/// What was given as `NAME=TARBALL`.
pub(crate) fn parse(texts: &[String]) -> Result<Tarballs, Failure> {
    let mut given = Tarballs::new();
    for text in texts {
        let (name, tarball) = parse_one(text)?;
        if given.insert(name.to_owned(), tarball).is_some() {
            let error = anyhow::anyhow!("--component {name} is given twice");
            return Err(Failure::input(error).with_hint("a component has one tarball"));
        }
    }
    Ok(given)
}

fn parse_one(text: &str) -> Result<(&str, PathBuf), Failure> {
    let (name, tarball) = text.split_once('=').unwrap_or((text, ""));
    let tarball = PathBuf::from(tarball);
    let (what, hint) = match () {
        () if !text.contains('=') => ("has no `=`", "write NAME=TARBALL"),
        () if !is_component_name(name) => (
            "has a name that dpkg-source does not take",
            "letters, digits and hyphens; the refusal of a release tells the name",
        ),
        () if host::tarball_end(&tarball).is_none() => (
            "is no tarball that dpkg-source reads",
            "those are .tar.gz, .tar.bz2 and .tar.xz",
        ),
        () if !tarball.is_file() => ("is no file", "look at its spelling"),
        () => return Ok((name, tarball)),
    };
    let error = anyhow::anyhow!("--component `{text}`: it {what}");
    Err(Failure::input(error).with_hint(hint))
}

/// Unpacks those that the release fetches, and what those fetch, and returns the names of all
/// that is fetched.
pub(super) fn add(one: &mut Fetched, tarballs: &Tarballs) -> Result<BTreeSet<String>, Failure> {
    loop {
        let found = build_downloads::find(&one.release).into_iter();
        let wanted: BTreeSet<String> = found.filter_map(|fetch| fetch.component).collect();
        let is_new = |name: &&String| one.release.component(name).is_none();
        let mut there = wanted.iter().filter(is_new);
        let next = there.find_map(|name| Some((name, tarballs.get(name)?)));
        let Some((name, tarball)) = next else {
            return Ok(wanted);
        };
        let tree = one.tree.with_file_name(format!("component-{name}"));
        let unpacked = unpack::unpack(tarball, &tree).map_err(Failure::input)?;
        one.findings.extend(unpacked.findings);
        one.release.components.push(Component {
            name: name.clone(),
            tree: files(&tree)?,
        });
        one.components.push(host::Component {
            name: name.clone(),
            tarball: tarball.clone(),
            tree,
        });
    }
}

pub(super) fn is_unused(name: &str, wanted: &BTreeSet<String>) -> Failure {
    let error = anyhow::anyhow!("--component {name}: no release of this run fetches that");
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    Failure::input(error).with_hint(match wanted.as_slice() {
        [] => "none of them fetches anything that a component could take the place of".to_owned(),
        names => format!("what is fetched: {}", names.join(", ")),
    })
}
