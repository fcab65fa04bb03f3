//! What a `[project]` table requires, compared with what the release's PKG-INFO says.

use std::collections::{BTreeMap, BTreeSet};

use pydeps_core::name::DistName;
use pydeps_core::name::ExtraName;
use pydeps_core::requirement;
use pydeps_core::requirement::Requirement;
use toml_edit::{Item, TableLike};

use super::document::texts;

/// The requirements of each extra.
type Extras = BTreeMap<ExtraName, Vec<Requirement>>;

/// Whether a project requires what is known of it. The error is a difference. Where an extra
/// names others of its own distribution, backends put in what those require, or do not.
pub(super) fn agrees(
    project: &dyn TableLike,
    own: &DistName,
    known: &[Requirement],
) -> Result<(), String> {
    let plain = parsed(&texts(project.get("dependencies")))?;
    let extras = extras(project)?;
    let known: BTreeSet<String> = known.iter().map(ToString::to_string).collect();
    let resolved = extras.keys().map(|extra| {
        let mut seen = BTreeSet::new();
        (extra.clone(), resolved(extra, own, &extras, &mut seen))
    });
    let resolved = all(&plain, &resolved.collect());
    let other = resolved.symmetric_difference(&known).next();
    match other {
        Some(other) if all(&plain, &extras) != known => {
            Err(format!("PKG-INFO and the templates differ in `{other}`"))
        }
        _ => Ok(()),
    }
}

fn parsed(texts: &[String]) -> Result<Vec<Requirement>, String> {
    let one = |text: &String| {
        let parsed = requirement::parse(text, "").0;
        parsed.ok_or_else(|| format!("`{text}` cannot be read"))
    };
    texts.iter().map(one).collect()
}

fn extras(project: &dyn TableLike) -> Result<Extras, String> {
    let optional = project.get("optional-dependencies");
    let optional = optional.and_then(Item::as_table_like);
    let entries = optional.into_iter().flat_map(|table| table.iter());
    let one = |(extra, item): (&str, &Item)| {
        let name: Result<ExtraName, _> = extra.parse();
        let name = name.map_err(|_| format!("`{extra}` is no name of an extra"))?;
        Ok((name, parsed(&texts(Some(item)))?))
    };
    entries.map(one).collect()
}

/// What an extra requires, with what those of the same distribution that it names require.
fn resolved(
    extra: &ExtraName,
    own: &DistName,
    extras: &Extras,
    seen: &mut BTreeSet<ExtraName>,
) -> Vec<Requirement> {
    if !seen.insert(extra.clone()) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for one in extras.get(extra).into_iter().flatten() {
        if one.name == *own && !one.extras.is_empty() {
            let inner = one.extras.iter();
            found.extend(inner.flat_map(|inner| resolved(inner, own, extras, seen)));
        } else {
            found.push(one.clone());
        }
    }
    found
}

/// All requirements as texts, extras as markers.
fn all(plain: &[Requirement], extras: &Extras) -> BTreeSet<String> {
    let optional = extras.iter().flat_map(|(extra, list)| {
        let marked = |one: &Requirement| one.clone().with_extra_marker(extra);
        list.iter().map(marked)
    });
    let all = plain.iter().cloned().chain(optional);
    all.map(|one| one.to_string()).collect()
}
