//! What is read of Python source.

use std::fmt::Write;

use proptest::prelude::*;
use serde_json::json;

use super::*;

/// What a file imports at its top.
#[track_caller]
fn check_imports(text: &str, expect: &[&str]) {
    let source = Source::parse(text);
    let found: Vec<String> = source.imports_at_top().map(shown_import).collect();
    assert_eq!(found, expect);
}

fn shown_import(import: &Import) -> String {
    match import.names.is_empty() {
        true => import.module.clone(),
        false => format!("{}: {}", import.module, import.names.join(" ")),
    }
}

#[test]
fn plain() {
    check_imports("import os, a.b as c  # d\n", &["os", "a.b"]);
    check_imports("import a; import b\nx = 1; y = 2\n", &["a", "b"]);
    check_imports("from x.y import z as w, v\n", &["x.y: z v"]);
    check_imports("from . import q\nfrom ..p import *\n", &[".: q", "..p: *"]);
    check_imports(
        "from a import (  # e\n    b,\n    c as d,\n)\n",
        &["a: b c"],
    );
    check_imports("from a import \\\n    b\r\nimport c\r\n", &["a: b", "c"]);
    check_imports("import a", &["a"]);
}

#[test]
fn in_blocks() {
    check_imports(
        "try:\n    import a\nexcept ImportError:\n    a = None\n",
        &[],
    );
    check_imports("if TYPE_CHECKING: import a; import b\n", &[]);
    check_imports("def f():\n\timport a\nimport b\n", &["b"]);
}

#[test]
fn in_strings() {
    check_imports("\"\"\"How to:\n\nimport a\n\"\"\"\nimport b\n", &["b"]);
    check_imports("x = '''\nimport a \\''' '''\nimport b\n", &["b"]);
    check_imports("x = 'it\\'s\\\n'\nimport b\n", &["b"]);
    check_imports("x = (\nimport_a,\n'''\n)''')\nimport b\n", &["b"]);
    check_imports("x = 'open\nimport b\n", &["b"]);
}

#[test]
fn what_is_no_import() {
    check_imports(
        "import\nfrom x\nfrom import y\nimportant = 1\nimport $a\n",
        &[],
    );
}

/// The statements of a file, one on each line: its blocks, what it is, and its value.
#[track_caller]
fn check(text: &str, expect: &str) {
    let statements = Source::parse(text).statements;
    let lines: Vec<String> = statements.iter().map(shown).collect();
    assert_eq!(lines.join("\n"), expect, "{text}");
}

fn blocks_of(nesting: Nesting) -> Vec<&'static str> {
    let blocks = [
        (nesting.class, "class"),
        (nesting.function, "def"),
        (nesting.other, "for"),
        (nesting.condition, "if"),
        (nesting.main, "main"),
        (nesting.attempt, "try"),
        (nesting.type_checking, "typing"),
    ];
    let blocks = blocks.iter().filter(|block| block.0);
    blocks.map(|block| block.1).collect()
}

fn kind_of(definition: &Definition) -> &'static str {
    match (definition.is_class, definition.is_async) {
        (true, _) => "class",
        (false, true) => "async def",
        (false, false) => "def",
    }
}

fn shown(statement: &Statement) -> String {
    let blocks = blocks_of(statement.nesting).into_iter();
    let mut text: String = blocks.map(|block| format!("{block} ")).collect();
    text += &match &statement.kind {
        Kind::Import(imports) => {
            let imports: Vec<String> = imports.iter().map(shown_import).collect();
            format!("import {}", imports.join(", "))
        }
        Kind::Definition(definition) => {
            let decorators = definition.decorators.iter();
            let decorators: String = decorators.map(|one| format!("@{} ", value(one))).collect();
            let kind = kind_of(definition);
            let arguments = arguments(&definition.arguments);
            format!("{decorators}{kind} {}({arguments})", definition.name)
        }
        Kind::Assignment { targets, value } => {
            format!("{} = {}", targets.join(" = "), super::tests::value(value))
        }
        Kind::Expression(one) => value(one),
    };
    text
}

fn values(values: &[Value]) -> String {
    values.iter().map(value).collect::<Vec<_>>().join(", ")
}

fn arguments(arguments: &[Argument]) -> String {
    let mut text = Vec::new();
    for argument in arguments {
        let value = value(&argument.value);
        text.push(match &argument.name {
            Some(name) => format!("{name}={value}"),
            None => value,
        });
    }
    text.join(", ")
}

fn value(one: &Value) -> String {
    match one {
        Value::Text(text) => format!("{text:?}"),
        Value::Name(name) => name.clone(),
        Value::List(all) => format!("[{}]", values(all)),
        Value::Other(parts) => format!("<{}>", values(parts)),
        Value::Call(call) => format!("{}({})", call.function, arguments(&call.arguments)),
        Value::Dict(pairs) => {
            let mut text = "{".to_owned();
            for (key, one) in pairs {
                _ = write!(text, "{}: {},", value(key), value(one));
            }
            text + "}"
        }
    }
}

