use proptest::prelude::*;

use super::*;

fn about<'a>(summary: &'a str, description: &'a str, content_type: &'a str) -> About<'a> {
    About {
        name: "Frob-Lib",
        summary: Some(summary),
        description: Some(description),
        content_type: Some(content_type),
    }
}

#[track_caller]
fn check_synopsis(summary: &str, expect: &str) {
    let got = describe(&about(summary, "", ""), "python3-frob", Role::Library);
    assert_eq!(got.synopsis, expect);
}

/// The paragraphs before the last, which is always the same.
#[track_caller]
fn check(markup: &str, text: &str, expect: &str) {
    let got = describe(
        &about("frobs things", text, markup),
        "python3-frob",
        Role::Library,
    );
    let end = "\n .\n This package installs the library for Python 3.";
    let got = got.extended.strip_suffix(end).unwrap().to_owned();
    assert_eq!(got, expect);
}

#[test]
fn synopses() {
    for (summary, expect) in [
        ("Frobs things.", "Frobs things"),
        ("A Python library for frobs", "Python library for frobs"),
        ("The fast one", "fast one"),
        ("Fast frobs", "fast frobs"),
        ("Frob-Lib is a library to frob", "library to frob"),
        ("frob-lib - a library to frob.", "library to frob"),
        (
            "Document parameters, class attributes, return types, and variables inline, with Frobs.",
            "Document parameters, class attributes, return types, and variables inline",
        ),
        ("FROB Lib is a library to frob", "library to frob"),
        ("Frob-Lib: The small library", "small library"),
        ("python3-frob is a thing of value", "thing of value"),
        ("This package provides frobs and more", "frobs and more"),
        (
            "**Bold** `code` frobs \u{2013} \u{201c}quoted\u{201d} \u{1f680}",
            "Bold code frobs - \"quoted\"",
        ),
        (
            "Frobs things. And also other things.",
            "Frobs things. And also other things",
        ),
        (
            "Library that frobs things. And also other things.",
            "library that frobs things",
        ),
        (
            "Database Abstraction Library",
            "Database Abstraction Library",
        ),
    ] {
        check_synopsis(summary, expect);
    }
}

#[test]
fn long_synopses_end_where_a_thought_does() {
    check_synopsis(
        "A high-level Python web framework that encourages rapid development and clean, pragmatic design.",
        "high-level Python web framework",
    );
    check_synopsis(
        "Universal feed parser, handles RSS 0.9x, RSS 1.0, RSS 2.0, CDF, Atom 0.3, and Atom 1.0 feeds",
        "Universal feed parser",
    );
    let endless = "word ".repeat(40);
    let got = describe(&about(&endless, "", ""), "p", Role::Library).synopsis;
    assert!(got.len() < 80 && got.ends_with("word"), "{got}");
}

#[test]
fn without_a_summary() {
    let text = "Frob-Lib is a library that frobs all kinds of things. It is good.";
    let got = describe(
        &about("", text, "text/x-rst"),
        "python3-frob",
        Role::Library,
    );
    assert_eq!(got.synopsis, "library that frobs all kinds of things");
    assert_eq!(got.findings[0].code, "description-without-summary");
    let got = describe(&about("UNKNOWN", "", ""), "python3-frob", Role::Library);
    assert_eq!(got.synopsis, "Python library, distributed as Frob-Lib");
}

#[test]
fn markdown() {
    let text = "# Frob-Lib\n\n[![build](https://x/y.svg)](https://x)\n\n<p align=center>html</p>\n\n\
        Frob-Lib is a [small](https://x) *library* that `frobs` all things.\nIt does so quickly \u{1f680}. \
        Read more at https://x.example/.\n\n## Features\n\n- **Fast**: very fast\n  - inner\n\n\
        ## Installation\n\n```\npip install frob\n```\n\nAfter that you have it on your machine.\n\n\
        | a | b |\n|---|---|\n| c | d |\n";
    check(
        "text/markdown; charset=UTF-8",
        text,
        " Frob-Lib is a small library that frobs all things. It does so quickly.",
    );
    let listed = "Frob-Lib is good for many things in life.\n\n## Features\n\n- first thing\n- **second** thing\n";
    check(
        "text/markdown",
        listed,
        " Frob-Lib is good for many things in life.\n .\n Features:\n .\n  - first thing\n  - second thing",
    );
}

