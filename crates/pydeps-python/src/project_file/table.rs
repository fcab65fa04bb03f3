//! `[project]` (PEP 621), and what setuptools takes from files where it is dynamic.

use pep440_rs::Version;
use pydeps_core::name::DistName;
use toml_edit::{Item, TableLike};

use super::reader::Reader;
use super::{DynamicFiles, ProjectFile};

/// Reads `[project]`.
pub(super) fn project(reader: &mut Reader<'_>, project: &dyn TableLike, file: &mut ProjectFile) {
    file.has_project = true;
    file.name = reader.parsed::<DistName>(project, "project", "name", "a name");
    file.version = reader.parsed::<Version>(project, "project", "version", "a version (PEP 440)");
    file.requires_python = reader.python(project, "project.requires-python");
    file.dependencies = reader.requirements(project.get("dependencies"));
    let dynamic = project.get("dynamic").and_then(Item::as_array);
    let dynamic = dynamic.into_iter().flatten().filter_map(|v| v.as_str());
    file.dynamic = dynamic.map(str::to_owned).collect();
    if let Some(optional) = project.get("optional-dependencies") {
        optional_dependencies(reader, optional, file);
    }
}

fn optional_dependencies(reader: &mut Reader<'_>, optional: &Item, file: &mut ProjectFile) {
    let Some(table) = optional.as_table_like() else {
        return reader.wrong(optional.span(), "optional-dependencies is not a table");
    };
    for (name, list) in table.iter() {
        if let Some(extra) = reader.extra(name, list, "an extra's name") {
            let list = reader.requirements(Some(list));
            let known = file.optional_dependencies.entry(extra).or_default();
            known.extend(list);
        }
    }
}

/// Reads `[tool.setuptools.dynamic]`, of which only `file` matters: `attr` is of the
/// version.
pub(super) fn dynamic_files(reader: &mut Reader<'_>, setuptools: &dyn TableLike) -> DynamicFiles {
    let mut files = DynamicFiles::default();
    let dynamic = setuptools.get("dynamic").and_then(Item::as_table_like);
    let get = |key: &str| dynamic?.get(key)?.as_table_like();
    if let Some(file) = get("dependencies").and_then(|table| table.get("file")) {
        files.dependencies = reader.strings(file, "file");
    }
    for (name, item) in get("optional-dependencies")
        .into_iter()
        .flat_map(TableLike::iter)
    {
        let file = item.as_table_like().and_then(|table| table.get("file"));
        if let (Some(extra), Some(file)) = (reader.extra(name, item, "an extra's name"), file) {
            let list = reader.strings(file, "file");
            files.optional_dependencies.insert(extra, list);
        }
    }
    files
}
