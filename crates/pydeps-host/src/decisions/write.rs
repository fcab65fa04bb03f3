//! Writing a decision: only its line changes.

use std::io;
use std::path::{Path, PathBuf};

use pydeps_core::decision::Decision;
use pydeps_core::diagnostic::{Blame, Diagnostic};
use pydeps_core::name::DistName;
use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value};

use super::error::{DecisionError, ReadError, Text};
use super::{FORMAT, file_of, parse, shown};
use crate::atomic::{self, WriteError};

/// A decision that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// The file that is there cannot be read, or is wrong.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The new one cannot be written; the old one is still there.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl Diagnostic for RecordError {
    fn blame(&self) -> Blame {
        match self {
            Self::Read(error) => error.blame(),
            Self::Write(_) => Blame::Environment,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Read(_) => Some("mend the file, and try again".to_owned()),
            Self::Write(_) => None,
        }
    }
}

/// Records a decision in the file of a directory, in place of one on the same
/// distribution; everything else stays as it is. Makes the file if there is none. Gives
/// its path.
///
/// # Errors
///
/// [`RecordError`]; the file is then what it was.
pub fn record(
    directory: &Path,
    name: &DistName,
    decision: &Decision,
) -> Result<PathBuf, RecordError> {
    replace(directory, |text, origin| with(text, origin, name, decision))?;
    Ok(directory.join(file_of(directory)))
}

/// Puts a new text in the place of the file of a directory. Gives its path if that changes
/// anything.
pub(super) fn replace(
    directory: &Path,
    new: impl Fn(&str, &str) -> Result<String, DecisionError>,
) -> Result<Option<PathBuf>, RecordError> {
    let path = directory.join(file_of(directory));
    let old = match fs_err::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(ReadError::from(error).into()),
    };
    let origin = shown(directory, file_of(directory));
    let new = new(&old, &origin).map_err(ReadError::from)?;
    if new == old {
        return Ok(None);
    }
    atomic::write(&path, new.as_bytes())?;
    Ok(Some(path))
}

/// The text of a file with a decision added or replaced; `origin` is the file's name.
///
/// # Errors
///
/// [`DecisionError`] if the text is wrong already.
pub fn with(
    text: &str,
    origin: &str,
    name: &DistName,
    decision: &Decision,
) -> Result<String, DecisionError> {
    let mut document = document(text, origin)?;
    let table = document
        .entry("decisions")
        .or_insert(Item::Table(Table::new()));
    // `parse` has seen that it is one.
    if let Some(table) = table.as_table_like_mut() {
        put(table, name, decision);
    }
    Ok(document.to_string())
}

/// A text that is right, to be edited; an empty one begins with the format's version.
pub(super) fn document(text: &str, origin: &str) -> Result<DocumentMut, DecisionError> {
    parse(text, origin)?;
    let place = Text::file(text, origin);
    let mut document: DocumentMut = text
        .parse()
        .map_err(|error: toml_edit::TomlError| place.wrong(error.span(), error.message(), ""))?;
    if document.is_empty() {
        document.insert("version", toml_edit::value(FORMAT));
    }
    Ok(document)
}

fn put(table: &mut dyn TableLike, name: &DistName, decision: &Decision) {
    let same = |key: &str| key.parse::<DistName>().is_ok_and(|key| key == *name);
    let spelled = table.iter().map(|(key, _)| key.to_owned());
    let key = spelled.into_iter().find(|key| same(key));
    let key = key.unwrap_or_else(|| name.to_string());
    let mut value = Value::InlineTable(fields(decision));
    // A comment behind the old decision stays behind the new one.
    if let Some(old) = table.get(&key).and_then(Item::as_value) {
        *value.decor_mut() = old.decor().clone();
    }
    table.insert(&key, Item::Value(value));
}

fn fields(decision: &Decision) -> InlineTable {
    let version = Some(decision.version.to_string()).filter(|text| !text.is_empty());
    let fields = [
        ("action", Some(decision.choice.word().to_owned())),
        ("version", version),
        ("from", decision.from.clone()),
        ("reason", decision.reason.clone()),
    ];
    let given = fields
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)));
    given
        .map(|(key, value)| (key, Value::from(value)))
        .collect()
}
