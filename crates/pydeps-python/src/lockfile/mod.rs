//! Locks: `pylock.toml` (PEP 751) and `uv.lock`. What they ask for, and what they have
//! settled on, are two things: the one are projects and their requirements, the other
//! pins.

mod pylock;
#[cfg(test)]
mod tests;
mod uv;

use std::collections::BTreeMap;

use pep440_rs::VersionSpecifiers;
use pydeps_core::finding::Finding;
use pydeps_core::name::{DistName, ExtraName};
use pydeps_core::requirement::Requirement;
use toml_edit::{Array, ArrayOfTables, InlineTable, Item, TableLike};

use crate::project_file::TomlError;

/// What a lock says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lock {
    /// The Pythons that it is for.
    pub requires_python: Option<VersionSpecifiers>,
    /// What it was made for.
    pub members: Vec<Member>,
    /// What it has settled on: `NAME==VERSION`, with the marker of the entry.
    pub pins: Vec<Pin>,
    /// What could not be read, with file and line.
    pub findings: Vec<Finding>,
}

/// A project of a lock: of a workspace, or, in a `pylock.toml`, the only one, which has
/// no name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Member {
    /// Its name.
    pub name: Option<DistName>,
    /// Its version, if it is static.
    pub version: Option<String>,
    /// What it requires, extras as markers.
    pub requires: Vec<Requirement>,
    /// The extras that it has.
    pub extras: Vec<ExtraName>,
    /// Its dependency groups.
    pub groups: BTreeMap<ExtraName, Vec<Requirement>>,
    /// The groups that are asked for unless others are.
    pub default_groups: Vec<ExtraName>,
    /// `file:line`.
    pub origin: String,
}

/// One version that a lock has settled on.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// `NAME==VERSION`.
    pub requirement: Requirement,
    /// `file:line`.
    pub origin: String,
}

impl Member {
    /// What it requires with these groups, of which those that it has not are left out,
    /// and the extras under whose markers that is to be read.
    pub fn select(
        &self,
        extras: &[ExtraName],
        groups: &[ExtraName],
    ) -> (Vec<Requirement>, Vec<ExtraName>) {
        let known = extras.iter().filter(|extra| self.extras.contains(extra));
        let mut chosen: Vec<ExtraName> = known.cloned().collect();
        let groups = match groups.is_empty() {
            true => &self.default_groups,
            false => groups,
        };
        let mut requires = self.requires.clone();
        for group in groups {
            requires.extend(self.groups.get(group).into_iter().flatten().cloned());
            // Where there is but one project, its groups are markers.
            chosen.extend(
                self.name
                    .is_none()
                    .then(|| pylock::extra_of(group))
                    .flatten(),
            );
        }
        (requires, chosen)
    }
}

/// Which lock a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `uv.lock`.
    Uv,
    /// `pylock.toml`, `pylock.NAME.toml`.
    Pylock,
}

/// Which lock a file of this name is; `None` if it is none.
pub fn kind(name: &str) -> Option<Kind> {
    if name == "uv.lock" {
        return Some(Kind::Uv);
    }
    let middle = name.strip_prefix("pylock.")?;
    // PEP 751: the name in between has no dot.
    let named = middle
        .strip_suffix(".toml")
        .is_some_and(|part| !part.contains('.'));
    (middle == "toml" || named).then_some(Kind::Pylock)
}

/// Reads a lock; `origin` is its name in findings. Values of a wrong kind are findings.
pub fn parse(text: &str, kind: Kind, origin: &str) -> Result<Lock, TomlError> {
    match kind {
        Kind::Uv => uv::parse(text, origin),
        Kind::Pylock => pylock::parse(text, origin),
    }
}

/// The tables of a list, in either of TOML's spellings.
fn tables(item: Option<&Item>) -> Vec<&dyn TableLike> {
    let own = item.and_then(Item::as_array_of_tables);
    let own = own.into_iter().flat_map(ArrayOfTables::iter);
    let own = own.map(|table| table as &dyn TableLike);
    let inline = item.and_then(Item::as_array);
    let inline = inline.into_iter().flat_map(Array::iter);
    let inline = inline.filter_map(|value| value.as_inline_table());
    own.chain(inline.map(|table: &InlineTable| table as &dyn TableLike))
        .collect()
}

fn text<'t>(table: &'t dyn TableLike, key: &str) -> Option<&'t str> {
    table.get(key)?.as_str()
}
