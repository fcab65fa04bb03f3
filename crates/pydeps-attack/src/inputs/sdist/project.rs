//! What a project says of itself: its name, its files, what is under `debian/` already.

use super::{all_made, files, made, with};
use crate::input::{Input, either, refuse, take};
use crate::make::release::metadata;

const BUILD: &str = "[build-system]\nrequires = [\"setuptools>=61\"]\n\
    build-backend = \"setuptools.build_meta\"\n[project]\nname = \"evil\"\nversion = \"1.0\"\n";

pub(super) const IDENTITY: &[Input] = {
    fn pkg_info(from: &str, to: &str) -> Vec<u8> {
        metadata("License-Expression: CC0-1.0\n")
            .replace(from, to)
            .into()
    }
    &[
        refuse(
            "name-other",
            "an sdist whose PKG-INFO has another name",
            |w| {
                files(
                    w,
                    "",
                    &[("PKG-INFO", pkg_info("Name: evil", "Name: victim"))],
                );
            },
        ),
        refuse(
            "version-other",
            "an sdist whose PKG-INFO has another version",
            |w| {
                files(
                    w,
                    "",
                    &[("PKG-INFO", pkg_info("Version: 1.0", "Version: 6.6"))],
                );
            },
        ),
        refuse(
            "name-path",
            "an sdist whose PKG-INFO has a path for a name",
            |w| {
                files(
                    w,
                    "",
                    &[("PKG-INFO", pkg_info("Name: evil", "Name: ../../outside"))],
                );
            },
        ),
        refuse(
            "name-control",
            "an sdist whose PKG-INFO has a name that steers the terminal",
            |w| {
                files(
                    w,
                    "",
                    &[(
                        "PKG-INFO",
                        pkg_info("Name: evil", "Name: evil\x1b[2J\u{202e}"),
                    )],
                );
            },
        ),
        refuse(
            "project-name-other",
            "an sdist whose pyproject.toml has another name",
            |w| {
                let text = BUILD.replace("\"evil\"", "\"victim\"");
                files(w, "", &[("pyproject.toml", text.into())]);
            },
        ),
    ]
};

pub(super) const DEBIAN: &[Input] = {
    &[
        take(
            "debian-carried",
            "an sdist with a debian/ of its own",
            |w| {
                let rules = b"#!/usr/bin/make -f\n%:\n\ttouch PWNED\n".to_vec();
                files(
                    w,
                    "",
                    &[
                        ("debian/rules", rules),
                        (
                            "debian/python3-evil.postinst",
                            b"#!/bin/sh\ntouch PWNED\n".to_vec(),
                        ),
                        ("debian/source/local-options", b"--PWNED\n".to_vec()),
                        (
                            "debian/pydeps.toml",
                            b"[decisions]\nsix = { action = \"ignore\" }\n".to_vec(),
                        ),
                    ],
                );
                let all = all_made(w);
                w.demand(
                    !all.contains("PWNED"),
                    "what the sdist has under debian/ is in the package",
                );
            },
        ),
        refuse("debian-link", "an sdist whose debian/ is a link out", |w| {
            with(w, |tar| {
                tar.link("evil-1.0/debian", "../../../outside/directory")
            });
        }),
        either(
            "debian-link-inside",
            "an sdist whose debian/ is a link to its own sources",
            |w| {
                with(w, |tar| {
                    tar.file("evil-1.0/src/x.py", "x = 1\n")
                        .link("evil-1.0/debian", "src")
                });
            },
        ),
        either("debian-file", "an sdist whose debian is a file", |w| {
            with(w, |tar| tar.file("evil-1.0/debian", "x"));
        }),
        either("pc-carried", "an sdist with quilt's bookkeeping", |w| {
            files(
                w,
                "",
                &[
                    (
                        ".pc/applied-patches",
                        b"../../../outside/canary\n/etc/passwd\n".to_vec(),
                    ),
                    (".pc/.version", b"2\n".to_vec()),
                ],
            );
        }),
        either(
            "git-carried",
            "an sdist with a repository whose configuration runs programs",
            |w| {
                let config = format!("[core]\n\tfsmonitor = touch {}\n", w.outside("PWNED"));
                files(
                    w,
                    "",
                    &[
                        (".git/config", config.into()),
                        (".git/HEAD", b"ref: refs/heads/main\n".to_vec()),
                        (".gitattributes", b"* filter=evil\n".to_vec()),
                    ],
                );
            },
        ),
    ]
};