#[test]
fn restructured_text() {
    let text = "========\nFrob-Lib\n========\n\n.. image:: https://x/y.svg\n   :target: https://x\n\n\
        .. _docs: https://x\n\nFrob-Lib_ is a ``small`` **library** that `frobs <https://x>`_ all\nthings, \
        see :pep:`8` and :class:`~frob.Thing`.\n\n\
        It can do this::\n\n    import frob\n\n\
        Usage\n-----\n\nThis is how to use it in a program.\n\nFeatures\n--------\n\n* one thing\n* another,\n  continued\n\n  * inner\n";
    check(
        "text/x-rst",
        text,
        " Frob-Lib is a small library that frobs all things, see PEP 8 and Thing.\n .\n Features:\n .\n  \
         - one thing\n  - another, continued",
    );
}

#[test]
fn lines_begin_with_nothing_that_means_something() {
    let words = "This library works with many things of the world of frobs, and also with a .NET thing - really.";
    let got = describe(&about("frobs", words, "text/plain"), "p", Role::Library).extended;
    assert!(
        got.contains("with a .NET") || got.contains("\n a .NET"),
        "{got}"
    );
    for cut in 30..90 {
        let text = format!("{} .NET - and * more words of it.", "x".repeat(cut));
        let got = describe(&about("frobs", &text, "text/plain"), "p", Role::Library).extended;
        let bad = |line: &&str| {
            line.starts_with(" .N") || line.starts_with(" - ") || line.starts_with(" * ")
        };
        assert_eq!(got.lines().find(bad), None, "{got}");
    }
}

#[test]
fn nothing_to_say() {
    for text in [
        "",
        "\n\n",
        "# Title",
        "See https://x.example.",
        "pip install frob",
    ] {
        check(
            "text/markdown",
            text,
            " Frob-Lib is a distribution for Python: frobs things.",
        );
    }
}

#[test]
fn roles() {
    let of = |role| describe(&about("frobs things", "", ""), "frob", role);
    let last = |role| of(role).extended.lines().last().unwrap().to_owned();
    assert_eq!(
        last(Role::Programs(&["frob"])),
        " This package provides the command frob."
    );
    assert_eq!(
        last(Role::Programs(&["a", "b", "c"])),
        " This package provides the commands a, b and c."
    );
    assert_eq!(
        of(Role::Documentation).synopsis,
        "frobs things - documentation"
    );
}

/// What the policy and lintian ask of every description.
fn assert_valid(got: &Description) {
    let synopsis = &got.synopsis;
    assert!(
        !synopsis.is_empty() && synopsis.chars().count() < 80,
        "{synopsis:?}"
    );
    assert!(
        !synopsis.contains('\n') && !synopsis.ends_with('.'),
        "{synopsis:?}"
    );
    let first = synopsis.split(' ').next().unwrap().to_lowercase();
    assert!(
        !["a", "an", "the"].contains(&first.as_str()) || !synopsis.contains(' '),
        "{synopsis:?}"
    );
    assert!(!got.extended.is_empty() && !got.extended.contains('\t'));
    let mut before = " .";
    for line in got.extended.lines() {
        assert!(line.starts_with(' ') && line.trim() != "", "{line:?}");
        assert!(line == " ." || !line.starts_with(" ."), "{line:?}");
        assert!(line != " ." || before != " .", "two empty lines");
        before = line;
    }
    assert_ne!(before, " .");
}

proptest! {
    #[test]
    fn always_valid(
        summary in "[ -~\u{e9}\u{2013}\u{1f680}]{0,120}",
        text in "(\\PC|\n|\t|# |- |\\* |\\. |\\.\\. |::|`|_|<|\\||word |Some words of a sentence\\. ){0,60}",
        kind in prop::sample::select(vec!["text/markdown", "text/x-rst", "", "text/plain"]),
    ) {
        assert_valid(&describe(&about(&summary, &text, kind), "python3-frob", Role::Library));
    }
}