#[test]
fn literals() {
    check("x = 'a' \"b\"  'c'", r#"x = "abc""#);
    check("x = r'\\d' u'\\x41'", r#"x = "\\dA""#);
    check(
        "x = ['a', ('b', 'c'), ('d'), ('e',), {'f'}]",
        r#"x = ["a", ["b", "c"], "d", ["e"], ["f"]]"#,
    );
    check("x = {'a': ['b'], 'c': d}", r#"x = {"a": ["b"],"c": d,}"#);
    check("x = {}, [], ()", "x = [{}, [], []]");
    check("x = 1", "x = <>");
    check("x = f'a', b'c', f'{x}' 'd'", r#"x = [<>, <>, <<>, "d">]"#);
    check("x = 'open", "x = <>");
    check("x = a.b . c", "x = a.b.c");
}

#[test]
fn assignments() {
    check("x = y = 'a'", r#"x = y = "a""#);
    check("x: list[str] = ['a']", r#"x = ["a"]"#);
    check("x: int", "x");
    check("x, y = 'a', 'b'", r#"<[x, y], ["a", "b"]>"#);
    check("x['a'] = ['b']", r#"<<x, <"a">>, ["b"]>"#);
    check("x += ['a']", r#"<x, ["a"]>"#);
    check("self.x = 'a'; y = 'b'", "self.x = \"a\"\ny = \"b\"");
}

#[test]
fn calls() {
    check("f('a', *b, c='d', **e)", r#"f("a", <b>, c="d", <e>)"#);
    check("a.b(c(), d=[e('f')])", r#"a.b(c(), d=[e("f")])"#);
    check(
        "Popen(['a']).communicate()[0]",
        r#"<Popen(["a"]), .communicate()>"#,
    );
    check("__import__('a').b(c)", r#"<__import__("a"), .b(c)>"#);
    check("f()('x')", r#"<f(), ("x")>"#);
    check("['a'] + x + ['b'] + y", r#"<["a"], ["b"]>"#);
    check("x + ['a']", r#"<x, ["a"]>"#);
    check("'a b'.split()", r#"<"a b", .split()>"#);
    check("await f('a')", r#"<f("a")>"#);
    check("x = f('a') if y else g('b')", r#"x = <f("a"), g("b")>"#);
    check("f(lambda x: g('a'), h)", r#"f(<x, g("a")>, h)"#);
    check("[f('a') for x in y]", r#"<<f("a")>>"#);
    check("f(a[1:2, 'b'])", r#"f(<a, <<>, "b">>)"#);
    check("print 'a', 'b'", r#"[<print, "a">, "b"]"#);
    check("f(f\"{g('x')}\")", "f(<>)");
}

#[test]
fn definitions() {
    check(
        "def f(a, b='c', *, d: int = 2) -> 'x':\n  pass",
        "def f(a, b=\"c\", <>, <int>)\ndef pass",
    );
    check(
        "class A[T](b.C, metaclass=D): x = 1",
        "class A(b.C, metaclass=D)\nclass x = <>",
    );
    check(
        "@a.b('c')\n@d\nasync def f(): pass",
        "@a.b(\"c\") @d async def f()\ndef pass",
    );
    check(
        "class A:\n  'doc'\n  def f(self):\n    'doc'\n    g()\nh()",
        "class A()\nclass def f(self)\nclass def g()\nh()",
    );
}

#[test]
fn blocks() {
    check(
        "if x:\n  a\n  if y: b\n  else:\n    c\nd",
        "x\nif a\nif y\nif b\nif <>\nif c\nd",
    );
    check(
        "try:\n\ta\nexcept (A, B) as c:\n\td\nfinally: e",
        "<>\ntry a\n<[A, B]>\ntry d\n<>\ntry e",
    );
    check(
        "if typing.TYPE_CHECKING:\n  a\nelse:\n  b",
        "typing.TYPE_CHECKING\ntyping a\n<>\nif b",
    );
    check(
        "if __name__ == '__main__':\n  a",
        "<__name__, \"__main__\">\nmain a",
    );
    check("if not TYPE_CHECKING: a", "<TYPE_CHECKING>\nif a");
    check(
        "with open('x') as f, g: h\nasync with i: j",
        "[<open(\"x\")>, g]\nfor h\ni\nfor j",
    );
    check("for x in lambda: 1, y:\n a", "[<x>, y]\nfor a");
    check(
        "match x:\n case ['a']:\n  b\n case _: c",
        "<match>\nif <case, <\"a\">>\nif b\nif <case>\nif c",
    );
    check(
        "match = 1\nmatch: int = 2\nmatch(x)",
        "match = <>\nmatch = <>\nmatch(x)",
    );
    check("if x:\n  # c\n\n  a\n # d\n  b", "x\nif a\nif b");
}

#[test]
fn what_does_not_follow_the_grammar() {
    check("f(('a'])\ng('b')", "f(\"a\")\ng(\"b\")");
    check(")f('a')", "<>\nf(\"a\")");
    check("exec 'a' in b", "<exec, \"a\">");
    check("f(a; 'b')", "f(a, \"b\")");
    check("= : x", "<<>>\nx");
    check("", "");
}

#[test]
fn what_is_mentioned() {
    let source = Source::parse("import a.b\n@x.y.z\ndef f(fixture): g('word', key=1)\n");
    for word in [
        "a", "a.b", "x", "y.z", "x.y.z", "f", "fixture", "word", "key",
    ] {
        assert!(source.mentions(word), "{word}");
    }
    for word in ["", "y.", "b.a", "fix", "wor", "z.x"] {
        assert!(!source.mentions(word), "{word}");
    }
}

/// What Python's own parser says of files; `tests/e2e/readers.py` asks it.
#[test]
fn as_python_reads_it() {
    let cases = include_str!("../../tests/data/source/cases.txt").split("\n#----\n");
    let answers = include_str!("../../tests/data/source/answers.jsonl").lines();
    assert_eq!(cases.clone().count(), answers.clone().count());
    for (case, answer) in cases.zip(answers) {
        let answer: serde_json::Value = serde_json::from_str(answer).unwrap();
        let ours = answer_of(&Source::parse(case));
        for key in ["imports", "definitions", "assigned", "calls", "texts"] {
            assert_eq!(ours[key], answer[key], "{key} of {case}");
        }
    }
}

fn answer_of(source: &Source) -> serde_json::Value {
    let mut imports = Vec::new();
    let mut assigned = Vec::new();
    for statement in &source.statements {
        let blocks = blocks_of(statement.nesting);
        for import in statement.imports() {
            imports.push(json!([blocks, import.module, import.names]));
        }
        if let Kind::Assignment { targets, value } = &statement.kind {
            assigned.push(json!([targets, literal(value)]));
        }
    }
    let definitions = source.definitions().map(|(one, nesting)| {
        let decorators = one.decorators.len();
        json!([blocks_of(nesting), kind_of(one), one.name, decorators])
    });
    let mut calls = Vec::new();
    for (call, _) in source.calls() {
        let names = call.arguments.iter().filter_map(|one| one.name.clone());
        let mut names: Vec<String> = names.collect();
        names.sort();
        calls.push((call.name(), names));
    }
    calls.sort();
    let mut texts: Vec<&str> = source.texts().collect();
    texts.sort();
    json!({
        "imports": imports,
        "definitions": definitions.collect::<Vec<_>>(),
        "assigned": assigned,
        "calls": calls,
        "texts": texts,
    })
}

fn literal(value: &Value) -> serde_json::Value {
    match value {
        Value::Text(text) => json!(text),
        Value::List(entries) => entries.iter().map(literal).collect(),
        Value::Dict(pairs) if pairs.is_empty() => json!({}),
        _ => json!(null),
    }
}

/// Reads so many times the same, with a last line.
#[track_caller]
fn check_many(times: usize, before: &str, one: &str, after: &str) {
    let (one, after) = (one.repeat(times), after.repeat(times));
    let text = format!("{before}{one}'a'{after}\nimport last\n");
    let source = Source::parse(&text);
    assert!(source.imports().count() <= 1 + times, "{}", &text[..40]);
    assert!(source.texts().count() <= 1 + times, "{}", &text[..40]);
    assert!(source.clone() == source, "{}", &text[..40]);
}

#[test]
fn nested_deeply() {
    for (one, after) in [
        ("(", ")"),
        ("[", "]"),
        ("{a:", "}"),
        ("f(", ")"),
        ("f(a=[", "])"),
        ("a[b:", "]"),
        ("(", ""),
        ("", ")"),
        ("f'{", "}'"),
        ("f'{a:", "}'"),
        ("rf\"{f'{", "}'}\""),
        ("lambda a=", ":0"),
        ("if x:", ""),
        ("class A(", "): pass"),
    ] {
        check_many(100_000, "", one, after);
    }
}

#[test]
fn long_and_wide() {
    for one in [
        "-",
        "not ",
        "a.",
        "a().b",
        "'a' ",
        "'a',",
        "'''",
        "f'{{",
        "\\\n",
        "a=",
        "a:",
        "a;",
        ";",
        "@a\n",
        "import a,",
        "from .a import b\n",
        "if a:\n\tb\n",
        "[a for a in b]",
        "# a\n",
        "\r",
    ] {
        check_many(30_000, "", one, "");
        check_many(30_000, "x = [", one, "");
    }
    let steps = (0..1000).map(|depth| format!("{}if a:\n", " ".repeat(depth)));
    check_many(1, &steps.collect::<String>(), "", "");
}

#[test]
fn no_more_than_so_many_bytes() {
    let text = "é".repeat(MAX_BYTES / 2) + "\nimport a\n";
    assert_eq!(Source::parse(&text).imports().count(), 0);
}

proptest! {
    /// Whatever a file holds is read to its end.
    #[test]
    fn reads_anything(text in "[\"'#\\\\\n\r(){};a-zé .]{0,60}") {
        Source::parse(&text);
    }

    /// What stands before a statement in whole lines does not hide it.
    #[test]
    fn hides_nothing(before in "[a-z =.\n]{0,40}") {
        let text = format!("{before}\nimport last\n");
        let source = Source::parse(&text);
        prop_assert!(source.imports_at_top().any(|one| one.module == "last"));
    }
}
