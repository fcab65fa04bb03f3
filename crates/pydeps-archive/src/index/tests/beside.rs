//! Backports without Contents, source packages, packages that name another.

use pydeps_core::archive::SourcePackage;

use super::*;
use crate::index::parse_sources;

#[test]
fn backports_without_contents_take_the_suites() {
    let packages = stanza("python3-six", "2.0-1~bpo13+1") + &stanza("python3-new", "1.0-1~bpo13+1");
    let world = open(&[trixie(), pocket(Origin::Backports, &packages, &[])]);
    assert!(world.index.has_backports() && !world.index.has_backports_contents());
    assert_eq!(
        world.dists("six"),
        [
            "python3-six 1.17.0 1.17.0-1 1.17.0-1 Suite Public",
            "python3-six 1.17.0 2.0-1~bpo13+1 1.17.0-1 Backports Public"
        ]
    );
    assert_eq!(world.dists("new"), [""; 0]);
}

fn with_sources(text: &str) -> PocketFacts {
    PocketFacts {
        sources: Some(parse_sources(text).unwrap()),
        ..trixie()
    }
}

#[test]
fn the_newest_source_package() {
    let old = "Package: six\nVersion: 1.9-1\nBuild-Depends: old\n\n";
    let six = "Package: six\nVersion: 1.17.0-1\nBuild-Depends: debhelper-compat (= 13),\n\tdh-python <!x>\nBuild-Conflicts: y1\n";
    let world = open(&[with_sources(&(old.to_owned() + six))]);
    assert!(world.index.has_sources());
    let expect = SourcePackage {
        name: "six".into(),
        version: "1.17.0-1".into(),
        build_depends: [
            "debhelper-compat (= 13), dh-python <!x>".into(),
            String::new(),
            String::new(),
        ],
        build_conflicts: "y1".into(),
    };
    assert_eq!(world.index.source("six").unwrap(), Some(expect));
    assert_eq!(world.index.source("seven").unwrap(), None);
    assert!(!open(&[trixie()]).index.has_sources());
}

#[test]
fn packages_that_name_another() {
    let with = |name: &str, field: &str| {
        format!("Package: {name}\nVersion: 1\nSection: x\nArchitecture: all\n{field}\n\n")
    };
    let packages = with("aa", "Depends: bb, python3-six (>= 1)")
        + &with("cc", "Breaks: python3-six (<< 1)")
        + &with("dd", "Depends: python3-sixty")
        + &with("ee", "Provides: python3-six")
        + &with("ff", "Depends: python3-seven");
    let backports = with("gg", "Depends: python3-six");
    let mut suite = trixie();
    suite.packages.extend(parse_packages(&packages).unwrap());
    let world = open(&[suite, pocket(Origin::Backports, &backports, &[])]);
    let names = [
        "python3-six".parse().unwrap(),
        "python3-seven".parse().unwrap(),
    ];
    let naming = world.index.naming(&names).unwrap();
    let naming: Vec<&str> = naming.iter().map(|package| package.name.as_str()).collect();
    // Longer names may be among them.
    let ours = ["aa", "cc", "dd", "ee", "ff", "gg"];
    let naming: Vec<&str> = naming
        .into_iter()
        .filter(|name| ours.contains(name))
        .collect();
    assert_eq!(naming, ["aa", "cc", "dd", "ff"]);
}
