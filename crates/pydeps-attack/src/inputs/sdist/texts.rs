//! Texts of metadata, which become lines of debian/control, and names of programs, which become
//! commands.

use super::{all_made, files, made};
use crate::input::{Input, either, take};
use crate::world::World;

pub(super) const METADATA: &[Input] = {
    fn headers(world: &mut World, text: &str) {
        files(world, text, &[]);
    }
    /// What is not to be a field or a paragraph of its own.
    fn demand_one_line(world: &mut World, field: &str) {
        let lines = [
            "control",
            "copyright",
            "watch",
            "changelog",
            "upstream/metadata",
        ];
        let line = |file: &&str| {
            made(world, file)
                .lines()
                .any(|line| line.starts_with(field))
        };
        let found = lines
            .iter()
            .find(|file| line(file))
            .map(ToString::to_string);
        let wrong = format!(
            "{field} is a line of debian/{}",
            found.clone().unwrap_or_default()
        );
        world.demand(found.is_none(), &wrong);
    }
    &[
        either(
            "summary-control",
            "a summary that steers the terminal",
            |w| {
                headers(w, "Summary: \x1b[2J\u{202e}evil\u{2066} \x07\u{9b}31m\n");
            },
        ),
        either(
            "summary-lines",
            "a summary of several lines, which are fields",
            |w| {
                headers(
                    w,
                    "Summary: evil\n        \n        Evil: yes\n       |Evil: yes\n",
                );
                demand_one_line(w, "Evil:");
            },
        ),
        either(
            "summary-cr",
            "fields behind carriage returns and form feeds",
            |w| {
                headers(
                    w,
                    "Summary: evil\rEvil: yes\x0cEvil: yes\x0bEvil: yes\u{2028}Evil: yes\u{85}Evil: yes\n",
                );
                demand_one_line(w, "Evil:");
            },
        ),
        either("author-lines", "an author whose name is a paragraph", |w| {
            headers(
                w,
                "Author: Fred\n        \n        Evil: yes\nAuthor-email: \"a\x1b[2J\" <x@example.org>\n",
            );
            demand_one_line(w, "Evil:");
        }),
        either(
            "home-page",
            "project URLs with newlines, scripts and escapes",
            |w| {
                headers(
                    w,
                    "Home-Page: javascript:alert(1)\nProject-URL: Homepage, http://example.org/\x1b[2J\u{202e}\n        Evil: yes\nProject-URL: Source, https://$(touch PWNED).example.org/'`x`\n",
                );
                demand_one_line(w, "Evil:");
                let watch = made(w, "watch");
                w.demand(
                    !watch.contains("$(touch"),
                    "a URL is a command in debian/watch",
                );
            },
        ),
        either("description-deep", "a description of ten megabytes", |w| {
            headers(w, &format!("Description: {}\n", "word ".repeat(2_000_000)));
        }),
        either(
            "description-line",
            "a description of one word of ten megabytes",
            |w| {
                headers(
                    w,
                    &format!(
                        "Description-Content-Type: text/x-rst\nDescription: {}\n",
                        "x".repeat(10 << 20)
                    ),
                );
            },
        ),
        either(
            "keywords-many",
            "a hundred thousand keywords and classifiers",
            |w| {
                headers(
                    w,
                    &"Keywords: x\nClassifier: Topic :: Evil\n".repeat(50_000),
                );
            },
        ),
        either(
            "licence-control",
            "a licence that steers the terminal",
            |w| {
                headers(w, "License: \x1b[2J\u{202e}GPL\n");
            },
        ),
        either(
            "licence-lines",
            "a licence expression of several lines",
            |w| {
                headers(w, "License-Expression: MIT\n        Evil: yes\n");
                demand_one_line(w, "Evil:");
            },
        ),
        either(
            "notice-control",
            "a copyright notice that steers the terminal",
            |w| {
                let text = "# Copyright (c) 2020 \x1b[2JFred\u{202e}\u{2066} <x@example.org>\n# Copyright 2021 \u{9b}31mJoe\n";
                files(w, "", &[("evil.py", text.into())]);
            },
        ),
        either(
            "licence-file-control",
            "a licence file that steers the terminal",
            |w| {
                let text =
                    "Do what you like. \x1b[2J\u{202e}\x0c\x07\r\n.\n\n\n Evil: yes\nEvil: yes\n";
                files(w, "", &[("LICENSE", text.into())]);
                demand_one_line(w, "Evil:");
            },
        ),
        either(
            "local-version",
            "a version with a local part in a shell's language",
            |w| {
                let pkg = "Metadata-Version: 2.2\nName: evil\nVersion: 1.0+local;touch\n\n";
                files(w, "", &[("PKG-INFO", pkg.into())]);
            },
        ),
    ]
};

pub(super) const PROGRAMS: &[Input] = {
    /// An sdist with programs of these names.
    fn scripts(world: &mut World, names: &[&str]) {
        let quoted = |name: &&str| format!("{name:?} = \"evil:main\"\n");
        let text = format!(
            "[build-system]\nrequires = [\"setuptools>=61\"]\nbuild-backend = \"setuptools.build_meta\"\n\
             [project]\nname = \"evil\"\nversion = \"1.0\"\n[project.scripts]\n{}",
            names.iter().map(quoted).collect::<String>()
        );
        let lines = |name: &&str| format!("{name} = evil:main\n");
        let points = format!(
            "[console_scripts]\n{}",
            names.iter().map(lines).collect::<String>()
        );
        files(
            world,
            "",
            &[
                ("pyproject.toml", text.into()),
                ("evil.egg-info/entry_points.txt", points.into()),
            ],
        );
    }
    &[
        either("program-dots", "programs `.` and `..`", |w| {
            scripts(w, &[".", ".."]);
        }),
        either("program-options", "programs that read like options", |w| {
            scripts(w, &["-rf", "--help", "-"]);
        }),
        either("program-path", "a program with a path for a name", |w| {
            scripts(w, &["../../../outside/PWNED", "/bin/sh"]);
        }),
        either(
            "program-blanks",
            "programs with blanks, patterns and newlines in their names",
            |w| {
                scripts(w, &["evil one", "*", "a\tb", "[x]", "evil\\nEvil: yes"]);
            },
        ),
        either("program-shell", "programs whose names are commands", |w| {
            scripts(
                w,
                &[
                    "$(touch PWNED)",
                    "`touch PWNED`",
                    "a;touch PWNED",
                    "a'b",
                    "a\"b",
                    "$$(x)",
                ],
            );
            let rules = made(w, "rules");
            w.demand(
                !rules.contains("$(touch PWNED)"),
                "a program's name is a command in debian/rules",
            );
        }),
        either(
            "program-control",
            "programs whose names steer the terminal",
            |w| {
                scripts(w, &["evil\u{1b}[2J", "\u{202e}live"]);
            },
        ),
        either(
            "program-long",
            "a program with a name of ten thousand letters",
            |w| {
                let name = "x".repeat(10_000);
                scripts(w, &[&name]);
            },
        ),
        either("programs-many", "twenty thousand programs", |w| {
            w.patience(40);
            let names: Vec<String> = (0..20_000).map(|n| format!("evil-{n}")).collect();
            scripts(w, &names.iter().map(String::as_str).collect::<Vec<_>>());
        }),
        take(
            "program-of-the-system",
            "a program that every system has",
            |w| {
                scripts(w, &["ls", "dpkg", "python3"]);
                let all = all_made(w);
                w.demand(!all.is_empty(), "there is no package");
            },
        ),
    ]
};
