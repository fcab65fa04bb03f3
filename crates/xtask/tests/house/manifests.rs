//! Every crate takes its lints, versions and dependencies from the workspace, and
//! the whole builds with the toolchain of Debian stable.

use toml_edit::{DocumentMut, Item, TableLike};

use crate::metadata::{Metadata, Package};
use crate::report::{Complaint, expect_none};
use crate::tree::{Source, read, sources};

/// The toolchain of Debian 13.
const RUST: &str = "1.85";

/// What each manifest takes from the workspace.
const INHERITED: &[(&str, &str)] = &[
    ("package", "version"),
    ("package", "edition"),
    ("package", "rust-version"),
    ("package", "license"),
    ("package", "publish"),
];

const DEPENDENCIES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// What a manifest does not take from the workspace, though it should.
fn own_ways(source: &Source) -> Vec<Complaint> {
    let path = &source.path;
    let Ok(manifest) = source.text.parse::<DocumentMut>() else {
        return vec![format!("{path}: not TOML")];
    };
    let mut missing: Vec<String> = INHERITED
        .iter()
        .filter(|(table, key)| !inherits(&manifest[table], key))
        .map(|(_, key)| format!("{key}.workspace = true"))
        .collect();
    if manifest
        .get("lints")
        .and_then(|l| l.get("workspace"))
        .is_none()
    {
        missing.push("[lints] workspace = true".to_owned());
    }
    for table in DEPENDENCIES {
        let names = manifest.get(table).and_then(Item::as_table_like);
        missing.extend(names.into_iter().flat_map(not_inherited));
    }
    let complain = |line| format!("{path}: write `{line}`, so that the root decides for all");
    missing.into_iter().map(complain).collect()
}

fn inherits(table: &Item, key: &str) -> bool {
    let value = table.get(key).and_then(|item| item.get("workspace"));
    value.and_then(Item::as_bool) == Some(true)
}

fn not_inherited(table: &dyn TableLike) -> Vec<String> {
    table
        .iter()
        .filter(|(_, item)| item.get("workspace").and_then(Item::as_bool) != Some(true))
        .map(|(name, _)| format!("{name}.workspace = true"))
        .collect()
}

/// Packages that Debian's toolchain cannot build.
fn too_new(metadata: &Metadata) -> Vec<Complaint> {
    metadata
        .packages
        .iter()
        .filter_map(|package| Some((package, package.rust_version.as_deref()?)))
        .filter(|(_, rust)| number(rust) > number(RUST))
        .map(|(Package { name, version, .. }, rust)| {
            format!("{name} {version} needs Rust {rust}, Debian stable has {RUST}; lock an older one: cargo update -p {name} --precise …")
        })
        .collect()
}

/// `1.85.1` as (1, 85): what a toolchain promises holds for all its patches.
fn number(rust: &str) -> (u32, u32) {
    let mut parts = rust.split('.').map(|part| part.parse().unwrap_or(u32::MAX));
    (parts.next().unwrap_or(u32::MAX), parts.next().unwrap_or(0))
}

#[test]
fn the_root_decides_for_all_crates() {
    // Fuzz targets are workspaces of their own.
    let is_manifest = |path: &str| {
        path.starts_with("crates/") && path.ends_with("/Cargo.toml") && !path.contains("/fuzz/")
    };
    let sources = sources();
    let manifests: Vec<_> = sources.iter().filter(|s| is_manifest(&s.path)).collect();
    assert!(manifests.len() >= 7, "the crates are found");
    let found: Vec<_> = manifests.into_iter().flat_map(own_ways).collect();
    expect_none(&found);
}

#[test]
fn debian_stable_can_build_it() {
    expect_none(&too_new(&Metadata::load()));
    let manifest: DocumentMut = read("Cargo.toml").parse().expect("TOML");
    let stated = manifest["workspace"]["package"]["rust-version"].as_str();
    assert_eq!(stated, Some(RUST), "rust-version in Cargo.toml");
    let control = read("debian/control");
    let bound = format!("rustc (>= {RUST})");
    assert!(control.contains(&bound), "debian/control has no `{bound}`");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::made_up;

    const GOOD: &str = "\
[package]
name = \"a\"
version.workspace = true
edition.workspace = true
rust-version.workspace = true
license.workspace = true
publish.workspace = true
[lints]
workspace = true
[dependencies]
serde.workspace = true
toml = { workspace = true, optional = true }
";

    #[track_caller]
    fn check(text: &str, expect: &[&str]) {
        let found = own_ways(&Source::new("a/Cargo.toml", text));
        let tell = |line| format!("a/Cargo.toml: write `{line}`, so that the root decides for all");
        let expect: Vec<_> = expect.iter().map(tell).collect();
        assert_eq!(found, expect);
    }

    #[test]
    fn ways_of_its_own() {
        check(GOOD, &[]);
        check(
            &GOOD.replace("edition.workspace = true", "edition = \"2021\""),
            &["edition.workspace = true"],
        );
        check(
            &GOOD.replace("rust-version.workspace = true\n", ""),
            &["rust-version.workspace = true"],
        );
        check(
            &GOOD.replace("[lints]\nworkspace = true\n", ""),
            &["[lints] workspace = true"],
        );
        check(
            &GOOD.replace("serde.workspace = true", "serde = \"1\""),
            &["serde.workspace = true"],
        );
    }

    #[test]
    fn a_package_for_a_newer_toolchain() {
        let mut world = made_up(&["a"], &[("a", "b")]);
        assert!(too_new(&world).is_empty());
        world.packages[1].rust_version = Some("1.85.1".to_owned());
        assert!(too_new(&world).is_empty());
        world.packages[1].rust_version = Some("1.86".to_owned());
        assert!(too_new(&world)[0].starts_with("b 1.0.0 needs Rust 1.86, Debian"));
    }
}
