//! Logs of builds, which are read to mend what they explain.

use super::build;
use crate::input::{Input, either};
use crate::world::World;

/// A build that fails with this log, again and again.
fn log(world: &mut World, text: &str) {
    world.file("../log", text);
    let path = world.path("../log").display().to_string();
    build(world, &format!("cat {path}; exit 2\n"));
}

/// The same, and a look at what was made of it.
fn mended(world: &mut World, text: &str, bad: &str) {
    log(world, text);
    for file in ["control", "rules"] {
        let made = world.text(&format!("build-area/python-evil/debian/{file}"));
        let found = made
            .lines()
            .any(|line| line.contains(bad) && !line.starts_with('#'));
        world.demand(!found, &format!("`{bad}` is in debian/{file}"));
    }
    let toml = world.text("pydeps.toml");
    world.demand(
        !toml.contains('\x1b'),
        "the terminal is steered by pydeps.toml",
    );
}

pub(super) const INPUTS: &[Input] = {
    &[
        either(
            "log-module",
            "a missing module whose name is a field",
            |w| {
                mended(
                    w,
                    "ModuleNotFoundError: No module named 'x, evil <!nocheck>'\n",
                    "evil <!nocheck>",
                );
            },
        ),
        either("log-header", "a missing header whose name is a path", |w| {
            mended(
                w,
                "x.c:1:1: fatal error: ../../../../outside/canary: No such file or directory\n",
                "outside",
            );
        }),
        either(
            "log-command",
            "a missing program whose name is a command",
            |w| {
                mended(
                    w,
                    "/bin/sh: 1: $(touch PWNED): not found\nmake: `touch PWNED`: No such file or directory\n",
                    "PWNED",
                );
            },
        ),
        either("log-test", "a failing test whose name is a command", |w| {
            mended(
                w,
                "   dh_auto_test\nFAILED tests/test_a.py::test_$(shell touch PWNED) - E\n\
                FAILED tests/'; touch PWNED; '::x - E\nFAILED --PWNED - E\n",
                "; touch PWNED; '",
            );
        }),
        either(
            "log-test-control",
            "a failing test whose reason steers the terminal",
            |w| {
                log(
                    w,
                    "   dh_auto_test\nFAILED tests/test_a.py::test_x - \x1b[2J\u{202e}\n",
                );
            },
        ),
        either(
            "log-package",
            "a build dependency that cannot be installed and is an option",
            |w| {
                mended(
                    w,
                    " sbuild-build-depends-main-dummy : Depends: --PWNED but it is not installable\n",
                    "--PWNED",
                );
            },
        ),
        either(
            "log-reason",
            "a stage of failure that steers the terminal",
            |w| {
                log(
                    w,
                    "Fail-Stage: \x1b[2J\u{202e}\u{9b}31m\rok\nStatus: \x1b[2J\n",
                );
            },
        ),
        either(
            "log-last-line",
            "a last line of fifty megabytes that steers the terminal",
            |w| {
                log(
                    w,
                    &format!("error: \x1b[2J\u{202e}{}\n", "x".repeat(50 << 20)),
                );
            },
        ),
        either("log-long", "a log of half a gigabyte", |w| {
            w.patience(60);
            build(
                w,
                "yes 'cc -c x.c -o x.o # and so on and on and on' | head -c 500000000; exit 2\n",
            );
        }),
        either(
            "log-one-line",
            "a log of one line of half a gigabyte",
            |w| {
                w.patience(60);
                build(w, "head -c 500000000 /dev/zero; exit 2\n");
            },
        ),
        either(
            "log-many-problems",
            "half a million things that are missing",
            |w| {
                w.patience(40);
                build(
                    w,
                    "i=0; while [ $i -lt 500000 ]; do echo \"ModuleNotFoundError: No module named 'm$i'\"; i=$((i+1)); done; exit 2\n",
                );
            },
        ),
        either(
            "log-many-tests",
            "two hundred thousand tests that fail",
            |w| {
                w.patience(40);
                build(
                    w,
                    "echo '   dh_auto_test'; i=0; while [ $i -lt 200000 ]; do echo \"FAILED tests/t$i.py::t - E\"; i=$((i+1)); done; exit 2\n",
                );
            },
        ),
        either("log-not-text", "a log of all bytes that there are", |w| {
            build(w, "head -c 5000000 /dev/urandom; exit 2\n");
        }),
        either(
            "log-phases",
            "a hundred thousand headings of a builder's",
            |w| {
                build(
                    w,
                    "yes '| Build                                                                        |' | head -100000; exit 2\n",
                );
            },
        ),
        either(
            "log-lintian",
            "what lintian says, steering the terminal",
            |w| {
                w.serve(|_| crate::make::release::Release::evil("").site(|_| ()));
                w.run("dh-pydeps generate evil==1.0");
                w.builder(&format!("{}printf 'E: evil: \\033[2Jtag\\342\\200\\256 x\\nW: evil: tag [\\033[2J]\\n'; echo 'I: Lintian run has ended.'\n", crate::record::GOOD));
                w.begin();
                w.run(&format!("{} --lintian", super::BUILD));
            },
        ),
        either(
            "log-autopkgtest",
            "what autopkgtest came to, steering the terminal",
            |w| {
                w.serve(|_| crate::make::release::Release::evil("").site(|_| ()));
                w.run("dh-pydeps generate evil==1.0");
                w.builder(&format!(
                    "{}printf 'Autopkgtest: \\033[2J\\342\\200\\256\\n'\n",
                    crate::record::GOOD
                ));
                w.begin();
                w.run(&format!("{} --autopkgtest", super::BUILD));
            },
        ),
        either(
            "log-removed",
            "a builder that removes its log and puts a link there",
            |w| {
                let target = w.outside("canary");
                let logs = w.path("build-area/logs").display().to_string();
                build(
                    w,
                    &format!(
                        "rm -rf {logs}/*; ln -s {target} {logs}/python-evil_1.0-1~local1_amd64.log; exit 2\n"
                    ),
                );
            },
        ),
    ]
};
