//! The effect of backports, newer suites and decisions on a resolution.

use super::scenario::{resolve, show_decided};

#[track_caller]
fn check(scenario: &str, expect: &str) {
    let (resolution, _) = resolve(scenario);
    let expect: Vec<&str> = expect.lines().map(str::trim_start).collect();
    let shown = show_decided(&resolution);
    let shown: Vec<&str> = shown.lines().map(str::trim_start).collect();
    assert_eq!(shown.join("\n"), expect.join("\n"));
}

#[test]
fn the_suite_before_backports_before_a_newer_suite_before_the_index() {
    let base = "index app 1.0 : lib>=1
         index lib 1.0
         index lib 2.0
         index lib 3.0
         root app";
    check(
        base,
        "app 1.0 generate\nlib 3.0 generate\n2 to build, proven",
    );
    check(
        &format!("newer lib 2.0\n{base}"),
        "app 1.0 generate\nlib 2.0 backport from sid\n2 to build, proven",
    );
    check(
        &format!("newer lib 2.0\nbackports lib 1.0\n{base}"),
        "app 1.0 generate\nlib 1.0 use from backports\n1 to build, proven",
    );
    check(
        &format!("newer lib 2.0\nbackports lib 1.0\nsuite lib 1.0\n{base}"),
        "app 1.0 generate\n1 to build, proven",
    );
}

#[test]
fn backports_where_the_suite_is_too_old() {
    check(
        "suite lib 1.0
         backports lib 2.0
         index app 1.0 : lib>=2
         root app",
        "app 1.0 generate\nlib 2.0 use from backports\n1 to build, proven",
    );
}

#[test]
fn a_rebuild_needs_its_build_dependencies() {
    check(
        "newer lib 2.0 : cython3>=3.1
         index app 1.0 : lib
         index lib 2.0
         index lib 1.0
         root app",
        "app 1.0 generate\nlib 2.0 generate\n2 to build, proven",
    );
}

#[test]
fn a_rebuild_has_the_requirements_of_its_release() {
    check(
        "newer lib 1.1
         index app 1.0 : lib
         index lib 1.1 : more
         index lib 1.0
         index more 1.0
         root app",
        "app 1.0 generate
         lib 1.0 generate
         older saves 1: it needs more, which trixie lacks
         2 to build, proven",
    );
}

#[test]
fn decisions_on_what_the_suite_has() {
    let base = "suite lib 1.0
         index lib 1.0
         index lib 2.0
         index lib 3.0
         index app 1.0 : lib>=2
         root app";
    check(
        &format!("decide lib relax\n{base}"),
        "app 1.0 generate\nlib 1.0 relax\n1 to build, proven",
    );
    check(
        &format!("decide lib replace\n{base}"),
        "app 1.0 generate\nlib 3.0 replace\n2 to build, proven",
    );
    check(
        &format!("decide lib replace <3\n{base}"),
        "app 1.0 generate
         lib 2.0 replace
         older: pydeps.toml:2 asks for lib<3
         2 to build, proven",
    );
    check(
        &format!("newer lib 2.0\ndecide lib replace from sid\n{base}"),
        "app 1.0 generate\nlib 2.0 replace from sid\n2 to build, proven",
    );
    check(
        &format!("decide lib bundle\n{base}"),
        "app 1.0 generate\nlib 3.0 bundle\n1 to build, proven",
    );
    check(
        &format!("decide lib ignore\n{base}"),
        "app 1.0 generate\nlib - ignore\n1 to build, proven",
    );
}

#[test]
fn decisions_on_what_the_suite_lacks() {
    let base = "newer lib 2.0
         index lib 1.0
         index lib 2.0
         index lib 3.0
         index app 1.0 : lib
         index app 2.0 : lib
         root app";
    check(
        &format!("decide lib generate\n{base}"),
        "app 2.0 generate\nlib 3.0 generate\n2 to build, proven",
    );
    check(
        &format!("decide lib pin <2\n{base}"),
        "app 2.0 generate
         lib 1.0 generate
         older: pydeps.toml:2 asks for lib<2
         2 to build, proven",
    );
    check(
        &format!("decide lib backport\n{base}"),
        "app 2.0 generate\nlib 2.0 backport from sid\n2 to build, proven",
    );
    check(
        &format!("decide app pin ==1.0\n{base}==2.0"),
        "app 1.0 generate\nlib 2.0 backport from sid\n2 to build, proven",
    );
}
