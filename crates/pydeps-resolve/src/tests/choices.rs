//! Answers with costs and conflicts as a person reads them. Each test takes every choice of
//! the answer, which has to do what it says.

use super::scenario::{resolve, resolve_with_index, show_decided};
use crate::{Resolution, Way};

#[track_caller]
fn check(scenario: &str, expect: &str) {
    let (before, _) = resolve(scenario);
    let expect: Vec<&str> = expect.lines().map(str::trim_start).collect();
    let shown = show_decided(&before);
    let shown: Vec<&str> = shown.lines().map(str::trim_start).collect();
    assert_eq!(shown.join("\n"), expect.join("\n"));
    for way in &before.choices {
        let (after, _) = resolve(&format!("{scenario}\n{}", decision(way)));
        assert_better(&before, &after, way);
    }
}

/// The choice as lines of a scenario.
pub(super) fn decision(way: &Way) -> String {
    let lines: Vec<String> = std::iter::once(way).chain(&way.also).map(line).collect();
    lines.join("\n")
}

fn line(way: &Way) -> String {
    let words: Vec<&str> = way.line.split('"').collect();
    format!(
        "decide {} {} {}",
        way.name,
        words[1],
        words.get(3).unwrap_or(&"")
    )
}

#[track_caller]
fn assert_better(before: &Resolution, after: &Resolution, way: &Way) {
    let built = (after.open().count() == 0).then(|| after.to_build().count());
    assert_eq!(built, way.to_build, "{}", way.line);
    let open = |resolution: &Resolution| resolution.open().count();
    match open(before) {
        0 => assert!(after.to_build().count() < before.to_build().count()),
        number => assert!(open(after) < number, "{}", way.line),
    }
}

