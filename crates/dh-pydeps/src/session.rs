//! The session of this directory: its lock, what was asked for in it, and what has
//! changed since.

use std::path::Path;

use pydeps_core::decision::Decisions;
use pydeps_core::finding::Finding;
use pydeps_core::lock::{Lock, changes};
use pydeps_host::{decisions, lock};

use crate::failure::Failure;
use crate::query::Query;
use crate::ui::Ui;

/// The directory that a session is in.
const HERE: &str = ".";

/// What becomes of the lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockUse {
    /// It stays as it is, and none is made.
    Read,
    /// It keeps the answer, unless it is about something else.
    Continue,
    /// It makes way for the answer.
    Replace,
}

/// The lock of this directory, as it was found.
pub(crate) struct Session {
    pub(crate) lock: Option<Lock>,
}

impl Session {
    /// Reads the lock of this directory, if it has one.
    pub(crate) fn open() -> Result<Self, Failure> {
        let lock = lock::read(Path::new(HERE))?;
        Ok(Self { lock })
    }

    /// What is to be resolved: where nothing is given, what the lock is about, with its
    /// options where none are given.
    pub(crate) fn continued(&self, query: Query) -> Query {
        match &self.lock {
            Some(lock) if !query.asked.names_something() => query.after(lock),
            _ => query,
        }
    }

    /// The lock, if a query asks for nothing but it.
    pub(crate) fn answer_to(&self, query: &Query) -> Option<&Lock> {
        let lock = self.lock.as_ref()?;
        let same = !query.asked.names_something() && query.clone().after(lock).is_of(lock);
        same.then_some(lock)
    }

    /// What has changed since the lock; nothing if it is about something else.
    pub(crate) fn changes(&self, new: &Lock) -> Vec<String> {
        let old = self.lock.as_ref();
        let same = old.filter(|old| old.asked.is_about(&new.asked));
        same.map(|old| changes(old, new)).unwrap_or_default()
    }

    /// Keeps the answer in the lock, unless that is about something else.
    pub(crate) fn keep(&mut self, new: Lock, lock_use: LockUse, ui: &Ui) -> Result<(), Failure> {
        if lock_use == LockUse::Read {
            return Ok(());
        }
        let replaces = lock_use == LockUse::Replace;
        let other = |old: &&Lock| !replaces && !old.asked.is_about(&new.asked);
        if let Some(old) = self.lock.as_ref().filter(other) {
            let (file, subject) = (file(), old.asked.subject());
            ui.status(&format!(
                "{file} stays as it is, about {subject}: --new replaces it."
            ));
            return Ok(());
        }
        let written = lock::write(Path::new(HERE), &new);
        let (_, written) = written
            .map_err(|error| Failure::environment(error).with_hint("--no-lock only looks"))?;
        if written {
            ui.status(&format!("The tree is in {}.", file()));
        }
        self.lock = Some(new);
        Ok(())
    }
}

/// The lock's path, as it is shown.
pub(crate) fn file() -> &'static str {
    lock::file_of(Path::new(HERE))
}

/// The path of the decisions, as it is shown.
pub(crate) fn decisions_file() -> &'static str {
    decisions::file_of(Path::new(HERE))
}

/// Says so if other decisions stand in the file than when the lock was written.
pub(crate) fn outdated(lock: &Lock) -> Result<Option<Finding>, Failure> {
    let now = decision_lines()?;
    let text = format!("decisions have changed since {} was written", file());
    let finding = Finding::warning("decided-since", text);
    let finding = finding.with_hint("`dh-pydeps resolve` takes them in");
    Ok((now != lock.decided).then_some(finding))
}

/// The decisions of this directory.
pub(crate) fn decided() -> Result<Decisions, Failure> {
    Ok(decisions::read(Path::new(HERE))?)
}

/// The decisions of this directory, as lines.
pub(crate) fn decision_lines() -> Result<Vec<String>, Failure> {
    let decisions = decided()?;
    let lines = decisions.iter().map(|(name, decision)| decision.line(name));
    Ok(lines.collect())
}
