//! Arguments as a lock keeps them, and back.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use pydeps_core::lock::{Asked, Lock};

use crate::flows::resolve::{Origin, WhatArgs};
use crate::shared_args::OriginArgs;

/// The project in this directory.
const PROJECT: &str = ".";

impl WhatArgs {
    /// Whether it says what is to be resolved.
    pub(crate) fn names_something(&self) -> bool {
        !self.what.is_empty() || !self.requirements.is_empty()
    }

    /// As a lock keeps it.
    pub(crate) fn asked(&self) -> Asked {
        let what = match self.names_something() {
            true => self.what.clone(),
            false => vec![PROJECT.to_owned()],
        };
        let OriginArgs {
            backports,
            locals,
            backport_from,
        } = self.suite.origins.clone();
        Asked {
            what,
            requirements: self.requirements.iter().map(|path| text(path)).collect(),
            constraints: self.constraints.iter().map(|path| text(path)).collect(),
            extras: self.extras.clone(),
            groups: self.groups.clone(),
            locked: self.locked,
            decide: self.decide.clone(),
            origin: self
                .origin
                .filter(|origin| *origin != Origin::Suite)
                .map(word),
            window: self.window,
            budget: self.budget,
            cheaper: self.cheaper,
            pre: self.pre,
            backports,
            local: locals,
            backport_from,
            exclude_newer: self.index.exclude_newer,
        }
    }

    /// The same where the lock was left: what is not given is as it was then.
    pub(crate) fn after(mut self, lock: &Lock) -> Self {
        let old = lock.asked.clone();
        let paths = |texts: Vec<String>| texts.into_iter().map(PathBuf::from).collect::<Vec<_>>();
        or(&mut self.what, old.what);
        or(&mut self.requirements, paths(old.requirements));
        or(&mut self.constraints, paths(old.constraints));
        or(&mut self.extras, old.extras);
        or(&mut self.groups, old.groups);
        or(&mut self.decide, old.decide);
        or(&mut self.suite.origins.locals, old.local);
        self.locked |= old.locked;
        self.cheaper |= old.cheaper;
        self.pre |= old.pre;
        self.suite.origins.backports |= old.backports;
        let origin = old.origin.as_deref().and_then(origin);
        self.origin = self.origin.or(origin);
        self.window = self.window.or(old.window);
        self.budget = self.budget.or(old.budget);
        let origins = &mut self.suite.origins;
        origins.backport_from = origins.backport_from.take().or(old.backport_from);
        self.index.exclude_newer = self.index.exclude_newer.or(old.exclude_newer);
        let suite = self.suite.suite.take();
        self.suite.suite = suite.or(Some(lock.suite.clone()));
        let architecture = self.suite.architecture.take();
        self.suite.architecture = architecture.or(Some(lock.architecture.clone()));
        self
    }

    /// Whether the lock holds the answer to it.
    pub(crate) fn is_of(&self, lock: &Lock) -> bool {
        self.asked() == lock.asked
            && self.suite.suite.as_ref() == Some(&lock.suite)
            && self.suite.architecture.as_ref() == Some(&lock.architecture)
    }
}

fn or<T>(given: &mut Vec<T>, otherwise: Vec<T>) {
    if given.is_empty() {
        *given = otherwise;
    }
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn word(origin: Origin) -> String {
    let value = origin.to_possible_value();
    value.map_or_else(String::new, |value| value.get_name().to_owned())
}

fn origin(word: &str) -> Option<Origin> {
    Origin::from_str(word, false).ok()
}
