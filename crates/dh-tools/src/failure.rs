//! Why a command has failed, and its exit status.

use std::process::ExitCode;

use pydeps_core::diagnostic::Diagnostic;

use crate::say::Say;

/// Why a command has failed.
#[derive(Debug)]
pub struct Failure {
    status: u8,
    error: Option<anyhow::Error>,
    hint: Option<String>,
}

impl<E: Diagnostic> From<E> for Failure {
    fn from(error: E) -> Self {
        let (status, hint) = (error.blame().exit_status(), error.hint());
        Self {
            hint,
            ..Self::new(status, error)
        }
    }
}

impl Failure {
    /// The answer is no, and what is wrong was said already: status 1.
    pub fn told() -> Self {
        Self {
            status: 1,
            error: None,
            hint: None,
        }
    }

    /// The answer is no: status 1.
    pub fn no(error: impl Into<anyhow::Error>) -> Self {
        Self::new(1, error)
    }

    /// What was given is wrong (the command line, a file in `debian/`): status 2.
    pub fn input(error: impl Into<anyhow::Error>) -> Self {
        Self::new(2, error)
    }

    /// Something around the command is missing or fails: status 3.
    pub fn environment(error: impl Into<anyhow::Error>) -> Self {
        Self::new(3, error)
    }

    fn new(status: u8, error: impl Into<anyhow::Error>) -> Self {
        Self {
            status,
            error: Some(error.into()),
            hint: None,
        }
    }

    /// The same with an action to take.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Tells it, and gives the exit status.
    pub(crate) fn report(&self, say: Say) -> ExitCode {
        if let Some(error) = &self.error {
            let mut causes: Vec<String> = Vec::new();
            for cause in error.chain().map(ToString::to_string) {
                // An error often quotes its own cause already.
                if !causes.iter().any(|said| said.contains(&cause)) {
                    causes.push(cause);
                }
            }
            say.error(&causes.join(": "));
        }
        if let Some(hint) = &self.hint {
            say.hint(hint);
        }
        ExitCode::from(self.status)
    }
}
