//! The record of `dh_pyelf_scan` and the files that are held, which lie in the source package
//! and can be anybody's.

use super::{HELD, MODULE, RECORD, SITE, build, hex, module, package};
use crate::input::{Input, either, refuse, take};
use crate::world::World;

/// The record that the program itself writes, with a path in the place of the module's.
fn forged(world: &mut World, path: &str, bytes: &[u8]) {
    package(world, &module());
    world.run("dh_pyelf_scan");
    let own = world.text(RECORD);
    let at = format!("usr/lib/python3/dist-packages/{MODULE}");
    world.demand(
        own.contains(&at),
        "the input is stale: no module in the record",
    );
    let size = |bytes: &[u8]| format!("\"size\": {}", bytes.len());
    let text = own
        .replace(&at, &path.replace('\\', "\\\\").replace('"', "\\\""))
        .replace(&hex(&module()), &hex(bytes))
        .replace(&size(&module()), &size(bytes));
    world.file(RECORD, text);
    world.begin();
    world.run("dh_pyelf_hold");
}

pub(super) const RECORDS: &[Input] = {
    &[
        refuse(
            "record-path-up",
            "a record of a file outside of the package",
            |w| {
                forged(w, "../../../outside/canary", b"a canary\n");
            },
        )
        .names("record.json"),
        refuse(
            "record-path-absolute",
            "a record of a file with an absolute path",
            |w| {
                let path = w.outside("canary");
                forged(w, &path, b"a canary\n");
            },
        )
        .names("record.json"),
        refuse(
            "record-path-odd",
            "a record of paths with dots, blanks and control characters",
            |w| {
                forged(w, "./usr//lib/../\x1b[2J\u{202e}", b"x");
            },
        )
        .names("record.json"),
        refuse(
            "record-deep",
            "a record of a million lists in one another",
            |w| {
                package(w, &module());
                w.file(RECORD, "[".repeat(1_000_000));
                w.run("dh_pyelf_hold");
            },
        )
        .names("record.json"),
        refuse("scan-record-long", "a record of 300 MB", |w| {
            package(w, &module());
            let begin = "{\"version\": 1, \"files\": [], \"x\": \"";
            w.long_file(RECORD, begin, &[b'x'; 1000], 300_000, "\"}");
            w.run("dh_pyelf_hold");
        })
        .names("record.json"),
        refuse("record-fifo", "a record that is a fifo", |w| {
            package(w, &module());
            w.fifo(RECORD);
            w.run("dh_pyelf_hold");
        })
        .names("record.json"),
        refuse(
            "scan-record-zero",
            "a record that is a link to /dev/zero",
            |w| {
                package(w, &module());
                w.link(RECORD, "/dev/zero");
                w.run("dh_pyelf_hold");
            },
        )
        .names("record.json"),
        either(
            "record-link",
            "a record that is a link to somebody's file",
            |w| {
                package(w, &module());
                let target = w.outside("canary");
                w.link(RECORD, target);
                w.run("dh_pyelf_scan");
            },
        )
        .names("record.json"),
        refuse(
            "record-version",
            "a record of another version, with text for the terminal",
            |w| {
                package(w, &module());
                w.file(
                    RECORD,
                    "{\"version\": 99999999999999999999, \"\x1b[2J\u{202e}\": 1}",
                );
                w.run("dh_pyelf_scan");
            },
        )
        .names("record.json"),
    ]
};

pub(super) const PLACES: &[Input] = {
    /// A package whose path is a link to a directory of somebody's.
    fn linked(world: &mut World, path: &str) {
        package(world, &module());
        world.file("../outside/directory/usr/canary", "a canary\n");
        let target = world.outside("directory");
        world.link(path, target);
        build(world);
    }
    &[
        either(
            "held-link",
            "a place for held files that is a link out",
            |w| linked(w, HELD),
        )
        .names("held"),
        either(
            "generated-link",
            "debhelper's directory that is a link out",
            |w| {
                linked(w, "debian/.debhelper/generated");
            },
        )
        .names(".debhelper"),
        either(
            "debhelper-link",
            "debhelper's own directory as a link out",
            |w| {
                linked(w, "debian/.debhelper");
            },
        )
        .names(".debhelper"),
        take(
            "unfinished-link",
            "an unfinished record that is a link to somebody's file",
            |w| {
                package(w, &module());
                let target = w.outside("canary");
                let path = RECORD.replace("record.json", ".new-record.json");
                w.link(&path, target);
                w.run("dh_pyelf_scan");
            },
        ),
        either(
            "held-already",
            "files of somebody's in the place of held ones",
            |w| {
                package(w, &module());
                w.file(
                    &format!("{HELD}/usr/lib/python3/dist-packages/{MODULE}"),
                    "somebody's\n",
                );
                w.file(&format!("{HELD}/notes.txt"), "somebody's\n");
                build(w);
            },
        )
        .names("notes.txt"),
        either("held-fifo", "a fifo among the held files", |w| {
            package(w, &module());
            w.fifo(&format!("{HELD}/usr/x.so"));
            build(w);
        })
        .names("held"),
        either(
            "substvars-link",
            "substvars that are a link to somebody's file",
            |w| {
                package(w, &module());
                let target = w.outside("canary");
                w.link("debian/demo.substvars", target);
                build(w);
            },
        )
        .names("substvars"),
        refuse("substvars-fifo", "substvars that are a fifo", |w| {
            package(w, &module());
            super::file(
                w,
                "evil-1.0.dist-info/METADATA",
                "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\nRequires-Dist: six\n",
            );
            w.fifo("debian/demo.substvars");
            w.run("dh_pydeps");
        })
        .names("substvars"),
        either(
            "log-link",
            "a log of debhelper's that is a link to somebody's file",
            |w| {
                package(w, &module());
                w.set("DH_INTERNAL_OVERRIDE", "1");
                let target = w.outside("canary");
                w.link("debian/demo.debhelper.log", target);
                build(w);
            },
        )
        .names("log"),
        either(
            "overrides-link",
            "lintian's overrides that are a link out of the package",
            |w| {
                package(w, &module());
                let target = w.outside("canary");
                w.link("debian/demo/usr/share/lintian/overrides/demo", target);
                build(w);
            },
        )
        .names("overrides"),
        either(
            "restore-name-out",
            "a link to a held file outside of its tree",
            |w| {
                package(w, &module());
                w.run("dh_pyelf_scan");
                w.run("dh_pyelf_hold");
                let held = w.path(&format!("{HELD}/usr/lib/python3/dist-packages/{MODULE}"));
                let link = format!("{SITE}/evil/x/../../../../../PWNED.so");
                w.link(&link, held);
                w.begin();
                w.run("dh_pyelf_restore");
            },
        ),
    ]
};
