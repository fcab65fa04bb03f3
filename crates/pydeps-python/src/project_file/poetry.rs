//! `[tool.poetry]`: a project as Poetry describes it, in the terms of core metadata.
//!
//! The rules are those by which poetry-core writes METADATA: an optional dependency
//! counts only in the extras that name it, any dependency that an extra names is that
//! extra's, and `python` is `Requires-Python`.

mod dependency;

use std::collections::BTreeMap;

use pep440_rs::{Version, VersionSpecifiers};
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::requirement::Requirement;
use toml_edit::{Item, TableLike};

use super::ProjectFile;
use super::poetry_version::Constraint;
use super::reader::Reader;
use dependency::Dependency;

/// Adds what the table says to what `[project]` said.
pub(super) fn read(reader: &mut Reader<'_>, poetry: &dyn TableLike, file: &mut ProjectFile) {
    // With [project], the table may be there for settings alone.
    file.has_poetry = ["name", "dependencies"]
        .iter()
        .any(|key| poetry.contains_key(key));
    if file.name.is_none() {
        file.name = reader.parsed::<DistName>(poetry, "tool.poetry", "name", "a name");
    }
    if file.version.is_none() {
        let kind = "a version (PEP 440)";
        file.version = reader.parsed::<Version>(poetry, "tool.poetry", "version", kind);
    }
    let dependencies = poetry.get("dependencies");
    if file.requires_python.is_none() {
        let python = dependencies.and_then(|item| item.get("python"));
        file.requires_python = python.and_then(|python| requires_python(reader, python));
    }
    if takes_dependencies(file) {
        main(reader, dependencies, poetry.get("extras"), file);
    }
    groups(reader, poetry, file);
}

/// Where `[project]` has requirements and does not say that there are more, Poetry's
/// table only says where they come from.
fn takes_dependencies(file: &ProjectFile) -> bool {
    let listed = !file.dependencies.is_empty() || !file.optional_dependencies.is_empty();
    let open = |key: &str| file.dynamic.iter().any(|field| field == key);
    !listed || open("dependencies") || open("optional-dependencies")
}

fn main(
    reader: &mut Reader<'_>,
    item: Option<&Item>,
    extras: Option<&Item>,
    file: &mut ProjectFile,
) {
    let all = item.map_or_else(Vec::new, |item| dependencies(reader, item));
    let extras = extras.map_or_else(BTreeMap::new, |item| read_extras(reader, item, &all));
    for (extra, names) in &extras {
        let named = all
            .iter()
            .filter(|one| names.contains(&one.requirement.name));
        let list = file.optional_dependencies.entry(extra.clone()).or_default();
        list.extend(named.map(|one| one.requirement.clone()));
    }
    let of_extra = |one: &Dependency| extras.values().any(|n| n.contains(&one.requirement.name));
    for one in all.iter().filter(|one| !of_extra(one)) {
        match one.is_optional {
            true => reader.findings.push(unused(one)),
            false => file.dependencies.push(one.requirement.clone()),
        }
    }
}

fn unused(one: &Dependency) -> Finding {
    let name = &one.requirement.name;
    let message = format!("`{name}` is optional, and no extra names it; it is left out");
    Finding::info("poetry-optional-unused", message).with_origin(&one.origin)
}

/// `[tool.poetry.extras]`: names of dependencies, by extra.
fn read_extras(
    reader: &mut Reader<'_>,
    item: &Item,
    all: &[Dependency],
) -> BTreeMap<ExtraName, Vec<DistName>> {
    let mut extras = BTreeMap::new();
    let Some(table) = item.as_table_like() else {
        reader.wrong(item.span(), "tool.poetry.extras is not a table");
        return extras;
    };
    for (name, list) in table.iter() {
        let Some(extra) = reader.extra(name, list, "an extra's name") else {
            continue;
        };
        let names = reader.strings(list, "an extra");
        let known = |text: &String| {
            let name: DistName = text.parse().ok()?;
            all.iter()
                .any(|one| one.requirement.name == name)
                .then_some(name)
        };
        if let Some(unknown) = names.iter().find(|text| known(text).is_none()) {
            let message = format!("the extra `{extra}` names `{unknown}`, which is no dependency");
            let finding = Finding::info("poetry-extra-unknown", message);
            reader.tell(list.span(), finding);
        }
        extras.insert(extra, names.iter().filter_map(known).collect());
    }
    extras
}

/// Poetry's groups, and the older `dev-dependencies`, beside those of PEP 735.
fn groups(reader: &mut Reader<'_>, poetry: &dyn TableLike, file: &mut ProjectFile) {
    if let Some(item) = poetry.get("dev-dependencies") {
        add_group(reader, "dev", item, None, file);
    }
    let Some(item) = poetry.get("group") else {
        return;
    };
    let Some(table) = item.as_table_like() else {
        return reader.wrong(item.span(), "tool.poetry.group is not a table");
    };
    for (name, group) in table.iter() {
        let none = Item::None;
        let item = group.get("dependencies").unwrap_or(&none);
        add_group(reader, name, item, group.get("include-groups"), file);
    }
}

fn add_group(
    reader: &mut Reader<'_>,
    name: &str,
    item: &Item,
    includes: Option<&Item>,
    file: &mut ProjectFile,
) {
    let Some(name) = reader.extra(name, item, "a group's name") else {
        return;
    };
    let others = std::mem::take(&mut reader.findings);
    let list: Vec<Requirement> = match item {
        Item::None => Vec::new(),
        item => dependencies(reader, item)
            .into_iter()
            .map(|one| one.requirement)
            .collect(),
    };
    let includes = includes.map_or_else(Vec::new, |list| reader.strings(list, "include-groups"));
    let findings = std::mem::replace(&mut reader.findings, others);
    let group = file.groups.entry(name).or_default();
    // What PEP 735 lists has its sources here, as with [project].
    let known: Vec<DistName> = group.requirements.iter().map(|r| r.name.clone()).collect();
    let new = list
        .into_iter()
        .filter(|requirement| !known.contains(&requirement.name));
    group.requirements.extend(new);
    group
        .includes
        .extend(includes.iter().filter_map(|name| name.parse().ok()));
    group.findings.extend(findings);
    group.origin = reader.place(item.span());
}

/// A table of dependencies, `python` excepted.
fn dependencies(reader: &mut Reader<'_>, item: &Item) -> Vec<Dependency> {
    let Some(table) = item.as_table_like() else {
        reader.wrong(item.span(), "Poetry's dependencies are not a table");
        return Vec::new();
    };
    let mut all = Vec::new();
    for (name, item) in table.iter().filter(|(name, _)| *name != "python") {
        all.extend(dependency::read(reader, name, item));
    }
    all
}

fn requires_python(reader: &mut Reader<'_>, item: &Item) -> Option<VersionSpecifiers> {
    // `python = { version = "^3.9" }` is rare, and allowed.
    let text = item.as_str().or_else(|| item.get("version")?.as_str());
    let flat = text.and_then(|text| Constraint::parse(text)?.flat());
    let specifiers = flat.as_ref().and_then(|flat| flat.specifiers.parse().ok());
    if specifiers.is_none() {
        let said = text.unwrap_or("python");
        reader.no_constraint(item.span(), &format!("`{said}`"));
    }
    if flat.is_some_and(|flat| flat.is_wider) {
        let message = format!(
            "`{}` has gaps that Requires-Python cannot say; they are not minded",
            text.unwrap_or_default()
        );
        reader.tell(item.span(), Finding::info("poetry-widened", message));
    }
    specifiers.filter(|all: &VersionSpecifiers| !all.is_empty())
}
