//! Dependencies are few, and each has a reason.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item};

use crate::metadata::Metadata;
use crate::report::{Complaint, expect_none};
use crate::tree::read;

/// The most packages in `Cargo.lock`, ours and other platforms' included. Each has
/// to be packaged for Debian or justified; raising this is a decision for the log
/// in `crates/README.md`.
const CEILING: usize = 300;

/// Stated in the root manifest for crates that are still being written.
const PENDING: &[&str] = &[];

/// The heading of the table in `crates/README.md`.
const HEADING: &str = "## Third-party crates";

fn packages(lock: &str) -> usize {
    lock.lines().filter(|line| *line == "[[package]]").count()
}

/// The names in the first column of the table; a row needs a reason.
fn explained(map: &str) -> Result<BTreeSet<String>, Complaint> {
    let (_, rest) = map
        .split_once(HEADING)
        .ok_or_else(|| format!("crates/README.md has no heading `{HEADING}`"))?;
    let section = rest.split("\n## ").next().unwrap_or(rest);
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.map(|row| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        match cells.as_slice() {
            [_, name, reason, ..] if !reason.is_empty() => Ok(name.trim_matches('`').to_owned()),
            _ => Err(format!("crates/README.md: a reason is missing: {row}")),
        }
    })
    .collect()
}

/// The crates from elsewhere that the root manifest states.
fn stated(manifest: &str) -> BTreeSet<String> {
    let manifest: DocumentMut = manifest.parse().expect("TOML");
    let table = manifest["workspace"]["dependencies"].as_table_like();
    table
        .expect("[workspace.dependencies]")
        .iter()
        .filter(|(_, item)| item.get("path").is_none_or(Item::is_none))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// What the crates of the workspace ask for.
fn used(metadata: &Metadata) -> BTreeSet<String> {
    let dependencies = metadata.members().flat_map(|m| &m.dependencies);
    dependencies.map(|d| d.name.clone()).collect()
}

fn compare(stated: &BTreeSet<String>, explained: &BTreeSet<String>) -> Vec<Complaint> {
    let unexplained = stated.difference(explained).map(|name| {
        format!("{name}: no row in the table of crates/README.md; say why it is needed")
    });
    let left_over = explained.difference(stated).map(|name| {
        format!("{name}: explained in crates/README.md, but not in Cargo.toml; remove the row")
    });
    unexplained.chain(left_over).collect()
}

fn idle(stated: &BTreeSet<String>, used: &BTreeSet<String>, pending: &[&str]) -> Vec<Complaint> {
    stated
        .difference(used)
        .filter(|name| !pending.contains(&name.as_str()))
        .map(|name| format!("{name}: stated in Cargo.toml, used by no crate; remove it"))
        .collect()
}

#[test]
fn every_dependency_has_a_reason() {
    let stated = stated(&read("Cargo.toml"));
    let explained = explained(&read("crates/README.md")).expect("a table");
    expect_none(&compare(&stated, &explained));
    expect_none(&idle(&stated, &used(&Metadata::load()), PENDING));
}

#[test]
fn dependencies_are_few() {
    let count = packages(&read("Cargo.lock"));
    assert!(count > 0, "Cargo.lock is read");
    assert!(
        count <= CEILING,
        "Cargo.lock has {count} packages, more than {CEILING}: drop one, or decide (crates/README.md)"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn packages_are_counted() {
        assert_eq!(packages("[[package]]\nname = \"a\"\n\n[[package]]\n"), 2);
    }

    #[test]
    fn the_two_lists_must_be_the_same() {
        assert!(compare(&set(&["a"]), &set(&["a"])).is_empty());
        assert!(compare(&set(&["a", "b"]), &set(&["a"]))[0].starts_with("b: no row"));
        assert!(compare(&set(&["a"]), &set(&["a", "b"]))[0].starts_with("b: explained"));
    }

    #[test]
    fn a_dependency_that_nobody_uses() {
        assert!(idle(&set(&["a"]), &set(&["a"]), &[]).is_empty());
        assert!(idle(&set(&["a"]), &set(&[]), &["a"]).is_empty());
        assert!(idle(&set(&["a"]), &set(&[]), &[])[0].starts_with("a: stated"));
    }

    #[test]
    fn rows_are_read_from_the_table_only() {
        let map = "| `no` | x |\n## Third-party crates\n| `a` | why |\n## Next\n| `no` | x |\n";
        assert_eq!(explained(map), Ok(set(&["a"])));
        assert!(explained("nothing").is_err());
        assert!(explained("## Third-party crates\n| `a` | |\n").is_err());
    }

    #[test]
    fn our_own_crates_are_not_third_parties() {
        let manifest = "[workspace.dependencies]\nown = { path = \"x\" }\na = \"1\"\n";
        assert_eq!(stated(manifest), set(&["a"]));
    }
}
