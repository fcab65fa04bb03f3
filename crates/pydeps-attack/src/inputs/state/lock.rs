//! `pydeps.lock`, which a checkout brings along.

use super::{BUILD, edit, generated, session};
use crate::input::{Input, either, refuse};
use crate::world::World;

const LOCK: &str = "pydeps.lock";

/// A session whose lock was changed, and a command on it.
fn changed(world: &mut World, from: &str, to: &str, command: &str) {
    generated(world);
    edit(world, LOCK, from, to);
    world.run(command);
}

pub(super) const VALUES: &[Input] = {
    const SUITE: &str = "suite = \"hazel\"";
    const ARCHITECTURE: &str = "architecture = \"amd64\"";
    &[
        refuse(
            "suite-option",
            "a suite that is an option of mmdebstrap",
            |w| {
                changed(w, SUITE, "suite = \"--setup-hook=touch PWNED\"", BUILD);
            },
        )
        .names("pydeps.lock"),
        refuse(
            "suite-lines",
            "a suite of several lines of apt's sources",
            |w| {
                changed(
                    w,
                    SUITE,
                    "suite = \"hazel main\\nURIs: file:/PWNED\\nTrusted: yes\"",
                    BUILD,
                );
            },
        )
        .names("pydeps.lock"),
        refuse("suite-control", "a suite that steers the terminal", |w| {
            changed(
                w,
                SUITE,
                "suite = \"\\u001b[2J\\u202e\"",
                "dh-pydeps status",
            );
        })
        .names("pydeps.lock"),
        refuse("suite-empty", "a suite without a name", |w| {
            changed(w, SUITE, "suite = \"\"", BUILD);
        })
        .names("pydeps.lock"),
        refuse("suite-long", "a suite with a name of a megabyte", |w| {
            changed(
                w,
                SUITE,
                &format!("suite = \"{}\"", "a".repeat(1 << 20)),
                BUILD,
            );
        })
        .names("pydeps.lock"),
        refuse(
            "architecture-option",
            "an architecture that is an option",
            |w| {
                changed(w, ARCHITECTURE, "architecture = \"--PWNED\"", BUILD);
            },
        )
        .names("pydeps.lock"),
        refuse(
            "architecture-path",
            "an architecture that is a path out of the cache",
            |w| {
                changed(
                    w,
                    ARCHITECTURE,
                    "architecture = \"../../../../outside/x\"",
                    BUILD,
                );
            },
        )
        .names("pydeps.lock"),
        refuse(
            "architecture-list",
            "an architecture that is a list with another option in it",
            |w| {
                changed(
                    w,
                    ARCHITECTURE,
                    "architecture = \"amd64,i386 --PWNED\"",
                    BUILD,
                );
            },
        )
        .names("pydeps.lock"),
        refuse(
            "suite-resolved",
            "a suite that is a path, when the session goes on",
            |w| {
                changed(
                    w,
                    SUITE,
                    "suite = \"../../outside/canary\"",
                    "dh-pydeps resolve",
                );
            },
        )
        .names("pydeps.lock"),
        refuse(
            "sdist-path",
            "an sdist of the lock that lies elsewhere",
            |w| {
                changed(
                    w,
                    "file = \"evil-1.0.tar.gz\"",
                    "file = \"../../../outside/evil-1.0.tar.gz\"",
                    "dh-pydeps generate",
                );
            },
        ),
        refuse(
            "sdist-hash",
            "an sdist of another hash than the lock's",
            |w| {
                let text = {
                    generated(w);
                    w.text(LOCK)
                };
                let at = text.find("sha256 = \"").unwrap_or(0) + 10;
                let hash = text.get(at..at + 64).unwrap_or_default().to_owned();
                edit(w, LOCK, &hash, &"0".repeat(64));
                w.run("dh-pydeps generate");
            },
        ),
        refuse(
            "local-trusted",
            "a repository of the lock that apt is to trust",
            |w| {
                let repository = pydeps_testkit::Repository::parse("suite x\npackage evil 1\n");
                repository
                    .expect("a suite")
                    .write_debs(&w.path("../outside/repository"));
                let line = format!("deb [trusted=yes] file:{} ./", w.outside("repository"));
                changed(
                    w,
                    "[asked]\n",
                    &format!("[asked]\nlocal = [\"{line}\"]\n"),
                    "dh-pydeps resolve",
                );
            },
        )
        .names("trusted"),
        refuse(
            "local-path",
            "a repository of the lock that is somebody's directory",
            |w| {
                w.file("../outside/directory/x.deb", "nonsense");
                let place = w.outside("directory");
                changed(
                    w,
                    "[asked]\n",
                    &format!("[asked]\nlocal = [\"{place}\"]\n"),
                    "dh-pydeps resolve",
                );
            },
        )
        .names("directory"),
        refuse(
            "asked-option",
            "something asked for that is an option",
            |w| {
                changed(
                    w,
                    "what = [\"evil\"]",
                    "what = [\"--PWNED\"]",
                    "dh-pydeps resolve",
                );
            },
        )
        .names("PWNED"),
        either(
            "asked-path",
            "something asked for that is a file of somebody's",
            |w| {
                w.file(
                    "../outside/secret/pyproject.toml",
                    "[project]\nname = \"SEKRET\"\nversion = \"1\"\n",
                );
                let place = w.outside("secret");
                changed(
                    w,
                    "what = [\"evil\"]",
                    &format!("what = [\"{place}\"]"),
                    "dh-pydeps resolve",
                );
            },
        ),
        refuse(
            "package-name",
            "a Debian package whose name is a path",
            |w| {
                changed(
                    w,
                    "package = \"python3-six\"",
                    "package = \"../../x --PWNED\"",
                    "dh-pydeps tree",
                );
            },
        )
        .names("pydeps.lock"),
        refuse("version-nonsense", "a version that is none", |w| {
            changed(
                w,
                "version = \"1.17.0\"",
                "version = \"$(touch PWNED)\"",
                "dh-pydeps status",
            );
        })
        .names("pydeps.lock"),
    ]
};

