//! `pylock.toml` (PEP 751): packages. What was asked for is not in it, but what no other
//! package lists as its dependency must have been.

use std::collections::BTreeSet;

use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::requirement::Requirement;
use toml_edit::{Document, Item, TableLike};

use super::{Lock, Member, Pin, tables, text};
use crate::project_file::{Reader, TomlError, document};

/// A package of the lock.
struct Package<'t> {
    name: DistName,
    version: Option<&'t str>,
    /// Its name under its marker.
    requirement: Requirement,
    /// What it lists, if it lists anything.
    dependencies: Option<Vec<DistName>>,
    origin: String,
}

pub(super) fn parse(source: &str, origin: &str) -> Result<Lock, TomlError> {
    let document = document(source, origin)?;
    let mut reader = Reader::new(source, origin, "lock-invalid");
    let format = document.get("lock-version").and_then(Item::as_str);
    if !format.is_some_and(|format| format == "1" || format.starts_with("1.")) {
        let span = document.get("lock-version").and_then(Item::span);
        reader.wrong(
            span,
            "this version of pylock.toml is not known; lock-version = \"1.0\" is read",
        );
    }
    let tables = tables(document.get("packages"));
    let packages: Vec<Package<'_>> = tables
        .into_iter()
        .filter_map(|table| package(&mut reader, table))
        .collect();
    let pins = packages
        .iter()
        .filter_map(|package| pin(&mut reader, package))
        .collect();
    let member = member(&mut reader, &document, roots(&packages), origin);
    Ok(Lock {
        requires_python: reader.python(document.as_table(), "requires-python"),
        members: vec![member],
        pins,
        findings: reader.findings,
    })
}

/// The one project. Extras and groups are lists of the file; what a group adds is under a
/// marker.
fn member(
    reader: &mut Reader<'_>,
    document: &Document<&str>,
    requires: Vec<Requirement>,
    origin: &str,
) -> Member {
    let mut names = |key: &str| -> Vec<ExtraName> {
        let list = document.get(key).map(|item| reader.strings(item, key));
        let list = list.unwrap_or_default();
        list.iter().filter_map(|name| name.parse().ok()).collect()
    };
    let extras = names("extras");
    let groups = names("dependency-groups");
    let default_groups = names("default-groups");
    Member {
        requires,
        extras,
        groups: groups.into_iter().map(|name| (name, Vec::new())).collect(),
        default_groups,
        origin: origin.to_owned(),
        ..Member::default()
    }
}

fn package<'t>(reader: &mut Reader<'_>, table: &'t dyn TableLike) -> Option<Package<'t>> {
    let name = reader.parsed::<DistName>(table, "packages", "name", "a name")?;
    let span = table.get("name").and_then(Item::span);
    let line = match text(table, "marker") {
        Some(marker) => format!("{name} ; {}", as_extras(marker)),
        None => name.to_string(),
    };
    let listed = table.get("dependencies").map(|item| tables(Some(item)));
    let listed = listed.map(|list| {
        let names = list
            .iter()
            .filter_map(|one| text(*one, "name")?.parse().ok());
        names.collect()
    });
    Some(Package {
        version: text(table, "version"),
        requirement: reader.requirement(&line, span.clone())?,
        dependencies: listed,
        origin: reader.place(span),
        name,
    })
}

fn pin(reader: &mut Reader<'_>, package: &Package<'_>) -> Option<Pin> {
    let line = format!("{}=={}", package.name, package.version?);
    let mut requirement = reader.requirement(&line, None)?;
    // A version holds whoever asks; what is there only without an extra is rare.
    if let Some(marker) = package.requirement.marker.with_every_extra() {
        requirement.marker.and(marker);
    }
    Some(Pin {
        requirement,
        origin: package.origin.clone(),
    })
}

/// The packages that no other one lists, and one of each circle that is not reached from
/// them; all where nothing is listed.
fn roots(packages: &[Package<'_>]) -> Vec<Requirement> {
    let is_recorded = packages
        .iter()
        .any(|package| package.dependencies.is_some());
    let is_listed = |name: &DistName| {
        let others = packages.iter().filter(|package| package.name != *name);
        let mut lists = others.filter_map(|package| package.dependencies.as_ref());
        lists.any(|list| list.contains(name))
    };
    let mut reached = BTreeSet::new();
    let mut roots = BTreeSet::new();
    let (free, listed): (Vec<_>, Vec<_>) = packages
        .iter()
        .partition(|package| !is_recorded || !is_listed(&package.name));
    for package in free.into_iter().chain(listed) {
        if !is_recorded || !reached.contains(&package.name) || roots.contains(&package.name) {
            roots.insert(package.name.clone());
            reach(&package.name, packages, &mut reached);
        }
    }
    let wanted = packages
        .iter()
        .filter(|package| roots.contains(&package.name));
    wanted.map(|package| package.requirement.clone()).collect()
}

fn reach(name: &DistName, packages: &[Package<'_>], reached: &mut BTreeSet<DistName>) {
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        if reached.insert(name.clone()) {
            let entries = packages.iter().filter(|package| package.name == *name);
            open.extend(entries.flat_map(|package| package.dependencies.iter().flatten()));
        }
    }
}

/// The prefix of the extra that stands for a dependency group.
const GROUP: &str = "dependency-group-";

/// The extra that stands for a dependency group.
pub(super) fn extra_of(group: &ExtraName) -> Option<ExtraName> {
    format!("{GROUP}{group}").parse().ok()
}

/// PEP 751's `'x' in extras` and `'x' in dependency_groups`, which PEP 508 has not, as
/// conditions on extras.
fn as_extras(marker: &str) -> String {
    let marker = replaced(marker, "extras", "");
    replaced(&marker, "dependency_groups", GROUP)
}

fn replaced(marker: &str, variable: &str, prefix: &str) -> String {
    let mut done = String::new();
    let mut rest = marker;
    while let Some(at) = rest.find(variable) {
        let (before, after) = rest.split_at(at);
        match quoted_before(before) {
            Some((start, operator, name)) => {
                done += &format!("{start}extra {operator} '{prefix}{name}'");
            }
            None => done += &format!("{before}{variable}"),
        }
        rest = &after[variable.len()..];
    }
    done + rest
}

/// Splits `… 'NAME' in ` and `… 'NAME' not in ` before a variable.
fn quoted_before(text: &str) -> Option<(&str, &str, &str)> {
    let text = text.trim_end().strip_suffix("in")?.trim_end();
    let (text, operator) = match text.strip_suffix("not") {
        Some(text) => (text.trim_end(), "!="),
        None => (text, "=="),
    };
    let quote = text
        .chars()
        .next_back()
        .filter(|c| matches!(c, '\'' | '"'))?;
    let (start, name) = text[..text.len() - 1].rsplit_once(quote)?;
    Some((start, operator, name))
}
