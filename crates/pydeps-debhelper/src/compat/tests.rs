use super::*;

fn control(source: &str) -> Control {
    let text = format!("Source: foo\n{source}\nPackage: foo\nArchitecture: all\n");
    Control::parse(&text).unwrap()
}

#[track_caller]
fn check(source: &str, file: Option<&str>, variable: Option<&str>, expect: &str) {
    let found = Compat::read(&control(source), file, variable);
    let shown = found.map_or_else(|error| error.to_string(), |found| found.level().to_string());
    assert!(shown.starts_with(expect), "{shown}\n{expect}");
}

#[test]
fn one_declaration() {
    check(
        "Build-Depends: a, debhelper-compat (= 13), b\n",
        None,
        None,
        "13",
    );
    check(
        "Build-Depends:\n a,\n # c\n debhelper-compat  ( =14 )\n",
        None,
        None,
        "14",
    );
    check("X-DH-Compat: 15\n", None, None, "15");
    check(
        "Build-Depends: debhelper (>= 12)\n",
        Some(" 12 \n"),
        None,
        "12",
    );
    check(
        "Build-Depends: debhelper-compat (= 13)\n",
        None,
        Some("12"),
        "12",
    );
    check(
        "Build-Depends: debhelper-compat (= 13)\n",
        None,
        Some(""),
        "13",
    );
}

#[test]
fn no_declaration_or_several() {
    let compat = "Build-Depends: debhelper-compat (= 13)\n";
    check("", None, None, "no compat level is declared;");
    check("", None, Some("13"), "no compat level is declared;");
    check(
        compat,
        Some("12"),
        None,
        "the compat level is declared twice, by debhelper-compat (= 13) and by debian/compat: 12;",
    );
    check(
        &format!("{compat}X-DH-Compat: 13\n"),
        None,
        None,
        "the compat level is declared twice",
    );
    check(
        "Build-Depends: debhelper-compat (= 13), debhelper-compat (= 12)\n",
        None,
        None,
        "the compat level is declared twice",
    );
    check(
        "Build-Depends-Arch: debhelper-compat (= 13)\n",
        None,
        None,
        "debhelper-compat (= 13) declares no compat level: debhelper-compat has to be in",
    );
}

#[test]
fn declarations_that_do_not_count() {
    for bad in ["(>= 13)", "", "(= 13) <!nocheck>", "(= 13) | a", "[amd64]"] {
        let source = format!("Build-Depends: debhelper-compat {bad}\n");
        check(
            &source,
            None,
            None,
            format!("debhelper-compat {bad}").trim(),
        );
    }
    check(
        "Build-Depends: debhelper-compat (= 13.1)\n",
        None,
        None,
        "debhelper-compat (= 13.1) declares no compat level: it has to be a number",
    );
    check("", Some("\n13"), None, "debian/compat:  declares no");
    check(
        "Build-Depends: debhelper-compat (= 13)\n",
        None,
        Some("x"),
        "DH_COMPAT=x declares no",
    );
    check(
        "Build-Depends: debhelper-compat-extra, a\n",
        None,
        None,
        "no compat level",
    );
}