pub(super) const FILES: &[Input] = {
    &[
        refuse("lock-long", "a lock of 300 MB", |w| {
            w.long_file(
                LOCK,
                "version = 1\nx = [\n",
                b"\"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\",\n",
                9_000_000,
                "]\n",
            );
            w.run("dh-pydeps status");
        })
        .names("pydeps.lock"),
        refuse("lock-comment", "a lock of 300 MB of comments", |w| {
            w.long_file(
                LOCK,
                "version = 1\n",
                b"# nothing to see here, move on\n",
                10_000_000,
                "",
            );
            w.run("dh-pydeps status");
        })
        .names("pydeps.lock"),
        refuse("lock-zero", "a lock that is a link to /dev/zero", |w| {
            w.link(LOCK, "/dev/zero");
            w.run("dh-pydeps status");
        })
        .names("pydeps.lock"),
        refuse("lock-fifo", "a lock that is a fifo", |w| {
            w.fifo(LOCK);
            w.run("dh-pydeps status");
        })
        .names("pydeps.lock"),
        refuse("lock-directory", "a lock that is a directory", |w| {
            w.dir(LOCK);
            w.run("dh-pydeps status");
        })
        .names("pydeps.lock"),
        refuse("lock-device", "a lock that is a second /dev/zero", |w| {
            w.zeros(LOCK);
            w.run("dh-pydeps status");
        })
        .names("pydeps.lock")
        .root_only(),
        refuse(
            "lock-deep",
            "a lock of a million lists in one another",
            |w| {
                w.file(LOCK, format!("version = 1\nx = {}", "[".repeat(1_000_000)));
                w.run("dh-pydeps status");
            },
        )
        .names("pydeps.lock"),
        refuse(
            "lock-dotted",
            "a lock with a key of a hundred thousand parts",
            |w| {
                w.file(
                    LOCK,
                    format!("version = 1\n{}x = 1\n", "a.".repeat(100_000)),
                );
                w.run("dh-pydeps status");
            },
        )
        .names("pydeps.lock"),
        either(
            "lock-link",
            "a lock that is a link to somebody's file",
            |w| {
                w.link(LOCK, "../outside/canary");
                w.serve(|_| crate::make::release::Release::evil("").site(|_| ()));
                w.run("dh-pydeps resolve evil --new");
            },
        )
        .names("pydeps.lock"),
        either(
            "lock-dangling",
            "a lock that is a link to what is not there yet",
            |w| {
                w.link(LOCK, "../outside/PWNED");
                w.serve(|_| crate::make::release::Release::evil("").site(|_| ()));
                w.run("dh-pydeps resolve evil");
            },
        )
        .names("pydeps.lock"),
        either(
            "lock-hard-link",
            "a lock that is a second name of somebody's file",
            |w| {
                session(w);
                std::fs::rename(w.path(LOCK), w.path("../outside/lock")).expect("a rename");
                w.hard_link(LOCK, "../outside/lock");
                w.free.push("outside/lock".to_owned());
                w.begin();
                let before = w.text("../outside/lock");
                w.serve(|_| crate::make::release::Release::evil("").site(|_| ()));
                w.run("dh-pydeps resolve six --new");
                let same = before == w.text("../outside/lock");
                w.demand(same, "the other name's content has changed");
            },
        )
        .names("pydeps.lock"),
    ]
};

