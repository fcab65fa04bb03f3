//! ELF files and ar archives: headers that lie, names that are not what they seem.

use super::{HELD, SITE, build, file, module, package, with_module};
use crate::input::{Input, either, take};
use crate::make::elf::{Elf, archive, put};
use crate::world::World;

/// The module with bytes of its header changed.
fn patched(world: &mut World, at: usize, what: &[u8]) {
    let mut bytes = module();
    put(&mut bytes, at, what);
    with_module(world, &bytes);
}

pub(super) const HEADERS: &[Input] = {
    &[
        either("header-cut", "sixteen bytes of an ELF file", |w| {
            with_module(w, &module()[..16]);
        }),
        either("program-headers-far", "program headers at 2^64", |w| {
            patched(w, 32, &[0xff; 8]);
        }),
        either(
            "program-headers-many",
            "sixty-five thousand program headers",
            |w| {
                patched(w, 56, &[0xff, 0xff]);
            },
        ),
        either(
            "sections-far",
            "section headers at 2^64, and as many as can be said",
            |w| {
                let mut bytes = module();
                put(&mut bytes, 40, &[0xff; 8]);
                put(&mut bytes, 58, &[0xff; 6]);
                with_module(w, &bytes);
            },
        ),
        either(
            "dynamic-outside",
            "a dynamic section outside of the file",
            |w| {
                patched(w, 120 + 8, &u64::MAX.to_le_bytes());
            },
        ),
        either(
            "dynamic-endless",
            "a dynamic section of sixteen megabytes without an end",
            |w| {
                let elf = Elf {
                    more: vec![(0x6fff_fef5, 1); 1 << 20],
                    ..Elf::default()
                };
                with_module(w, &elf.bytes());
            },
        ),
        either(
            "needed-million",
            "a module that needs half a million libraries",
            |w| {
                let elf = Elf {
                    needed: vec![b"libc.so.6".to_vec(); 500_000],
                    ..Elf::default()
                };
                with_module(w, &elf.bytes());
            },
        ),
        either(
            "needed-path",
            "a module that needs a library at a path",
            |w| {
                let needed = [
                    w.outside("lib.so"),
                    "../../lib.so".into(),
                    "-O/tmp/PWNED".into(),
                ];
                let elf = Elf {
                    needed: needed.map(String::into_bytes).to_vec(),
                    ..Elf::default()
                };
                with_module(w, &elf.bytes());
            },
        ),
        either(
            "needed-control",
            "needed libraries whose names steer the terminal",
            |w| {
                let elf = Elf {
                    needed: vec![
                        "lib\x1b[2J\u{202e}.so\nerror: x".into(),
                        b"lib\xff.so".to_vec(),
                    ],
                    ..Elf::default()
                };
                with_module(w, &elf.bytes());
            },
        ),
        either(
            "soname-control",
            "a library whose name steers the terminal",
            |w| {
                let elf = Elf {
                    soname: "libevil\x1b[2J\u{202e}\n.so.1".into(),
                    needed: Vec::new(),
                    runpath: "$ORIGIN:\x1b[2J\u{202e}".into(),
                    ..Elf::default()
                };
                with_module(w, &elf.bytes());
            },
        ),
        either(
            "soname-long",
            "a library with a name of fifty megabytes",
            |w| {
                let elf = Elf {
                    soname: vec![b'x'; 50 << 20],
                    needed: Vec::new(),
                    ..Elf::default()
                };
                with_module(w, &elf.bytes());
            },
        ),
        either(
            "machine-unknown",
            "a module for a machine that there is not",
            |w| {
                patched(w, 18, &[0xff, 0xfe]);
            },
        ),
        either(
            "class-mixed",
            "a module of 32 bits, big-endian, with headers of 64",
            |w| {
                patched(w, 4, &[1, 2]);
            },
        ),
        either(
            "sparse",
            "a module of three gigabytes, which are a hole",
            |w| {
                package(w, &module());
                w.sparse(&format!("{SITE}/evil/huge.so"), &module(), 3 << 30);
                build(w);
            },
        ),
        either(
            "archive-size",
            "an ar archive whose member claims ten gigabytes",
            |w| {
                package(w, &module());
                file(w, "evil/libevil.a", archive("x.o/", "9999999999", b"x"));
                build(w);
            },
        ),
        either(
            "archive-names",
            "an ar archive whose members lead out",
            |w| {
                package(w, &module());
                file(w, "evil/libevil.a", archive("../../PWNED/", "1", b"x\n"));
                file(
                    w,
                    "evil/thin.a",
                    [&b"!<thin>\n"[..], b"/etc/passwd"].concat(),
                );
                build(w);
            },
        ),
        either("elf-thousands", "twenty thousand modules", |w| {
            w.patience(40);
            package(w, &module());
            for number in 0..20_000 {
                file(w, &format!("evil/m{number}.so"), module());
            }
            build(w);
        }),
    ]
};

pub(super) const NAMES: &[Input] = {
    /// A package with one more module of this name.
    fn named(world: &mut World, name: &[u8]) {
        package(world, &module());
        world.file_of_bytes(&format!("{SITE}/evil"), name, &module());
        build(world);
    }
    &[
        either("name-newline", "a module whose name has two lines", |w| {
            named(w, b"a\nerror: b.so");
        }),
        either(
            "name-control",
            "a module whose name steers the terminal",
            |w| {
                named(w, "\x1b[2J\u{202e}.so".as_bytes());
            },
        ),
        take("name-bytes", "a module whose name is not UTF-8", |w| {
            named(w, b"caf\xe9.so");
        }),
        take(
            "name-option",
            "a module whose name reads like an option",
            |w| {
                named(w, b"--output=x.so");
            },
        ),
        either("name-shell", "a module whose name is a command", |w| {
            named(w, b"$(touch PWNED);`touch PWNED`'\".so");
        }),
        either(
            "name-comma",
            "a module whose name has all separators in it",
            |w| {
                named(w, b"a,b:c d\te=f*?[].so");
            },
        ),
        either(
            "directory-control",
            "a distribution whose directory steers the terminal",
            |w| {
                package(w, &module());
                file(
                    w,
                    "x\x1b[2J\u{202e}-1.dist-info/WHEEL",
                    "Tag: cp313-cp313-linux_x86_64\n",
                );
                file(w, "x\x1b[2J\u{202e}-1.dist-info/RECORD", "evil/x.so,,\n");
                file(
                    w,
                    "x\x1b[2J\u{202e}-1.dist-info/METADATA",
                    "Name: x\nVersion: 1\n",
                );
                file(w, "evil/x.so", module());
                build(w);
            },
        ),
        either(
            "name-unfinished",
            "modules of a person's that are named like unfinished ones",
            |w| {
                package(w, &module());
                let path = format!("{SITE}/evil/.new-evil.cpython-313-x86_64-linux-gnu.so");
                w.file(&path, "somebody's\n");
                w.file(&format!("{HELD}/../.new-record.json"), "somebody's\n");
                build(w);
                let kept = w.text(&path) == "somebody's\n";
                w.demand(kept, "a file of a person's is gone");
            },
        ),
    ]
};
