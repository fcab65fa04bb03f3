//! The session of this directory: its lock, what was asked for in it, and what has
//! changed since.

mod asked;

use std::path::Path;

use clap::Args;
use clap::builder::FalseyValueParser;
use pydeps_core::finding::Finding;
use pydeps_core::lock::{Lock, changes};
use pydeps_host::{decisions, lock};

use crate::failure::Failure;
use crate::flows::resolve::{Resolved, WhatArgs};
use crate::ui::Ui;

/// The directory that a session is in.
const HERE: &str = ".";

/// What becomes of the lock.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Session")]
pub struct LockArgs {
    /// Only look: leave the lock of this directory as it is, and make none
    #[arg(long, env = "DH_PYDEPS_NO_LOCK", value_parser = FalseyValueParser::new())]
    pub no_lock: bool,
    /// Begin a new session in this directory, although its lock is about something else
    #[arg(long, conflicts_with = "no_lock")]
    pub new: bool,
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
    pub(crate) fn goes_on(&self, given: &WhatArgs) -> WhatArgs {
        match &self.lock {
            Some(lock) if !given.names_something() => given.clone().after(lock),
            _ => given.clone(),
        }
    }

    /// The lock, if what is given asks for nothing but it.
    pub(crate) fn answers(&self, given: &WhatArgs) -> Option<&Lock> {
        let lock = self.lock.as_ref()?;
        let same = !given.names_something() && given.clone().after(lock).is_of(lock);
        same.then_some(lock)
    }

    /// What has changed since the lock; nothing if it is about something else.
    pub(crate) fn changes(&self, what: &WhatArgs, resolved: &Resolved) -> Vec<String> {
        let new = lock_of(what, Vec::new(), resolved);
        let old = self.lock.as_ref();
        let same = old.filter(|old| old.asked.is_about(&new.asked));
        same.map(|old| changes(old, &new)).unwrap_or_default()
    }

    /// Keeps the answer in the lock, unless that is about something else.
    pub(crate) fn keep(
        &mut self,
        args: &LockArgs,
        what: &WhatArgs,
        resolved: &Resolved,
        ui: &Ui,
    ) -> Result<(), Failure> {
        if args.no_lock {
            return Ok(());
        }
        let new = lock_of(what, decided()?, resolved);
        let other = |old: &&Lock| !args.new && !old.asked.is_about(&new.asked);
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
    let now = decided()?;
    let text = format!("decisions have changed since {} was written", file());
    let finding = Finding::warning("decided-since", text);
    let finding = finding.with_hint("`dh-pydeps resolve` takes them in");
    Ok((now != lock.decided).then_some(finding))
}

/// The decisions of this directory, as lines.
fn decided() -> Result<Vec<String>, Failure> {
    let decisions = crate::inputs::decided()?;
    let lines = decisions.iter().map(|(name, decision)| decision.line(name));
    Ok(lines.collect())
}

fn lock_of(what: &WhatArgs, decided: Vec<String>, resolved: &Resolved) -> Lock {
    let suite = resolved.debian.archive().suite();
    let sdists = resolved.sdists.clone();
    Lock::new(suite, what.asked(), decided, &resolved.resolution, sdists)
}
