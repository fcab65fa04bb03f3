//! Release, Packages, Contents and Sources of a mirror.

use crate::input::{Input, either, refuse, take};
use crate::make::repository::{Hostile, stanza};
use crate::make::{gz, gz_bomb, gz_repeated, through};
use crate::world::World;

const UPDATE: &str =
    "dh-pydeps update --suite hazel --architecture amd64 --trusted --mirror file://$TOP/debian";

fn update(world: &mut World, repository: &Hostile) {
    repository.write(world);
    world.run(UPDATE);
}

/// Updates, and looks at what is known of `evil` then.
fn used(world: &mut World, repository: &Hostile) {
    world.serve(|_| crate::server::Site::default());
    update(world, repository);
    world.run("dh-pydeps map evil");
    world.run("dh-pydeps relation evil>=1");
    world.run("dh-pydeps resolve evil --no-lock");
}

fn with_packages(world: &mut World, stanzas: &[u8]) {
    used(world, &Hostile::default().with_packages(stanzas));
}

pub(super) const PACKAGES: &[Input] = {
    &[
        either("name-path", "a package whose name is a path", |w| {
            with_packages(w, &stanza("../../../outside/PWNED", "1", ""));
        })
        .names("hazel|evil"),
        either(
            "name-control",
            "a package whose name steers the terminal",
            |w| {
                let contents = "usr/lib/python3/dist-packages/evil-1.0.dist-info/METADATA python/python3-\x1b[2J\u{202e}\n";
                let repository = Hostile::default()
                    .with_packages(&stanza("python3-\x1b[2J\u{202e}", "1", ""))
                    .with_contents(contents);
                used(w, &repository);
            },
        )
        .names("hazel|evil"),
        either(
            "version-control",
            "a version that steers the terminal",
            |w| {
                let contents = "usr/lib/python3/dist-packages/evil-1.0.dist-info/METADATA python/python3-evil\n";
                let repository = Hostile::default()
                    .with_packages(&stanza("python3-evil", "1\x1b[2J\u{202e}", ""))
                    .with_contents(contents);
                used(w, &repository);
            },
        )
        .names("hazel|evil"),
        either("version-long", "a version of a million digits", |w| {
            with_packages(w, &stanza("python3-evil", &"9".repeat(1_000_000), ""));
        })
        .names("hazel|evil"),
        either("depends-deep", "relations of a million brackets", |w| {
            with_packages(
                w,
                &stanza(
                    "python3-evil",
                    "1",
                    &format!("Depends: x {}\n", "(<[".repeat(300_000)),
                ),
            );
        })
        .names("hazel|evil"),
        either(
            "provides-many",
            "a package that provides three hundred thousand others",
            |w| {
                let each = |n: usize| format!("python3-p{n} (= 1)");
                let all: Vec<String> = (0..300_000).map(each).collect();
                with_packages(
                    w,
                    &stanza(
                        "python3-evil",
                        "1",
                        &format!("Provides: {}\n", all.join(", ")),
                    ),
                );
            },
        )
        .names("hazel|evil"),
        either("field-long", "a field of a hundred megabytes", |w| {
            w.patience(60);
            with_packages(
                w,
                &stanza(
                    "python3-evil",
                    "1",
                    &format!("Tag: {}\n", "x".repeat(100 << 20)),
                ),
            );
        })
        .names("hazel|evil"),
        either(
            "stanzas-twice",
            "the same package twenty thousand times",
            |w| {
                with_packages(w, &stanza("python3-evil", "1", "").repeat(20_000));
            },
        )
        .names("hazel|evil"),
        either(
            "not-text",
            "a list of packages of all bytes that there are",
            |w| {
                let bytes: Vec<u8> = (0..=255).cycle().take(1_000_000).collect();
                with_packages(w, &bytes);
            },
        )
        .names("hazel|evil"),
        either(
            "lines-without-fields",
            "a list of packages without a field",
            |w| {
                with_packages(w, &b": x\n continued\n\n:\n".repeat(10_000));
            },
        )
        .names("hazel|evil"),
        refuse(
            "cut",
            "a list of packages that was cut, with the hash of the whole",
            |w| {
                let repository =
                    Hostile::default().with_packages(&stanza("python3-evil", "1", "").repeat(100));
                repository.write(w);
                let path = "../debian/dists/hazel/main/binary-amd64/Packages";
                let text = w.text(path);
                w.file(path, &text[..text.len() / 2]);
                w.run(UPDATE);
            },
        )
        .names("hazel|evil"),
    ]
};

