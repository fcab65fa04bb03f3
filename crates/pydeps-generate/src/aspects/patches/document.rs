//! Small edits of a `pyproject.toml` that leave the rest of it as it is.

use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, TableLike, Value};

/// The table at a dotted place, to be changed.
pub(super) fn table<'d>(
    document: &'d mut DocumentMut,
    place: &[&str],
) -> Option<&'d mut dyn TableLike> {
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for key in place {
        table = table.get_mut(key)?.as_table_like_mut()?;
    }
    Some(table)
}

/// The table at a dotted place, made where it is not there; `None` where something else is.
pub(super) fn make_table<'d>(
    document: &'d mut DocumentMut,
    place: &[&str],
) -> Option<&'d mut dyn TableLike> {
    let mut table: &mut dyn TableLike = document.as_table_mut();
    for (at, key) in place.iter().enumerate() {
        let item = table.entry(key).or_insert_with(|| {
            let mut new = Table::new();
            new.set_implicit(at + 1 < place.len());
            Item::Table(new)
        });
        table = item.as_table_like_mut()?;
    }
    Some(table)
}

/// Removes what is at a dotted place, and the tables around it that have nothing else.
pub(super) fn remove(document: &mut DocumentMut, place: &[&str]) -> Option<Item> {
    let (key, above) = place.split_last()?;
    let table = table(document, above)?;
    let removed = table.remove(key);
    if !above.is_empty() && table.is_empty() {
        remove(document, above);
    }
    removed
}

/// The texts of an array, or nothing.
pub(super) fn texts(item: Option<&Item>) -> Vec<String> {
    let array = item.and_then(Item::as_array).into_iter().flatten();
    array.filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Takes texts out of an array.
pub(super) fn take_out(array: &mut Array, is_out: impl Fn(&str) -> bool) {
    let first = array
        .get(0)
        .and_then(|value| value.decor().prefix().cloned());
    array.retain(|value| !value.as_str().is_some_and(&is_out));
    if let Some((value, prefix)) = array.get_mut(0).zip(first) {
        value.decor_mut().set_prefix(prefix);
    }
}

/// Takes a distribution out of an array of requirements.
pub(super) fn take_requirement_out(array: &mut Array, distribution: &str) {
    take_out(array, |text| {
        let parsed = pydeps_core::requirement::parse(text, "").0;
        parsed.is_some_and(|one| one.name.as_ref() == distribution)
    });
}

/// An array with one text on each line.
pub(super) fn array(texts: &[String]) -> Value {
    let mut array = Array::new();
    for text in texts {
        array.push_formatted(Value::from(text).decorated("\n    ", ""));
    }
    if !texts.is_empty() {
        array.set_trailing("\n");
        array.set_trailing_comma(true);
    }
    Value::Array(array)
}

/// Sets a value; what stood around the one before stays.
pub(super) fn set(table: &mut dyn TableLike, key: &str, mut value: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *value.decor_mut() = old.decor().clone();
            *old = value;
        }
        None => _ = table.insert(key, Item::Value(value)),
    }
}

/// Puts a value inside of `{ key = … }`, which then stands in its place.
pub(super) fn wrap(value: &mut Value, key: &str) {
    let decor = value.decor().clone();
    let mut inner = value.clone();
    inner.decor_mut().clear();
    let mut table = InlineTable::new();
    table.insert(key, inner);
    *value = Value::InlineTable(table);
    *value.decor_mut() = decor;
}

/// The project no longer leaves this to its backend.
pub(super) fn is_static(document: &mut DocumentMut, field: &str) {
    let Some(project) = table(document, &["project"]) else {
        return;
    };
    let Some(dynamic) = project.get_mut("dynamic").and_then(Item::as_array_mut) else {
        return;
    };
    take_out(dynamic, |name| name == field);
    if dynamic.is_empty() {
        project.remove("dynamic");
    }
}
