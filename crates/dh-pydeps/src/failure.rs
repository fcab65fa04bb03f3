//! What a run came to, and the exit status for it.

use std::process::ExitCode;

use pydeps_core::diagnostic::{Blame, Diagnostic};
use pydeps_core::finding::Finding;

use crate::ui::Ui;

/// How a requirement is written.
pub(crate) const REQUIREMENT_HINT: &str =
    "write it like `requests`, `flower==2.0.1` or `fastapi[standard]>=0.100`";

/// What a command that ran came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, or yes.
    Yes,
    /// The answer is no: something is missing or has to be done.
    No,
    /// There is an answer, but nobody could read it.
    Lost,
}

impl Outcome {
    pub(crate) fn of(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }

    pub(crate) fn code(self) -> ExitCode {
        match self {
            Self::Yes => ExitCode::SUCCESS,
            Self::No => ExitCode::from(1),
            Self::Lost => ExitCode::from(3),
        }
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Failure {
    blame: Blame,
    error: anyhow::Error,
    hint: Option<String>,
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

impl<E: Diagnostic> From<E> for Failure {
    fn from(error: E) -> Self {
        let (blame, hint) = (error.blame(), error.hint());
        Self {
            hint,
            ..Self::new(blame, error.into())
        }
    }
}

impl Failure {
    /// What was given is wrong.
    pub(crate) fn input(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Blame::Input, error.into())
    }

    /// Something around the program is missing or fails.
    pub(crate) fn environment(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Blame::Environment, error.into())
    }

    fn new(blame: Blame, error: anyhow::Error) -> Self {
        Self {
            blame,
            error,
            hint: None,
        }
    }

    /// A finding that leaves nothing to go on with.
    pub(crate) fn of_finding(finding: &Finding) -> Self {
        let origin = finding.origin.as_ref();
        let origin = origin.map_or_else(String::new, |origin| format!("{origin}: "));
        let wanted =
            (finding.code == "requirement-unreadable").then(|| REQUIREMENT_HINT.to_owned());
        Self {
            hint: finding.hint.clone().or(wanted),
            ..Self::input(anyhow::anyhow!("{origin}{}", finding.message))
        }
    }

    /// The same with an action to take.
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, caused by what stands at `origin`.
    pub(crate) fn at(mut self, origin: &str) -> Self {
        self.error = anyhow::anyhow!("{origin}: {:#}", self.error);
        self
    }

    /// As a finding, if what was given is at fault, and others may go on without it.
    pub(crate) fn into_finding(self, code: &str) -> Result<Finding, Self> {
        let index = self.error.downcast_ref::<pydeps_index::Error>();
        if self.blame != Blame::Input || index.is_some_and(pydeps_index::Error::is_fatal) {
            return Err(self);
        }
        let finding = Finding::error(code, self.message());
        Ok(match self.hint {
            Some(hint) => finding.with_hint(hint),
            None => finding,
        })
    }

    /// What is wrong, and why.
    fn message(&self) -> String {
        let mut causes: Vec<String> = Vec::new();
        for cause in self.error.chain().map(ToString::to_string) {
            // An error often quotes its own cause already.
            if !causes.iter().any(|said| said.contains(&cause)) {
                causes.push(cause);
            }
        }
        causes.join(": ")
    }

    /// Tells the user, and gives the exit status.
    pub(crate) fn report(&self, ui: &Ui) -> ExitCode {
        ui.error(&self.message(), self.hint.as_deref());
        ExitCode::from(self.blame.exit_status())
    }
}
