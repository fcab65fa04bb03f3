mod choices;
mod findings;
mod offers;
mod oracle;
mod scenario;

use scenario::{resolve, resolve_with_statistics, show};

#[track_caller]
fn check(scenario: &str, expect: &str) {
    let (resolution, _) = resolve(scenario);
    let expect: Vec<&str> = expect
        .lines()
        .map(str::trim)
        .filter(|l| !l.is_empty())
        .collect();
    assert_eq!(show(&resolution), expect.join("\n"));
}

#[test]
fn the_suite_comes_first() {
    check(
        "suite click 8.1
         index click 9.0
         index app 1.0 : click>=8 ; lib
         index lib 2.0
         root app",
        "app 1.0 missing <- the command line
         click 8.1 satisfied <- app
         lib 2.0 missing <- app
         build lib | app",
    );
}

#[test]
fn a_floating_root_steps_back() {
    check(
        "suite typer 0.15
         index app 1.0 : typer>=0.10
         index app 1.1 : typer>=0.20
         root app",
        "not 1.1: it needs typer>=0.20, and trixie has 0.15
         app 1.0 missing <- the command line
         typer 0.15 satisfied <- app
         build app",
    );
}

#[test]
fn out_of_its_window_it_says_so() {
    let text = "suite typer 0.15
         index app 1.0 2021-01-01 : typer
         index app 1.1 2026-01-01 : typer>=0.20
         root app";
    let (resolution, _) = resolve(text);
    assert_eq!(resolution.roots[0].version, Some("1.0".parse().unwrap()));
    let codes: Vec<&str> = resolution
        .findings
        .iter()
        .map(|f| f.code.as_str())
        .collect();
    assert_eq!(codes, ["outside-window"]);
}

#[test]
fn but_not_to_another_major_version() {
    check(
        "suite typer 0.15
         index app 1.0 : typer
         index app 2.0 : typer>=0.20
         index app 2.1 : typer>=0.30
         root app",
        "app 2.1 missing <- the command line
         typer 0.15 too-old <- app
         build app
         conflict: what was asked for is app 2.0 to 2.1
         conflict: app 2.0 to 2.1 needs typer >=0.20
         conflict: trixie has typer 0.15 (python3-typer 0.15-1)",
    );
}

#[test]
fn a_fixed_root_stays() {
    check(
        "suite typer 0.15
         index app 1.0 : typer
         index app 1.1 : typer<0.10
         root app==1.1",
        "app 1.1 missing <- the command line
         typer 0.15 too-new <- app
         build app
         conflict: what was asked for is app 1.1
         conflict: app 1.1 needs typer <0.10
         conflict: trixie has typer 0.15 (python3-typer 0.15-1)",
    );
}

#[test]
fn a_dependency_steps_back_before_the_root_does() {
    check(
        "suite base 1.0
         index app 1.0 : lib
         index lib 1.0 : base
         index lib 2.0 : base>=2
         root app",
        "app 1.0 missing <- the command line
         base 1.0 satisfied <- lib
         lib 1.0 missing <- app
         build lib | app",
    );
}

#[test]
fn extras_add_requirements() {
    check(
        "suite leaf 1.0
         index leaf 1.0 : more ? extra == 'x'
         index more 1.0
         index app 1.0 : leaf[x] ; self ? extra == 'y' ; app[y] ? extra == 'z'
         index self 1.0
         root app[z]",
        "app 1.0 missing <- app[z], the command line
         leaf 1.0 satisfied <- app
         more 1.0 missing <- leaf[x]
         self 1.0 missing <- app[y]
         build more self | app",
    );
}

#[test]
fn markers_are_the_targets() {
    check(
        "index app 1.0 : old ? python_version < '3.13' ; new ? python_version >= '3.13' ; win ? sys_platform == 'win32'
         index new 1.0
         root app",
        "app 1.0 missing <- the command line
         new 1.0 missing <- app
         build new | app",
    );
}

#[test]
fn pythons_that_do_not_fit() {
    check(
        "index app 1.0
         index app 1.1 2026-01-01 >=3.14
         root app",
        "not 1.1: it needs Python >=3.14, and trixie has 3.13
         app 1.0 missing <- the command line
         build app",
    );
}

#[test]
fn what_nobody_has() {
    check(
        "index app 1.0 : nowhere
         root app",
        "app 1.0 missing <- the command line
         nowhere - missing <- app
         build app
         conflict: what was asked for is app 1.0
         conflict: app 1.0 needs nowhere
         conflict: no index has nowhere",
    );
}

#[test]
fn cycles_share_a_group() {
    check(
        "index a 1.0 : b
         index b 1.0 : a
         root a",
        "a 1.0 missing <- b, the command line
         b 1.0 missing <- a
         build a b",
    );
}

#[test]
fn pre_releases_only_where_there_is_nothing_else() {
    check(
        "index app 1.0 : pre
         index app 2.0rc1
         index pre 0.5b1
         root app",
        "app 1.0 missing <- the command line
         pre 0.5b1 missing <- app
         build pre | app",
    );
}

