//! Files under debian/ that steer the commands.

use super::{CONTROL, build, file, module, package};
use crate::input::{Input, either, refuse, take};
use crate::world::World;

/// A package with another debian/control.
fn control(world: &mut World, text: &str) {
    package(world, &module());
    world.file("debian/control", text);
    build(world);
}

pub(super) const FILES: &[Input] = {
    &[
        refuse(
            "control-name-path",
            "a package with a path for a name",
            |w| {
                control(
                    w,
                    &CONTROL.replace("Package: demo", "Package: ../../outside/directory"),
                );
            },
        )
        .names("debian/control"),
        refuse(
            "control-name-option",
            "a package whose name reads like an option",
            |w| {
                control(w, &CONTROL.replace("Package: demo", "Package: -rf"));
            },
        )
        .names("debian/control"),
        refuse(
            "control-name-control",
            "a package whose name steers the terminal",
            |w| {
                control(
                    w,
                    &CONTROL.replace("Package: demo", "Package: demo\x1b[2J\u{202e}"),
                );
            },
        )
        .names("debian/control"),
        either("control-long", "a debian/control of 300 MB", |w| {
            package(w, &module());
            w.long_file("debian/control", CONTROL, b"X-Evil: x\n", 30_000_000, "");
            build(w);
        })
        .names("debian/control"),
        refuse("control-fifo", "a debian/control that is a fifo", |w| {
            package(w, &module());
            w.remove("debian/control");
            w.fifo("debian/control");
            w.run("dh_pyelf_scan");
        })
        .names("debian/control"),
        refuse(
            "control-zero",
            "a debian/control that is a link to /dev/zero",
            |w| {
                package(w, &module());
                w.remove("debian/control");
                w.link("debian/control", "/dev/zero");
                w.run("dh_pyelf_scan");
            },
        )
        .names("debian/control"),
        either(
            "control-relations-deep",
            "a dependency of a million brackets",
            |w| {
                let text = CONTROL.replace(
                    "Depends: $",
                    &format!("Depends: x {}, $", "(<[".repeat(300_000)),
                );
                control(w, &text);
            },
        )
        .names("debian/control"),
        either("control-stanzas", "a hundred thousand packages", |w| {
            let each = |n: usize| format!("\nPackage: p{n}\nArchitecture: all\nDescription: a\n");
            control(
                w,
                &format!("{CONTROL}{}", (0..100_000).map(each).collect::<String>()),
            );
        })
        .names("debian/control"),
        either("changelog-long", "a changelog of 300 MB", |w| {
            package(w, &module());
            w.long_file(
                "debian/changelog",
                "demo (1-1) hazel; urgency=low\n\n",
                b"  * x\n",
                50_000_000,
                "",
            );
            build(w);
        }),
    ]
};

pub(super) const CONFIGURATION: &[Input] = {
    fn pyelf(world: &mut World, text: &str) {
        package(world, &module());
        world.file("debian/demo.pyelf", text);
        build(world);
    }
    &[
        refuse("pyelf-fifo", "a configuration that is a fifo", |w| {
            package(w, &module());
            w.fifo("debian/demo.pyelf");
            w.run("dh_pyelf_scan");
            let read = w.runs[0].outcome.status == Some(0);
            w.demand(!read, "the fifo counts as no file at all");
        })
        .names("demo.pyelf"),
        refuse(
            "pyelf-zero",
            "a configuration that is a link to /dev/zero",
            |w| {
                package(w, &module());
                w.link("debian/demo.pyelf", "/dev/zero");
                w.run("dh_pyelf_scan");
            },
        )
        .names("demo.pyelf"),
        either("pyelf-patterns", "patterns that take for ever", |w| {
            let deep = "usr/lib/python3/dist-packages/evil/".to_owned() + &"a".repeat(200) + ".so";
            package(w, &module());
            w.file(&format!("debian/demo/{deep}"), module());
            w.file(
                "debian/demo.pyelf",
                format!("foreign {}b\n", "*a".repeat(60)).repeat(50),
            );
            build(w);
        })
        .names("demo.pyelf"),
        either(
            "pyelf-paths",
            "a tree that is outside of the package",
            |w| {
                pyelf(
                    w,
                    "tree ../../outside\ntree /../../outside\nforeign ../../../outside/*\n",
                );
            },
        )
        .names("demo.pyelf"),
        either(
            "pyelf-control",
            "a configuration that steers the terminal",
            |w| {
                pyelf(w, "\x1b[2J\u{202e} x\n");
            },
        )
        .names("demo.pyelf"),
        either(
            "pyelf-variables",
            "a configuration full of variables",
            |w| {
                pyelf(
                    w,
                    &"foreign ${env:HOME}${DEB_HOST_ARCH}${Dollar}${x}\n".repeat(10_000),
                );
            },
        )
        .names("demo.pyelf"),
        either("overrides-long", "a py3dist-overrides of 100 MB", |w| {
            package(w, &module());
            w.long_file(
                "debian/py3dist-overrides",
                "",
                b"six python3-six\n",
                6_500_000,
                "",
            );
            w.run("dh_pydeps");
        })
        .names("py3dist-overrides"),
        either(
            "overrides-control",
            "a py3dist-overrides that steers the terminal",
            |w| {
                package(w, &module());
                file(
                    w,
                    "evil-1.0.dist-info/METADATA",
                    "Name: evil\nVersion: 1.0\nRequires-Dist: victim\n",
                );
                w.file(
                    "debian/py3dist-overrides",
                    "victim python3-\x1b[2J\u{202e}x; PEP386 s/a/b\nvictim a\nevil:Depends=x\n",
                );
                w.run("dh_pydeps");
            },
        )
        .names("py3dist-overrides"),
        refuse(
            "overrides-fifo",
            "a py3dist-overrides that is a fifo",
            |w| {
                package(w, &module());
                w.fifo("debian/py3dist-overrides");
                w.run("dh_pydeps");
            },
        )
        .names("py3dist-overrides"),
        refuse(
            "decisions-fifo",
            "a debian/pydeps.toml that is a fifo",
            |w| {
                package(w, &module());
                w.fifo("debian/pydeps.toml");
                w.run("dh_pydeps");
            },
        )
        .names("pydeps.toml"),
        either(
            "lock-zero",
            "a debian/pydeps.lock that is a link to /dev/zero",
            |w| {
                package(w, &module());
                file(
                    w,
                    "evil-1.0.dist-info/METADATA",
                    "Name: evil\nVersion: 1.0\nRequires-Dist: victim\n",
                );
                w.link("debian/pydeps.lock", "/dev/zero");
                w.run("dh_pydeps");
            },
        )
        .names("pydeps.lock"),
        take(
            "exclude-one",
            "-X on one command: the file is the packager's",
            |w| {
                package(w, &module());
                w.run("dh_pyelf_scan -Xevil.cpython");
                let text = w.text(super::RECORD);
                w.demand(
                    !text.contains("evil.cpython"),
                    "an excluded file is in the record",
                );
            },
        ),
        refuse(
            "shebang-build",
            "a script whose interpreter is in the build directory",
            |w| {
                package(w, &module());
                let interpreter = w
                    .path("debian/demo/opt/venv/bin/python3")
                    .display()
                    .to_string();
                w.script(
                    "debian/demo/opt/venv/bin/evil",
                    &format!("#!{interpreter}\nimport evil\n"),
                );
                w.file(
                    "debian/demo/opt/venv/pyvenv.cfg",
                    "home = /usr/bin\nversion = 3.13.5\n",
                );
                build(w);
            },
        )
        .names("opt/venv/bin/evil"),
    ]
};
