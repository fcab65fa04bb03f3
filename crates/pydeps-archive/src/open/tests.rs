use pydeps_core::archive::{Origin, Provenance};

use super::*;
use crate::index::{Contents, PocketFacts, Release, build, parse_packages};

fn index(cache: &Path, codename: &str, alias: &str) {
    let release =
        format!("Codename: {codename}\nSuite: {alias}\nDate: Sat, 12 Sep 2026 07:55:41 UTC\n");
    let pocket = PocketFacts {
        origin: Origin::Suite,
        release: Release::parse(&release).unwrap(),
        packages: parse_packages("Package: python3\nVersion: 3.14.1-1\n").unwrap(),
        contents: Contents::default(),
        sources: None,
    };
    let (bytes, _) = build(
        &"amd64".parse().unwrap(),
        &[pocket],
        vec![Finding::info("test", "a test")],
    )
    .unwrap();
    let path = paths::index_file(cache, codename, "amd64");
    fs_err::create_dir_all(path.parent().unwrap()).unwrap();
    fs_err::write(path, bytes).unwrap();
}

#[test]
fn the_index_before_the_snapshot() {
    let dir = tempfile::tempdir().unwrap();
    let provenance = |suite: &str| open(suite, "amd64", dir.path()).unwrap().suite().provenance;
    assert_eq!(provenance("trixie"), Provenance::Snapshot);
    index(dir.path(), "trixie", "stable");
    assert_eq!(provenance("trixie"), Provenance::Index);
    assert_eq!(provenance("stable"), Provenance::Index);
    assert_eq!(provenance("bookworm"), Provenance::Snapshot);
    let opened = open("stable", "amd64", dir.path()).unwrap();
    assert_eq!(opened.findings("amd64")[0].code, "test");
    assert!(opened.index().is_some());
}

#[test]
fn a_damaged_index_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    index(dir.path(), "trixie", "stable");
    fs_err::write(paths::index_file(dir.path(), "trixie", "amd64"), "half").unwrap();
    let error = open("trixie", "amd64", dir.path()).unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("`dh-pydeps update --suite trixie` makes a new one"),
        "{error}"
    );
}

#[test]
fn what_there_is() {
    let dir = tempfile::tempdir().unwrap();
    index(dir.path(), "forky", "testing");
    let error = open("sid", "amd64", dir.path()).unwrap_err();
    assert_eq!(
        error.hint().as_deref(),
        Some("dh-pydeps update --suite sid")
    );
    let message = error.to_string();
    assert_eq!(
        message,
        "nothing is known of the suite sid on amd64; there is: forky, trixie, bookworm"
    );
}

#[test]
fn a_snapshot_of_another_architecture_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let opened = open("trixie", "arm64", dir.path()).unwrap();
    assert_eq!(opened.findings("arm64")[0].code, "other-architecture");
    assert_eq!(opened.findings("amd64"), []);
}
