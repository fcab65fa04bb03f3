//! The build area: what lies there already, and who put it there.

use super::{BUILD, built, edit, generated, session};
use crate::input::{Input, either, refuse, take};
use crate::make::release::Release;
use crate::world::World;

pub(super) const LINKS: &[Input] = {
    /// A link to a directory of somebody's at this place, before a source package is made and
    /// built.
    fn linked(world: &mut World, path: &str) {
        session(world);
        world.link(&format!("build-area/{path}"), world.outside("directory"));
        world.begin();
        world.run("dh-pydeps generate");
        world.run(BUILD);
    }
    /// A link to a file of somebody's.
    fn file_linked(world: &mut World, path: &str) {
        generated(world);
        let place = world.path(&format!("build-area/{path}"));
        _ = std::fs::remove_file(place);
        world.link(&format!("build-area/{path}"), world.outside("canary"));
        world.begin();
        world.run(BUILD);
    }
    &[
        either(
            "area-link",
            "a build area that is a link to somebody's directory",
            |w| {
                session(w);
                w.link("build-area", "../outside/directory");
                w.begin();
                w.run("dh-pydeps generate");
            },
        )
        .names("build-area"),
        either(
            "tree-link",
            "a tree that is a link to somebody's directory",
            |w| linked(w, "python-evil"),
        )
        .names("python-evil"),
        either("generated-link", "what was generated last as a link", |w| {
            linked(w, "generated");
        })
        .names("generated"),
        either("state-link", "bookkeeping in a link", |w| {
            linked(w, "state");
        })
        .names("state"),
        either("repository-link", "a repository that is a link", |w| {
            linked(w, "repository");
        })
        .names("repository"),
        either("logs-link", "logs in a link", |w| linked(w, "logs")).names("logs"),
        either("work-link", "results in a link", |w| {
            linked(w, "state/builds");
        })
        .names("builds"),
        either("log-link", "a log that is a link to somebody's file", |w| {
            file_linked(w, "logs/python-evil_1.0-1~local1_amd64.log");
        })
        .names("log"),
        either(
            "packages-link",
            "a list of packages that is a link to somebody's file",
            |w| {
                file_linked(w, "repository/Packages");
            },
        )
        .names("Packages"),
        either(
            "result-link",
            "a package in the repository that is a link to somebody's file",
            |w| {
                file_linked(w, "repository/python3-evil_1.0-1~local1_all.deb");
            },
        )
        .names("repository"),
        either(
            "area-lock-link",
            "the area's lock as a link to somebody's file",
            |w| {
                file_linked(w, "state/lock");
            },
        )
        .names("lock"),
        either(
            "orig-link",
            "a tarball that is a link to somebody's file",
            |w| {
                session(w);
                w.link(
                    "build-area/python-evil_1.0.orig.tar.gz",
                    w.outside("canary"),
                );
                w.begin();
                w.run("dh-pydeps generate");
            },
        )
        .names("orig"),
        either(
            "dsc-link",
            "a .dsc that is a link to somebody's file",
            |w| {
                session(w);
                w.link(
                    "build-area/python-evil_1.0-1~local1.dsc",
                    w.outside("canary"),
                );
                w.begin();
                w.run("dh-pydeps generate");
            },
        )
        .names("dsc"),
        either(
            "debian-link",
            "a debian/ that became a link to somebody's directory",
            |w| {
                generated(w);
                std::fs::remove_dir_all(w.path("build-area/python-evil/debian")).expect("ours");
                w.link("build-area/python-evil/debian", w.outside("directory"));
                w.begin();
                w.run("dh-pydeps generate");
            },
        ),
        either(
            "control-link",
            "a debian/control that became a link to somebody's file",
            |w| {
                generated(w);
                std::fs::rename(
                    w.path("build-area/python-evil/debian/control"),
                    w.path("../outside/control"),
                )
                .expect("ours");
                w.link(
                    "build-area/python-evil/debian/control",
                    w.outside("control"),
                );
                w.begin();
                w.run("dh-pydeps generate");
            },
        ),
        either(
            "control-hard-link",
            "a debian/control that is a second name of somebody's file",
            |w| {
                generated(w);
                w.hard_link(
                    "../outside/control",
                    "build-area/python-evil/debian/control",
                );
                w.free.push("outside/control".to_owned());
                let before = w.text("../outside/control");
                w.file("../x", "");
                edit(w, "build-area/python-evil/debian/rules", "dh", "dh");
                w.run("dh-pydeps generate");
                w.run(BUILD);
                let same = before == w.text("../outside/control");
                w.demand(same, "the other name's content has changed");
            },
        ),
    ]
};