#[test]
fn too_old_for_all_releases() {
    check(
        "suite typer 0.15
         index typer 0.15
         index typer 0.20
         index typer 0.26
         index app 1.0 : typer>=0.20
         index app 1.1 : typer>=0.26 ; extra
         index extra 1.0
         root app",
        "app 1.1 generate
         extra 1.0 generate
         typer 0.15 open (too-old)
         2 to build, proven
         conflict: what was asked for is app 1.0 to 1.1
         conflict: app 1.0 to 1.1 needs typer >=0.20
         conflict: trixie has typer 0.15 (python3-typer 0.15-1)
         typer = { action = \"relax\" } # takes python3-typer with typer 0.15 all the same, 2 to build
         typer = { action = \"replace\" } # typer 0.26 takes the place of python3-typer, 3 to build
         typer = { action = \"bundle\" } # a copy of typer 0.26, yours to keep secure, for this alone, 2 to build",
    );
}

#[test]
fn what_one_decision_takes_with_it() {
    check(
        "suite typer 0.15
         suite click 7
         index typer 0.20 : click>=8
         index click 8
         index app 1.0 : typer>=0.20
         root app==1.0",
        "app 1.0 generate
         typer 0.15 open (too-old)
         1 to build, proven
         conflict: what was asked for is app 1.0
         conflict: app 1.0 needs typer >=0.20
         conflict: trixie has typer 0.15 (python3-typer 0.15-1)
         typer = { action = \"relax\" } # takes python3-typer with typer 0.15 all the same, 1 to build
         typer = { action = \"replace\" } + click = { action = \"replace\" } # typer 0.20 takes the place of python3-typer, 3 to build
         typer = { action = \"bundle\" } + click = { action = \"bundle\" } # a copy of typer 0.20, yours to keep secure, for this alone, 1 to build",
    );
}

#[test]
fn one_way_out_for_each_conflict() {
    check(
        "suite old 1
         suite new 3
         index new 2
         index old 1
         index app 1.0 : old>=2 ; new<3
         root app==1.0",
        "app 1.0 generate
         new 3 open (too-new)
         old 1 open (too-old)
         1 to build, proven
         conflict: what was asked for is app 1.0
         conflict: app 1.0 needs new <3
         conflict: trixie has new 3 (python3-new 3-1)
         conflict: app 1.0 needs old >=2
         conflict: trixie has old 1 (python3-old 1-1)
         new = { action = \"relax\" } # takes python3-new with new 3 all the same
         new = { action = \"replace\" } # new 2 takes the place of python3-new
         new = { action = \"bundle\" } # a copy of new 2, yours to keep secure, for this alone
         old = { action = \"relax\" } # takes python3-old with old 1 all the same",
    );
}

#[test]
fn a_release_before_the_one_that_was_named() {
    check(
        "suite base 1
         index base 1
         index app 1.0 : base
         index app 1.1 : base>=2
         root app==1.1",
        "app 1.1 generate
         base 1 open (too-old)
         1 to build, proven
         conflict: what was asked for is app 1.1
         conflict: app 1.1 needs base >=2
         conflict: trixie has base 1 (python3-base 1-1)
         app = { action = \"pin\", version = \"==1.0\" } # takes app 1.0, 1 to build
         base = { action = \"relax\" } # takes python3-base with base 1 all the same, 1 to build",
    );
}

#[test]
fn nobody_has_it() {
    check(
        "index app 1.0 : nowhere>=3
         root app",
        "app 1.0 generate
         nowhere - open (missing)
         1 to build, proven
         conflict: what was asked for is app 1.0
         conflict: app 1.0 needs nowhere >=3
         conflict: no index has nowhere
         nowhere = { action = \"ignore\" } # leaves the requirement out, 1 to build",
    );
}

#[test]
fn no_two_that_agree() {
    check(
        "index app 1.0 : a ; b
         index a 1.0 : shared<2
         index b 1.0 : shared>=2
         index shared 1.0
         index shared 2.0
         root app",
        "a 1.0 generate
         app 1.0 generate
         b 1.0 generate
         shared 2.0 open (missing)
         3 to build, proven
         conflict: what was asked for is app 1.0
         conflict: app 1.0 needs a
         conflict: app 1.0 needs b
         conflict: a 1.0 needs shared <2
         conflict: b 1.0 needs shared >=2
         shared = { action = \"relax\" } # takes shared 2.0 all the same, 4 to build
         shared = { action = \"ignore\" } # leaves the requirement out, 3 to build",
    );
}

#[test]
fn an_older_root_is_cheaper() {
    check(
        "index app 1.0 : lib
         index app 1.1 : lib ; more ; most
         index app 1.2 : lib ; more
         index lib 1.0
         index more 1.0
         index most 1.0
         root app",
        "app 1.2 generate
         lib 1.0 generate
         more 1.0 generate
         3 to build, proven
         app = { action = \"pin\", version = \"==1.0\" } # takes app 1.0, 2 to build",
    );
}

#[test]
fn a_requirer_steps_back_and_says_what_that_saves() {
    check(
        "suite base 1
         index app 1.0 : lib
         index lib 1.0 : base
         index lib 1.1 : base ; more
         index lib 1.2 : base ; more ; most
         index more 1.0
         index most 1.0
         root app",
        "app 1.0 generate
         lib 1.0 generate
         older saves 2: it needs more, which trixie lacks; it needs most, which trixie lacks
         2 to build, proven",
    );
}

#[test]
fn but_not_out_of_its_window() {
    check(
        "index app 1.0 : lib
         index lib 1.0 2020-01-01
         index lib 1.1 2026-01-01 : more
         index more 1.0
         root app",
        "app 1.0 generate
         lib 1.1 generate
         more 1.0 generate
         3 to build, proven",
    );
}

#[test]
fn a_small_budget() {
    let releases: Vec<String> = (0..40)
        .map(|minor| format!("index lib 1.{minor} : more"))
        .collect();
    let text = format!(
        "budget 5
         index app 1.0 : lib
         {}
         index more 1.0
         root app",
        releases.join("\n")
    );
    check(
        &text,
        "app 1.0 generate
         lib 1.39 generate
         more 1.0 generate
         3 to build, budget reached",
    );
    let text = text.replace("budget 5", "budget 50");
    check(
        &text,
        "app 1.0 generate
         lib 1.39 generate
         more 1.0 generate
         3 to build, proven",
    );
}

#[test]
fn a_budget_that_fits() {
    let text = |releases: usize| {
        let lib = (0..releases).map(|minor| format!("index lib 1.{minor} : more"));
        let lib: Vec<String> = lib.collect();
        let lines = "budget fitting\nindex app 1.0 : lib\nindex more 1.0\nroot app";
        format!("{lines}\n{}", lib.join("\n"))
    };
    let answer = |word: &str| {
        format!(
            "app 1.0 generate
             lib 1.{{}} generate
             more 1.0 generate
             3 to build, {word}"
        )
    };
    check(&text(60), &answer("proven").replace("{}", "59"));
    check(&text(70), &answer("budget reached").replace("{}", "69"));
}

#[test]
fn what_the_budget_does_not_allow_is_not_begun() {
    let lib = (0..700).map(|minor| format!("index lib 1.{minor} : more"));
    let lib: Vec<String> = lib.collect();
    let lines = "budget fitting\nindex app 1.0 : lib\nindex more 1.0\nroot app";
    let (_, _, index) = resolve_with_index(&format!("{lines}\n{}", lib.join("\n")));
    let fetched = index.count_metadata(&"lib".parse().unwrap());
    assert!(fetched <= 10, "{fetched}");
}

#[test]
fn an_older_major_version() {
    check(
        "suite base 1
         index base 1
         index app 1.0 : base
         index app 1.1 : base
         index app 2.0 : base>=2
         root app",
        "app 2.0 generate
         base 1 open (too-old)
         1 to build, proven
         conflict: what was asked for is app 2.0
         conflict: app 2.0 needs base >=2
         conflict: trixie has base 1 (python3-base 1-1)
         app = { action = \"pin\", version = \"==1.1\" } # takes app 1.1, 1 to build
         base = { action = \"relax\" } # takes python3-base with base 1 all the same, 1 to build",
    );
}
