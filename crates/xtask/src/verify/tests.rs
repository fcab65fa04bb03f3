use serde_json::{Value, json};

use super::answer::Answer;
use super::facts::{Exceptions, Facts, judge};
use super::table::{Row, text, tsv};

fn row(name: &str, version: &str, action: Option<&str>) -> Value {
    let package = action
        .filter(|a| *a == "use")
        .map(|_| format!("python3-{name}"));
    let package_version = package.as_ref().map(|_| "1-1");
    json!({"name": name, "version": version, "action": action, "package": package,
        "package_version": package_version, "evidence": {"kind": "archive"}, "newest": "2"})
}

fn answer(rows: &[Value], order: &Value) -> Answer {
    let root = json!({"requested": "app[x]>1", "name": "app", "version": "1", "newest": "3"});
    let whole = json!({"version": 1, "roots": [root], "distributions": rows,
        "build_order": order, "minimality": "proven"});
    serde_json::from_value(whole).unwrap()
}

/// An application and a library to generate, of which Debian has what they need.
fn solution() -> Answer {
    let rows = [
        row("app", "1", Some("generate")),
        row("lib", "1", Some("generate")),
        row("there", "1", Some("use")),
    ];
    answer(&rows, &json!([["lib"], ["app"]]))
}

fn no_solution() -> Answer {
    let rows = [row("app", "1", Some("generate")), row("there", "1", None)];
    answer(&rows, &json!([["app"]]))
}

/// Facts that speak for `solution`, but for these.
fn facts(but: &Value) -> Facts {
    let mut facts = json!({"by_pip": ["app", "lib"], "debian": {"python3-there": "1-1"},
        "edges": [{"from": "app", "requirement": "lib", "wrong": null}],
        "imports": [["app", "app", null]], "uv": {"pins": {"app": "1", "lib": "1"}}});
    for (key, value) in but.as_object().unwrap() {
        facts[key] = value.clone();
    }
    serde_json::from_value(facts).unwrap()
}

#[track_caller]
fn check(answer: &Answer, but: &Value, word: &str, expect: &[&str]) {
    let exceptions = Exceptions::parse("# a\nlib\tlib.tk\tneeds a display\n").unwrap();
    let judgement = judge(answer, &facts(but), &exceptions);
    let said = [judgement.problems, judgement.notes].concat();
    assert_eq!(
        (judgement.word.as_str(), said),
        (word, expect.iter().map(|s| (*s).to_owned()).collect())
    );
}

#[test]
fn an_answer_that_holds() {
    check(&solution(), &json!({}), "holds", &[]);
}

#[test]
fn each_fact_that_speaks_against_an_answer() {
    let against = |but: Value, expect: &str| check(&solution(), &but, "FAILS (1)", &[expect]);
    against(
        json!({"failed": "apt: no"}),
        "it cannot be installed: apt: no",
    );
    against(
        json!({"edges": [{"from": "app[x]", "requirement": "lib>1", "wrong": "is 1"}]}),
        "app[x] needs lib>1: is 1",
    );
    against(
        json!({"python_refusals": ["app asks for Python >9"]}),
        "app asks for Python >9",
    );
    against(
        json!({"differing": [["there", "1", "2"]]}),
        "there: 1 is promised, 2 is there",
    );
    against(
        json!({"by_pip": ["app", "lib", "more"]}),
        "only named or only installed by pip: more",
    );
    against(
        json!({"by_pip": ["app"]}),
        "only named or only installed by pip: lib",
    );
    against(
        json!({"shadowed": ["lib"]}),
        "lib shadows a Debian package, and is not to replace it",
    );
    against(
        json!({"imports": [["lib", "lib", "ImportError: x"], ["lib", "lib.tk", "ImportError: y"]]}),
        "import lib (of lib): ImportError: x",
    );
    against(
        json!({"uv": {"pins": {"app": "1", "lib": "2"}}}),
        "uv's set differs: lib==1, lib==2",
    );
    against(
        json!({"uv": {"refusal": "because"}}),
        "uv does not accept it: because",
    );
}

#[test]
fn a_complaint_counts_only_if_it_is_new() {
    let complaint = json!([["debs", "x<2", "is 2"]]);
    check(
        &solution(),
        &json!({"complaints": complaint}),
        "holds",
        &["note: within Debian, debs needs x<2: is 2"],
    );
    check(
        &solution(),
        &json!({"complaints": complaint, "new_complaints": complaint}),
        "FAILS (1)",
        &[
            "new: Debian's debs needs x<2: is 2",
            "note: within Debian, debs needs x<2: is 2",
        ],
    );
}