pub(super) const PERSONS: &[Input] = {
    /// A file of a person's, before everything is done once more.
    fn kept(world: &mut World, path: &str) {
        generated(world);
        world.file(path, "a person's\n");
        world.kept.push(format!("work/{path}"));
        world.begin();
        world.run("dh-pydeps generate");
        world.run(BUILD);
        world.run("dh-pydeps resolve six --new");
    }
    &[
        take("kept-old", "a copy of a tree that a person has made", |w| {
            kept(w, "build-area/python-evil.old/notes.txt");
        }),
        take(
            "kept-new-file",
            "a file named like an unfinished one",
            |w| {
                kept(w, "build-area/.new-idea.txt");
            },
        ),
        take(
            "kept-new-in-debian",
            "a file in debian/ named like an unfinished one",
            |w| {
                kept(w, "build-area/python-evil/debian/.new-thing");
            },
        ),
        take(
            "kept-beside",
            "a file in debian/ named like one of ours",
            |w| {
                kept(w, "build-area/python-evil/debian/notes.new");
            },
        ),
        take(
            "kept-generating",
            "a directory named like an unfinished one",
            |w| {
                kept(w, "build-area/.generating-ideas/notes.txt");
            },
        ),
        take(
            "kept-unpacking",
            "a directory named like one that is unpacked to",
            |w| {
                kept(w, "build-area/.unpacking-ideas/notes.txt");
            },
        ),
        take(
            "kept-work",
            "a file among the results that are under way",
            |w| {
                kept(w, "build-area/state/builds/notes.txt");
            },
        ),
        take("kept-in-state", "a file among the bookkeeping", |w| {
            kept(w, "build-area/state/.new-notes");
        }),
        take(
            "kept-in-repository",
            "a package that a person has put into the repository",
            |w| {
                kept(w, "build-area/repository/.new-mine.deb");
            },
        ),
        take("kept-log", "a log that a person has kept", |w| {
            kept(w, "build-area/logs/python-evil_1.0-1~local1_amd64.log.1");
        }),
        take(
            "kept-temporary",
            "a directory for temporary files that is somebody else's",
            |w| {
                generated(w);
                w.run(BUILD);
                // The name that the chroots of this area have is in its configuration.
                let text = w.text("build-area/state/sbuild.conf");
                let name = text
                    .split('\'')
                    .nth(1)
                    .and_then(|path| path.rsplit('/').next());
                let name = name
                    .unwrap_or("none.X")
                    .trim_end_matches(".XXXXXXXXXX")
                    .to_owned();
                w.file(&format!("../tmp/{name}.mine/notes.txt"), "a person's\n");
                w.link(&format!("../tmp/{name}.link"), w.outside("directory"));
                w.begin();
                w.run(&format!("{BUILD} --again"));
            },
        ),
    ]
};

pub(super) const BOOKKEEPING: &[Input] = {
    const RECORD: &str = "build-area/state/built/python-evil.json";
    /// A record of such a result, and a build of everything.
    fn record(world: &mut World, path: &str) {
        built(world);
        let text = world.text(RECORD);
        let at = text.find("\"python3-evil_");
        world.demand(at.is_some(), "the input is stale: no package in the record");
        let (begin, end) = text.split_at(at.unwrap_or(0));
        world.file(RECORD, format!("{begin}{path:?}: \"x\", {end}"));
        world.begin();
        world.run(&format!("{BUILD} --again"));
    }
    &[
        either(
            "record-path",
            "a record of a result that is somebody's file",
            |w| {
                record(w, "../../outside/canary");
            },
        )
        .names("python-evil.json"),
        either(
            "record-absolute",
            "a record of a result with an absolute path",
            |w| {
                let path = w.outside("canary");
                record(w, &path);
            },
        )
        .names("python-evil.json"),
        either(
            "record-deep",
            "a record of a million lists in one another",
            |w| {
                built(w);
                w.file(RECORD, "[".repeat(1_000_000));
                w.begin();
                w.run(BUILD);
            },
        )
        .names("python-evil.json"),
        refuse("record-fifo", "a record that is a fifo", |w| {
            generated(w);
            w.fifo(RECORD);
            w.begin();
            w.run(BUILD);
        })
        .names("python-evil.json"),
        either("fixes-long", "a list of fixes of 300 MB", |w| {
            generated(w);
            w.long_file(
                "build-area/state/fixes.json",
                "[\"",
                b"xxxxxxxxxx",
                30_000_000,
                "\"]",
            );
            w.begin();
            w.run("dh-pydeps generate");
            w.run(BUILD);
        })
        .names("fixes.json"),
        either(
            "generated-path",
            "a note of a source package that is a path",
            |w| {
                generated(w);
                edit(
                    w,
                    "build-area/state/generated.toml",
                    "source = \"python-evil\"",
                    "source = \"../../outside/directory\"",
                );
                w.run("dh-pydeps status");
                w.run(BUILD);
            },
        )
        .names("evil"),
        either(
            "generated-control",
            "a note that steers the terminal",
            |w| {
                generated(w);
                edit(
                    w,
                    "build-area/state/generated.toml",
                    "evil = \"python3-evil\"",
                    "evil = \"\\u001b[2J\\u202e\"",
                );
                w.run("dh-pydeps status");
                w.run(BUILD);
            },
        )
        .names("generated.toml"),
        refuse("generated-fifo", "notes in a fifo", |w| {
            generated(w);
            w.remove("build-area/state/generated.toml");
            w.fifo("build-area/state/generated.toml");
            w.begin();
            w.run("dh-pydeps status");
        })
        .names("generated.toml"),
    ]
};

