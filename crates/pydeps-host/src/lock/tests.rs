use std::collections::BTreeMap;

use proptest::prelude::*;
use pydeps_core::archive::Suite;
use pydeps_core::lock::{Asked, LockedFile, LockedKind};
use pydeps_core::outcome::{
    Action, Distribution, Minimality, Requirer, Resolution, RootOutcome, Verdict,
};
use pydeps_core::source::Source;

use super::*;

fn requirer(requirement: &str, met: bool) -> Requirer {
    Requirer {
        name: "flower[docs]".to_owned(),
        requirement: requirement.to_owned(),
        met,
        constraint: false,
    }
}

fn example() -> Lock {
    let flower = Distribution {
        name: "flower".parse().unwrap(),
        version: Some("2.0.1".parse().unwrap()),
        verdict: Verdict::Missing,
        action: Some(Action::Generate),
        origin: Source::Index,
        package: None,
        package_version: None,
        unstable: None,
        required_by: vec![requirer("flower", true), requirer("flower>=2", true)],
        evidence: None,
        newest: Some("2.2.0".parse().unwrap()),
        stepped_back: vec!["trixie has tornado 6.4.2".to_owned()],
        saves: None,
        because: vec!["flower is asked for".to_owned()],
        licence: Some("BSD-3-Clause\n\"quoted\"".to_owned()),
        freedom: None,
    };
    let tornado = Distribution {
        name: "tornado".parse().unwrap(),
        verdict: Verdict::TooOld,
        action: None,
        package: "python3-tornado".parse().ok(),
        package_version: Some("6.4.2-1".to_owned()),
        required_by: vec![requirer("tornado>=6.5", false)],
        evidence: Some(pydeps_core::mapping::Evidence::Archive {
            path: "usr/lib/python3/dist-packages/tornado.dist-info".to_owned(),
        }),
        licence: None,
        ..flower.clone()
    };
    let resolution = Resolution {
        roots: vec![RootOutcome {
            label: "flower".to_owned(),
            name: "flower".parse().ok(),
            version: "2.0.1".parse().ok(),
            newest: None,
            stepped_back: Vec::new(),
        }],
        distributions: vec![flower, tornado],
        build_order: vec![vec!["flower".parse().unwrap()]],
        conflict: vec!["flower needs tornado".to_owned()],
        minimality: Some(Minimality::Proven),
        choices: Vec::new(),
        findings: Vec::new(),
    };
    let asked = Asked {
        what: vec!["flower".to_owned()],
        window: Some(0),
        ..Asked::default()
    };
    let sdist = LockedFile {
        distribution: "flower".parse().unwrap(),
        name: "flower-2.0.1.tar.gz".to_owned(),
        kind: LockedKind::Sdist,
        tags: Vec::new(),
        size: None,
        hashes: BTreeMap::from([("sha256".to_owned(), "00".repeat(32))]),
    };
    let suite = Suite::in_memory("trixie".parse().unwrap(), "3.13".parse().unwrap());
    Lock::new(&suite, asked, Vec::new(), &resolution, vec![sdist])
}

#[test]
fn a_lock_reads_well_and_comes_back() {
    let text = print(&example());
    assert_eq!(parse(&text, "pydeps.lock").unwrap(), example(), "{text}");
    assert_eq!(text, include_str!("example.lock"), "{text}");
}

#[test]
fn format_1_is_read_and_written_as_format_2() {
    let old = include_str!("format1.lock");
    assert_eq!(parse(old, "pydeps.lock").unwrap(), example());
    let line = old.lines().position(|line| line.starts_with("minimality"));
    let unknown = old.replacen("minimality", "maximality", 1);
    let error = parse(&unknown, "pydeps.lock").unwrap_err().to_string();
    let expect = format!("pydeps.lock:{}: unknown field", line.unwrap() + 1);
    assert!(error.starts_with(&expect), "{error}");
}

#[test]
fn it_is_written_only_when_it_differs() {
    let dir = tempfile::tempdir().unwrap();
    let lock = example();
    let (path, written) = write(dir.path(), &lock).unwrap();
    assert!(written && path.ends_with(FILE_ELSEWHERE));
    assert!(!write(dir.path(), &lock).unwrap().1);
    assert_eq!(read(dir.path()).unwrap(), Some(lock.clone()));
    // A source package has its own place.
    fs_err::create_dir(dir.path().join("debian")).unwrap();
    assert_eq!(read(dir.path()).unwrap(), None);
    assert!(write(dir.path(), &lock).unwrap().0.ends_with(FILE));
}

#[track_caller]
fn check_error(text: &str, expect: &str) {
    let error = parse(text, "pydeps.lock").unwrap_err();
    assert_eq!(error.to_string().lines().next(), Some(expect), "{text}");
    assert!(error.hint().is_some());
}

#[test]
fn what_is_no_lock_is_told_with_its_line() {
    check_error(
        "version = 3\nnew = 1\n",
        "pydeps.lock: the format is 3, and this program reads 1 and 2",
    );
    let text = print(&example());
    let unknown = text.replacen("minimality", "maximality", 1);
    assert_ne!(unknown, text);
    let line = text.lines().position(|line| line.starts_with("minimality"));
    let error = parse(&unknown, "pydeps.lock").unwrap_err().to_string();
    let expect = format!(
        "pydeps.lock:{}: unknown field `maximality`",
        line.unwrap() + 1
    );
    assert!(error.starts_with(&expect), "{error}");
    let conflict = text.replacen("[asked]", "<<<<<<< HEAD\n[asked]", 1);
    let error = parse(&conflict, "pydeps.lock").unwrap_err().to_string();
    assert!(error.starts_with("pydeps.lock:"), "{error}");
}

proptest! {
    #[test]
    fn total(text in "(version = 1\n|\\[asked\\]\n|\\[\\[root\\]\\]\n|suite = 'x'\n|\\PC{0,8}|\n){0,12}") {
        let _ = parse(&text, "p");
    }
}
