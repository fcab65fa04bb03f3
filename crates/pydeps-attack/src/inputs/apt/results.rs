//! What a builder leaves where results should be, and what it leaves running.

use super::{BUILD, build, build_and};
use crate::input::{Input, either, refuse, take};

pub(super) const FILES: &[Input] = {
    &[
        either("result-link", "a package that is a link to somebody's file", |w| {
            let target = w.outside("canary");
            build_and(w, &format!("ln -s {target} victim_1_all.deb\n"));
        })
        .names("victim_1_all.deb"),
        either("result-fifo", "a package that is a fifo", |w| {
            build_and(w, "mkfifo victim_1_all.deb\n");
        })
        .names("victim_1_all.deb"),
        either("result-directory", "a package that is a directory", |w| {
            build_and(w, "mkdir victim_1_all.deb; echo x >victim_1_all.deb/x\n");
        })
        .names("victim_1_all.deb"),
        either("result-device", "a package that is /dev/zero", |w| {
            build_and(w, "ln -s /dev/zero victim_1_all.deb\n");
        })
        .names("victim_1_all.deb"),
        either("result-hard-link", "a package that is a second name of somebody's file", |w| {
            w.free.push("outside/canary".to_owned());
            let target = w.outside("canary");
            build_and(w, &format!("ln {target} victim_1_all.deb\n"));
            let same = w.text("../outside/canary") == "a canary\n";
            w.demand(same, "somebody's file has changed");
        })
        .names("victim_1_all.deb"),
        either("result-newline", "a package whose file name has two lines and steers the terminal", |w| {
            build_and(w, "cp python3-evil_*.deb \"$(printf 'victim\\n\\033[2J_1_all.deb')\"\n");
        })
        .names("victim"),
        either("result-option", "a package whose file name reads like an option", |w| {
            build_and(w, "cp python3-evil_*.deb ./--PWND.deb\n");
        }),
        either("result-of-another", "a package of another source's name", |w| {
            w.file("build-area/repository/victim_1_all.deb", "somebody's\n");
            w.kept.push("work/build-area/repository/victim_1_all.deb".to_owned());
            build_and(w, "cp python3-evil_*.deb victim_1_all.deb\n");
        })
        .names("victim_1_all.deb"),
        either("result-nonsense", "a package that is none", |w| {
            build_and(w, "echo nonsense >victim_1_all.deb\n");
        })
        .names("victim_1_all.deb"),
        either("result-many", "twenty thousand results", |w| {
            w.patience(40);
            build_and(w, "i=0; while [ $i -lt 20000 ]; do : >x$i.buildinfo; i=$((i + 1)); done\n");
        }),
        either("result-control", "a package whose control file steers the terminal", |w| {
            build_and(w, "mkdir -p v/DEBIAN; printf 'Package: victim\\nVersion: 1\\nArchitecture: all\\n\
                Maintainer: A <a@b>\\nDepends: x\\033[2J\\nDescription: \\342\\200\\256\\n' >v/DEBIAN/control\n\
                dpkg-deb --build v victim_1_all.deb\n");
        })
        .names("victim"),
        either("result-depends", "a package that depends on a million others", |w| {
            build_and(w, "mkdir -p v/DEBIAN; { printf 'Package: victim\\nVersion: 1\\nArchitecture: all\\n\
                Maintainer: A <a@b>\\nDescription: x\\nDepends: x'; yes ', y' | head -1000000 | tr -d '\\n'; echo; } >v/DEBIAN/control\n\
                dpkg-deb --build v victim_1_all.deb\n");
        })
        .names("victim"),
        either("changes-long", "a .changes file of 300 MB", |w| {
            build_and(w, "yes 'Date: x' | head -c 300000000 >x_1_amd64.changes\n");
        })
        .names("x_1_amd64.changes"),
        either("changes-fifo", "a .changes file that is a fifo", |w| {
            build_and(w, "mkfifo x_1_amd64.changes\n");
        })
        .names("x_1_amd64.changes"),
        either("changes-stray", "a .changes file of somebody's that is a fifo", |w| {
            w.fifo("build-area/x_1_amd64.changes");
            build_and(w, "");
        })
        .names("x_1_amd64.changes"),
        either("changes-date", "a .changes file of the year 99999", |w| {
            build_and(w, "printf 'Date: Fri, 31 Dec 99999 23:59:59 +9999\\nX: \\033[2J\\n' >x_1_amd64.changes\n");
        })
        .names("x_1_amd64.changes"),
        either("changes-not-text", "a .changes file that is not UTF-8", |w| {
            build_and(w, "printf 'Date: \\377\\376\\n' >x_1_amd64.changes\n");
        })
        .names("x_1_amd64.changes"),
        take("nothing", "a builder that succeeds and has built nothing", |w| build(w, "exit 0\n")),
    ]
};

pub(super) const PROCESSES: &[Input] = {
    &[
        take(
            "daemon",
            "a builder that leaves a process behind, with its output open",
            |w| {
                build_and(w, "sleep 300 &\n");
            },
        ),
        either("killed", "a builder that is killed", |w| {
            build(w, "kill -9 $$\n");
        }),
        refuse(
            "chroot-fails",
            "a chroot that cannot be made, for reasons that steer the terminal",
            |w| {
                w.builder("printf 'E: \\033[2J\\342\\200\\256 no\\n' >&2; exit 1\n");
                w.serve(|_| crate::make::release::Release::evil("").site(|_| ()));
                w.run("dh-pydeps generate evil==1.0");
                w.run(BUILD);
            },
        )
        .names("hazel"),
        refuse(
            "chroot-says-much",
            "a chroot that cannot be made, for a gigabyte of reasons",
            |w| {
                w.patience(60);
                w.builder("head -c 1000000000 /dev/zero | tr '\\0' x >&2; exit 1\n");
                w.serve(|_| crate::make::release::Release::evil("").site(|_| ()));
                w.run("dh-pydeps generate evil==1.0");
                w.run(BUILD);
            },
        )
        .names("hazel"),
        either(
            "chroot-elsewhere",
            "a chroot that is made as a link to somebody's file",
            |w| {
                let target = w.outside("canary");
                w.builder(&format!(
                    "for w; do case $w in *.tar.zst) ln -s {target} \"$w\";; esac; done\n"
                ));
                w.serve(|_| crate::make::release::Release::evil("").site(|_| ()));
                w.run("dh-pydeps generate evil==1.0");
                w.run(BUILD);
            },
        ),
    ]
};
