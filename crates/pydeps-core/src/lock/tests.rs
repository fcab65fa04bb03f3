use super::*;
use crate::archive::Origin;
use crate::outcome::{Action, Verdict};
use crate::source::Source;

fn row(text: &str) -> Distribution {
    let words: Vec<&str> = text.split(' ').collect();
    let [name, version, action] = words.as_slice() else {
        panic!("{text}");
    };
    let action = match *action {
        "use" => Some(Action::Use),
        "relax" => Some(Action::Relax),
        "generate" => Some(Action::Generate),
        "open" => None,
        _ => panic!("{text}"),
    };
    Distribution {
        name: name.parse().unwrap(),
        version: version.parse().ok(),
        verdict: Verdict::TooOld,
        action,
        origin: Source::Package(Origin::Suite),
        package: None,
        package_version: None,
        unstable: None,
        required_by: Vec::new(),
        evidence: None,
        newest: None,
        stepped_back: Vec::new(),
        saves: None,
        because: Vec::new(),
        licence: None,
        freedom: None,
    }
}

fn lock(suite: &str, rows: &[&str]) -> Lock {
    let resolution = Resolution {
        roots: Vec::new(),
        distributions: rows.iter().map(|text| row(text)).collect(),
        build_order: Vec::new(),
        conflict: Vec::new(),
        minimality: None,
        choices: Vec::new(),
        findings: Vec::new(),
    };
    let suite = Suite::in_memory(suite.parse().unwrap(), "3.13".parse().unwrap());
    Lock::new(
        &suite,
        Asked::default(),
        Vec::new(),
        &resolution,
        Vec::new(),
    )
}

#[track_caller]
fn check(old: &[&str], new: &[&str], expect: &[&str]) {
    let got = changes(&lock("trixie", old), &lock("trixie", new));
    assert_eq!(got, expect);
}

#[test]
fn what_changed() {
    check(&["a 1 use"], &["a 1 use"], &[]);
    check(
        &["a 1 use", "b 2 generate"],
        &["b 3 generate", "c 1 generate"],
        &[
            "a is no longer needed",
            "b: 3 to be packaged; was 2 to be packaged",
            "c is needed: 1 to be packaged",
        ],
    );
    check(
        &["a 1 open"],
        &["a 1 relax"],
        &["a: 1 from Debian, relaxed; was 1 open (too old)"],
    );
}

#[test]
fn another_suite_and_a_conflict_are_told() {
    let old = lock("trixie", &[]);
    let mut new = lock("sid", &[]);
    new.conflict = vec!["a needs b >=2".to_owned()];
    let expect = [
        "the suite is sid (amd64), was trixie (amd64)",
        "not everything can be had together any more",
    ];
    assert_eq!(changes(&old, &new), expect);
    new.suite = "trixie".parse().unwrap();
    assert_eq!(changes(&new, &old), ["everything can be had together now"]);
}

#[test]
fn what_it_is_about() {
    let asked = |what: &[&str], files: &[&str]| Asked {
        what: what.iter().map(ToString::to_string).collect(),
        requirements: files.iter().map(ToString::to_string).collect(),
        ..Asked::default()
    };
    assert_eq!(
        asked(&["."], &[]).subject(),
        "the project in this directory"
    );
    assert_eq!(asked(&["flower"], &["r.txt"]).subject(), "flower -r r.txt");
    let options = Asked {
        pre: true,
        ..asked(&["flower"], &[])
    };
    assert!(options.is_about(&asked(&["flower"], &[])));
    assert!(!options.is_about(&asked(&["."], &[])));
}

#[test]
fn what_is_not_given_is_as_it_was() {
    let old = Asked {
        what: vec!["flower".to_owned()],
        origin: Some("index".to_owned()),
        window: Some(7),
        pre: true,
        ..Asked::default()
    };
    assert_eq!(Asked::default().after(&old), old);
    let given = Asked {
        what: vec!["celery".to_owned()],
        origin: Some("suite".to_owned()),
        ..Asked::default()
    };
    let both = given.after(&old).kept();
    assert_eq!(
        (both.what.as_slice(), both.origin),
        (&["celery".to_owned()][..], None)
    );
    assert_eq!((both.window, both.pre), (Some(7), true));
    assert_eq!(Asked::default().kept().what, ["."]);
}

#[test]
fn a_lock_gives_back_its_tree() {
    let lock = lock("trixie", &["a 1 use", "b 2 generate"]);
    assert_eq!(lock.resolution().distributions, lock.distributions);
    assert_eq!(lock.suite().codename, "trixie");
}