#[test]
fn or_where_they_are_named() {
    check(
        "index app 1.0 : pinned==2.0rc1 ; ranged>=1.0rc1,<1.0rc3 ; plain>=1
         index pinned 1.0
         index pinned 2.0rc1
         index ranged 1.0rc2
         index ranged 1.0
         index plain 1.0
         index plain 2.0rc1
         root app",
        "app 1.0 missing <- the command line
         pinned 2.0rc1 missing <- app
         plain 1.0 missing <- app
         ranged 1.0rc2 missing <- app
         build pinned plain ranged | app",
    );
}

#[test]
fn a_conflict_does_not_bring_pre_releases_in() {
    check(
        "suite base 1
         index app 1.0 : base>=2
         index app 1.1b1
         root app",
        "app 1.0 missing <- the command line
         base 1 too-old <- app
         build app
         conflict: what was asked for is app 1.0
         conflict: app 1.0 needs base >=2
         conflict: trixie has base 1 (python3-base 1-1)",
    );
}

#[test]
fn the_order_of_roots_and_lines_does_not_matter() {
    let world = [
        "suite a 1",
        "index b 1 : a",
        "index c 1 : b",
        "index c 2 : a>=2",
    ];
    let mut texts = Vec::new();
    for roots in [["root b", "root c"], ["root c", "root b"]] {
        for rotated in 0..world.len() {
            let mut lines = world.to_vec();
            lines.rotate_left(rotated);
            lines.extend(roots);
            texts.push(show(&resolve(&lines.join("\n")).0));
        }
    }
    texts.dedup();
    assert_eq!(texts.len(), 1, "{texts:#?}");
}

#[test]
fn rounds_follow_the_depth_of_the_tree() {
    let (_, rounds) = resolve("index a 1 : b ; c\nindex b 1 : d\nindex c 1\nindex d 1\nroot a");
    assert!(rounds <= 7, "{rounds}");
}

#[test]
fn a_long_way_back_takes_few_rounds() {
    let releases = (0..60).map(|minor| {
        let base = if minor < 10 { "base" } else { "base>=2" };
        format!("index app 1.{minor} : {base}")
    });
    let releases: Vec<String> = releases.collect();
    let text = format!("suite base 1\n{}\nroot app", releases.join("\n"));
    let (resolution, rounds) = resolve(&text);
    assert_eq!(resolution.roots[0].version, Some("1.9".parse().unwrap()));
    assert!(rounds <= 50 / 3 + 3, "{rounds}");
}

/// The number of versions that a run of the solver asks for does not depend on how many
/// releases it leaves out.
#[test]
fn a_run_leaves_many_releases_out_at_once() {
    for count in [20, 80] {
        let releases = (0..count).map(|minor| {
            let other = if minor % 2 == 0 { "base" } else { "other" };
            format!("index app 1.{minor} : {other}>=2")
        });
        let releases: Vec<String> = releases.collect();
        let text = format!(
            "plain\nsuite base 1\nsuite other 1\n{}\nroot app",
            releases.join("\n")
        );
        let (resolution, _, statistics) = resolve_with_statistics(&text);
        assert!(!resolution.conflict.is_empty());
        assert!(statistics.releases >= count, "{statistics:?}");
        assert!(
            statistics.decisions <= 8 * statistics.runs,
            "{statistics:?}"
        );
    }
}

#[test]
fn constraints_hold_for_what_is_there() {
    check(
        "suite base 1
         index app 1.0 : base ; lib
         index app 2.0 : base ; lib
         index lib 1.0
         index lib 2.0
         root app
         constraint lib<2
         constraint app<2
         constraint stranger==7",
        "app 1.0 missing <- constraints.txt:1, the command line
         base 1 satisfied <- app
         lib 1.0 missing <- app, constraints.txt:1
         build lib | app",
    );
    check(
        "suite base 1
         index app 1.0 : base
         root app
         constraint base>=2",
        "app 1.0 missing <- the command line
         base 1 too-old <- app, constraints.txt:1
         build app
         conflict: what was asked for is app 1.0
         conflict: app 1.0 needs base >=2, with the constraint at constraints.txt:1
         conflict: trixie has base 1 (python3-base 1-1)",
    );
}

#[test]
fn a_project_at_hand() {
    check(
        "suite base 1
         index more 1.0
         index deep 1.0
         project app >=3.14 all : base ; more ? extra == 'web' ; deep ? extra == 'deep' ; app[web,deep] ? extra == 'all'",
        "base 1 satisfied <- app
         deep 1.0 missing <- app
         more 1.0 missing <- app
         build deep more
         conflict: app needs Python >=3.14, and trixie has 3.13",
    );
}

#[test]
fn what_nobody_has_is_let_through_before_what_somebody_has() {
    let (resolution, _) = resolve(
        "index a 1.2 : c>1.3
         index a 1.3 : e>1.3 ; e<1.3
         index c 1.1
         root a",
    );
    let open: Vec<&str> = resolution.open().map(|row| row.name.as_ref()).collect();
    assert_eq!(open, ["e"]);
}
