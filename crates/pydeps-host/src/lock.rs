//! `debian/pydeps.lock`: a resolved tree, as [`pydeps_core::lock`] has it, in TOML that is
//! sorted and reads well in a diff: one requirer a line, one distribution a table.

mod format1;
#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};

use pydeps_core::diagnostic::{Blame, Diagnostic};
use pydeps_core::lock::{FORMAT, Lock};
use toml_edit::{Array, DocumentMut, Item, Table, Value};

use crate::atomic::{self, WriteError};

/// The file's name in a source package.
pub const FILE: &str = "debian/pydeps.lock";

/// The file's name in a directory that is no source package.
pub const FILE_ELSEWHERE: &str = "pydeps.lock";

/// What stands above.
const HEADING: &str = "\
# A dependency tree as dh-pydeps has resolved it. `dh-pydeps resolve` writes it anew;
# decisions belong into pydeps.toml.
";

/// A lock that cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// It is there and cannot be read; the error names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is no lock.
    #[error("{file}:{line}: {reason}")]
    Wrong {
        /// The file, as it was named.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// It is of another format.
    #[error("{file}: the format is {found}, and this program reads 1 and {FORMAT}")]
    Format {
        /// The file, as it was named.
        file: String,
        /// Its format.
        found: i64,
    },
}

impl Diagnostic for LockError {
    /// The file is the project's own, whatever is wrong with it.
    fn blame(&self) -> Blame {
        Blame::Input
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Io(_) => "make it readable, or remove it".to_owned(),
            Self::Wrong { file, .. } => {
                format!("take it from version control, or remove {file} and resolve again")
            }
            Self::Format { .. } => "use the program that wrote it, or resolve again".to_owned(),
        })
    }
}

/// Where the lock of a directory is, or would be, relative to it: in `debian` if there is
/// such a directory.
pub fn file_of(directory: &Path) -> &'static str {
    match directory.join("debian").is_dir() {
        true => FILE,
        false => FILE_ELSEWHERE,
    }
}

/// The lock of a directory, if it has one.
///
/// # Errors
///
/// [`LockError`] if it is there and is none.
pub fn read(directory: &Path) -> Result<Option<Lock>, LockError> {
    let path = directory.join(file_of(directory));
    match fs_err::read_to_string(&path) {
        Ok(text) => parse(&text, &shown(&path)).map(Some),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The path without a leading `./`.
fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}

/// Reads the text of a lock; `file` is its name.
///
/// # Errors
///
/// [`LockError::Wrong`] with the line, or [`LockError::Format`].
pub fn parse(text: &str, file: &str) -> Result<Lock, LockError> {
    let wrong = |error: toml_edit::de::Error| LockError::Wrong {
        file: file.to_owned(),
        line: error.span().map_or(1, |span| line_of(text, span.start)),
        reason: error.message().to_owned(),
    };
    match format_of(text) {
        // A later format may have what this one does not know.
        Some(found) if found != 1 && found != FORMAT => {
            let file = file.to_owned();
            Err(LockError::Format { file, found })
        }
        Some(1) => {
            let upgraded = format1::upgrade(text);
            toml_edit::de::from_str(upgraded.as_deref().unwrap_or(text)).map_err(wrong)
        }
        _ => toml_edit::de::from_str(text).map_err(wrong),
    }
}

fn format_of(text: &str) -> Option<i64> {
    let document = text.parse::<DocumentMut>().ok()?;
    document.get("version")?.as_integer()
}

fn line_of(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or(text);
    before.matches('\n').count() + 1
}

/// Writes the lock of a directory, unless the file says the same already. Gives the file's
/// path, and whether it was written.
///
/// # Errors
///
/// [`WriteError`]; the old file is then still there.
pub fn write(directory: &Path, lock: &Lock) -> Result<(PathBuf, bool), WriteError> {
    let path = directory.join(file_of(directory));
    let text = print(lock);
    if fs_err::read_to_string(&path).is_ok_and(|old| old == text) {
        return Ok((path, false));
    }
    atomic::write(&path, text.as_bytes())?;
    Ok((path, true))
}

/// The text of a lock.
pub fn print(lock: &Lock) -> String {
    let mut document = toml_edit::ser::to_document(lock).expect("a lock is plain data");
    let root = document.as_table_mut();
    for (_, item) in root.iter_mut() {
        into_tables(item);
    }
    spread(root);
    format!("{HEADING}{document}")
}

/// What is a table or a list of tables at the top gets a header of its own.
fn into_tables(item: &mut Item) {
    let taken = std::mem::take(item);
    *item = match taken.into_array_of_tables() {
        Ok(tables) => Item::ArrayOfTables(tables),
        Err(other) => other.into_table().map_or_else(|same| same, Item::Table),
    };
    match item {
        Item::ArrayOfTables(tables) => tables.iter_mut().for_each(spread),
        Item::Table(table) => spread(table),
        _ => {}
    }
}

/// Lists with more than one element, or of tables, get a line for each.
fn spread(table: &mut Table) {
    for (_, item) in table.iter_mut() {
        if let Some(array) = item.as_array_mut() {
            spread_array(array);
        }
    }
}

fn spread_array(array: &mut Array) {
    let tables = array.iter().any(Value::is_inline_table);
    if array.len() < 2 && !tables {
        return;
    }
    for value in array.iter_mut() {
        value.decor_mut().set_prefix("\n    ");
    }
    array.set_trailing("\n");
    array.set_trailing_comma(true);
}
