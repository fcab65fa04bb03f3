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
        items
    });
    match found {
        true => Ok(edited),
        false => Ok(format!("{edited}{name}={item}\n")),
    }
}

/// Sees to it that a variable is set, to nothing if need be, so that a field may use it;
/// nobody has to (`NAME?=`).
pub fn define(text: &str, name: &str) -> String {
    let is_set = text.lines().any(|line| setting(line, name).is_some());
    match is_set {
        true => edit(text, name, |items| items),
        false => format!("{}{name}?=\n", edit(text, name, |items| items)),
    }
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

/// Changes the lines of a variable. A line whose items stay the same is not touched.
fn edit<'a>(
    text: &'a str,
    name: &str,
    mut change: impl FnMut(BTreeSet<&'a str>) -> BTreeSet<&'a str>,
) -> String {
    let mut edited = String::with_capacity(text.len());
    for line in text.lines() {
        let changed = setting(line, name).and_then(|(head, value)| {
            let old = items(value);
            let new = change(old.clone());
            let differs = new != old;
            let new: Vec<&str> = new.into_iter().collect();
            differs.then(|| format!("{head}{}", new.join(", ")))
        });
        let _ = writeln!(edited, "{}", changed.as_deref().unwrap_or(line));
    }
    edited
}

#[cfg(test)]
mod tests;
