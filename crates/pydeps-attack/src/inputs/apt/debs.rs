//! Packages in a directory, and repositories named by a line.

use crate::input::{Input, either, refuse, take};
use crate::make::deb::{control, deb, member, members, with};
use crate::make::tar::{Header, Kind, Tar, plain};
use crate::make::{gz, gz_bomb};
use crate::world::World;

/// Resolves `evil` beside a directory with this package.
fn local(world: &mut World, bytes: impl AsRef<[u8]>) {
    world.file("local/evil_1_all.deb", bytes);
    world.run("dh-pydeps resolve evil --no-lock --local local");
}

/// The same of a package that is right but for its control file.
fn controlled(world: &mut World, text: &str) {
    local(world, deb(text, &[PATH]));
}

const PATH: &str = "./usr/lib/python3/dist-packages/evil-1.0.dist-info/METADATA";

pub(super) const INPUTS: &[Input] = {
    &[
        refuse("deb-cut", "half of a package", |w| {
            let bytes = deb(control(""), &[PATH]);
            local(w, &bytes[..bytes.len() / 2]);
        }),
        refuse("deb-nonsense", "a .deb that is none", |w| {
            local(w, "nonsense");
        }),
        refuse(
            "deb-member-huge",
            "a package with a member that claims ten gigabytes",
            |w| {
                let begin = members(&[("debian-binary", b"2.0\n")]);
                local(
                    w,
                    [begin, member("control.tar.gz", "9999999999", b"x")].concat(),
                );
            },
        ),
        refuse("deb-control-huge", "a control file of two gigabytes", |w| {
            w.patience(60);
            let header = Header {
                size: Some(2 << 30),
                ..plain(b"./control", Kind::File)
            };
            let begin = Tar::default()
                .raw(&header, control("").as_bytes())
                .unfinished();
            let bomb = gz_bomb(&begin, b"x", 2 << 30);
            let data = gz(&Tar::default().finish());
            local(
                w,
                members(&[
                    ("debian-binary", b"2.0\n"),
                    ("control.tar.gz", &bomb),
                    ("data.tar.gz", &data),
                ]),
            );
        }),
        either("deb-control-twice", "two control files", |w| {
            let tar = Tar::default()
                .file("./control", control(""))
                .file("./control", control("Depends: x\n"));
            local(w, with(&tar.finish(), &Tar::default().finish()));
        }),
        refuse("deb-control-link", "a control file that is a link", |w| {
            let tar = Tar::default().link("./control", "/etc/passwd").finish();
            local(w, with(&tar, &Tar::default().finish()));
        }),
        refuse(
            "deb-control-none",
            "a package without a control file",
            |w| {
                local(w, with(&Tar::default().finish(), &Tar::default().finish()));
            },
        ),
        either(
            "deb-data-paths",
            "a package with members that lead out",
            |w| {
                let data = Tar::default()
                    .file("../../../outside/PWNED", "x")
                    .file(
                        "/usr/lib/python3/dist-packages/evil-1.0.dist-info/METADATA",
                        "x",
                    )
                    .link("./usr/lib/python3/dist-packages/evil-2.0.dist-info", "/etc");
                let tar = Tar::default().file("./control", control("")).finish();
                local(w, with(&tar, &data.finish()));
            },
        ),
        either(
            "deb-data-many",
            "a package of three hundred thousand files",
            |w| {
                let each = |tar: Tar, n: usize| tar.file(&format!("./usr/share/evil/{n}"), "");
                let data = (0..300_000).fold(Tar::default(), each);
                let tar = Tar::default().file("./control", control("")).finish();
                local(w, with(&tar, &data.finish()));
            },
        ),
        either(
            "deb-data-bomb",
            "a package of ten gigabytes of zeros",
            |w| {
                w.patience(60);
                let header = Header {
                    size: Some(10 << 30),
                    ..plain(b"./zeros", Kind::File)
                };
                let bomb = gz_bomb(
                    &Tar::default().raw(&header, b"").unfinished(),
                    &[0],
                    10 << 30,
                );
                let tar = gz(&Tar::default().file("./control", control("")).finish());
                local(
                    w,
                    members(&[
                        ("debian-binary", b"2.0\n"),
                        ("control.tar.gz", &tar),
                        ("data.tar.gz", &bomb),
                    ]),
                );
            },
        ),
        either(
            "deb-name-long",
            "a package with a file whose name is ten megabytes",
            |w| {
                let data = Tar::default().file(&format!("./{}", "x".repeat(10 << 20)), "");
                let tar = Tar::default().file("./control", control("")).finish();
                local(w, with(&tar, &data.finish()));
            },
        ),
        either("control-name", "a .deb whose name is a path", |w| {
            controlled(
                w,
                &control("").replace("Package: evil", "Package: ../../evil"),
            );
        }),
        either(
            "control-name-terminal",
            "a .deb whose name steers the terminal",
            |w| {
                controlled(
                    w,
                    &control("").replace("Package: evil", "Package: evil\x1b[2J\u{202e}"),
                );
            },
        ),
        either(
            "control-version",
            "a package of a version that is none",
            |w| {
                controlled(
                    w,
                    &control("").replace("Version: 1", "Version: \x1b[2J\u{202e}"),
                );
            },
        ),
        either(
            "control-relations",
            "a package of a million alternatives",
            |w| {
                controlled(
                    w,
                    &control(&format!("Depends: {}x\n", "x | ".repeat(250_000))),
                );
            },
        ),
        either(
            "control-not-text",
            "a control file that is not UTF-8",
            |w| {
                let text = [control("").as_bytes(), b"X: \xff\xfe\n"].concat();
                local(w, deb(text, &[PATH]));
            },
        ),
        either(
            "other-distribution",
            "a package whose metadata are another distribution's",
            |w| {
                let path = PATH.replace("evil-1.0", "victim-1.0");
                local(
                    w,
                    deb(control("Provides: python3-evil (= 1.0)\n"), &[&path]),
                );
            },
        ),
    ]
};

