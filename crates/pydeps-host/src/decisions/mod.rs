//! `debian/pydeps.toml`: what a person has decided about distributions. The values are
//! [`pydeps_core::decision`].
//!
//! ```toml
//! version = 1
//!
//! [decisions]
//! pyyaml = { action = "relax", reason = "6.0.2 has all that is used" }
//! typer = { action = "replace", version = ">=0.26.1", from = "sid" }
//! ```
//!
//! `version` is that of the format and may be left out. Which fields a decision may have
//! depends on its action:
//!
//! | action | `version` | `from` |
//! |---|---|---|
//! | `relax`, `bundle` | may be | no |
//! | `backport` | may be | a suite |
//! | `replace` | may be | a suite, or `index` |
//! | `generate` | may be | `index`, which is understood |
//! | `pin` | has to be | no |
//! | `ignore` | no | no |
//!
//! What `build` has changed to make packages build is in tables `[[fix]]`, see `fixes`.
//!
//! Every decision may have a `reason`. What is not known here is an error: a slip of the
//! pen must not pass for a decision.

mod entry;
mod error;
mod fixes;
#[cfg(test)]
mod tests;
mod write;

use std::io;
use std::path::{Path, PathBuf};

use pydeps_core::decision::{Decision, Decisions};
use pydeps_core::name::DistName;
use toml_edit::{Document, Item, TableLike};

pub use error::{DecisionError, ReadError};
pub use fixes::{record_fixes, with_fixes};
pub use write::{RecordError, record, with};

use entry::entry;
use error::Text;

/// The file's name in a source package.
pub const FILE: &str = "debian/pydeps.toml";

/// The file's name in a directory that is no source package.
pub const FILE_ELSEWHERE: &str = "pydeps.toml";

/// The only format there is.
const FORMAT: i64 = 1;

/// Where the decisions of a directory are, or would be: `debian/pydeps.toml` if it has a
/// `debian` directory, else `pydeps.toml`. The path is relative to it.
pub fn file_of(directory: &Path) -> &'static str {
    match directory.join("debian").is_dir() {
        true => FILE,
        false => FILE_ELSEWHERE,
    }
}

/// The decisions of a directory; none where it has no such file.
pub fn read(directory: &Path) -> Result<Decisions, ReadError> {
    let name = file_of(directory);
    match fs_err::read_to_string(directory.join(name)) {
        Ok(text) => Ok(parse(&text, &shown(directory, name))?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Decisions::new()),
        Err(error) => Err(error.into()),
    }
}

/// The path as it is shown: without a leading `./`.
fn shown(directory: &Path, name: &str) -> String {
    let path: PathBuf = directory.join(name);
    let path = path.strip_prefix(".").unwrap_or(&path);
    path.display().to_string()
}

/// Reads the text of a file; `origin` is its name.
pub fn parse(text: &str, origin: &str) -> Result<Decisions, DecisionError> {
    let text = Text::file(text, origin);
    let document = document(&text)?;
    let mut decisions = Decisions::new();
    for (key, item) in document.iter() {
        match key {
            "version" => format_version(&text, item)?,
            "decisions" => table(&text, item, &mut decisions)?,
            fixes::TABLE => fixes::check(&text, item)?,
            other => {
                let reason = format!("`{other}` is not known here");
                let help = "there are `version`, and the tables [decisions] and [[fix]]";
                return Err(text.wrong_key(document.as_table(), other, &reason, help));
            }
        }
    }
    Ok(decisions)
}

/// Reads one line of the table, `NAME = { action = "…" }`, as given elsewhere than in the
/// file; `origin` says where.
pub fn parse_line(text: &str, origin: &str) -> Result<(DistName, Decision), DecisionError> {
    let text = Text::line(text, origin);
    let document = document(&text)?;
    let mut lines = document.iter();
    match (lines.next(), lines.next()) {
        (Some((key, item)), None) => one(&text, document.as_table(), key, item),
        (None, _) => Err(text.whole("it is empty")),
        (Some(_), Some(_)) => Err(text.whole("there is more than one decision in it")),
    }
}

fn document<'t>(text: &Text<'t>) -> Result<Document<&'t str>, DecisionError> {
    Document::parse(text.text)
        .map_err(|error| text.wrong(error.span(), error.message(), text.form()))
}

fn format_version(text: &Text<'_>, item: &Item) -> Result<(), DecisionError> {
    if item.as_integer() == Some(FORMAT) {
        return Ok(());
    }
    let reason = format!("the format is {}", item.to_string().trim());
    let help = "this program reads version = 1; a later one may read it";
    Err(text.wrong(item.span(), &reason, help))
}

fn table(text: &Text<'_>, item: &Item, decisions: &mut Decisions) -> Result<(), DecisionError> {
    let Some(table) = item.as_table_like() else {
        return Err(text.wrong(item.span(), "`decisions` is not a table", text.form()));
    };
    for (key, item) in table.iter() {
        let (name, decision) = one(text, table, key, item)?;
        if let Some(first) = decisions.get(&name) {
            let reason = format!("`{name}` is decided twice, first at {}", first.origin);
            return Err(text.wrong_key(table, key, &reason, "take one of them out"));
        }
        decisions.insert(name, decision);
    }
    Ok(())
}

fn one(
    text: &Text<'_>,
    table: &dyn TableLike,
    key: &str,
    item: &Item,
) -> Result<(DistName, Decision), DecisionError> {
    let name = key.parse::<DistName>().ok();
    // The parser lets an empty name through.
    let name = name
        .filter(|name| !name.as_ref().is_empty())
        .ok_or_else(|| {
            let reason = format!("`{key}` is not the name of a distribution");
            text.wrong_key(table, key, &reason, text.form())
        })?;
    let origin = text.origin_of(table, key);
    Ok((name, entry(text, key, item, &origin)?))
}
