//! Directories with names that shells, Perl and TOML act on.

use super::{BUILD, generated};
use crate::input::{Input, either};
use crate::world::World;

/// A session in a directory of this name, with sbuild and with pbuilder.
fn named(world: &mut World, name: &str) {
    world.rename_work(name);
    generated(world);
    world.run(BUILD);
}

fn with_pbuilder(world: &mut World, name: &str) {
    world.rename_work(name);
    generated(world);
    // Its stub reads its configuration as pbuilder does, and builds nothing.
    world.run(&format!("{BUILD} --builder pbuilder"));
}

pub(super) const INPUTS: &[Input] = {
    &[
        either(
            "pbuilder-apostrophe",
            "a directory whose name ends a quote, and pbuilder",
            |w| {
                with_pbuilder(w, "it's; touch HACKED; 'x");
            },
        )
        .names("dh-pydeps"),
        either(
            "pbuilder-command",
            "a directory whose name is a command, and pbuilder",
            |w| {
                with_pbuilder(w, "$(touch HACKED) `touch HACKED` \"x");
            },
        )
        .names("dh-pydeps"),
        either(
            "pbuilder-newline",
            "a directory whose name has two lines, and pbuilder",
            |w| {
                with_pbuilder(w, "a\ntouch HACKED\nb");
            },
        )
        .names("dh-pydeps"),
        either(
            "sbuild-apostrophe",
            "a directory whose name ends a quote, and sbuild",
            |w| {
                w.set(
                    "TMPDIR",
                    &w.path("../tmp/it's'.`touch HACKED`.'")
                        .display()
                        .to_string(),
                );
                w.dir("../tmp/it's'.`touch HACKED`.'");
                named(w, "it's '.`touch HACKED`.'");
            },
        )
        .names("dh-pydeps"),
        either(
            "directory-command",
            "a directory whose name is a command",
            |w| {
                named(w, "$(touch HACKED);`touch HACKED`&& \\ \"x");
            },
        ),
        either(
            "directory-newline",
            "a directory whose name has two lines",
            |w| {
                named(w, "a\nerror: b");
            },
        ),
        either(
            "directory-control",
            "a directory whose name steers the terminal",
            |w| {
                named(w, "\x1b[2J\u{202e}");
            },
        ),
        either(
            "directory-option",
            "a directory whose name reads like an option",
            |w| {
                named(w, "--setup=PWND");
            },
        ),
        either(
            "directory-blanks",
            "a directory with blanks, colons, commas and patterns in its name",
            |w| {
                named(w, "a b:c,d*e[f]?g=h%i#j");
            },
        ),
        either(
            "output-option",
            "a build area whose name reads like an option",
            |w| {
                w.serve(|_| crate::make::release::Release::evil("").site(|_| ()));
                w.free.push("work/--area".to_owned());
                w.run("dh-pydeps generate evil==1.0 --output=--area");
                w.run(&format!("{BUILD} --output=--area"));
            },
        )
        .names("--area"),
    ]
};
