use super::*;
use crate::archive::{MemoryArchive, Origin, PackageDetails, Suite};

fn suite() -> Suite {
    Suite::in_memory("trixie".parse().unwrap(), "3.13".parse().unwrap())
}

/// Paragraphs of `NAME VERSION`, then fields.
fn archive(text: &str) -> MemoryArchive {
    let package = |text: &str| {
        let (head, fields) = text.split_once('\n').unwrap_or((text, ""));
        let (name, version) = head.split_once(' ').unwrap();
        let field = |name: &str| {
            let mut lines = fields.lines();
            let found = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
            found.unwrap_or_default().to_owned()
        };
        ArchivePackage {
            name: name.parse().unwrap(),
            version: version.into(),
            section: "python".into(),
            origin: Origin::Suite,
            details: Some(PackageDetails {
                provides: field("Provides"),
                depends: field("Depends"),
                pre_depends: field("Pre-Depends"),
                breaks: field("Breaks"),
                conflicts: field("Conflicts"),
                ..PackageDetails::default()
            }),
        }
    };
    MemoryArchive::new(
        suite(),
        [],
        text.split("\n\n").map(package).collect::<Vec<_>>(),
    )
}

#[track_caller]
fn check(others: &str, new: &str, expect: &[&str]) {
    let text = format!(
        "python3-x 2.1-1\nProvides: python3-x-api (= 2.1), x-abi-3, python3-xx (= 2.1-1), x-data (= 7)\n\n{others}"
    );
    let name = "python3-x".parse().unwrap();
    let broken = broken(&archive(&text), &name, &new.parse().unwrap()).unwrap();
    let broken: Vec<String> = broken.iter().map(Broken::to_string).collect();
    assert_eq!(broken, expect, "{others}");
}

#[test]
fn depends() {
    check("app 1-1\nDepends: python3-x", "3.0-1", &[]);
    check(
        "app 1-1\nDepends: python3-x (<< 3)",
        "3.0-1",
        &["app 1-1: Depends python3-x (<< 3)"],
    );
    check(
        "app 1-1\nPre-Depends: python3-x (= 2.1-1)",
        "2.1-2",
        &["app 1-1: Pre-Depends python3-x (= 2.1-1)"],
    );
    check(
        "app 1-1\nDepends: python3-x (>= 2), python3-x (<< 2.2~)",
        "2.2-1",
        &["app 1-1: Depends python3-x (<< 2.2~)"],
    );
    check(
        "app 1-1\nDepends: python3-x (>= 2.1)",
        "2.0-1",
        &["app 1-1: Depends python3-x (>= 2.1)"],
    );
}

#[test]
fn what_is_broken_already_is_not_told() {
    check("app 1-1\nDepends: python3-x (>= 4)", "3.0-1", &[]);
    check("app 1-1\nBreaks: python3-x (<< 5)", "3.0-1", &[]);
}

#[test]
fn breaks_and_conflicts() {
    check(
        "app 1-1\nBreaks: python3-x (>= 3)",
        "3.0-1",
        &["app 1-1: Breaks python3-x (>= 3)"],
    );
    check(
        "app 1-1\nConflicts: python3-x (>> 2.1-1)",
        "3.0-1",
        &["app 1-1: Conflicts python3-x (>> 2.1-1)"],
    );
    check("app 1-1\nBreaks: python3-x (<< 2)", "3.0-1", &[]);
}

#[test]
fn another_alternative_may_do() {
    let app = "app 1-1\nDepends: python3-x (<< 3) | python3-y";
    check(
        app,
        "3.0-1",
        &["app 1-1: Depends python3-x (<< 3) | python3-y"],
    );
    check(&format!("{app}\n\npython3-y 1-1"), "3.0-1", &[]);
}

#[test]
fn what_it_provides() {
    check(
        "app 1-1\nDepends: python3-x-api (<< 3)",
        "3.0-1",
        &["app 1-1: Depends python3-x-api (<< 3)"],
    );
    check(
        "app 1-1\nDepends: python3-xx (= 2.1-1)",
        "3.0-1",
        &["app 1-1: Depends python3-xx (= 2.1-1)"],
    );
    check("app 1-1\nDepends: x-abi-3, x-data (= 7)", "3.0-1", &[]);
}

#[test]
fn longer_names_are_other_packages() {
    check(
        "app 1-1\nDepends: python3-x-y (<< 3)\n\npython3-x-y 2-1",
        "3.0-1",
        &[],
    );
}

#[test]
fn a_package_that_is_not_there_yet() {
    let archive = archive("app 1-1\nBreaks: python3-n (<< 2)");
    let name = "python3-n".parse().unwrap();
    let told = |version: &str| {
        broken(&archive, &name, &version.parse().unwrap())
            .unwrap()
            .len()
    };
    assert_eq!((told("1.0-1"), told("2.0-1")), (1, 0));
}

#[test]
fn without_relations_it_is_not_known() {
    let plain = ArchivePackage {
        name: "python3-x".parse().unwrap(),
        version: "1-1".into(),
        section: "python".into(),
        origin: Origin::Suite,
        details: None,
    };
    let archive = MemoryArchive::new(suite(), [], [plain.clone()]);
    assert_eq!(broken(&archive, &plain.name, &"2-1".parse().unwrap()), None);
}
