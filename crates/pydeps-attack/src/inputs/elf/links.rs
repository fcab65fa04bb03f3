//! Links, devices and other things that are no files, in the tree of a package.

use super::{MODULE, SITE, build, file, line, module, package};
use crate::input::{Input, either, take};

pub(super) const INPUTS: &[Input] = {
    &[
        take(
            "link-to-outside",
            "a link to a module outside of the package",
            |w| {
                package(w, &module());
                w.file("../outside/x.so", module());
                let target = w.outside("x.so");
                w.link(&format!("{SITE}/evil/x.so"), target);
                build(w);
            },
        ),
        take(
            "hard-link",
            "a module that is a hard link to somebody's file",
            |w| {
                package(w, &module());
                w.file("../outside/x.so", module());
                w.hard_link(&format!("{SITE}/evil/x.so"), "../outside/x.so");
                w.free.push("outside/x.so".to_owned());
                build(w);
                let same =
                    std::fs::read(w.path("../outside/x.so")).is_ok_and(|bytes| bytes == module());
                w.demand(same, "somebody's file has changed");
            },
        ),
        either("fifo", "a fifo among the modules", |w| {
            package(w, &module());
            w.fifo(&format!("{SITE}/evil/x.so"));
            build(w);
        }),
        either("device", "a second /dev/zero among the modules", |w| {
            package(w, &module());
            w.zeros(&format!("{SITE}/evil/x.so"));
            build(w);
        })
        .root_only(),
        either(
            "link-to-zero",
            "a link to /dev/zero among the modules and the metadata",
            |w| {
                package(w, &module());
                w.link(&format!("{SITE}/evil/x.so"), "/dev/zero");
                w.link(&format!("{SITE}/x-1.dist-info/METADATA"), "/dev/zero");
                build(w);
            },
        ),
        either("metadata-fifo", "METADATA that are a fifo", |w| {
            package(w, &module());
            w.remove(&format!("{SITE}/evil-1.0.dist-info/METADATA"));
            w.fifo(&format!("{SITE}/evil-1.0.dist-info/METADATA"));
            build(w);
        })
        .names("METADATA"),
        either("record-zero", "a RECORD that is a link to /dev/zero", |w| {
            package(w, &module());
            w.remove(&format!("{SITE}/evil-1.0.dist-info/RECORD"));
            w.link(&format!("{SITE}/evil-1.0.dist-info/RECORD"), "/dev/zero");
            build(w);
        })
        .names("RECORD"),
        either(
            "dist-info-link",
            "metadata in a directory that is a link out",
            |w| {
                package(w, &module());
                w.file(
                    "../outside/x/METADATA",
                    "Metadata-Version: 2.1\nName: x\nVersion: 1\nRequires-Dist: victim\n",
                );
                let target = w.outside("x");
                w.link(&format!("{SITE}/x-1.dist-info"), target);
                build(w);
            },
        ),
        either(
            "directory-loop",
            "a directory that is a link to the one above",
            |w| {
                package(w, &module());
                w.link(&format!("{SITE}/evil/loop"), "..");
                build(w);
            },
        ),
        either(
            "directories-deep",
            "a thousand directories in one another",
            |w| {
                package(w, &module());
                file(w, &format!("evil/{}x.so", "d/".repeat(1000)), module());
                build(w);
            },
        ),
        either(
            "tree-is-link",
            "a tree that is a link to somebody's directory",
            |w| {
                package(w, &module());
                std::fs::rename(w.path("debian/demo"), w.path("../outside/demo"))
                    .expect("a rename");
                let target = w.outside("demo");
                w.link("debian/demo", target);
                build(w);
            },
        )
        .names("demo"),
        either(
            "site-is-link",
            "a directory of modules that is a link to somebody's",
            |w| {
                package(w, &module());
                std::fs::rename(w.path(&format!("{SITE}/evil")), w.path("../outside/evil"))
                    .expect("a rename");
                let target = w.outside("evil");
                w.link(&format!("{SITE}/evil"), target);
                build(w);
            },
        ),
        either(
            "link-between",
            "a directory that becomes a link out while files are held",
            |w| {
                package(w, &module());
                w.run("dh_pyelf_scan");
                w.run("dh_pyelf_hold");
                std::fs::rename(w.path(&format!("{SITE}/evil")), w.path("../outside/evil"))
                    .expect("a rename");
                let target = w.outside("evil");
                w.link(&format!("{SITE}/evil"), target);
                w.begin();
                w.run("dh_pyelf_restore");
            },
        )
        .names("demo"),
        either(
            "unreadable",
            "a module and metadata that may not be read",
            |w| {
                use std::os::unix::fs::PermissionsExt as _;
                package(w, &module());
                file(w, "other/x.so", module());
                let nothing = std::fs::Permissions::from_mode(0o0);
                for path in ["other/x.so", "evil-1.0.dist-info/METADATA"] {
                    std::fs::set_permissions(w.path(&format!("{SITE}/{path}")), nothing.clone())
                        .expect("our file");
                }
                build(w);
            },
        )
        .names("cannot read"),
        take(
            "record-of-links",
            "a RECORD that lists a link and a path out of the package",
            |w| {
                package(w, &module());
                let bytes = module();
                let more = format!(
                    "{}{}",
                    line("../../../../../../outside/canary", b"a canary\n"),
                    line(MODULE, &bytes)
                );
                file(w, "evil-1.0.dist-info/RECORD", more);
                build(w);
            },
        ),
    ]
};
