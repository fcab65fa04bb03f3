//! Format 1 of a lock as format 2: `[sdist.NAME]` became `[[file]]`, and where something comes
//! from is said unambiguously.

use pydeps_core::source::Source;
use toml_edit::{ArrayOfTables, DocumentMut, InlineTable, Item, Table, Value, value};

/// The text in format 2. What is not as format 1 has it stays, for the reader to complain of;
/// lines above the files keep their numbers.
pub(super) fn upgrade(text: &str) -> Option<String> {
    let mut document = text.parse::<DocumentMut>().ok()?;
    document["version"] = value(2);
    if let Some(sources) = document.get_mut("distribution") {
        let rows = sources.as_array_of_tables_mut()?;
        rows.iter_mut().for_each(upgrade_source);
    }
    if let Some(sdists) = document.remove("sdist") {
        let files = sdists.as_table()?.iter().filter_map(file);
        document["file"] = Item::ArrayOfTables(files.collect::<ArrayOfTables>());
    }
    Some(document.to_string())
}

fn upgrade_source(row: &mut Table) {
    let action = row.get("action").and_then(Item::as_str);
    let rebuilt = matches!(action, Some("backport" | "replace"));
    if let Some(word) = row.get("origin").and_then(Item::as_str) {
        row["origin"] = value(Source::of_word(word, rebuilt).to_string());
    }
}

fn file((name, sdist): (&str, &Item)) -> Option<Table> {
    let sdist = sdist.as_table_like()?;
    let mut file = Table::new();
    file["distribution"] = value(name);
    file["name"] = sdist.get("file")?.clone();
    file["kind"] = value("sdist");
    if let Some(digest) = sdist.get("sha256").and_then(Item::as_str) {
        let hashes = InlineTable::from_iter([("sha256", Value::from(digest))]);
        file["hashes"] = value(hashes);
    }
    Some(file)
}