pub(super) const TEXTS: &[Input] = {
    /// The same, shown by every command that reads a lock.
    fn shown(world: &mut World, from: &str, to: &str) {
        session(world);
        edit(world, LOCK, from, to);
        for command in [
            "status",
            "tree",
            "why six",
            "why evil",
            "tree --format json",
        ] {
            world.run(&format!("dh-pydeps {command}"));
        }
    }
    &[
        either("because-control", "a reason that steers the terminal", |w| {
            shown(w, "\"hazel has no evil\"", "\"\\u001b[2J\\u202eevil\\u009b31m\\r\\n\"");
        })
        .names("pydeps.lock"),
        either("label-control", "a label that steers the terminal", |w| {
            shown(w, "label = \"evil\"", "label = \"\\u001b[2J\\u202e\"");
        })
        .names("pydeps.lock"),
        either("requirer-control", "a requirer that steers the terminal", |w| {
            shown(w, "name = \"the command line\"", "name = \"\\u001b[2J\\u202e\"");
        })
        .names("pydeps.lock"),
        either("requirement-deep", "a requirement with a marker of 4,000 parentheses", |w| {
            let marker = format!("{}os_name=='x'{}", "(".repeat(4000), ")".repeat(4000));
            shown(w, "requirement = \"six\"", &format!("requirement = \"six; {marker}\""));
        })
        .names("pydeps.lock"),
        either("evidence-control", "evidence that steers the terminal", |w| {
            shown(w, "path = \"usr/lib", "path = \"\\u001b[2J\\u202eusr/lib");
        })
        .names("pydeps.lock"),
        either("locked-in-a-circle", "a lock whose requirers are a circle", |w| {
            shown(w, "{ name = \"the command line\", requirement = \"evil\", met = true }",
                "{ name = \"six\", requirement = \"evil\", met = true }");
        })
        .names("pydeps.lock"),
        either("distributions-many", "a lock of fifty thousand distributions that need each other", |w| {
            w.patience(40);
            session(w);
            let each = |n: usize| {
                format!("\n[[distribution]]\nname = \"d{n}\"\nversion = \"1\"\nverdict = \"missing\"\naction = \"generate\"\n\
                    origin = \"index\"\nrequired-by = [{{ name = \"d{}\", requirement = \"d{n}\", met = true }}]\n", n + 1)
            };
            let all: String = (0..50_000).map(each).collect();
            edit(w, LOCK, "\n[sdist]", &format!("{all}\n[sdist]"));
            w.run("dh-pydeps tree");
            w.run("dh-pydeps status");
        })
        .names("pydeps.lock"),
        either("deep-tree", "a lock of two thousand requirers one above the other", |w| {
            session(w);
            let each = |n: usize| {
                format!("\n[[distribution]]\nname = \"d{n}\"\nversion = \"1\"\nverdict = \"missing\"\naction = \"generate\"\n\
                    origin = \"index\"\nrequired-by = [{{ name = \"{}\", requirement = \"d{n}\", met = true }}]\n",
                    if n == 0 { "evil".to_owned() } else { format!("d{}", n - 1) })
            };
            let all: String = (0..2000).map(each).collect();
            edit(w, LOCK, "\n[sdist]", &format!("{all}\n[sdist]"));
            w.run("dh-pydeps tree");
            w.run("dh-pydeps why d1999");
        })
        .names("pydeps.lock"),
        refuse("lock-not-text", "a lock that is not UTF-8", |w| {
            w.file(LOCK, b"version = 1 # caf\xe9\n");
            w.run("dh-pydeps status");
        })
        .names("pydeps.lock"),
        refuse("lock-later", "a lock of a later format, whose number is a text for the terminal", |w| {
            w.file(LOCK, "version = \"\x1b[2J\u{202e}\"\n");
            w.run("dh-pydeps status");
        })
        .names("pydeps.lock"),
    ]
};
