//! One decision: its fields, and which of them go together.

use pep440_rs::VersionSpecifiers;
use pydeps_core::decision::{Choice, Decision};
use toml_edit::{Item, TableLike};

use super::error::{DecisionError, Text, actions};

const FIELDS: &str = "action, version, from, reason";

/// The word for the package index where a suite could be.
const INDEX: &str = "index";

/// Reads what stands behind `key`.
pub(super) fn entry(
    text: &Text<'_>,
    key: &str,
    item: &Item,
    origin: &str,
) -> Result<Decision, DecisionError> {
    let Some(table) = item.as_table_like() else {
        let reason = format!("the decision on `{key}` is not a table");
        return Err(text.wrong(item.span(), &reason, text.form()));
    };
    if let Some((field, _)) = table.iter().find(|(field, _)| !is_field(field)) {
        let reason = format!("`{field}` is not a field of a decision");
        let help = format!("the fields are {FIELDS}");
        return Err(text.wrong_key(table, field, &reason, help));
    }
    let fields = Fields { text, table };
    let choice = fields.choice(key, item)?;
    Ok(Decision {
        version: fields.version(choice, item)?,
        from: fields.from(choice)?,
        reason: fields.string("reason")?.map(str::to_owned),
        ..Decision::new(choice, origin)
    })
}

fn is_field(field: &str) -> bool {
    FIELDS.split(", ").any(|known| known == field)
}

struct Fields<'a> {
    text: &'a Text<'a>,
    table: &'a dyn TableLike,
}

impl<'a> Fields<'a> {
    fn string(&self, field: &str) -> Result<Option<&'a str>, DecisionError> {
        let Some(item) = self.table.get(field) else {
            return Ok(None);
        };
        let string = item.as_str().ok_or_else(|| {
            let reason = format!("`{field}` is not a string");
            self.text.wrong(item.span(), &reason, "put it into quotes")
        })?;
        Ok(Some(string))
    }

    /// Something is wrong with a field's value.
    fn bad(&self, field: &str, reason: &str, help: &str) -> DecisionError {
        let span = self.table.get(field).and_then(Item::span);
        self.text.wrong(span, reason, help)
    }

    /// A field that does not go with the action.
    fn unfit(&self, field: &str, choice: Choice) -> DecisionError {
        let reason = format!("`{field}` says nothing with the action `{}`", choice.word());
        self.text
            .wrong_key(self.table, field, &reason, "take it out")
    }

    fn choice(&self, key: &str, item: &Item) -> Result<Choice, DecisionError> {
        let known = format!("the actions are {}", actions());
        let Some(word) = self.string("action")? else {
            let reason = format!("the decision on `{key}` has no action");
            return Err(self.text.wrong(item.span(), &reason, known));
        };
        let choice = Choice::ALL.into_iter().find(|choice| choice.word() == word);
        choice.ok_or_else(|| {
            let reason = format!("`{word}` is not an action");
            self.bad("action", &reason, &known)
        })
    }

    fn version(&self, choice: Choice, item: &Item) -> Result<VersionSpecifiers, DecisionError> {
        let Some(text) = self.string("version")? else {
            if choice == Choice::Pin {
                let reason = "a pin needs a version";
                let help = "say which: version = \"==2.0.1\"";
                return Err(self.text.wrong(item.span(), reason, help));
            }
            return Ok(VersionSpecifiers::empty());
        };
        if choice == Choice::Ignore {
            return Err(self.unfit("version", choice));
        }
        let specifiers = text.parse::<VersionSpecifiers>().ok();
        // An empty text would be all versions.
        specifiers.filter(|all| !all.is_empty()).ok_or_else(|| {
            let reason = format!("`{text}` does not say which versions (PEP 440)");
            self.bad(
                "version",
                &reason,
                "write it like \"==2.0.1\" or \">=2,<3\"",
            )
        })
    }

    fn from(&self, choice: Choice) -> Result<Option<String>, DecisionError> {
        let Some(from) = self.string("from")? else {
            return Ok(None);
        };
        let fits = match choice {
            Choice::Replace => is_suite(from),
            Choice::Backport => is_suite(from) && from != INDEX,
            Choice::Generate => from == INDEX,
            Choice::Relax | Choice::Pin | Choice::Bundle | Choice::Ignore => {
                return Err(self.unfit("from", choice));
            }
        };
        match fits {
            true => Ok(Some(from.to_owned())),
            false => Err(self.bad("from", &place_reason(from, choice), place_help(choice))),
        }
    }
}

fn place_reason(from: &str, choice: Choice) -> String {
    format!("nothing can be taken from `{from}` to {}", choice.word())
}

fn place_help(choice: Choice) -> &'static str {
    match choice {
        Choice::Replace => "name a suite, as in from = \"sid\", or \"index\"",
        Choice::Generate => "leave it out: what is generated comes from the index",
        _ => "name a suite, as in from = \"sid\" or \"trixie-backports\"",
    }
}

/// Whether it can be the name of a suite: a word, as in the `Codename` and `Suite` fields
/// of a Release file.
fn is_suite(text: &str) -> bool {
    let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '+');
    text.starts_with(|c: char| c.is_ascii_alphanumeric()) && text.chars().all(part)
}
