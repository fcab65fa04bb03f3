//! The ways in: what the CI runs, and the commands that the documents name.

use std::process::Command;

use crate::report::{Complaint, expect_none};
use crate::tree::{Source, read, root, sources};

/// The only command of `.ci/run`.
const CHECK: &str = "cargo xtask check";

/// Commands that a document has to name.
const NAMED: &[(&str, &[&str])] = &[
    ("README.md", &["check", "demo"]),
    ("crates/README.md", &["setup", "check", "man"]),
];

/// `.ci/run` goes to the top and calls the check; everything else is in xtask,
/// where it can be run and tested by hand.
fn ci(script: &str) -> Vec<Complaint> {
    let is_frame = |line: &str| {
        line.is_empty() || line.starts_with('#') || line.starts_with("cd ") || line == STRICT
    };
    let commands: Vec<_> = script
        .lines()
        .map(str::trim)
        .filter(|l| !is_frame(l))
        .collect();
    let mut complaints = Vec::new();
    if commands != [CHECK] {
        complaints.push(format!(
            ".ci/run calls `{CHECK}` and nothing else; move the rest into xtask: {commands:?}"
        ));
    }
    if !script.lines().any(|line| line == STRICT) {
        complaints.push(format!(".ci/run has no `{STRICT}`"));
    }
    complaints
}

const STRICT: &str = "set -euo pipefail";

/// The subcommands of `cargo xtask` that a text names.
fn named(text: &str) -> Vec<&str> {
    let uses = text.split("cargo xtask ").skip(1);
    let end = |rest: &str| {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '-';
        rest.find(|c| !is_word(c)).unwrap_or(rest.len())
    };
    uses.map(|rest| &rest[..end(rest)])
        .filter(|word| !word.is_empty())
        .collect()
}

fn exists(subcommand: &str) -> bool {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args([subcommand, "--help"])
        .output()
        .is_ok_and(|output| output.status.success())
}

fn unknown(source: &Source) -> Vec<Complaint> {
    let path = &source.path;
    named(&source.text)
        .into_iter()
        .filter(|word| !exists(word))
        .map(|word| format!("{path}: there is no `cargo xtask {word}`"))
        .collect()
}

fn unnamed(path: &str, text: &str, wanted: &[&str]) -> Vec<Complaint> {
    let there = named(text);
    let missing = wanted.iter().filter(|word| !there.contains(word));
    missing
        .map(|word| format!("{path}: does not name `cargo xtask {word}`"))
        .collect()
}

#[test]
fn ci_runs_the_check() {
    expect_none(&ci(&read(".ci/run")));
}

#[cfg(unix)]
#[test]
fn ci_can_be_run() {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs_err::metadata(root().join(".ci/run")).expect(".ci/run");
    assert_eq!(
        metadata.permissions().mode() & 0o111,
        0o111,
        ".ci/run is not executable"
    );
}

#[test]
fn documents_name_commands_that_exist() {
    let is_document = |s: &&Source| s.path.ends_with(".md") || s.path == ".ci/run";
    let sources = sources();
    let documents: Vec<_> = sources.iter().filter(is_document).collect();
    let found: Vec<_> = documents.iter().flat_map(|s| unknown(s)).collect();
    expect_none(&found);
    for (path, wanted) in NAMED {
        let document = documents.iter().find(|s| s.path == *path);
        if let Some(document) = document {
            expect_none(&unnamed(path, &document.text, wanted));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "#!/usr/bin/env bash\nset -euo pipefail\ncd x\ncargo xtask check\n";

    #[test]
    fn a_script_that_does_more_or_less() {
        assert!(ci(GOOD).is_empty());
        assert_eq!(
            ci(&GOOD.replace("cargo xtask check", "cargo test")).len(),
            1
        );
        assert_eq!(ci(&format!("{GOOD}cargo test\n")).len(), 1);
        assert_eq!(ci(&GOOD.replace("set -euo pipefail\n", "")).len(), 1);
        assert_eq!(ci("").len(), 2);
    }

    #[test]
    fn a_command_that_does_not_exist() {
        let found = unknown(&Source::new(
            "A.md",
            "run `cargo xtask fly`, not `cargo xtask check`",
        ));
        assert_eq!(found, ["A.md: there is no `cargo xtask fly`"]);
    }

    #[test]
    fn a_command_that_is_not_named() {
        let found = unnamed("A.md", "cargo xtask demo", &["demo", "check"]);
        assert_eq!(found, ["A.md: does not name `cargo xtask check`"]);
    }
}
