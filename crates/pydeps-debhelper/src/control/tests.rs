use proptest::prelude::*;

use super::*;

const HEAD: &str =
    "Source: foo\nSection: python\nBuild-Depends: a,\n # comment\n# another\n b (>= 1),\n\n";

fn parse(binaries: &str) -> Result<Control, ControlError> {
    Control::parse(&format!("{HEAD}{binaries}"))
}

/// Which of the packages a build on amd64 makes: both, arch, indep.
#[track_caller]
fn check(binaries: &str, profiles: &str, expect: [&str; 3]) {
    let control = parse(binaries).unwrap();
    let build = Build {
        host: "amd64".to_owned(),
        target: "arm64".to_owned(),
        profiles: profiles.split_whitespace().map(str::to_owned).collect(),
    };
    let names = |half| {
        let built = control.built(&build, half);
        let names: Vec<&str> = built.iter().map(|package| package.name.as_str()).collect();
        names.join(" ")
    };
    assert_eq!([Half::Both, Half::Arch, Half::Indep].map(names), expect);
}

#[track_caller]
fn check_error(text: &str, expect: &str) {
    assert_eq!(Control::parse(text).unwrap_err().to_string(), expect);
}

fn binary(name: &str, architecture: &str, more: &str) -> String {
    format!("Package: {name}\nArchitecture: {architecture}\n{more}\n")
}

#[test]
fn what_a_build_makes() {
    let all =
        binary("doc", "all", "") + &binary("any", "any", "") + &binary("arm", "arm64 armhf", "");
    check(&all, "", ["doc any", "any", "doc"]);
    check(&binary("lin", "linux-any", ""), "", ["lin", "lin", ""]);
    check(
        &binary("hurd", "hurd-any kfreebsd-any", ""),
        "",
        ["", "", ""],
    );
    check(
        &binary("xx", "arm64", "X-DH-Build-For-Type: target\n"),
        "",
        ["xx", "xx", ""],
    );
    check(
        &binary("xx", "amd64", "X-DH-Build-For-Type: target\n"),
        "",
        ["", "", ""],
    );
}

#[test]
fn profiles() {
    let t = |formula: &str| binary("tt", "all", &format!("Build-Profiles: {formula}\n"));
    check(&t("<!nocheck>"), "", ["tt", "", "tt"]);
    check(&t("<!nocheck>"), "nocheck", ["", "", ""]);
    check(&t("<!nocheck !nodoc> <cross>"), "nodoc", ["", "", ""]);
    check(
        &t("<!nocheck !nodoc> <cross>"),
        "nodoc cross",
        ["tt", "", "tt"],
    );
    check(&t("<stage1>"), "", ["", "", ""]);
}

#[test]
fn fields() {
    let text = "package: foo\nARCHITECTURE: any\nXB-Package-Type: udeb\nDepends: a,\n b | c,\nMulti-Arch: same\n \nPackage: bar\nSection: doc\n";
    let control = parse(text).unwrap();
    assert_eq!(control.build_depends[0], "a, b (>= 1),");
    let package = &control.packages[0];
    let shown = (
        package.package_type.as_str(),
        package.section.as_str(),
        package.multi_arch.as_str(),
    );
    assert_eq!(shown, ("udeb", "python", "same"),);
    assert_eq!(package.relation("Depends"), "a, b | c,");
    assert_eq!(package.relation("Recommends"), "");
    // A line of blanks ends the stanza.
    assert_eq!(control.packages[1].section, "doc");
}

#[test]
fn errors_have_a_line() {
    let one = "Source: foo\n\nPackage: foo\nArchitecture: all\n";
    check_error(
        "",
        "debian/control:1: it is empty; the first stanza has to have a Source field",
    );
    check_error(
        "Source: foo\n",
        "debian/control:1: there is no binary package in it",
    );
    check_error(
        &format!("{one}\nPackage: foo\n"),
        "debian/control:6: there is a second stanza of the package foo",
    );
    check_error(
        &format!("{one}architecture: any\n"),
        "debian/control:5: the field architecture appears twice in its stanza",
    );
    check_error(
        &format!("{one}Package-Type: deb\nXC-Package-Type: deb\n"),
        "debian/control:6: the field XC-Package-Type appears twice in its stanza",
    );
    check_error(
        &format!("{one}nonsense\n"),
        "debian/control:5: `nonsense` is neither a field nor the rest of one",
    );
    check_error(
        "Source: foo\n\n# x\nArchitecture: all\n",
        "debian/control:4: the stanza has no Package field",
    );
    check_error(
        "\nSource: Foo\n\nPackage: foo\n",
        "debian/control:2: Source: `Foo` is not a Debian package name: at least two of `a-z0-9+.-`, the first a letter or digit",
    );
    check_error(
        &format!("{one}X-DH-Build-For-Type: build\n"),
        "debian/control:3: X-DH-Build-For-Type: `build` is neither host nor target",
    );
}

proptest! {
    #[test]
    fn total(text in "(Source|Package|Architecture|#|:| |\n|foo|any|all|-|\u{e9}){0,30}") {
        let _ = Control::parse(&text);
    }
}
