//! `pydeps.toml`: what is said to have been decided.

use super::session;
use crate::input::{Input, either, refuse};
use crate::make::release::Release;
use crate::world::World;

const FILE: &str = "pydeps.toml";

/// Resolves `evil` with these decisions.
fn decided(world: &mut World, text: &str) {
    world.file(FILE, text);
    world.serve(|_| Release::evil("Requires-Dist: six\n").site(|_| ()));
    world.run("dh-pydeps resolve evil");
}

pub(super) const INPUTS: &[Input] = {
    &[
        refuse("from-option", "a suite to backport from that is an option", |w| {
            decided(w, "[decisions]\nsix = { action = \"backport\", from = \"--setup-hook=PWNED\" }\n");
        })
        .names("pydeps.toml"),
        refuse("from-path", "a suite to replace from that is a path", |w| {
            decided(w, "[decisions]\nsix = { action = \"replace\", from = \"../../outside\" }\n");
        })
        .names("pydeps.toml"),
        either("reason-control", "a reason for a decision that steers the terminal", |w| {
            decided(w, "[decisions]\nsix = { action = \"ignore\", reason = \"\\u001b[2J\\u202e\" }\n");
            w.run("dh-pydeps status");
            w.run("dh-pydeps why six");
        })
        .names("pydeps.toml"),
        refuse("key-control", "a key that steers the terminal", |w| {
            decided(w, "[decisions]\n\"\\u001b[2J\\u202e\" = { action = \"ignore\" }\n");
        })
        .names("pydeps.toml"),
        refuse("toml-control", "a line that is no TOML and steers the terminal", |w| {
            decided(w, "[decisions]\n\x1b[2J\u{202e}\n");
        })
        .names("pydeps.toml"),
        refuse("toml-fifo", "decisions in a fifo", |w| {
            w.fifo(FILE);
            w.run("dh-pydeps resolve six");
        })
        .names("pydeps.toml"),
        refuse("toml-zero", "decisions in a link to /dev/zero", |w| {
            w.link(FILE, "/dev/zero");
            w.run("dh-pydeps resolve six");
        })
        .names("pydeps.toml"),
        refuse("toml-long", "decisions of 300 MB", |w| {
            w.long_file(FILE, "[decisions]\n", b"# nothing was decided\n", 14_000_000, "");
            w.run("dh-pydeps resolve six");
        })
        .names("pydeps.toml"),
        refuse("toml-deep", "decisions of a million tables in one another", |w| {
            w.file(FILE, format!("[decisions]\nsix = {}", "{a=".repeat(1_000_000)));
            w.run("dh-pydeps resolve six");
        })
        .names("pydeps.toml"),
        either("toml-many", "a hundred thousand decisions", |w| {
            let each = |n: usize| format!("d{n} = {{ action = \"ignore\" }}\n");
            decided(w, &format!("[decisions]\n{}", (0..100_000).map(each).collect::<String>()));
        })
        .names("pydeps.toml"),
        either("version-long", "a version of fifty thousand clauses", |w| {
            let clauses = vec!["!=1.0"; 50_000].join(",");
            decided(w, &format!("[decisions]\nsix = {{ action = \"pin\", version = \"{clauses}\" }}\n"));
        })
        .names("pydeps.toml"),
        refuse("fix-path", "a fix of a source package whose name is a path", |w| {
            session(w);
            w.file(FILE, "[[fix]]\nsource = \"../../outside\"\nversion = \"1\"\nchange = \"x\"\nreason = \"\\u001b[2J\"\n");
            w.begin();
            w.run("dh-pydeps generate");
        })
        .names("pydeps.toml"),
        refuse("line-control", "a decision on the command line that steers the terminal", |w| {
            w.run_words("dh-pydeps resolve --decide …", &[
                "dh-pydeps", "resolve", "six", "--decide", "\x1b[2J\u{202e} = 1",
            ]);
        })
        .names("--decide"),
        either("overrides-fifo", "a py3dist-overrides that is a fifo", |w| {
            w.fifo("debian/py3dist-overrides");
            w.run("dh-pydeps resolve six");
        })
        .names("py3dist-overrides"),
    ]
};
