//! What uv_build builds, built by hatchling, for suites that do not have uv.
//!
//! uv_build makes wheels of Python files alone, and its settings only say which they are
//! (<https://docs.astral.sh/uv/concepts/build-backend/>). hatchling is in every suite and can
//! say the same.

use pydeps_core::finding::Finding;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use super::document::{array, make_table, remove, set, table, texts};
use super::{Change, Facts};
use pydeps_core::tree::Tree;

/// The settings whose meaning is known. Those of the sdist alone do not matter: it is there,
/// and what it excludes is in no wheel either.
const KNOWN: [&str; 8] = [
    "module-root",
    "module-name",
    "namespace",
    "source-include",
    "source-exclude",
    "wheel-exclude",
    "default-excludes",
    "data",
];

/// What goes into the wheel.
#[derive(Debug, Default)]
struct Contents {
    /// The directory of the modules: `""`, or `src`.
    root: String,
    /// Their paths, below the top.
    paths: Vec<String>,
    /// Patterns of gitignore(5) for what stays out of them.
    exclude: Vec<String>,
}

/// Has hatchling build it.
pub(super) fn edit(document: &mut DocumentMut, facts: &Facts<'_>) -> Option<Change> {
    let backend = facts.build.backend.as_deref()?;
    let distribution = match backend {
        "uv_build" => "uv-build",
        "uv" => "uv",
        _ => return None,
    };
    if facts.has(distribution) || !facts.has("hatchling") {
        return None;
    }
    let contents = contents(document, &facts.release.tree);
    let suite = facts.suite.name;
    let reason = format!("{suite} has no {backend}, and hatchling can make the same of it");
    let finding = match contents {
        Ok(contents) => {
            write(document, &contents)?;
            Finding::warning(
                "backend-replaced",
                format!("pyproject.toml is patched: {reason}"),
            )
        }
        Err(obstacle) => {
            // So that nothing else complains of the backend.
            build_system(document)?;
            let message = format!(
                "{suite} has no {backend}, and hatchling cannot take its place: {obstacle}"
            );
            Finding::error("backend-missing", message)
                .with_hint("package it by hand, or take a suite that has uv")
        }
    };
    Some(Change {
        name: "build-with-hatchling.patch",
        subject: "Build with hatchling",
        reason,
        findings: vec![finding],
    })
}

/// Reads the settings of uv_build; the error is what hatchling cannot express.
fn contents(document: &mut DocumentMut, tree: &Tree) -> Result<Contents, String> {
    let name = table(document, &["project"]).and_then(|project| project.get("name"));
    let name = name.and_then(Item::as_str).unwrap_or_default().to_owned();
    let empty = toml_edit::Table::new();
    let settings = table(document, &["tool", "uv", "build-backend"]);
    let settings: &dyn TableLike = match settings {
        Some(settings) => settings,
        None => &empty,
    };
    if let Some((key, _)) = settings.iter().find(|(key, _)| !KNOWN.contains(key)) {
        return Err(format!("it sets `{key}`, which is not known here"));
    }
    if tree.has("hatch.toml") {
        return Err("there is a hatch.toml, which hatchling would read".to_owned());
    }
    let data = settings.get("data").and_then(Item::as_table_like);
    if data.is_some_and(|data| !data.is_empty()) {
        return Err("it installs data files (`data`)".to_owned());
    }
    let root = settings.get("module-root").and_then(Item::as_str);
    let root = root
        .unwrap_or("src")
        .trim_start_matches("./")
        .trim_matches('/');
    let root = if root == "." { "" } else { root };
    let paths = modules(settings, &name).into_iter();
    let paths = paths.map(|path| there(root, &path, tree));
    let excluded = ["wheel-exclude", "source-exclude"];
    let excluded = excluded.iter().flat_map(|key| texts(settings.get(key)));
    Ok(Contents {
        root: root.to_owned(),
        paths: paths.collect::<Result<_, _>>()?,
        exclude: excluded
            .map(|glob| pattern(&glob))
            .collect::<Result<_, _>>()?,
    })
}

/// The paths of the modules below their root: those that are named, or the one that is
/// called like the distribution.
fn modules(settings: &dyn TableLike, distribution: &str) -> Vec<String> {
    let named = settings.get("module-name");
    let one = named.and_then(Item::as_str).map(str::to_owned);
    let named: Vec<String> = one.into_iter().chain(texts(named)).collect();
    if !named.is_empty() {
        return named.iter().map(|name| name.replace('.', "/")).collect();
    }
    let name = distribution.to_lowercase().replace(['-', '.'], "_");
    let stubs = name
        .strip_suffix("_stubs")
        .map(|stem| format!("{stem}-stubs"));
    vec![stubs.unwrap_or(name)]
}

/// The path of a module, as the source spells it.
fn there(root: &str, module: &str, tree: &Tree) -> Result<String, String> {
    let mut path = root.to_owned();
    for part in module.split('/') {
        let inside = tree.directories_in(&path);
        let alike = |name: &&&str| name.eq_ignore_ascii_case(part);
        let exact = inside.get(part).or_else(|| inside.iter().find(alike));
        let Some(found) = exact else {
            return Err(format!("there is no module `{module}` in `{root}/`"));
        };
        path = match path.is_empty() {
            true => (*found).to_owned(),
            false => format!("{path}/{found}"),
        };
    }
    Ok(path)
}

/// A portable glob (PEP 639), which holds anywhere unless it begins with `/`, as a pattern of
/// gitignore(5).
fn pattern(glob: &str) -> Result<String, String> {
    match glob {
        _ if glob.contains('\\') => Err(format!("it excludes `{glob}`, with a backslash")),
        _ if glob.starts_with('/') => Ok(glob.to_owned()),
        _ => Ok(format!("**/{glob}")),
    }
}

fn build_system(document: &mut DocumentMut) -> Option<()> {
    let system = table(document, &["build-system"])?;
    set(
        system,
        "requires",
        Value::Array(["hatchling"].into_iter().collect()),
    );
    set(system, "build-backend", Value::from("hatchling.build"));
    Some(())
}

fn write(document: &mut DocumentMut, contents: &Contents) -> Option<()> {
    build_system(document)?;
    for unused in ["build", "metadata", "version"] {
        remove(document, &["tool", "hatch", unused]);
    }
    let wheel = make_table(document, &["tool", "hatch", "build", "targets", "wheel"])?;
    wheel.insert("only-include", Item::Value(array(&contents.paths)));
    if !contents.root.is_empty() {
        wheel.insert(
            "sources",
            Item::Value(array(std::slice::from_ref(&contents.root))),
        );
    }
    if !contents.exclude.is_empty() {
        wheel.insert("exclude", Item::Value(array(&contents.exclude)));
    }
    // A .gitignore that came along says nothing about wheels to uv_build.
    wheel.insert("ignore-vcs", Item::Value(Value::from(true)));
    Some(())
}
