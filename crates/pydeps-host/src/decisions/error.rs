//! What can be wrong with decisions, and where.

use std::io;
use std::ops::Range;

use pydeps_core::decision::Choice;
use pydeps_core::diagnostic::{Blame, Diagnostic};
use toml_edit::TableLike;

/// Decisions that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {reason}")]
pub struct DecisionError {
    /// `file:line:column`, or where else the line was given.
    pub origin: String,
    /// What is wrong.
    pub reason: String,
    /// What to do about it.
    pub help: String,
}

/// Why a directory's decisions cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file is there and cannot be read; the error names it.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is not what it should be.
    #[error(transparent)]
    Wrong(#[from] DecisionError),
}

impl Diagnostic for DecisionError {
    fn blame(&self) -> Blame {
        Blame::Input
    }

    fn hint(&self) -> Option<String> {
        Some(self.help.clone())
    }
}

impl Diagnostic for ReadError {
    /// The file is the project's own, whatever is wrong with it.
    fn blame(&self) -> Blame {
        Blame::Input
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::Io(_) => None,
            Self::Wrong(error) => error.hint(),
        }
    }
}

/// A text that is read, for the places in it.
pub(super) struct Text<'t> {
    pub(super) text: &'t str,
    origin: &'t str,
    is_file: bool,
}

impl<'t> Text<'t> {
    pub(super) fn file(text: &'t str, origin: &'t str) -> Self {
        let is_file = true;
        Self {
            text,
            origin,
            is_file,
        }
    }

    pub(super) fn line(text: &'t str, origin: &'t str) -> Self {
        let is_file = false;
        Self {
            text,
            origin,
            is_file,
        }
    }

    /// How a decision is written.
    pub(super) fn form(&self) -> &'static str {
        "write it like pyyaml = { action = \"relax\", reason = \"…\" }"
    }

    /// `file:line` of a key, or where the line was given.
    pub(super) fn origin_of(&self, table: &dyn TableLike, key: &str) -> String {
        match (self.is_file, table.key(key).and_then(toml_edit::Key::span)) {
            (true, Some(span)) => format!("{}:{}", self.origin, self.place(span.start).0),
            _ => self.origin.to_owned(),
        }
    }

    pub(super) fn wrong(
        &self,
        span: Option<Range<usize>>,
        reason: &str,
        help: impl Into<String>,
    ) -> DecisionError {
        let origin = match span {
            Some(span) => {
                let (line, column) = self.place(span.start);
                match self.is_file {
                    true => format!("{}:{line}:{column}", self.origin),
                    false => format!("{}, character {column}", self.origin),
                }
            }
            None => self.origin.to_owned(),
        };
        let reason = reason.to_owned();
        let help = help.into();
        DecisionError {
            origin,
            reason,
            help,
        }
    }

    pub(super) fn wrong_key(
        &self,
        table: &dyn TableLike,
        key: &str,
        reason: &str,
        help: impl Into<String>,
    ) -> DecisionError {
        let span = table.key(key).and_then(toml_edit::Key::span);
        self.wrong(span, reason, help)
    }

    /// Something is wrong with all of it.
    pub(super) fn whole(&self, reason: &str) -> DecisionError {
        self.wrong(None, reason, self.form())
    }

    /// Line and column, from 1; columns are characters.
    fn place(&self, at: usize) -> (usize, usize) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let line = before.matches('\n').count() + 1;
        (line, before[start..].chars().count() + 1)
    }
}

/// The words of the actions, for a message.
pub(super) fn actions() -> String {
    Choice::ALL.map(Choice::word).join(", ")
}