pub(super) const CONTENTS: &[Input] = {
    const LINE: &str =
        "usr/lib/python3/dist-packages/evil-1.0.dist-info/METADATA python/python3-evil\n";
    /// Contents as they are, packed or not.
    fn contents(world: &mut World, packed: &'static str, contents: Vec<u8>) {
        let repository = Hostile {
            contents,
            packed,
            ..Hostile::default()
        };
        used(
            world,
            &repository.with_packages(&stanza("python3-evil", "1.0-1", "")),
        );
    }
    &[
        either("contents-large", "Contents of three gigabytes", |w| {
            w.patience(90);
            let line = "usr/share/evil/evil/evil/evil/evil python/python3-evil\n".repeat(60_000);
            contents(w, ".gz", gz_repeated(line.as_bytes(), 900));
        })
        .names("hazel|evil"),
        either(
            "contents-one-line",
            "Contents of one line of a gigabyte",
            |w| {
                w.patience(60);
                contents(w, ".gz", gz_bomb(b"usr/", b"x", 1 << 30));
            },
        )
        .names("hazel|evil"),
        either(
            "contents-garbage",
            "garbage behind compressed Contents",
            |w| {
                let bytes = [gz(LINE.as_bytes()), vec![b'x'; 10 << 20]].concat();
                contents(w, ".gz", bytes);
            },
        )
        .names("hazel|evil"),
        either("contents-xz", "xz that claims to be gzip", |w| {
            contents(w, ".gz", through("xz", &["-0"], LINE.as_bytes().to_vec()));
        })
        .names("hazel|evil"),
        either(
            "contents-paths",
            "Contents with paths out of the system",
            |w| {
                let lines = "../../../../outside/evil-1.0.dist-info/METADATA python/python3-evil\n\
                /usr/lib/python3/dist-packages/evil-2.0.dist-info/METADATA python/python3-evil\n\
                usr/lib/python3/dist-packages/../evil-3.0.dist-info/METADATA python/python3-evil\n";
                contents(w, "", lines.into());
            },
        )
        .names("hazel|evil"),
        either(
            "contents-control",
            "Contents with paths that steer the terminal",
            |w| {
                let lines = "usr/lib/python3/dist-packages/evil-1.0\x1b[2J\u{202e}.dist-info/METADATA python/python3-evil\n\
                usr/lib/python3/dist-packages/evil\x1b-1.0.dist-info/METADATA python/python3-evil\n";
                contents(w, "", lines.into());
            },
        )
        .names("hazel|evil"),
        either(
            "contents-names",
            "a distribution in a hundred thousand versions",
            |w| {
                let each = |n: usize| LINE.replace("1.0", &format!("1.{n}"));
                contents(w, "", (0..100_000).map(each).collect::<String>().into());
            },
        )
        .names("hazel|evil"),
        either(
            "contents-packages",
            "a path that a hundred thousand packages have",
            |w| {
                let each = |n: usize| format!("python/python3-evil{n}");
                let all: Vec<String> = (0..100_000).map(each).collect();
                let line = format!(
                    "usr/lib/python3/dist-packages/evil-1.0.dist-info/METADATA {}\n",
                    all.join(",")
                );
                contents(w, "", line.into());
            },
        )
        .names("hazel|evil"),
        either(
            "contents-zero",
            "Contents with zero bytes and no blanks",
            |w| {
                contents(
                    w,
                    "",
                    [
                        b"a\0b\n".repeat(1000),
                        b"x\n".repeat(1000),
                        b" \n".repeat(1000),
                    ]
                    .concat(),
                );
            },
        )
        .names("hazel|evil"),
        take("contents-deep", "a path of a million directories", |w| {
            contents(
                w,
                "",
                format!("{}x python/python3-evil\n{LINE}", "d/".repeat(500_000)).into(),
            );
        })
        .names("hazel|evil"),
    ]
};

