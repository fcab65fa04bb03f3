//! `[dependency-groups]` (PEP 735): lists of requirements, and of other groups.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use pydeps_core::finding::Finding;
use pydeps_core::name::ExtraName;
use pydeps_core::requirement::Requirement;
use toml_edit::{Item, Value};

use super::ProjectFile;
use super::reader::Reader;

/// A dependency group. Its includes are followed by [`ProjectFile::group`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Its own requirements.
    pub requirements: Vec<Requirement>,
    /// The groups that it includes.
    pub includes: Vec<ExtraName>,
    /// What is wrong with it, which matters only to who asks for it.
    pub findings: Vec<Finding>,
    /// `file:line`.
    pub origin: String,
}

/// Why a group cannot be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// There is none of that name.
    #[error("{origin}: there is no dependency group `{name}`")]
    Unknown {
        /// What was asked for.
        name: ExtraName,
        /// Who asked: the file, or the place of the including group.
        origin: String,
    },
    /// A group includes itself.
    #[error("{origin}: the dependency group `{name}` includes itself, through {path}")]
    Cycle {
        /// The group.
        name: ExtraName,
        /// The groups on the way.
        path: String,
        /// The group's place.
        origin: String,
    },
}

impl ProjectFile {
    /// The requirements of a group and of those that it includes, and what is wrong
    /// with them.
    pub fn group(&self, name: &ExtraName) -> Result<(Vec<Requirement>, Vec<Finding>), GroupError> {
        let mut whole = (Vec::new(), Vec::new());
        self.add_group(name, &self.origin, &mut Vec::new(), &mut whole)?;
        Ok(whole)
    }

    fn add_group(
        &self,
        name: &ExtraName,
        origin: &str,
        open: &mut Vec<ExtraName>,
        whole: &mut (Vec<Requirement>, Vec<Finding>),
    ) -> Result<(), GroupError> {
        let group = self.groups.get(name).ok_or_else(|| GroupError::Unknown {
            name: name.clone(),
            origin: origin.to_owned(),
        })?;
        open.push(name.clone());
        if open[..open.len() - 1].contains(name) {
            return Err(cycle(name, open, &group.origin));
        }
        for requirement in &group.requirements {
            // Two groups may include the same third one.
            if !whole.0.contains(requirement) {
                whole.0.push(requirement.clone());
            }
        }
        whole.1.extend(group.findings.iter().cloned());
        for include in &group.includes {
            self.add_group(include, &group.origin, open, whole)?;
        }
        open.pop();
        Ok(())
    }
}

fn cycle(name: &ExtraName, open: &[ExtraName], origin: &str) -> GroupError {
    let names: Vec<&str> = open.iter().map(AsRef::as_ref).collect();
    let start = open.iter().position(|one| one == name).unwrap_or(0);
    GroupError::Cycle {
        name: name.clone(),
        path: names[start..].join(" → "),
        origin: origin.to_owned(),
    }
}

/// Reads the table. A broken group breaks nobody who does not ask for it (PEP 735).
pub(super) fn read(reader: &mut Reader<'_>, item: &Item, groups: &mut BTreeMap<ExtraName, Group>) {
    let Some(table) = item.as_table_like() else {
        return reader.wrong(item.span(), "dependency-groups is not a table");
    };
    for (name, item) in table.iter() {
        let Some(extra) = reader.extra(name, item, "a dependency group's name") else {
            continue;
        };
        let group = group(reader, item);
        match groups.entry(extra) {
            Entry::Vacant(place) => drop(place.insert(group)),
            Entry::Occupied(place) => {
                let message = format!("the dependency group `{}` is there twice", place.key());
                reader.wrong(item.span(), &message);
            }
        }
    }
}

fn group(reader: &mut Reader<'_>, item: &Item) -> Group {
    // What is found here belongs to the group, not to the file.
    let others = std::mem::take(&mut reader.findings);
    let mut group = Group {
        origin: reader.place(item.span()),
        ..Group::default()
    };
    match item.as_array() {
        Some(array) => array
            .iter()
            .for_each(|value| entry(reader, value, &mut group)),
        None => reader.wrong(item.span(), "a dependency group has to be a list"),
    }
    group.findings = std::mem::replace(&mut reader.findings, others);
    group
}

/// A requirement, or `{include-group = "NAME"}`.
fn entry(reader: &mut Reader<'_>, value: &Value, group: &mut Group) {
    if let Some(text) = value.as_str() {
        return group
            .requirements
            .extend(reader.requirement(text, value.span()));
    }
    let table = value.as_inline_table().filter(|table| table.len() == 1);
    let include = table.and_then(|table| table.get("include-group")?.as_str());
    match include.and_then(|name| name.parse().ok()) {
        Some(name) => group.includes.push(name),
        None => reader.wrong(
            value.span(),
            "a dependency group has requirements and { include-group = \"NAME\" }",
        ),
    }
}
