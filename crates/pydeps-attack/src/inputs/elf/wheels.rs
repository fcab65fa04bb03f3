//! WHEEL, RECORD and METADATA of what was unpacked into a package.

use super::{MODULE, SITE, build, file, line, module, package};
use crate::input::{Input, either, take};
use crate::world::World;

const INFO: &str = "evil-1.0.dist-info";

pub(super) const LISTS: &[Input] = {
    &[
        either("wheel-long", "a WHEEL file of 105 MB of tags", |w| {
            package(w, &module());
            let tag = b"Tag: cp313-cp313-manylinux_2_17_x86_64\n";
            w.long_file(
                &format!("{SITE}/{INFO}/WHEEL"),
                "Wheel-Version: 1.0\n",
                tag,
                2_700_000,
                "",
            );
            build(w);
        })
        .names("WHEEL"),
        either("wheel-one-line", "a WHEEL file of one tag of 100 MB", |w| {
            package(w, &module());
            w.long_file(
                &format!("{SITE}/{INFO}/WHEEL"),
                "Tag: ",
                b"cp313.cp312.",
                9_000_000,
                "-abi3-any\n",
            );
            build(w);
        })
        .names("WHEEL"),
        either(
            "wheel-product",
            "a tag that stands for a million tags",
            |w| {
                package(w, &module());
                let all = |prefix: &str| {
                    (0..100)
                        .map(|n| format!("{prefix}{n}"))
                        .collect::<Vec<_>>()
                        .join(".")
                };
                file(
                    w,
                    &format!("{INFO}/WHEEL"),
                    format!("Tag: {}-{}-{}\n", all("cp3"), all("abi"), all("linux_")),
                );
                build(w);
            },
        ),
        either("wheel-control", "a tag that steers the terminal", |w| {
            package(w, &module());
            file(
                w,
                &format!("{INFO}/WHEEL"),
                "Tag: cp313\x1b[2J-\u{202e}abi-linux\n",
            );
            build(w);
        }),
        either("record-long", "a RECORD of 300 MB", |w| {
            package(w, &module());
            let path = format!("{SITE}/{INFO}/RECORD");
            w.long_file(
                &path,
                "",
                b"evil/x.so,sha256=x,1\n",
                14_000_000,
                &line(MODULE, &module()),
            );
            build(w);
        })
        .names("RECORD"),
        take(
            "record-bad-line",
            "a line of RECORD that is not UTF-8: the others count",
            |w| {
                package(w, &module());
                let good = line(MODULE, &module());
                let bytes = [b"evil/caf\xe9.txt,sha256=x,1\n", good.as_bytes()].concat();
                file(w, &format!("{INFO}/RECORD"), bytes);
                w.run("dh_pyelf_scan");
                let held = w.text(super::RECORD).contains("\"treatment\": \"hold\"");
                w.demand(held, "the module is not foreign any more");
            },
        ),
        take(
            "record-short-line",
            "lines of RECORD with too few and too many fields: the others count",
            |w| {
                package(w, &module());
                let text = format!("evil\na,b,c,d,e,f\n,,\n{}", line(MODULE, &module()));
                file(w, &format!("{INFO}/RECORD"), text);
                w.run("dh_pyelf_scan");
                let held = w.text(super::RECORD).contains("\"treatment\": \"hold\"");
                w.demand(held, "the module is not foreign any more");
            },
        ),
        either(
            "record-quote",
            "a RECORD with a quote that is never closed",
            |w| {
                package(w, &module());
                file(
                    w,
                    &format!("{INFO}/RECORD"),
                    format!("\"{}", line(MODULE, &module()).repeat(100_000)),
                );
                build(w);
            },
        ),
        either(
            "record-control",
            "a RECORD with paths that steer the terminal",
            |w| {
                package(w, &module());
                let text = format!(
                    "\"evil/\x1b[2J\u{202e}\n.so\",sha256=\x1b,1\n{}",
                    line(MODULE, &module())
                );
                file(w, &format!("{INFO}/RECORD"), text);
                build(w);
            },
        ),
    ]
};

pub(super) const METADATA: &[Input] = {
    fn metadata(world: &mut World, text: &str) {
        package(world, &module());
        let begin = "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n";
        file(world, &format!("{INFO}/METADATA"), format!("{begin}{text}"));
        world.run("dh_pydeps");
    }
    &[
        either(
            "marker-deep",
            "a requirement with a marker of 4,000 parentheses",
            |w| {
                let marker = format!("{}os_name=='x'{}", "(".repeat(4000), ")".repeat(4000));
                metadata(w, &format!("Requires-Dist: six; {marker}\n"));
            },
        )
        .names("METADATA"),
        either("metadata-long", "METADATA of 300 MB", |w| {
            package(w, &module());
            let begin = "Name: evil\nVersion: 1.0\n";
            w.long_file(
                &format!("{SITE}/{INFO}/METADATA"),
                begin,
                b"Classifier: x\n",
                21_000_000,
                "",
            );
            w.run("dh_pydeps");
        })
        .names("METADATA"),
        either("requires-many", "twenty thousand requirements", |w| {
            let each = |n: usize| format!("Requires-Dist: six>=0.{n}\n");
            metadata(w, &(0..20_000).map(each).collect::<String>());
        }),
        either(
            "requires-missing",
            "two thousand requirements that nobody has",
            |w| {
                let each = |n: usize| format!("Requires-Dist: evil-{n}\n");
                metadata(w, &(0..2000).map(each).collect::<String>());
            },
        ),
        either(
            "requires-control",
            "requirements that steer the terminal",
            |w| {
                metadata(
                    w,
                    "Requires-Dist: six\x1b[2J\u{202e}\nRequires-Dist: x @ file:///\u{202e}\x1b[2J\n",
                );
            },
        ),
        either(
            "distribution-control",
            "a distribution whose name steers the terminal",
            |w| {
                package(w, &module());
                file(
                    w,
                    &format!("{INFO}/METADATA"),
                    "Name: evil\x1b[2J\u{202e}\nVersion: \x1b[2J\n",
                );
                w.run("dh_pydeps");
            },
        ),
        either(
            "requires-lines",
            "a requirement that is a line of substvars",
            |w| {
                metadata(
                    w,
                    "Requires-Dist: six; python_version > '3\n        evil:Depends=x'\n",
                );
                let text = w.text("debian/demo.substvars");
                w.demand(
                    !text.lines().any(|line| line.starts_with("evil:")),
                    "a variable was smuggled in",
                );
            },
        ),
        either(
            "egg-requires",
            "a requires.txt of sections in sections",
            |w| {
                package(w, &module());
                file(w, "x-1.egg-info/PKG-INFO", "Name: x\nVersion: 1\n");
                file(
                    w,
                    "x-1.egg-info/requires.txt",
                    "[:(((\nsix\n[\x1b[2J\u{202e}:]\nsix\n".repeat(20_000),
                );
                w.run("dh_pydeps");
            },
        ),
        either(
            "extras-chain",
            "two thousand extras, each of which asks for the next",
            |w| {
                let each = |n: usize| {
                    format!(
                        "Provides-Extra: e{n}\nRequires-Dist: evil[e{}]; extra=='e{n}'\n",
                        n + 1
                    )
                };
                let extras: String = (0..2000).map(each).collect();
                metadata(w, &format!("{extras}Requires-Dist: evil[e0]\n"));
            },
        ),
    ]
};
