//! Files are small and say what they are.

use crate::report::{Complaint, at, expect_none};
use crate::tree::{Source, sources};

/// The most lines that a kind of file may have.
struct Limit {
    kind: &'static str,
    lines: usize,
    applies: fn(&str) -> bool,
    remedy: &'static str,
}

/// In order; the first that applies holds.
const LIMITS: &[Limit] = &[
    Limit {
        kind: "a dh_* program",
        lines: 25,
        applies: |path| path.contains("/src/bin/dh_"),
        remedy: "a program only calls its command; move the rest there",
    },
    Limit {
        kind: "a command",
        lines: 150,
        applies: |path| path.starts_with("crates/dh-") && path.contains("/src/commands/"),
        remedy: "a command parses, gathers, decides and reports; move the work into a library crate",
    },
    Limit {
        kind: "a file of tests",
        lines: 1500,
        applies: is_tests,
        remedy: "split it by what it tests",
    },
    Limit {
        kind: "a source file",
        lines: 500,
        applies: |path| in_src(path),
        remedy: "cut out a module, or move the tests to a sibling tests.rs",
    },
];

fn in_src(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next() == Some("crates") && parts.nth(1) == Some("src")
}

/// `tests.rs`, anything below a `tests` directory, and integration tests.
pub(crate) fn is_tests(path: &str) -> bool {
    path.starts_with("crates/") && (path.ends_with("/tests.rs") || path.contains("/tests/"))
}

fn size(source: &Source) -> Option<Complaint> {
    let limit = LIMITS.iter().find(|limit| (limit.applies)(&source.path))?;
    let lines = source.text.lines().count();
    (lines > limit.lines).then(|| {
        let Limit { kind, remedy, .. } = limit;
        let most = limit.lines;
        at(
            &source.path,
            lines,
            &format!("{kind} has at most {most} lines, this one {lines}; {remedy}"),
        )
    })
}

/// `tests.rs` says what it is by its name.
fn module_doc(source: &Source) -> Option<Complaint> {
    let path = &source.path;
    (in_src(path) && !is_tests(path) && !source.text.starts_with("//!")).then(|| {
        let text = "open the file with `//!`: what the module is responsible for";
        at(&source.path, 1, text)
    })
}

fn complaints(sources: &[Source]) -> Vec<Complaint> {
    let rust = |source: &&Source| source.path.ends_with(".rs");
    let each = |source: &Source| size(source).into_iter().chain(module_doc(source));
    sources.iter().filter(rust).flat_map(each).collect()
}

#[test]
fn files_are_small_and_say_what_they_are() {
    expect_none(&complaints(&sources()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, lines: usize, expect: &str) {
        let text = "//! Doc.\n".repeat(lines);
        let found = complaints(&[Source::new(path, &text)]).join("\n");
        assert!(found.starts_with(expect), "{found}");
        assert_eq!(found.is_empty(), expect.is_empty(), "{found}");
    }

    #[test]
    fn each_limit_holds_from_its_first_line_too_many() {
        check("crates/a/src/b.rs", 500, "");
        check(
            "crates/a/src/b.rs",
            501,
            "crates/a/src/b.rs:501: a source file",
        );
        check("crates/a/src/b/tests.rs", 1500, "");
        check(
            "crates/a/src/b/tests.rs",
            1501,
            "crates/a/src/b/tests.rs:1501: a file of",
        );
        check(
            "crates/a/tests/b.rs",
            1501,
            "crates/a/tests/b.rs:1501: a file of tests",
        );
        check("crates/dh-pydeps/src/commands/map.rs", 150, "");
        check(
            "crates/dh-pydeps/src/commands/map.rs",
            151,
            "crates/dh-pydeps/src/commands/map.rs:151: a command has at most 150",
        );
        check("crates/dh-tools/src/bin/dh_x.rs", 25, "");
        check(
            "crates/dh-tools/src/bin/dh_x.rs",
            26,
            "crates/dh-tools/src/bin/dh_x.rs:26: a dh_* program",
        );
        check("README.md", 5000, "");
    }

    #[test]
    fn a_module_without_documentation_is_noticed() {
        let source = Source::new("crates/a/src/deep/b.rs", "// Not it.\nfn a() {}\n");
        let found = complaints(&[source]);
        assert!(found[0].starts_with("crates/a/src/deep/b.rs:1: open the file with"));
        assert!(complaints(&[Source::new("crates/a/src/b/tests.rs", "fn a() {}")]).is_empty());
    }
}
