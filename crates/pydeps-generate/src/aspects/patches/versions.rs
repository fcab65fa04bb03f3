//! Plug-ins that read the version from a repository, for suites that do not have them: an
//! sdist has no repository, and says its version in PKG-INFO.

use pydeps_core::finding::Finding;
use regex::Regex;
use toml_edit::{DocumentMut, Item, Value};

use super::document::{is_static, remove, set, table, take_requirement_out, texts};
use super::required::agrees;
use super::{Change, Facts, told};

/// A plug-in that finds out the version, and nothing else that a build needs.
struct Plugin {
    distribution: &'static str,
    /// The name by which hatchling knows it, as a source of versions and as a hook.
    hatch: &'static str,
    /// Its own table below `[tool]`.
    table: &'static str,
}

const PLUGINS: [Plugin; 6] = [
    Plugin {
        distribution: "uv-dynamic-versioning",
        hatch: "uv-dynamic-versioning",
        table: "uv-dynamic-versioning",
    },
    Plugin {
        distribution: "versioningit",
        hatch: "versioningit",
        table: "versioningit",
    },
    Plugin {
        distribution: "hatch-regex-commit",
        hatch: "regex_commit",
        table: "hatch-regex-commit",
    },
    Plugin {
        distribution: "hatch-nodejs-version",
        hatch: "nodejs",
        table: "hatch-nodejs-version",
    },
    Plugin {
        distribution: "setuptools-git-versioning",
        hatch: "setuptools-git-versioning",
        table: "setuptools-git-versioning",
    },
    Plugin {
        distribution: "poetry-dynamic-versioning",
        hatch: "poetry-dynamic-versioning",
        table: "poetry-dynamic-versioning",
    },
];

/// Writes down the version of the release, and takes the plug-in out.
pub(super) fn edit(document: &mut DocumentMut, facts: &Facts<'_>) -> Option<Change> {
    let asked = |plugin: &&Plugin| {
        let name = plugin.distribution;
        facts.backends.iter().any(|backend| backend == name) && !facts.has(name)
    };
    let plugin = PLUGINS.iter().find(asked)?;
    let version = facts.release.version.to_string();
    if !write_version(document, &version) {
        return None;
    }
    let moved = move_hook(document, plugin, &version).and_then(|is_moved| {
        let project = table(document, &["project"]).filter(|_| is_moved);
        let release = facts.release;
        project.map_or(Ok(()), |project| {
            agrees(project, &release.name, &release.requires)
        })
    });
    let obstacle = moved.and_then(|()| no_hook(document, plugin)).err();
    take_plugin_out(document, plugin);
    let (suite, name) = (facts.suite.name, plugin.distribution);
    let reason = format!("{suite} has no {name}, and PKG-INFO says the version");
    let findings = obstacle.map_or_else(
        || told(&reason),
        |obstacle| {
            let message = format!(
                "{suite} has no {name}, and more than the version comes from it: {obstacle}"
            );
            let hint =
                format!("package it first (dh-pydeps generate {name}) and give it with --local");
            vec![Finding::error("backend-missing", message).with_hint(hint)]
        },
    );
    Some(Change {
        name: "write-version.patch",
        subject: "Write down the version",
        reason,
        findings,
    })
}

/// Puts the version where the project has left it open, or where Poetry has a placeholder.
fn write_version(document: &mut DocumentMut, version: &str) -> bool {
    let dynamic = table(document, &["project"]).and_then(|project| project.get("dynamic"));
    if texts(dynamic).iter().any(|field| field == "version") {
        is_static(document, "version");
        let project = table(document, &["project"]);
        project.is_some_and(|project| {
            set(project, "version", Value::from(version));
            true
        })
    } else if let Some(poetry) = table(document, &["tool", "poetry"]) {
        set(poetry, "version", Value::from(version));
        true
    } else {
        // It stands there already.
        table(document, &["project"]).is_some_and(|project| project.contains_key("version"))
    }
}

/// Moves what the plug-in's hook gives to the metadata, with the version filled in, to where
/// it would stand without it; whether there was anything.
fn move_hook(document: &mut DocumentMut, plugin: &Plugin, version: &str) -> Result<bool, String> {
    let place = ["tool", "hatch", "metadata", "hooks", plugin.hatch];
    if plugin.distribution != "uv-dynamic-versioning" || table(document, &place).is_none() {
        return Ok(false);
    }
    let mut hook = remove(document, &place).ok_or("its table cannot be read")?;
    let hook = hook.as_table_like_mut().ok_or("its table cannot be read")?;
    let keys: Vec<String> = hook.iter().map(|(key, _)| key.to_owned()).collect();
    for key in keys {
        let Some(mut item) = hook.remove(&key) else {
            continue;
        };
        fill(&mut item, version)?;
        is_static(document, &key);
        let project = table(document, &["project"]).ok_or("there is no [project] table")?;
        project.insert(&key, item);
    }
    Ok(true)
}

/// Fills the version into the templates (Jinja) of an item.
fn fill(item: &mut Item, version: &str) -> Result<(), String> {
    if let Some(table) = item.as_table_like_mut() {
        return table
            .iter_mut()
            .try_for_each(|(_, item)| fill(item, version));
    }
    match item.as_value_mut() {
        Some(value) => fill_value(value, version),
        None => Ok(()),
    }
}

fn fill_value(value: &mut Value, version: &str) -> Result<(), String> {
    if let Some(array) = value.as_array_mut() {
        return array
            .iter_mut()
            .try_for_each(|value| fill_value(value, version));
    }
    let Some(template) = value.as_str().filter(|text| text.contains('{')) else {
        return Ok(());
    };
    let place = Regex::new(r"\{\{\s*version\s*\}\}").map_err(|error| error.to_string())?;
    let filled = place.replace_all(template, version).into_owned();
    if filled.contains("{{") || filled.contains("{%") {
        return Err(format!("the template `{template}` asks for more"));
    }
    let mut filled = Value::from(filled);
    *filled.decor_mut() = value.decor().clone();
    *value = filled;
    Ok(())
}

/// Nothing else may be asked of the plug-in.
fn no_hook(document: &mut DocumentMut, plugin: &Plugin) -> Result<(), String> {
    let places = [["metadata", "hooks"], ["build", "hooks"]];
    for place in places {
        let hooks = table(document, &["tool", "hatch", place[0], place[1]]);
        let mut names = hooks.iter().flat_map(|hooks| hooks.iter());
        if let Some((name, _)) = names.find(|(name, _)| name.starts_with(plugin.hatch)) {
            return Err(format!("[tool.hatch.{}.hooks.{name}]", place[0]));
        }
    }
    Ok(())
}

fn take_plugin_out(document: &mut DocumentMut, plugin: &Plugin) {
    if let Some(system) = table(document, &["build-system"]) {
        if let Some(requires) = system.get_mut("requires").and_then(Item::as_array_mut) {
            take_requirement_out(requires, plugin.distribution);
        }
        let backend = system.get("build-backend").and_then(Item::as_str);
        if backend == Some("poetry_dynamic_versioning.backend") {
            set(
                system,
                "build-backend",
                Value::from("poetry.core.masonry.api"),
            );
        }
    }
    let source = table(document, &["tool", "hatch", "version"]);
    let source = source.and_then(|table| table.get("source"));
    if source.and_then(Item::as_str) == Some(plugin.hatch) {
        remove(document, &["tool", "hatch", "version"]);
    }
    remove(document, &["tool", plugin.table]);
}
