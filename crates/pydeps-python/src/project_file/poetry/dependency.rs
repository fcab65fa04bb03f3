//! One of Poetry's dependencies: a constraint, a table, or a list of tables.

use std::ops::Range;

use pydeps_core::finding::Finding;
use pydeps_core::requirement::Requirement;
use toml_edit::{InlineTable, Item, TableLike, Value};

use crate::project_file::poetry_version::Constraint;
use crate::project_file::reader::Reader;

/// The keys that say that it does not come from a package index.
const PLACES: [&str; 4] = ["git", "path", "file", "url"];

/// A dependency, and whether only extras take it.
pub(super) struct Dependency {
    pub(super) requirement: Requirement,
    pub(super) is_optional: bool,
    /// `file:line`.
    pub(super) origin: String,
}

/// Reads what stands behind a name: with several tables, one dependency for each.
pub(super) fn read(reader: &mut Reader<'_>, name: &str, item: &Item) -> Vec<Dependency> {
    let span = item.span();
    if let Some(version) = item.as_str() {
        let one = Spec { name, span }.dependency(reader, Some(version), &InlineTable::new());
        return one.into_iter().collect();
    }
    if let Some(table) = item.as_table_like() {
        return Spec { name, span }
            .table(reader, table)
            .into_iter()
            .collect();
    }
    let Some(array) = item.as_array() else {
        reader.wrong(
            span,
            &format!("the dependency `{name}` is no string, table or list"),
        );
        return Vec::new();
    };
    let one = |value: &Value| {
        let span = value.span();
        match (value.as_str(), value.as_inline_table()) {
            (Some(version), _) => {
                Spec { name, span }.dependency(reader, Some(version), &InlineTable::new())
            }
            (_, Some(table)) => Spec { name, span }.table(reader, table),
            _ => {
                reader.wrong(
                    span,
                    &format!("the dependency `{name}` is no string or table"),
                );
                None
            }
        }
    };
    array.iter().filter_map(one).collect()
}

/// What is being read.
struct Spec<'a> {
    name: &'a str,
    span: Option<Range<usize>>,
}

impl Spec<'_> {
    fn table(&self, reader: &mut Reader<'_>, table: &dyn TableLike) -> Option<Dependency> {
        let version = table.get("version").and_then(Item::as_str);
        let placed = PLACES
            .iter()
            .find_map(|key| Some((*key, table.get(key)?.as_str()?)));
        if let Some((key, place)) = placed {
            reader.tell(self.span.clone(), elsewhere(self.name, key, place));
            return self.dependency(reader, None, table);
        }
        if version.is_none() {
            let name = self.name;
            reader.wrong(
                self.span.clone(),
                &format!("the dependency `{name}` has no version"),
            );
        }
        self.dependency(reader, version, table)
    }

    fn dependency(
        &self,
        reader: &mut Reader<'_>,
        version: Option<&str>,
        table: &dyn TableLike,
    ) -> Option<Dependency> {
        let specifiers = match version {
            Some(version) => self.specifiers(reader, version)?,
            None => String::new(),
        };
        let extras = table
            .get("extras")
            .map(|item| reader.strings(item, "extras"));
        let extras = extras.filter(|extras| !extras.is_empty());
        let extras = extras.map_or_else(String::new, |extras| format!("[{}]", extras.join(",")));
        let marker = self.marker(reader, table)?;
        let text = format!("{}{extras}{specifiers}{marker}", self.name);
        Some(Dependency {
            requirement: reader.requirement(&text, self.span.clone())?,
            is_optional: table.get("optional").and_then(Item::as_bool) == Some(true),
            origin: reader.place(self.span.clone()),
        })
    }

    fn specifiers(&self, reader: &mut Reader<'_>, version: &str) -> Option<String> {
        let Some(flat) = Constraint::parse(version).and_then(|one| one.flat()) else {
            let name = self.name;
            reader.no_constraint(self.span.clone(), &format!("`{name}`: `{version}`"));
            return None;
        };
        if flat.is_wider {
            let message = format!(
                "`{}`: `{version}` has gaps that one requirement cannot say; it is read as `{}`",
                self.name, flat.specifiers
            );
            reader.tell(
                self.span.clone(),
                Finding::warning("poetry-widened", message),
            );
        }
        Some(flat.specifiers)
    }

    /// `python`, `platform` and `markers` together, with the `;` before them.
    fn marker(&self, reader: &mut Reader<'_>, table: &dyn TableLike) -> Option<String> {
        let text = |key: &str| table.get(key).and_then(Item::as_str);
        let mut parts: Vec<String> = text("markers").map(str::to_owned).into_iter().collect();
        if let Some(python) = text("python") {
            let Some(constraint) = Constraint::parse(python) else {
                reader.no_constraint(self.span.clone(), &format!("`{python}`"));
                return None;
            };
            parts.extend(constraint.python_marker());
        }
        parts.extend(text("platform").map(platform));
        match parts.as_slice() {
            [] => Some(String::new()),
            [one] => Some(format!(" ; {one}")),
            several => Some(format!(" ; ({})", several.join(") and ("))),
        }
    }
}

/// `linux`, `!=win32` or alternatives of them.
fn platform(text: &str) -> String {
    let one = |part: &str| {
        let part = part.trim();
        let (operator, name) = match part.strip_prefix("!=") {
            Some(name) => ("!=", name),
            None => ("==", part.trim_start_matches('=')),
        };
        format!("sys_platform {operator} '{}'", name.trim())
    };
    let alternatives: Vec<String> = text.split("||").map(one).collect();
    alternatives.join(" or ")
}

fn elsewhere(name: &str, key: &str, place: &str) -> Finding {
    let message =
        format!("`{name}` is to come from {key} {place}; any version of that name is taken for it");
    Finding::warning("requirement-from-elsewhere", message)
}