pub(super) const PLACES: &[Input] = {
    fn place(world: &mut World, line: &str) {
        world.run_words(
            "dh-pydeps resolve --local …",
            &["dh-pydeps", "resolve", "evil", "--no-lock", "--local", line],
        );
    }
    &[
        refuse("deb-fifo", "a .deb that is a fifo", |w| {
            w.fifo("local/evil_1_all.deb");
            w.run("dh-pydeps resolve evil --no-lock --local local");
        }),
        refuse("deb-zero", "a package that is a link to /dev/zero", |w| {
            w.link("local/evil_1_all.deb", "/dev/zero");
            w.run("dh-pydeps resolve evil --no-lock --local local");
        }),
        either(
            "deb-option",
            "a .deb whose file name reads like an option",
            |w| {
                w.file("local/--PWND.deb", deb(control(""), &[PATH]));
                w.run("dh-pydeps resolve evil --no-lock --local local");
            },
        ),
        either(
            "deb-newline",
            "a .deb whose file name has two lines and steers the terminal",
            |w| {
                w.file("local/evil\n\x1b[2J\u{202e}.deb", "nonsense");
                w.run("dh-pydeps resolve evil --no-lock --local local");
            },
        ),
        refuse("line-lines", "a line for apt that is two lines", |w| {
            place(
                w,
                "deb http://debian.example.org/ ./\ndeb [trusted=yes] file:/x ./",
            );
        })
        .names("deb"),
        refuse("line-cr", "a line for apt with a carriage return", |w| {
            place(
                w,
                "deb http://debian.example.org/ ./\rdeb [trusted=yes] file:/x ./",
            );
        })
        .names("deb"),
        refuse(
            "line-control",
            "a line for apt that steers the terminal",
            |w| {
                place(w, "deb http://\x1b[2J\u{202e}/ ./");
            },
        )
        .names("deb"),
        refuse(
            "line-option",
            "a line for apt with options of its own",
            |w| {
                place(w, "deb [trusted=yes signed-by=/etc/passwd] copy:/x ./");
            },
        )
        .names("copy"),
        refuse(
            "line-secret",
            "a line for apt with a password, which fails",
            |w| {
                w.secrets.push("SEKRET".to_owned());
                place(w, "deb http://user:SEKRET@127.0.0.1:9/debian hazel main");
            },
        )
        .names("127.0.0.1"),
        take(
            "line-in-lock",
            "a line for apt with a password, which the lock must not keep",
            |w| {
                w.secrets.push("SEKRET".to_owned());
                let repository = pydeps_testkit::Repository::parse("suite x\npackage evil 1\n")
                    .expect("a suite");
                repository.write_debs(&w.path("../outside/repository"));
                let files = w.path("../outside/repository");
                w.serve(|_| site_of(&files));
                let at = w.servers()[0]
                    .root()
                    .replace("http://", "http://user:SEKRET@");
                let line = format!("deb [trusted=yes] {at}/ ./");
                w.run_words(
                    "dh-pydeps resolve six --local …",
                    &["dh-pydeps", "resolve", "six", "--local", &line],
                );
            },
        ),
    ]
};

/// The files of a directory by HTTP.
fn site_of(directory: &std::path::Path) -> crate::server::Site {
    let entries = std::fs::read_dir(directory).expect("it is ours").flatten();
    entries.fold(crate::server::Site::default(), |site, entry| {
        let bytes = std::fs::read(entry.path()).expect("it is ours");
        let name = entry.file_name().to_string_lossy().into_owned();
        let answer = crate::server::Answer::ok("application/octet-stream", bytes);
        site.with(&format!("/./{name}"), answer.clone())
            .with(&format!("/{name}"), answer)
    })
}
