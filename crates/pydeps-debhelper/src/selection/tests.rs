use proptest::prelude::*;

use super::*;
use crate::argv::{Given, parse};
use crate::compat::Compat;

const CONTROL: &str = "Source: foo

Package: foo-all
Architecture: all

Package: foo-any
Architecture: any

Package: foo-arm
Architecture: arm64

Package: foo-prof
Architecture: all
Build-Profiles: <!nocheck>
";

fn build(profiles: &str) -> Build {
    Build {
        host: "amd64".to_owned(),
        target: "amd64".to_owned(),
        profiles: profiles.split_whitespace().map(str::to_owned).collect(),
    }
}

/// The packages, then `!` and the beginning of what is told.
fn shown(internal: &str, options: &str, arguments: &str, build: &Build) -> String {
    let arguments: Vec<String> = arguments.split_whitespace().map(str::to_owned).collect();
    let internal = internal.replace(' ', "\u{1e}");
    let given = Given {
        arguments: &arguments,
        options: Some(options),
        internal: Some(&internal),
    };
    let asked = parse(&given, &[], Compat::new(13)).unwrap();
    let control = Control::parse(CONTROL).unwrap();
    let logged = |name: &DebName| name.as_str() == "foo-any";
    match select(&asked, &control, build, &logged) {
        Err(error) => error.to_string(),
        Ok(selection) => {
            let mut words: Vec<String> =
                selection.packages.iter().map(ToString::to_string).collect();
            for warning in &selection.warnings {
                words.push(format!("!{}", &warning[..warning.len().min(10)]));
            }
            words.join(" ")
        }
    }
}

#[track_caller]
fn check(arguments: &str, expect: &str) {
    assert_eq!(shown("", "", arguments, &build("")), expect, "{arguments}");
}

#[test]
fn the_command_line() {
    check("", "foo-all foo-any foo-prof");
    check("-a", "foo-any");
    check("-i", "foo-all foo-prof");
    check("-a -i", "foo-any foo-all foo-prof");
    check("-pfoo-any -p foo-all -pfoo-any", "foo-any foo-all");
    check("-Nfoo-any", "foo-all foo-prof");
    check("-pfoo-any -Nfoo-any", "!No package");
    check("-pfoo-arm", "!All reques");
    check("-pfoo-arm -a", "foo-any");
    check("--remaining-packages", "foo-all foo-prof");
    check("-a --remaining-packages", "!No package");
    check(
        "-pbar",
        "Requested unknown package bar via -p/--package, expected one of: foo-all foo-any foo-arm foo-prof",
    );
    check(
        "-Nbar",
        "Requested unknown package bar via -N/--no-package, expected one of: foo-all foo-any foo-arm foo-prof",
    );
    check("-O-pbar", "foo-all foo-any foo-prof !Requested ");
    check("-O-Nfoo-any -O--nonsense", "foo-all foo-prof");
    check(
        "-Pdebian/tmp",
        "-P was specified, but multiple packages would be acted on (foo-all,foo-any,foo-prof)",
    );
    check("-Pdebian/tmp -pfoo-all", "foo-all");
}

#[test]
fn profiles_take_packages_out() {
    let without = build("nocheck");
    assert_eq!(shown("", "", "", &without), "foo-all foo-any");
    assert_eq!(shown("", "", "-pfoo-prof", &without), "!All reques");
    assert_eq!(shown("", "", "-pfoo-prof -pfoo-all", &without), "foo-all");
}

#[test]
fn what_dh_hands_through_is_a_limit() {
    let limited = |internal, arguments| shown(internal, "", arguments, &build(""));
    assert_eq!(limited("-a", ""), "foo-any");
    assert_eq!(limited("-a", "-i"), "!No package");
    assert_eq!(limited("-i", "-pfoo-any"), "!All reques");
    assert_eq!(limited("-Nfoo-all", ""), "foo-any foo-prof");
    assert_eq!(limited("-O-v -Nfoo-all -a", "-pfoo-any"), "foo-any");
    assert_eq!(limited("--nonsense -a", ""), "foo-any");
    assert_eq!(limited("-pbar", ""), "foo-all foo-any foo-prof !Requested ");
}

#[test]
fn the_variable() {
    let variable = |options, arguments| shown("", options, arguments, &build(""));
    assert_eq!(variable("-a", "-i"), "foo-any foo-all foo-prof");
    assert_eq!(
        variable("--nonsense", ""),
        "foo-all foo-any foo-prof !ignored un"
    );
    assert_eq!(variable("-pbar", "-a"), "foo-any !Requested ");
}

proptest! {
    /// Every package is named once, is built here, and is not excluded.
    #[test]
    fn laws(words in proptest::collection::vec("-(a|i|[pN]foo-(all|any|arm|prof)|O-a|v)", 0..6), internal in "(-a|-i|-Nfoo-all)?") {
        let line = words.join(" ");
        let found = shown(&internal, "", &line, &build(""));
        let names: Vec<&str> = found.split(' ').filter(|word| word.starts_with("foo")).collect();
        let unique: BTreeSet<&&str> = names.iter().collect();
        prop_assert_eq!(unique.len(), names.len());
        for name in names {
            prop_assert!(name != "foo-arm");
            let excluded = format!("-N{name}");
            prop_assert!(!words.contains(&excluded));
        }
    }
}
