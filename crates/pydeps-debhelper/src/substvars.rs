//! `debian/PACKAGE.substvars` (deb-substvars(5)), edited by debhelper's own rule
//! (`addsubstvar`): a value is a set, written sorted and joined by `, `.

use std::collections::BTreeSet;
use std::fmt::Write as _;

/// The file of a package.
pub fn file(package: &str) -> String {
    format!("debian/{package}.substvars")
}

/// A value that would break the file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the value of ${{{name}}} must not have a line break in it: {item:?}")]
pub struct LineBreak {
    /// The variable.
    pub name: String,
    /// What was to be added.
    pub item: String,
}

/// A line that sets a variable: what stands before the value, and the value.
fn setting<'a>(line: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    let rest = line.strip_prefix(name)?;
    let operator = ["=", "?=", "!="]
        .into_iter()
        .find(|op| rest.starts_with(op))?;
    Some(line.split_at(name.len() + operator.len()))
}

fn items(value: &str) -> BTreeSet<&str> {
    let items = value.split(", ");
    items.filter(|_| !value.is_empty()).collect()
}

/// The items of a variable; none where it is not set.
pub fn get<'a>(text: &'a str, name: &str) -> BTreeSet<&'a str> {
    let values = text.lines().filter_map(|line| setting(line, name));
    values.flat_map(|(_, value)| items(value)).collect()
}

/// Adds an item to a variable. The other lines stay as they are.
pub fn add(text: &str, name: &str, item: &str) -> Result<String, LineBreak> {
    check(name, item)?;
    let mut found = false;
    let edited = edit(text, name, |mut items| {
        found = true;
        items.insert(item);
        Some(items)
    });
    match found {
        true => Ok(edited),
        false => Ok(format!("{edited}{name}={item}\n")),
    }
}

/// Removes an item; with its last one the line goes.
pub fn remove(text: &str, name: &str, item: &str) -> String {
    edit(text, name, |mut items| {
        let was_there = items.remove(item);
        (!was_there || !items.is_empty()).then_some(items)
    })
}

/// Removes the variable.
pub fn delete(text: &str, name: &str) -> String {
    edit(text, name, |_| None)
}

/// Sets a variable to exactly these items, so that a second run changes nothing; without
/// items, as one that nobody has to use (`NAME?=`).
pub fn set(text: &str, name: &str, values: &BTreeSet<String>) -> Result<String, LineBreak> {
    values.iter().try_for_each(|item| check(name, item))?;
    let mut text = delete(text, name);
    let operator = if values.is_empty() { "?=" } else { "=" };
    let value: Vec<&str> = values.iter().map(String::as_str).collect();
    let _ = writeln!(text, "{name}{operator}{}", value.join(", "));
    Ok(text)
}

fn check(name: &str, item: &str) -> Result<(), LineBreak> {
    match item.contains(['\n', '\r']) {
        false => Ok(()),
        true => Err(LineBreak {
            name: name.to_owned(),
            item: item.to_owned(),
        }),
    }
}

/// Changes the lines of a variable; a line without items to it goes. A line whose items
/// stay the same is not touched.
fn edit<'a>(
    text: &'a str,
    name: &str,
    mut change: impl FnMut(BTreeSet<&'a str>) -> Option<BTreeSet<&'a str>>,
) -> String {
    let mut edited = String::with_capacity(text.len());
    for line in text.lines() {
        let Some((head, value)) = setting(line, name) else {
            let _ = writeln!(edited, "{line}");
            continue;
        };
        let old = items(value);
        match change(old.clone()) {
            None => {}
            Some(new) if new == old => {
                let _ = writeln!(edited, "{line}");
            }
            Some(new) => {
                let new: Vec<&str> = new.into_iter().collect();
                let _ = writeln!(edited, "{head}{}", new.join(", "));
            }
        }
    }
    edited
}

#[cfg(test)]
mod tests;
