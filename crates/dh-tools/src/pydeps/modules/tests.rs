use pep440_rs::Version;
use pydeps_core::finding::Severity;

use super::*;

fn suite(pythons: &[&str]) -> Option<Pythons> {
    let versions = pythons.iter().map(|text| text.parse().unwrap());
    let versions: Vec<Version> = versions.collect();
    Pythons::new("hazel", versions.first()?, &versions)
}

/// `cp313` in a name stands for the tag of CPython 3.13.
fn modules(paths: &str) -> Modules {
    let mut modules = Modules::default();
    for path in paths.split_whitespace() {
        modules.add(&path.replace(".cp", ".cpython-"));
    }
    modules
}

/// Which suite, by its Pythons, the default one first; which files; the bounds, with `!` for
/// a warning and `?` for a note.
#[track_caller]
fn check(pythons: &[&str], paths: &str, expect: &str) {
    let (modules, pythons) = (modules(paths), suite(pythons));
    let mut shown = modules.bounds(pythons.as_ref());
    let findings = pythons.map(|pythons| modules.findings(&pythons));
    for finding in findings.unwrap_or_default() {
        let mark = match finding.severity {
            Severity::Warning => "!",
            _ => "?",
        };
        shown.push(format!("{mark}{}", finding.origin.unwrap()));
    }
    assert_eq!(shown.join(", "), expect);
}

const TRIXIE: &[&str] = &["3.13"];
const SID: &[&str] = &["3.13", "3.14"];

#[test]
fn one_python() {
    check(TRIXIE, "x/m.py x/l.so x/m.abi3.so", "");
    let bounds = "python3 (<< 3.14), python3 (>= 3.13~)";
    check(TRIXIE, "x/m.cp313-x86_64-linux-gnu.so", bounds);
    check(TRIXIE, "x/m.cp311.so", "!x/m.cpython-311.so");
    check(TRIXIE, "x/m.cp313t.so", "!x/m.cpython-313t.so");
    check(
        TRIXIE,
        "x/m.cp313.so x/n.cp311.so",
        &format!("{bounds}, !x/n.cpython-311.so"),
    );
}

#[test]
fn several_pythons_side_by_side() {
    let both = "x/m.cp311.so x/m.cp313.so";
    check(TRIXIE, both, "python3 (<< 3.14), python3 (>= 3.11~)");
    check(&["3.12"], both, "!x/m.cpython-311.so");
    let less = &format!("{both} x/n.cp311.so x/n.cp312.so");
    check(&["3.11"], less, "python3 (<< 3.13), python3 (>= 3.11~)");
    check(
        TRIXIE,
        "x/python3.11/m.cp311.so x/python3.13/m.cp313.so",
        "python3 (<< 3.14), python3 (>= 3.11~)",
    );
}

#[test]
fn what_may_be_meant() {
    check(TRIXIE, "x/m.py x/m.cp311.so", "?x/m.cpython-311.so");
    check(TRIXIE, "x/m.abi3.so x/m.cp311.so", "?x/m.cpython-311.so");
    check(
        TRIXIE,
        "x/11/m.cp311.so x/13/m.cp313.so",
        "python3 (<< 3.14), python3 (>= 3.13~), ?x/11/m.cpython-311.so",
    );
}

/// As dh_python3: a bound does not keep out the default Python.
#[test]
fn another_python_of_the_suite() {
    check(
        SID,
        "x/m.cp314.so",
        "python3 (<< 3.15), !x/m.cpython-314.so",
    );
    check(
        &["3.14", "3.13"],
        "x/m.cp313.so",
        "python3 (>= 3.13~), !x/m.cpython-313.so",
    );
    check(SID, "x/m.cp313.so", "python3 (<< 3.14), python3 (>= 3.13~)");
}

#[test]
fn a_python_that_is_not_known() {
    check(&[], "x/m.cp311.so", "python3 (<< 3.12), python3 (>= 3.11~)");
    check(
        &["3"],
        "x/m.cp311.so",
        "python3 (<< 3.12), python3 (>= 3.11~)",
    );
    check(
        &[],
        "x/m.cp311.so x/n.cp313.so",
        "python3 (<< 3.14), python3 (>= 3.11~)",
    );
}

#[test]
fn a_python_of_its_own() {
    check(TRIXIE, "x/libpython3.12.so.1.0 x/m.cp312.so", "");
    check(
        TRIXIE,
        "x/libpython3.12.so.1.0 x/m.cp311.so",
        "!x/m.cpython-311.so",
    );
}

#[test]
fn the_stable_abi() {
    let check = |since: u32, expect: &str| {
        let mut modules = modules("x/m.abi3.so");
        modules.add_stable("x/m-1.dist-info", Some(since));
        let pythons = suite(TRIXIE).unwrap();
        let findings = modules.findings(&pythons).len();
        assert_eq!(
            format!("{:?} {findings}", modules.bounds(Some(&pythons))),
            expect
        );
    };
    check(9, "[\"python3 (>= 3.9~)\"] 0");
    check(13, "[\"python3 (>= 3.13~)\"] 0");
    check(14, "[\"python3 (>= 3.14~)\"] 1");
}

#[test]
fn what_is_said() {
    let modules = modules("x/a.cp311-i386.so x/b.cp311-i386.so x/c.cp312.so");
    let pythons = suite(SID).unwrap();
    let findings = modules.findings(&pythons);
    let texts: Vec<_> = findings.iter().map(|f| f.message.as_str()).collect();
    assert_eq!(
        texts,
        [
            "it can be loaded by CPython 3.11 only, and hazel has 3.13, and 3.14; and 1 more like it",
            "it can be loaded by CPython 3.12 only, and hazel has 3.13, and 3.14",
        ]
    );
    assert_eq!(
        findings[0].hint.as_deref(),
        Some(
            "put a wheel for CPython 3.13 (cp313) into the package, or build it for another suite; \
             if python3 has nothing to do with it: dh_pydeps -X.cpython-311-i386 in debian/rules"
        )
    );
}
