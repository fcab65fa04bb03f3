//! Locks: what they were made for, and, where it is to bind, what they have settled on.

use std::path::Path;

use pydeps_core::finding::Finding;
use pydeps_core::name::ExtraName;
use pydeps_python::lockfile::{self, Kind, Lock};
use pydeps_resolve::ResolutionRoot;

use super::{Inputs, Parts, first_error, known_extras, under};
use crate::failure::Failure;

/// The locks that are looked for in a directory, best first.
const NAMES: [(&str, Kind); 2] = [("uv.lock", Kind::Uv), ("pylock.toml", Kind::Pylock)];

impl Inputs {
    /// A lock: its projects are the roots.
    pub(super) fn lock(&mut self, path: &Path, kind: Kind, parts: &Parts) -> Result<(), Failure> {
        let (lock, origin) = read(path, kind)?;
        let extras: Vec<ExtraName> = lock.members.iter().flat_map(|m| m.extras.clone()).collect();
        known_extras(&parts.extras, &extras, &origin)?;
        known_groups(&parts.groups, &lock, &origin)?;
        self.findings.extend(lock.findings.iter().cloned());
        for member in &lock.members {
            let (requires, extras) = member.select(&parts.extras, &parts.groups);
            self.roots.push(ResolutionRoot::Project {
                name: member.name.clone(),
                version: member.version.clone(),
                requires_python: lock.requires_python.clone(),
                requires: under(parts.marker.as_ref(), requires),
                extras,
                origin: member.origin.clone(),
            });
        }
        self.pins(lock, &origin, parts.locked);
        Ok(())
    }

    /// The lock of a project directory, of which only the versions count.
    pub(super) fn lock_beside(&mut self, directory: &Path) -> Result<(), Failure> {
        let found = NAMES
            .iter()
            .find(|(name, _)| directory.join(name).is_file());
        let Some((name, kind)) = found else {
            let error = anyhow::anyhow!("{}: there is no lock in it", directory.display());
            let names = NAMES.map(|(name, _)| name).join(" and ");
            return Err(Failure::input(error).with_hint(format!("--locked looks for {names}")));
        };
        let (lock, origin) = read(&directory.join(name), *kind)?;
        self.pins(lock, &origin, true);
        Ok(())
    }

    /// The suite dictates versions, so a lock's do not bind unless that is asked for.
    fn pins(&mut self, lock: Lock, origin: &str, bind: bool) {
        if bind {
            let pins = lock
                .pins
                .into_iter()
                .map(|pin| (pin.requirement, pin.origin));
            return self.constraints.extend(pins);
        }
        if !lock.pins.is_empty() {
            let message = "the versions in it do not bind";
            let finding = Finding::info("lock-versions-open", message).with_origin(origin);
            self.findings.push(finding.with_hint("--locked makes them"));
        }
    }
}

fn read(path: &Path, kind: Kind) -> Result<(Lock, String), Failure> {
    let origin = path.strip_prefix(".").unwrap_or(path).display().to_string();
    let text = fs_err::read_to_string(path).map_err(Failure::input)?;
    let again = "make the lock again with the program that wrote it";
    let lock = lockfile::parse(&text, kind, &origin);
    let lock = lock.map_err(|error| Failure::input(error).with_hint(again))?;
    first_error(&lock.findings)?;
    Ok((lock, origin))
}

fn known_groups(asked: &[ExtraName], lock: &Lock, origin: &str) -> Result<(), Failure> {
    let known = || lock.members.iter().flat_map(|member| member.groups.keys());
    let Some(unknown) = asked.iter().find(|group| !known().any(|one| one == *group)) else {
        return Ok(());
    };
    let names: Vec<&str> = known().map(AsRef::as_ref).collect();
    let error = anyhow::anyhow!("{origin}: there is no dependency group `{unknown}`");
    Err(Failure::input(error).with_hint(match names.is_empty() {
        true => "it has none".to_owned(),
        false => format!("the dependency groups are: {}", names.join(", ")),
    }))
}
