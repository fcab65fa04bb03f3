//! What was noticed on the way to an answer.
//!
//! A translation, a mapping or a resolution returns its answer and a list of
//! findings; it never prints and never drops anything silently.

use serde::{Deserialize, Serialize};

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; nothing has to be done.
    Info,
    /// The answer is usable, but differs from what was asked.
    Warning,
    /// There is no usable answer for this part.
    Error,
}

/// Something that was noticed, with a way out where there is one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Stable, hyphenated identifier, for scripts and for searching.
    pub code: String,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence without a final stop.
    pub message: String,
    /// What it is about: `file:line`, a URL, or a requirement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// One action that the packager can take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Finding {
    /// A finding of the given severity, without origin and hint.
    pub fn new(severity: Severity, code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            severity,
            message: message.into(),
            origin: None,
            hint: None,
        }
    }

    /// An [`Severity::Info`] finding.
    pub fn info(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, message)
    }

    /// A [`Severity::Warning`] finding.
    pub fn warning(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// An [`Severity::Error`] finding.
    pub fn error(code: &str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// The same finding, saying what it is about.
    #[must_use]
    pub fn with_origin(mut self, origin: impl Into<String>) -> Self {
        self.origin = Some(origin.into());
        self
    }

    /// The same finding, with an action to take.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