pub(super) const SOURCES: &[Input] = {
    /// A source package by hand, of which nothing is known here.
    fn dsc(world: &mut World, from: &str, to: &str) {
        let text = "Format: 3.0 (native)\nSource: x\nBinary: x\nArchitecture: all\nVersion: 1\n\
            Maintainer: A <a@example.org>\nChecksums-Sha256:\n aa 1 x_1.tar.xz\n";
        world.file("build-area/x_1.dsc", text.replace(from, to));
        world.file("build-area/x_1.tar.xz", "x");
        world.run(BUILD);
    }
    &[
        refuse("dsc-name-path", "a .dsc of a source whose name is a path", |w| {
            dsc(w, "Source: x", "Source: ../../outside/x");
        })
        .names("x_1.dsc"),
        refuse("dsc-name-option", "a .dsc of a source whose name reads like an option", |w| {
            dsc(w, "Source: x", "Source: --PWNED");
        })
        .names("x_1.dsc"),
        refuse("dsc-version-path", "a .dsc of a version that is a path", |w| {
            dsc(w, "Version: 1", "Version: 1/../../../../outside/x");
        })
        .names("x_1.dsc"),
        refuse("dsc-version-control", "a .dsc of a version that steers the terminal", |w| {
            dsc(w, "Version: 1", "Version: 1\x1b[2J\u{202e}");
        })
        .names("x_1.dsc"),
        refuse("dsc-fifo", "a .dsc that is a fifo", |w| {
            w.fifo("build-area/x_1.dsc");
            w.run(BUILD);
        })
        .names("x_1.dsc"),
        refuse("dsc-zero", "a .dsc that is a link to /dev/zero", |w| {
            w.link("build-area/x_1.dsc", "/dev/zero");
            w.run(BUILD);
        })
        .names("x_1.dsc"),
        either("dsc-option-name", "a .dsc whose file name reads like an option", |w| {
            dsc(w, "", "");
            std::fs::rename(w.path("build-area/x_1.dsc"), w.path("build-area/--PWNED.dsc")).expect("ours");
            w.begin();
            w.run(BUILD);
        })
        .names("build-area"),
        refuse("changelog-option", "a stray changelog for a distribution that is an option", |w| {
            dsc(w, "", "");
            let hook = format!("--setup-hook=touch;{}", w.outside("PWNED"));
            w.file("build-area/x/debian/changelog", format!("x (1) {hook}; urgency=low\n\n  * x\n\n -- A <a@example.org>  Thu, 01 Jan 2026 00:00:00 +0000\n"));
            w.set("DH_PYDEPS_SUITE", "");
            w.begin();
            w.run(BUILD);
        })
        .names("changelog"),
        refuse("changelog-path", "a stray changelog for a distribution that is a path", |w| {
            dsc(w, "", "");
            w.file("build-area/x/debian/changelog", "x (1) ../../outside/x; urgency=low\n\n  * x\n\n -- A <a@example.org>  Thu, 01 Jan 2026 00:00:00 +0000\n");
            w.set("DH_PYDEPS_SUITE", "");
            w.begin();
            w.run(BUILD);
        })
        .names("changelog"),
        either("changelog-fifo", "a stray changelog that is a fifo", |w| {
            dsc(w, "", "");
            w.fifo("build-area/y/debian/changelog");
            w.begin();
            w.run(BUILD);
        })
        .names("changelog"),
        either("changelog-control", "a changelog of a version that steers the terminal", |w| {
            generated(w);
            edit(w, "build-area/python-evil/debian/changelog", "(1.0-1~local1)", "(1.0-1~local2\x1b[2J\u{202e})");
            w.run(BUILD);
            w.run("dh-pydeps generate");
        }),
        either("changelog-long", "a changelog of 300 MB", |w| {
            generated(w);
            let text = w.text("build-area/python-evil/debian/changelog");
            w.long_file("build-area/python-evil/debian/changelog", &text, b"  * and so on\n", 21_000_000, "");
            w.begin();
            w.run("dh-pydeps generate");
        }),
        either("source-options", "options for dpkg-source in the tree", |w| {
            generated(w);
            w.file("build-area/python-evil/debian/source/local-options", "unapply-patches\nextend-diff-ignore = \"(\"\nPWNED\n");
            w.begin();
            w.run("dh-pydeps generate");
        })
        .names("dpkg-source"),
        either("applied-patches", "patches that are said to be applied and lie elsewhere", |w| {
            generated(w);
            let path = w.outside("canary");
            w.file("build-area/python-evil/.pc/applied-patches", format!("{path}\n../../../../outside/canary\n--PWNED\n"));
            w.begin();
            w.run("dh-pydeps generate");
        }),
        take("generate-again-is-the-same", "a release generated twice", |w| {
            let release = Release::evil("");
            w.serve(|_| release.site(|_| ()));
            w.run("dh-pydeps generate evil==1.0");
            w.run("dh-pydeps generate evil==1.0");
        }),
    ]
};
