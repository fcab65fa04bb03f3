use super::*;

fn parse(text: &str) -> (Overrides, Vec<Finding>) {
    Overrides::parse(text, "debian/py3dist-overrides")
}

#[track_caller]
fn one(line: &str) -> Override {
    let (overrides, findings) = parse(line);
    assert_eq!(findings, [], "{line}");
    overrides.entries[0].clone()
}

#[test]
fn the_parts_of_a_line() {
    let entry = one("Python_Dateutil python3-dateutil");
    assert_eq!(entry.name.as_ref(), "python-dateutil");
    assert_eq!(entry.dependency.as_deref(), Some("python3-dateutil"));
    assert_eq!(
        (entry.standard, entry.rules.len(), entry.is_verbatim()),
        (None, 0, false)
    );

    assert_eq!(one("enum34").dependency, None);
    assert_eq!(one("enum34 3.4-").dependency, None);
    assert!(one("x 3.11- python3-x (>= 2~), python3-y | python3-z (>= 1)").is_verbatim());

    let entry = one("x python3-x; PEP440 s/^/1:/;tr/ab/cd/");
    assert_eq!(entry.standard, Some(Standard::Pep440));
    assert_eq!(entry.rules, ["s/^/1:/", "tr/ab/cd/"]);
    assert_eq!(one("x; PEP386").standard, Some(Standard::Pep386));
}

#[test]
fn what_is_no_entry_is_told_with_its_line() {
    let (overrides, findings) =
        parse("# comment\n\nx Python3-X\nok python3-ok\nx python3-x; e/a/b/\nx 3-\n-x\n");
    assert_eq!(overrides.iter().count(), 1);
    let origins: Vec<_> = findings
        .iter()
        .filter_map(|f| f.origin.as_deref())
        .collect();
    let file = |line: u32| format!("debian/py3dist-overrides:{line}");
    assert_eq!(origins, [file(3), file(5), file(6), file(7)]);
}

#[track_caller]
fn check_range(range: &str, inside: &[&str], outside: &[&str]) {
    let range = PythonRange::parse(range).unwrap();
    for python in inside {
        assert!(range.contains(&python.parse().unwrap()), "{python}");
    }
    for python in outside {
        assert!(!range.contains(&python.parse().unwrap()), "{python}");
    }
}

#[test]
fn ranges_end_before_their_end() {
    check_range("3.11", &["3.11", "3.11.4"], &["3.10", "3.12"]);
    check_range("3.11-", &["3.11", "3.14"], &["3.10"]);
    check_range("-3.13", &["3.9", "3.12"], &["3.13"]);
    check_range("3.9-3.11", &["3.9", "3.10.9"], &["3.11", "3.8"]);
    assert_eq!(PythonRange::parse("-"), None);
    assert_eq!(PythonRange::parse("3.x"), None);
}

#[test]
fn the_first_that_fits() {
    let (overrides, _) = parse("tomli 3.11- \ntomli python3-tomli\n");
    let find = |python: &str| {
        let found = overrides.find(&"Tomli".parse().unwrap(), &python.parse().unwrap());
        found.map(|entry| entry.line)
    };
    assert_eq!((find("3.11"), find("3.10")), (Some(1), Some(2)));
    assert_eq!(
        overrides.find(&"other".parse().unwrap(), &"3.13".parse().unwrap()),
        None
    );
}
