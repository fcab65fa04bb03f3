//! `[[fix]]`: what `build` has changed in generated packages to make them build. Nobody has
//! decided that, but somebody should look at it, and it stays with the session. The
//! changes themselves are in the package's debian/, where `generate` keeps them.

use std::path::{Path, PathBuf};

use toml_edit::{ArrayOfTables, DocumentMut, Item, Table, Value};

use super::error::{DecisionError, Text};
use super::write::{RecordError, document, replace};
use pydeps_core::build_summary::Fix;

/// The table's name.
pub(super) const TABLE: &str = "fix";

const FIELDS: [&str; 4] = ["source", "version", "change", "reason"];

/// Sees that what stands in `[[fix]]` can be understood.
pub(super) fn check(text: &Text<'_>, item: &Item) -> Result<(), DecisionError> {
    let help = "write it like [[fix]], with the fields source, version, change, reason below";
    let tables = item
        .as_array_of_tables()
        .ok_or_else(|| text.wrong(item.span(), "`fix` is no list of tables", help))?;
    tables.iter().try_for_each(|table| one(text, table))
}

fn one(text: &Text<'_>, table: &Table) -> Result<(), DecisionError> {
    for (key, item) in table.iter() {
        if !FIELDS.contains(&key) {
            let reason = format!("`{key}` is not a field of a fix");
            let help = format!("the fields are {}", FIELDS.join(", "));
            return Err(text.wrong_key(table, key, &reason, help));
        }
        if item.as_str().is_none() {
            let reason = format!("`{key}` is not a string");
            return Err(text.wrong(item.span(), &reason, "put it into quotes"));
        }
    }
    match FIELDS[..3].iter().find(|field| !table.contains_key(field)) {
        Some(field) => {
            let reason = format!("the fix has no `{field}`");
            Err(text.wrong(table.span(), &reason, "add it, or take the fix out"))
        }
        None => Ok(()),
    }
}

/// Records fixes in the file of a directory; everything else stays as it is. Gives the
/// file's path if it has changed.
///
/// # Errors
///
/// [`RecordError`]; the file is then what it was.
pub fn record_fixes(directory: &Path, fixes: &[Fix]) -> Result<Option<PathBuf>, RecordError> {
    replace(directory, |text, origin| with_fixes(text, origin, fixes))
}

/// The text of a file with fixes added, each in place of the same one on another version;
/// `origin` is the file's name.
///
/// # Errors
///
/// [`DecisionError`] if the text is wrong already.
pub fn with_fixes(text: &str, origin: &str, fixes: &[Fix]) -> Result<String, DecisionError> {
    if fixes.is_empty() {
        return Ok(text.to_owned());
    }
    let mut document: DocumentMut = document(text, origin)?;
    let tables = document
        .entry(TABLE)
        .or_insert(Item::ArrayOfTables(ArrayOfTables::new()));
    // That it is one was seen.
    if let Some(tables) = tables.as_array_of_tables_mut() {
        fixes.iter().for_each(|fix| put(tables, fix));
    }
    Ok(document.to_string())
}

fn put(tables: &mut ArrayOfTables, fix: &Fix) {
    let is = |table: &Table, key, value: &str| table.get(key).and_then(Item::as_str) == Some(value);
    let same =
        |table: &&mut Table| is(table, "source", &fix.source) && is(table, "change", &fix.change);
    let old = tables.iter_mut().find(same);
    let is_new = old.is_none();
    let mut fresh = Table::new();
    let table = old.unwrap_or(&mut fresh);
    let values = [&fix.source, &fix.version, &fix.change, &fix.reason];
    for (key, value) in FIELDS.into_iter().zip(values) {
        let mut value = Value::from(value);
        // A comment behind the old value stays behind the new one.
        if let Some(old) = table.get(key).and_then(Item::as_value) {
            *value.decor_mut() = old.decor().clone();
        }
        table.insert(key, Item::Value(value));
    }
    if is_new {
        tables.push(fresh);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fix(version: &str, change: &str) -> Fix {
        Fix {
            source: "python-aa".into(),
            version: version.into(),
            change: change.into(),
            reason: "why".into(),
        }
    }

    #[track_caller]
    fn check(old: &str, fixes: &[Fix], expect: &str) {
        let new = with_fixes(old, "pydeps.toml", fixes).unwrap();
        assert_eq!(new, expect);
        let again = with_fixes(&new, "pydeps.toml", fixes).unwrap();
        assert_eq!(again, new);
    }

    const ONE: &str =
        "[[fix]]\nsource = \"python-aa\"\nversion = \"1-1\"\nchange = \"x\"\nreason = \"why\"\n";

    #[test]
    fn everything_else_stays() {
        check("", &[], "");
        check("", &[fix("1-1", "x")], &format!("version = 1\n\n{ONE}"));
        let mine = "# mine\n[decisions]\na = {action='relax'} # so\n";
        check(mine, &[fix("1-1", "x")], &format!("{mine}\n{ONE}"));
        let two = format!("{ONE}\n{}", ONE.replace("\"x\"", "\"y\""));
        check(ONE, &[fix("1-1", "x"), fix("1-1", "y")], &two);
    }

    #[test]
    fn a_fix_of_another_version_is_replaced() {
        let mine = ONE.replace("1-1\"", "1-1\" # it is bug 1");
        let expect = mine.replace("1-1", "2-1");
        check(&mine, &[fix("2-1", "x")], &expect);
    }

    #[track_caller]
    fn wrong(text: &str, expect: &str) {
        let error = with_fixes(text, "p.toml", &[fix("1", "x")]).unwrap_err();
        assert_eq!(error.to_string(), expect);
    }

    #[test]
    fn what_is_no_fix() {
        wrong("fix = 1\n", "p.toml:1:7: `fix` is no list of tables");
        wrong(
            "[[fix]]\nwhy = 'x'\n",
            "p.toml:2:1: `why` is not a field of a fix",
        );
        wrong(
            "[[fix]]\nsource = 1\n",
            "p.toml:2:10: `source` is not a string",
        );
        wrong(
            "\n[[fix]]\nsource = 'a'\n",
            "p.toml:2:1: the fix has no `version`",
        );
    }
}
