use proptest::prelude::*;

use super::*;

/// Python, machine, extras, what Python's `packaging` says, and the marker; written by
/// tests/e2e/markers.py, which also compares the program with it.
const TABLE: &str = include_str!("../../tests/data/markers.tsv");

fn extras(text: &str) -> Vec<ExtraName> {
    let names = text.split(',').filter(|name| !name.is_empty());
    names.map(|name| name.parse().unwrap()).collect()
}

#[track_caller]
fn check(marker: &str, expect: Option<bool>) {
    let environment = Environment::new(&"3.13.5".parse().unwrap(), "x86_64");
    let marker = parse(marker).unwrap();
    assert_eq!(marker.evaluate(&environment, &[]), expect, "{marker}");
}

#[test]
fn judged_as_packaging_does() {
    let mut wrong = Vec::new();
    for row in TABLE.lines() {
        let cells: Vec<&str> = row.split('\t').collect();
        let [python, machine, asked, expect, text] = cells[..] else {
            panic!("{row}");
        };
        let environment = Environment::new(&python.parse().unwrap(), machine);
        let said = match parse(text) {
            Err(_) => "invalid".to_owned(),
            Ok(marker) => {
                let said = marker.evaluate(&environment, &extras(asked));
                let again = parse(&marker.to_string()).unwrap();
                assert_eq!(
                    again.evaluate(&environment, &extras(asked)),
                    said,
                    "{marker}"
                );
                said.map_or("unknown".to_owned(), |said| said.to_string())
            }
        };
        if said != expect {
            wrong.push(format!("{row}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn lists_are_texts() {
    check("python_version in '2.7, 3.1'", Some(false));
    check("python_version in '2.7, 3.13'", Some(true));
    check("python_version not in '2.7, 3.1'", Some(true));
    check("'2.7' in python_version", Some(false));
    check("'3.1' in python_version", Some(true));
    check("python_version < '3.9.'", Some(false));
    check("python_version == ''", Some(false));
    check("python_version === '3.13'", Some(true));
}

/// Which kernel will run is not known where packages are made.
#[test]
fn what_nobody_knows() {
    check("platform_release >= '6.1'", None);
    check("platform_version == 'x' or os_name == 'posix'", Some(true));
    check("platform_version == 'x' and os_name == 'nt'", Some(false));
    check(
        "(platform_version == 'x' or os_name == 'nt') and os_name == 'posix'",
        None,
    );
}

#[test]
fn what_is_no_marker() {
    use InvalidMarker::{Depth, End, Grammar, NoVersion};
    let check = |text: &str, expect| assert_eq!(parse(text), Err(expect), "{text}");
    let at = |place: &str| Grammar(place.to_owned());
    check("", End);
    check("()", at(")"));
    check("(os_name == 'x'", End);
    check("os_name == 'x')", at(")"));
    check("os_name", End);
    check("os_name == x", at("x"));
    check("'a' == 'b'", End);
    check("os_name 'x'", at("'x'"));
    check("os_name == 'x' and", End);
    check(
        "os_name == 'x' or or os_name == 'x'",
        at("or os_name == 'x'"),
    );
    check("os_name in'", at("'"));
    check("os_name not 'x'", at("'x'"));
    check("os_name = 'x'", at("= 'x'"));
    check("os_name == 'x' os_name == 'y'", at("os_name == 'y'"));
    check("osname == 'x'", at("osname == 'x'"));
    check("os_name == '\\x41'", at("'\\x41'"));
    check("'x' < os_name \u{30b}", at("\u{30b}"));
    check("\u{e9} == 'x'", at("\u{e9} == 'x'"));
    check("os_name ~= '1.0'", NoVersion);
    check("python_version ~= '3'", NoVersion);
    check("extra === 'x'", NoVersion);
    let deep = |depth: usize| "(".repeat(depth) + "os_name == 'x'" + &")".repeat(depth);
    assert!(parse(&deep(200)).is_ok());
    check(&deep(201), Depth);
    check(&"(".repeat(1_000_000), Depth);
}

#[test]
fn written_as_it_was() {
    let check = |text: &str, expect: &str| assert_eq!(parse(text).unwrap().to_string(), expect);
    check("os.name=='x'", "os_name == 'x'");
    check("python_version ~= \"3.8\"", "python_version ~= '3.8'");
    check("\"it's\" in os_name", "\"it's\" in os_name");
    check("extra == 'A_b'", "extra == 'a-b'");
    check(
        "(os_name=='a' and (os_name=='b')) or (os_name=='c' or os_name=='d')",
        "os_name == 'a' and os_name == 'b' or os_name == 'c' or os_name == 'd'",
    );
    let mut marker = parse("os_name == 'a' or os_name == 'b'").unwrap();
    marker.and_extra(&"x".parse().unwrap());
    assert_eq!(
        marker.to_string(),
        "(os_name == 'a' or os_name == 'b') and extra == 'x'"
    );
    let mut marker = Marker::default();
    marker.and(Marker::default());
    assert!(marker.is_empty());
}

#[test]
fn every_extra() {
    let check = |text: &str, expect: Option<&str>| {
        let marker = parse(text).unwrap().with_every_extra();
        assert_eq!(
            marker.map(|marker| marker.to_string()).as_deref(),
            expect,
            "{text}"
        );
    };
    check("extra == 'x'", Some(""));
    check("extra == 'x' or os_name == 'a'", Some(""));
    check("extra == 'x' and os_name == 'a'", Some("os_name == 'a'"));
    check("extra != 'x' and os_name == 'a'", None);
    check("extra != 'x' or os_name == 'a'", Some("os_name == 'a'"));
    check(
        "(extra == 'x' or extra == 'y') and os_name == 'a'",
        Some("os_name == 'a'"),
    );
}

proptest! {
    #[test]
    fn total(text in "\\PC{0,60}") {
        let _ = parse(&text);
    }

    #[test]
    fn total_near_markers(text in "(\\(|python_version|extra|os_name|'3\\.[0-9*]?'| in | not in |[<>=!~]=?|===| and | or |'a-'|~=|\\)){0,9}") {
        if let Ok(marker) = parse(&text) {
            prop_assert_eq!(parse(&marker.to_string()), Ok(marker));
        }
    }
}
