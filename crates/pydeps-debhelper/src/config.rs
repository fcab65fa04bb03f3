//! The lines of a configuration file (`filedoublearray` in `Dh_Lib.pm`; debhelper(7),
//! "DEBHELPER CONFIG FILES", "Executable debhelper config files", "Substitutions").
//!
//! A file that may be executed is run by the caller, who gives its output here.

use crate::compat::Compat;

/// Where the text comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<'a> {
    /// It is the file's own.
    File(&'a str),
    /// The file was run, and this is its output: there are no comments in it.
    Output(&'a str),
}

/// One line that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Counted from 1.
    pub number: usize,
    /// Its words.
    pub words: Vec<String>,
}

/// A line that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}:{line}: {problem}")]
pub struct ConfigError {
    /// The file.
    pub origin: String,
    /// Counted from 1.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// An executable file's output has a line of blanks.
    #[error("a line of nothing but blanks in the output of an executable file")]
    Blanks,
    /// There is no such variable.
    #[error("cannot resolve variable \"${{{0}}}\"")]
    Unknown(String),
    /// A word has too many variables, or becomes too long.
    #[error("refusing to expand ${{{0}}}: too many variables, or too long a word")]
    TooMuch(String),
}

/// How many variables a word may have, and how long it may become. debhelper counts up
/// to 50, but stops at the 20th, as it takes them to be at one place.
const MOST_VARIABLES: usize = 19;
const LENGTH: usize = 4096;
const GROWTH: usize = 3;

/// The value of a variable: of `DEB_HOST_ARCH` and its like, or `env:NAME`.
pub type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Reads the lines. `variables` gives the values of `DEB_{BUILD,HOST,TARGET}_*` and of
/// `env:NAME`.
pub fn lines(
    text: &str,
    origin: Origin<'_>,
    compat: Compat,
    variables: Variables<'_>,
) -> Result<Vec<Line>, ConfigError> {
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let number = at + 1;
        let read = || words(line, origin, compat, variables);
        let words = read().map_err(|problem| ConfigError {
            origin: origin.name().to_owned(),
            line: number,
            problem,
        })?;
        if !words.is_empty() {
            lines.push(Line { number, words });
        }
    }
    Ok(lines)
}

impl Origin<'_> {
    fn name(&self) -> &str {
        match self {
            Self::File(name) | Self::Output(name) => name,
        }
    }
}

fn words(
    line: &str,
    origin: Origin<'_>,
    compat: Compat,
    variables: Variables<'_>,
) -> Result<Vec<String>, Problem> {
    let is_blank = !line.is_empty() && line.trim().is_empty();
    match origin {
        Origin::Output(_) if is_blank => return Err(Problem::Blanks),
        Origin::File(_) if line.trim_start().starts_with('#') => return Ok(Vec::new()),
        _ => {}
    }
    let words = line.split_whitespace();
    match compat.expands_variables() {
        true => words.map(|word| expand(word, variables)).collect(),
        false => Ok(words.map(str::to_owned).collect()),
    }
}

/// Replaces `${NAME}`, once, and `${}` by a dollar sign. What has another form stays.
pub fn expand(word: &str, variables: Variables<'_>) -> Result<String, Problem> {
    let limit = LENGTH.max(GROWTH * word.len());
    let (mut expanded, mut rest, mut count) = (String::new(), word, 0);
    while let Some(at) = rest.find("${") {
        let (before, variable) = (&rest[..at], &rest[at + 2..]);
        expanded += before;
        match name(variable) {
            None => {
                expanded += "${";
                rest = variable;
            }
            Some("") => {
                expanded += "$";
                rest = &variable[1..];
            }
            Some(name) => {
                count += 1;
                expanded += &value(name, variables)?;
                rest = &variable[name.len() + 1..];
                if count > MOST_VARIABLES || expanded.len() + rest.len() > limit {
                    return Err(Problem::TooMuch(name.to_owned()));
                }
            }
        }
    }
    Ok(expanded + rest)
}

/// The name before a closing brace, which may be empty.
fn name(text: &str) -> Option<&str> {
    let name = &text[..text.find('}')?];
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':');
    (name.chars().all(is_part) && !name.starts_with(['-', '_', ':'])).then_some(name)
}

fn value(name: &str, variables: Variables<'_>) -> Result<String, Problem> {
    let architecture = ["DEB_BUILD_", "DEB_HOST_", "DEB_TARGET_"];
    let is_known = || architecture.iter().any(|prefix| name.starts_with(prefix));
    let value = match name {
        "Dollar" => Some("$".to_owned()),
        "Space" => Some(" ".to_owned()),
        "Tab" => Some("\t".to_owned()),
        "Newline" => Some("\n".to_owned()),
        _ if is_known() || name.starts_with("env:") => variables(name),
        _ => None,
    };
    value.ok_or_else(|| Problem::Unknown(name.to_owned()))
}

#[cfg(test)]
mod tests;
