//! `uv.lock`: packages, of which the workspace's own say what they require.

use std::collections::BTreeMap;

use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::requirement::Requirement;
use toml_edit::{Document, Item, TableLike};

use super::{Lock, Member, Pin, tables, text};
use crate::project_file::{Reader, TomlError, document};

/// The only format there is.
const FORMAT: i64 = 1;

/// The keys of a requirement or a source that is not of an index.
const PLACES: [&str; 6] = ["git", "url", "path", "directory", "editable", "virtual"];

pub(super) fn parse(source: &str, origin: &str) -> Result<Lock, TomlError> {
    let document = document(source, origin)?;
    let mut reader = Reader::new(source, origin, "lock-invalid");
    let packages = tables(document.get("package"));
    if document.get("version").and_then(Item::as_integer) != Some(FORMAT) {
        let span = document.get("version").and_then(Item::span);
        reader.wrong(
            span,
            "this version of uv.lock is not known; version = 1 is read",
        );
    }
    let names = member_names(&document, &packages);
    let mut lock = Lock {
        requires_python: reader.python(document.as_table(), "requires-python"),
        ..Lock::default()
    };
    for package in packages {
        let name = reader.parsed::<DistName>(package, "package", "name", "a name");
        let Some(name) = name else { continue };
        match names.contains(&name) {
            true => lock
                .members
                .push(member(&mut reader, package, name, &names)),
            false => lock.pins.extend(pin(&mut reader, package, &name)),
        }
    }
    lock.findings = reader.findings;
    Ok(lock)
}

/// The workspace's projects: as listed, or the one that the lock lies beside.
fn member_names(document: &Document<&str>, packages: &[&dyn TableLike]) -> Vec<DistName> {
    let listed = document
        .get("manifest")
        .and_then(|item| item.get("members")?.as_array());
    let listed = listed
        .into_iter()
        .flatten()
        .filter_map(|value| value.as_str()?.parse().ok());
    let listed: Vec<DistName> = listed.collect();
    if !listed.is_empty() {
        return listed;
    }
    let is_here = |package: &&&dyn TableLike| {
        let source = package.get("source").and_then(Item::as_table_like);
        source.is_some_and(|s| {
            ["editable", "virtual"]
                .iter()
                .any(|key| text(s, key) == Some("."))
        })
    };
    let here = packages.iter().filter(is_here);
    here.filter_map(|package| text(*package, "name")?.parse().ok())
        .collect()
}

fn member(
    reader: &mut Reader<'_>,
    package: &dyn TableLike,
    name: DistName,
    members: &[DistName],
) -> Member {
    let metadata = package.get("metadata").and_then(Item::as_table_like);
    let get = |key: &str| metadata.and_then(|table| table.get(key));
    let extras = get("provides-extras").map(|item| reader.strings(item, "provides-extras"));
    let extras = extras.unwrap_or_default();
    Member {
        name: Some(name),
        version: text(package, "version").map(str::to_owned),
        requires: requirements(reader, get("requires-dist"), members),
        extras: extras
            .iter()
            .filter_map(|extra| extra.parse().ok())
            .collect(),
        groups: groups(reader, get("requires-dev"), members),
        default_groups: Vec::new(),
        origin: reader.place(package.get("name").and_then(Item::span)),
    }
}

fn groups(
    reader: &mut Reader<'_>,
    item: Option<&Item>,
    members: &[DistName],
) -> BTreeMap<ExtraName, Vec<Requirement>> {
    let table = item.and_then(Item::as_table_like);
    let mut groups = BTreeMap::new();
    for (name, list) in table.into_iter().flat_map(TableLike::iter) {
        if let Some(group) = reader.extra(name, list, "a dependency group's name") {
            groups.insert(group, requirements(reader, Some(list), members));
        }
    }
    groups
}

/// `requires-dist`: requirements as tables. Other members stand for themselves.
fn requirements(
    reader: &mut Reader<'_>,
    item: Option<&Item>,
    members: &[DistName],
) -> Vec<Requirement> {
    let mut all = Vec::new();
    for table in tables(item) {
        let span = table.get("name").and_then(Item::span);
        let Some(name) = text(table, "name") else {
            reader.wrong(item.and_then(Item::span), "a requirement without a name");
            continue;
        };
        let extras = table
            .get("extras")
            .map(|item| reader.strings(item, "extras"));
        let extras = extras.filter(|extras| !extras.is_empty());
        let extras = extras.map_or_else(String::new, |list| format!("[{}]", list.join(",")));
        let specifier = text(table, "specifier").unwrap_or_default();
        let line = format!("{name}{extras}{specifier}{}", marker(text(table, "marker")));
        let Some(requirement) = reader.requirement(&line, span.clone()) else {
            continue;
        };
        if members.contains(&requirement.name) {
            continue;
        }
        let place = PLACES
            .iter()
            .find_map(|key| Some((*key, text(table, key)?)));
        if let Some((key, place)) = place {
            let message = format!(
                "`{name}` is to come from {key} {place}; any version of that name is taken for it"
            );
            reader.tell(
                span,
                Finding::warning("requirement-from-elsewhere", message),
            );
        }
        all.push(requirement);
    }
    all
}

/// What a package is locked to. An entry for some environments only says so.
fn pin(reader: &mut Reader<'_>, package: &dyn TableLike, name: &DistName) -> Option<Pin> {
    let version = text(package, "version")?;
    let span = package.get("name").and_then(Item::span);
    let markers = package.get("resolution-markers");
    let markers = markers.map(|item| reader.strings(item, "resolution-markers"));
    let markers = markers.filter(|list| !list.is_empty());
    let either = markers.map(|list| format!("({})", list.join(") or (")));
    let line = format!("{name}=={version}{}", marker(either.as_deref()));
    Some(Pin {
        requirement: reader.requirement(&line, span.clone())?,
        origin: reader.place(span),
    })
}

fn marker(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| format!(" ; {text}"))
}