pub(super) const PATHS: &[Input] = {
    fn project(world: &mut crate::world::World, text: &str, more: &[(&str, Vec<u8>)]) {
        let mut all = vec![("pyproject.toml", format!("{BUILD}{text}\n").into_bytes())];
        all.extend_from_slice(more);
        files(world, "", &all);
    }
    &[
        either(
            "licence-outside",
            "licence files that are files of this machine",
            |w| {
                w.file("../outside/secret", "SEKRET of somebody\n");
                w.secrets.push("SEKRET".to_owned());
                let path = w.outside("secret");
                project(
                    w,
                    &format!(
                        "license-files = [\"{path}\", \"../../../../outside/*\", \"**/**/**/**/*\"]"
                    ),
                    &[],
                );
            },
        ),
        either(
            "readme-outside",
            "a readme that is a file of this machine",
            |w| {
                w.file("../outside/secret", "SEKRET of somebody\n");
                w.secrets.push("SEKRET".to_owned());
                let path = w.outside("secret");
                project(w, &format!("readme = \"{path}\""), &[]);
            },
        ),
        either(
            "dynamic-outside",
            "a version and requirements read from files of this machine",
            |w| {
                w.file("../outside/secret", "SEKRET==6.6\n");
                w.secrets.push("SEKRET".to_owned());
                let path = w.outside("secret");
                let text = format!(
                    "dynamic = [\"dependencies\"]\n[tool.setuptools.dynamic]\ndependencies = {{file = [\"{path}\"]}}"
                );
                project(w, &text, &[]);
            },
        ),
        either("backend-shell", "a build backend that is a command", |w| {
            let text = "[build-system]\nrequires = [\"setuptools; touch PWNED\"]\n\
                build-backend = \"x; touch PWNED $(touch PWNED)\"\nbackend-path = [\"../../../outside\"]\n";
            files(w, "", &[("pyproject.toml", text.into())]);
            let rules = made(w, "rules");
            w.demand(
                !rules.contains("PWNED"),
                "the backend's name is in debian/rules",
            );
        }),
        either(
            "build-requires-deep",
            "a build requirement with a marker of 4,000 parentheses",
            |w| {
                let marker = format!("{}os_name=='x'{}", "(".repeat(4000), ")".repeat(4000));
                let text = BUILD.replace("setuptools>=61", &format!("setuptools; {marker}"));
                files(w, "", &[("pyproject.toml", text.into())]);
            },
        ),
        either(
            "tests-shell",
            "tests in files whose names are commands of make and of the shell",
            |w| {
                let test = b"import nowhere\n\ndef test_it():\n    pass\n".to_vec();
                files(
                    w,
                    "",
                    &[
                        ("tests/$(shell touch PWNED)/test_a.py", test.clone()),
                        ("tests/`touch PWNED`/test_b.py", test.clone()),
                        ("tests/'; touch PWNED; '/test_c.py", test.clone()),
                        ("tests/test_d.py", test),
                    ],
                );
                let rules = made(w, "rules");
                let lines = rules.lines().filter(|line| !line.starts_with('#'));
                let bad = ["$(shell", "`touch", "; touch PWNED; '"];
                let found = lines.flat_map(|line| bad.iter().find(|bad| line.contains(*bad)));
                let is_there = found.count() > 0;
                w.demand(!is_there, "a name is a command in debian/rules");
            },
        ),
        either(
            "packages-shell",
            "modules with names that make and the shell act on",
            |w| {
                files(
                    w,
                    "",
                    &[
                        ("evil/$(error)/__init__.py", Vec::new()),
                        ("evil\u{202e}/__init__.py", Vec::new()),
                        (
                            "evil.egg-info/top_level.txt",
                            b"$(shell touch PWNED)\n../../outside\n\x1b[2J\n".to_vec(),
                        ),
                    ],
                );
                let all = all_made(w);
                w.demand(
                    !all.contains("$(shell"),
                    "a module's name is a command in debian/",
                );
            },
        ),
    ]
};