#[test]
fn a_smaller_set_is_a_hint() {
    check(
        &solution(),
        &json!({"uv": {"pins": {"app": "1", "lib": "1"}, "fewer": [["lib", ["app"]]]}}),
        "holds",
        &["note: without lib uv needs 1 (whatever their age): app"],
    );
}

#[test]
fn an_archive_that_moved_on_is_told() {
    check(
        &solution(),
        &json!({"debian": {"python3-there": "1-2"}}),
        "holds",
        &["note: there: python3-there is 1-2 in the chroot, the answer says 1-1"],
    );
}

#[test]
fn a_package_that_is_to_be_replaced_may_be_shadowed() {
    let rows = [
        row("app", "1", Some("generate")),
        row("lib", "1", Some("replace")),
    ];
    let answer = answer(&rows, &json!([["lib"], ["app"]]));
    check(&answer, &json!({"shadowed": ["lib"]}), "holds", &[]);
}

#[test]
fn a_build_order_names_what_is_generated() {
    let answer = answer(&[row("app", "1", Some("generate"))], &json!([["lib"]]));
    let but = json!({"by_pip": ["app"], "uv": {"pins": {"app": "1"}}});
    let expect = "only generated or only in the build order: app, lib";
    check(&answer, &but, "FAILS (1)", &[expect]);
}

#[test]
fn no_solution_needs_a_second_opinion() {
    let refused = json!({"uv": {"refusal": "  × No solution found when resolving"}});
    check(
        &no_solution(),
        &refused,
        "no solution, uv has none either",
        &[],
    );
    let said = "No solution found: lib has no usable wheels and building from source is disabled";
    let note = "note: uv left out releases that have no wheel";
    let word = "no solution, uv has none either";
    check(
        &no_solution(),
        &json!({"uv": {"refusal": said}}),
        word,
        &[note],
    );
    let found = json!({"uv": {"pins": {"app": "1", "lib": "2"}}});
    let expect = "no solution, but uv has one: app==1 lib==2";
    check(&no_solution(), &found, "FAILS (1)", &[expect]);
    let other = json!({"uv": {"refusal": "timed out"}});
    let expect = "uv gives no opinion, it says: timed out";
    check(&no_solution(), &other, "FAILS (1)", &[expect]);
}

#[test]
fn exceptions_have_reasons() {
    let error = Exceptions::parse("# ok\na\tb\t\n").unwrap_err().to_string();
    assert_eq!(error, "line 2: distribution, module, reason");
}

#[test]
fn a_task_installs_all_of_a_solution_and_no_more() {
    let task = solution().task("leaves");
    assert_eq!(task["pins"], json!(["app==1", "lib==1"]));
    assert_eq!(task["packages"], json!(["python3-there"]));
    assert_eq!(
        task["versions"],
        json!({"app": "1", "lib": "1", "there": "1"})
    );
    assert_eq!(no_solution().task("leaves")["pins"], json!([]));
}

#[test]
fn a_stand_in_promises_no_metadata() {
    let mut alias = row("lib-binary", "2.9", Some("use"));
    alias["evidence"] = json!({"kind": "alias"});
    let task = answer(&[alias], &json!([])).task("leaves");
    assert_eq!(task["versions"], json!({}));
    let expect = json!({"lib-binary": {"package": "python3-lib-binary", "version": "2.9"}});
    assert_eq!(task["stand_ins"], expect);
}

#[test]
fn a_root_keeps_its_extras_where_it_is_pinned() {
    assert_eq!(solution().roots[0].with_extras(), "app[x]");
}

#[test]
fn the_table() {
    let rows = [solution(), no_solution()].map(|answer| {
        let judgement = judge(&answer, &facts(&json!({})), &Exceptions::default());
        Row::new("app", "hazel", &answer, Some(7), judgement)
    });
    let lines: Vec<String> = tsv(&rows).lines().map(str::to_owned).collect();
    assert_eq!(
        lines[0],
        "# application\tsuite\tversion\tto build\tnewest takes\tminimality\tsteps back\tjudge\tdetails"
    );
    let steps = "2: app 1 (newest 3), lib 1 (newest 2)";
    assert_eq!(
        lines[1],
        format!("app\thazel\t1\t2\t7\tproven\t{steps}\tholds\t")
    );
    assert!(
        lines[2].starts_with("app\thazel\t1\t(2)\t7\tproven\t"),
        "{}",
        lines[2]
    );
    assert!(
        lines[2].contains("\tFAILS (1)\tno solution, but uv has one"),
        "{}",
        lines[2]
    );
    let shown = text(&rows);
    assert!(shown.lines().nth(1).unwrap().ends_with(steps), "{shown}");
}
