//! The compat level (debhelper(7), "COMPATIBILITY LEVELS"): where it is declared, and what
//! depends on it here.

use crate::control::Control;

/// A compat level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Compat(u32);

/// The level cannot be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CompatError {
    /// It is declared nowhere.
    #[error(
        "no compat level is declared; add debhelper-compat (= 13) to Build-Depends in debian/control"
    )]
    Missing,
    /// It is declared in two places.
    #[error("the compat level is declared twice, by {0} and by {1}; take one of them out")]
    Twice(String, String),
    /// The declaration cannot be read.
    #[error("{declaration} declares no compat level: {reason}")]
    Unreadable {
        /// What was found.
        declaration: String,
        /// What is wrong with it.
        reason: &'static str,
    },
}

const PLAIN: &str =
    "write debhelper-compat (= N), without alternatives, architectures and profiles";
const PLACE: &str = "debhelper-compat has to be in Build-Depends";
const NUMBER: &str = "it has to be a number";

impl Compat {
    /// The level of that number.
    pub fn new(level: u32) -> Self {
        Self(level)
    }

    /// Its number.
    pub fn level(self) -> u32 {
        self.0
    }

    /// Reads the level. `file` is the text of `debian/compat` if there is one, `variable`
    /// the value of `DH_COMPAT`, which takes precedence over what is declared.
    pub fn read(
        control: &Control,
        file: Option<&str>,
        variable: Option<&str>,
    ) -> Result<Self, CompatError> {
        let declared = declared(control, file)?;
        match variable.filter(|text| !text.is_empty()) {
            None => Ok(declared),
            Some(text) => number(text, &format!("DH_COMPAT={text}")),
        }
    }

    /// Long options may be abbreviated up to 12.
    pub fn abbreviates_options(self) -> bool {
        self.0 <= 12
    }

    /// Words of configuration files have `${VARIABLES}` from 13 on.
    pub fn expands_variables(self) -> bool {
        self.0 >= 13
    }

    /// Configuration files may be for one architecture or one `--name` up to 13; from 14
    /// on only where a command says so.
    pub fn has_file_variants(self) -> bool {
        self.0 <= 13
    }

    /// A command that has done its work says so in a log up to 9; from 10 on only within
    /// override targets and hooks.
    pub fn always_logs(self) -> bool {
        self.0 <= 9
    }

    /// `NAMESPACE:Depends` and the like reach their fields without being mentioned there
    /// from 14 on.
    pub fn merges_substvars(self) -> bool {
        self.0 >= 14
    }
}

fn declared(control: &Control, file: Option<&str>) -> Result<Compat, CompatError> {
    let dependency = dependency(control)?;
    let field = control.x_dh_compat.as_deref();
    let field = field.map(|text| (format!("X-DH-Compat: {text}"), text.to_owned()));
    let file = file.map(|text| {
        let first = text.lines().next().unwrap_or_default().trim();
        (format!("debian/compat: {first}"), first.to_owned())
    });
    let mut found = [dependency, field, file].into_iter().flatten();
    match (found.next(), found.next()) {
        (None, _) => Err(CompatError::Missing),
        (Some((first, _)), Some((second, _))) => Err(CompatError::Twice(first, second)),
        (Some((declaration, text)), None) => number(&text, &declaration),
    }
}

/// The relation `debhelper-compat (= N)`, and N.
fn dependency(control: &Control) -> Result<Option<(String, String)>, CompatError> {
    let mut found: Option<(String, String)> = None;
    for (at, field) in control.build_depends.iter().enumerate() {
        for relation in field.split(',').map(str::trim) {
            let Some(rest) = relation.strip_prefix("debhelper-compat") else {
                continue;
            };
            if !rest.is_empty() && !rest.starts_with([' ', '(', '[', '<', '|']) {
                continue;
            }
            let level = exactly(rest).ok_or_else(|| unreadable(relation, PLAIN))?;
            if at != 0 {
                return Err(unreadable(relation, PLACE));
            }
            if let Some((first, _)) = found {
                return Err(CompatError::Twice(first, relation.to_owned()));
            }
            found = Some((relation.to_owned(), level.to_owned()));
        }
    }
    Ok(found)
}

/// `(= N)`
fn exactly(text: &str) -> Option<&str> {
    let inner = text.trim().strip_prefix('(')?.strip_suffix(')')?;
    Some(inner.trim().strip_prefix('=')?.trim())
}

fn number(text: &str, declaration: &str) -> Result<Compat, CompatError> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let level = is_number.then(|| text.parse().ok()).flatten();
    level
        .map(Compat)
        .ok_or_else(|| unreadable(declaration, NUMBER))
}

fn unreadable(declaration: &str, reason: &'static str) -> CompatError {
    CompatError::Unreadable {
        declaration: declaration.to_owned(),
        reason,
    }
}

#[cfg(test)]
mod tests;