pub(super) const RELEASE: &[Input] = {
    fn named(world: &mut World, codename: &str) {
        update(
            world,
            &Hostile {
                codename: Some(codename.into()),
                ..Hostile::default()
            },
        );
    }
    fn dated(world: &mut World, date: &str) {
        update(
            world,
            &Hostile {
                date: Some(date.into()),
                ..Hostile::default()
            },
        );
    }
    &[
        refuse("codename-path", "a suite that says its name is a path", |w| {
            named(w, "../../../../outside/PWNED");
        })
        .names("hazel|evil"),
        refuse("codename-option", "a suite that says its name is an option", |w| named(w, "--PWNED"))
            .names("hazel|evil"),
        refuse("codename-control", "a suite that says its name steers the terminal", |w| {
            named(w, "hazel\x1b[2J\u{202e}");
        })
        .names("hazel|evil"),
        either("date-future", "a Release file of the year 9999", |w| {
            dated(w, "Fri, 31 Dec 9999 23:59:59 UTC");
        })
        .names("hazel|evil"),
        either("date-nonsense", "a Release file of a date that steers the terminal", |w| {
            dated(w, "\x1b[2J\u{202e}, 99 Foo 99999999999999999999");
        })
        .names("hazel|evil"),
        either("release-long", "a Release file of fifty megabytes", |w| {
            let line = format!(" {} 1 main/x\n", "0".repeat(64));
            update(w, &Hostile { checksums: line.repeat(650_000), ..Hostile::default() });
        })
        .names("hazel|evil"),
        either("release-paths", "a Release file of lists that lie elsewhere", |w| {
            let line = format!(" {} 9 ../../../../outside/canary\n", "0".repeat(64));
            update(w, &Hostile { checksums: line, ..Hostile::default() });
        })
        .names("hazel|evil"),
        either("release-control", "a Release file whose fields steer the terminal", |w| {
            let fields = "Label: \x1b[2J\u{202e}\nVersion: \x1b[2J\nDescription: \u{202e}\nComponents: \x1b[2J\n";
            update(w, &Hostile { fields: fields.into(), ..Hostile::default() });
            w.run("dh-pydeps map six");
        })
        .names("hazel|evil"),
        either("sources-paths", "source packages in directories of somebody's", |w| {
            let sources = "Package: evil\nBinary: python3-evil\nVersion: 9.0-1\nFormat: 3.0 (quilt)\n\
                Directory: ../../../outside\nChecksums-Sha256:\n 0000 9 ../../outside/canary\n 0000 9 evil_9.0-1.dsc\n\n";
            let oak = Hostile {
                    suite: "oak".to_owned(),
                    sources: sources.into(),
                    ..Hostile::default()
                };
                oak.write(w);
                w.run(&format!("{} --sources", UPDATE.replace("hazel", "oak")));
                w.run("dh-pydeps backport evil --backport-from oak");
        }),
        either("sources-deep", "source packages with build dependencies of a million brackets", |w| {
            let sources = format!("Package: evil\nBinary: python3-evil\nVersion: 9.0-1\nBuild-Depends: x {}\n\n", "<(".repeat(500_000));
            Hostile { sources: sources.into(), ..Hostile::default() }.write(w);
            w.run(&format!("{UPDATE} --sources"));
        })
        .names("hazel|evil"),
    ]
};

pub(super) const OPTIONS: &[Input] = {
    fn words(world: &mut World, words: &[&str]) {
        Hostile::default().write(world);
        let all = [&["dh-pydeps", "update", "--architecture", "amd64"], words].concat();
        world.run_words("dh-pydeps update …", &all);
    }
    &[
        refuse(
            "mirror-lines",
            "a mirror of several lines of apt's sources",
            |w| {
                words(
                    w,
                    &[
                        "--suite",
                        "hazel",
                        "--mirror",
                        "http://a.example/\nTrusted: yes\nURIs: file:/x",
                    ],
                );
            },
        )
        .names("hazel|--mirror"),
        refuse("mirror-option", "a mirror that reads like an option", |w| {
            words(
                w,
                &[
                    "--suite",
                    "hazel",
                    "--mirror=-oAPT::Update::Pre-Invoke::=touch PWNED",
                ],
            );
        })
        .names("hazel|--mirror"),
        refuse("suite-option", "a suite that reads like an option", |w| {
            words(
                w,
                &[
                    "--suite=--PWNED",
                    "--mirror",
                    "http://debian.example.org/debian",
                ],
            );
        })
        .names("suite"),
        refuse("suite-path", "a suite that is a path", |w| {
            words(
                w,
                &[
                    "--suite=../../x",
                    "--mirror",
                    "http://debian.example.org/debian",
                ],
            );
        })
        .names("suite"),
        refuse(
            "component-lines",
            "an area of several lines of apt's sources",
            |w| {
                words(
                    w,
                    &[
                        "--suite=hazel",
                        "--component=main\nTrusted: yes",
                        "--mirror",
                        "http://debian.example.org/debian",
                    ],
                );
            },
        )
        .names("--component"),
    ]
};
