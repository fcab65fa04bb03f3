//! `a: b c <!nocheck>` says that building a needs the packages of b and c.

use super::*;

fn source(line: &str) -> Source {
    let (name, needs) = line.split_once(':').unwrap();
    let text = format!(
        "Source: {name}\nBinary: python3-{name}\nVersion: 1-1\nBuild-Depends: debhelper, {}\nChecksums-Sha256:\n aa 1 x.tar.gz\n",
        needs.trim()
    );
    super::super::source::parse(&text).unwrap()
}

/// The graph of lines; `run` has lines of what packages depend on.
fn graph(lines: &[&str], run: &[&str]) -> (Graph, Vec<Source>) {
    let sources: Vec<Source> = lines.iter().map(|line| source(line)).collect();
    let mut graph = Graph::new(&sources, "amd64", &[]);
    for line in run {
        let (name, needs) = line.split_once(':').unwrap();
        let clauses: Result<Vec<Clause>, _> = pydeps_core::clause::parse(needs).collect();
        graph.learn(name, &clauses.unwrap());
    }
    (graph, sources)
}

#[track_caller]
fn check(lines: &[&str], run: &[&str], wanted: &[&str], expect: &str) {
    let (graph, _) = graph(lines, run);
    let wanted = wanted.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(graph.order(&wanted).join(" "), expect);
}

#[test]
fn needs_come_first() {
    let lines = ["c: python3-b", "b: python3-a (>= 1)", "a:", "other:"];
    check(&lines, &[], &["c"], "a b c");
    check(&lines, &[], &["a", "other"], "a other");
    check(
        &["a: python3-a", "b: python3-none | python3-a"],
        &[],
        &["b"],
        "a b",
    );
}

#[test]
fn what_packages_depend_on_counts_when_it_is_known() {
    let lines = ["a:", "b:", "c: python3-b"];
    check(&lines, &[], &["c"], "b c");
    check(&lines, &["b: python3-a, libc6"], &["c"], "a b c");
    // Packages that depend on each other are no circle of builds.
    check(&lines, &["b: python3-a", "a: python3-b"], &["c"], "a b c");
}

#[test]
fn profiles_leave_out_needs() {
    let lines = ["a: python3-b <!nocheck>", "b: python3-a"];
    let sources: Vec<Source> = lines.iter().map(|line| source(line)).collect();
    let graph = Graph::new(&sources, "amd64", &["nocheck"]);
    assert!(graph.closure("a").is_empty());
    assert!(graph.closure("b").contains("a"));
}

#[track_caller]
fn check_cycle(lines: &[&str], run: &[&str], expect: Option<(&str, Option<(&str, &str)>)>) {
    let (graph, sources) = graph(lines, run);
    let all = sources.iter().map(|source| source.name.clone()).collect();
    let found = graph.cycle(&all, &sources.iter().collect::<Vec<_>>());
    let shown = found.as_ref().map(|cycle| {
        let cut = cycle.cut.as_ref();
        (
            cycle.sources.join(" "),
            cut.map(|(source, profile)| (source.as_str(), *profile)),
        )
    });
    let shown = shown.as_ref().map(|(text, cut)| (text.as_str(), *cut));
    assert_eq!(shown, expect);
}

#[test]
fn circles() {
    check_cycle(&["a: python3-b", "b:"], &[], None);
    check_cycle(
        &[
            "a: python3-b",
            "b: python3-c",
            "c: python3-a",
            "d: python3-a",
        ],
        &[],
        Some(("a b c", None)),
    );
    check_cycle(
        &["a: python3-b", "b: python3-a <!nocheck>"],
        &[],
        Some(("a b", Some(("b", "nocheck")))),
    );
    // a is needed to build b, and cannot be installed without b.
    check_cycle(
        &["a:", "b: python3-a"],
        &["a: python3-b"],
        Some(("b a", None)),
    );
}

#[test]
fn what_needs_something_without_a_source() {
    let check = |lines: &[&str], run: &[&str], expect: &[&str]| {
        let (mut graph, sources) = graph(lines, run);
        let absent = [Absent {
            release: "z 1".to_owned(),
            packages: vec!["python3-z".to_owned(), "python3-a".to_owned()],
        }];
        graph.lack(&absent, &sources);
        let all = sources.iter().map(|source| source.name.clone()).collect();
        let order = graph.order(&all);
        assert_eq!(order.len(), sources.len(), "{order:?}");
        let hopeless = graph.hopeless(&order);
        let hopeless: Vec<&str> = hopeless.iter().map(String::as_str).collect();
        assert_eq!(hopeless, expect);
    };
    // python3-a is there.
    check(&["a:", "b: python3-a"], &[], &["z 1"]);
    check(
        &["a: python3-z <!nocheck>", "b: python3-a", "c:"],
        &[],
        &["a", "b", "z 1"],
    );
    // What is built was built with one from elsewhere.
    let (mut graph, sources) = graph(&["a: python3-z", "b: python3-a"], &[]);
    let absent = Absent {
        release: "z 1".to_owned(),
        packages: vec!["python3-z".to_owned()],
    };
    graph.lack(&[absent], &sources);
    graph.is_there("a");
    let order = ["a", "b"].map(str::to_owned);
    assert_eq!(Vec::from_iter(graph.hopeless(&order)), ["z 1"]);
}
