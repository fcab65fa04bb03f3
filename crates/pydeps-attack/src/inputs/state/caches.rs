//! Caches and configuration in the user's own directories, damaged or forged.

use super::{BUILD, generated, session};
use crate::input::{Input, either, refuse, take};
use crate::suite::SUITE;
use crate::world::World;

/// Changes the bytes of the suite's index.
fn index(world: &mut World, change: impl FnOnce(&mut Vec<u8>)) {
    let path = format!("../cache/dh-pydeps/archive/{SUITE}-amd64.idx");
    let mut bytes = std::fs::read(world.path(&path)).expect("the index");
    change(&mut bytes);
    world.file(&path, bytes);
    world.run("dh-pydeps map six");
}

pub(super) const INPUTS: &[Input] = {
    &[
        refuse(
            "index-lengths",
            "an archive index whose lengths are all 2^64",
            |w| {
                index(w, |bytes| {
                    bytes
                        .iter_mut()
                        .skip(12)
                        .take(280)
                        .for_each(|byte| *byte = 0xff);
                });
            },
        )
        .names("hazel"),
        refuse(
            "index-cut",
            "an archive index that ends in its header",
            |w| {
                index(w, |bytes| bytes.truncate(20));
            },
        )
        .names("hazel"),
        refuse("index-fifo", "an archive index that is a fifo", |w| {
            let path = format!("../cache/dh-pydeps/archive/{SUITE}-amd64.idx");
            w.remove(&path);
            w.fifo(&path);
            w.run("dh-pydeps map six");
        })
        .names("hazel"),
        refuse(
            "index-zero",
            "an archive index that is a link to /dev/zero",
            |w| {
                let path = format!("../cache/dh-pydeps/archive/{SUITE}-amd64.idx");
                w.remove(&path);
                w.link(&path, "/dev/zero");
                w.run("dh-pydeps map six");
            },
        )
        .names("hazel"),
        take(
            "cache-forged",
            "cached pages and metadata full of nonsense",
            |w| {
                session(w);
                forge(&w.path("../cache/dh-pydeps/index"));
                w.begin();
                w.run("dh-pydeps resolve");
            },
        ),
        take("cache-fifos", "cached answers that are fifos", |w| {
            session(w);
            let directory = w.path("../cache/dh-pydeps/index");
            for path in files(&directory) {
                std::fs::remove_file(&path).expect("ours");
                w.fifo(&format!(
                    "..{}",
                    path.display()
                        .to_string()
                        .trim_start_matches(&w.top().display().to_string())
                ));
            }
            w.begin();
            w.run("dh-pydeps resolve");
        }),
        take(
            "cache-sdist-forged",
            "a cached sdist that is another one now",
            |w| {
                session(w);
                let sdists = files(&w.path("../cache/dh-pydeps/index"));
                for path in sdists
                    .iter()
                    .filter(|path| path.extension().is_some_and(|end| end == "gz"))
                {
                    std::fs::write(path, "nonsense").expect("ours");
                }
                w.begin();
                w.run("dh-pydeps generate");
            },
        ),
        either(
            "cache-link",
            "a cache that is a link to somebody's directory",
            |w| {
                let index = w.path("../cache/dh-pydeps/index");
                _ = std::fs::remove_dir_all(index);
                w.link("../cache/dh-pydeps/index", w.outside("directory"));
                session(w);
                w.free.push("outside/directory/index-2".to_owned());
            },
        ),
        either(
            "chroot-lock-link",
            "a lock of chroots that is a link to somebody's file",
            |w| {
                generated(w);
                w.link(
                    &format!("../cache/sbuild/.{SUITE}-amd64.lock"),
                    w.outside("canary"),
                );
                w.begin();
                w.run(BUILD);
            },
        )
        .names("lock"),
        either(
            "chroot-link",
            "a chroot that is a link to somebody's file",
            |w| {
                generated(w);
                w.link(
                    &format!("../cache/sbuild/{SUITE}-amd64.tar.zst"),
                    w.outside("canary"),
                );
                w.begin();
                w.run(&format!("{BUILD} --update-chroot"));
            },
        )
        .names("sbuild"),
        refuse("pip-conf-fifo", "pip's configuration in a fifo", |w| {
            w.fifo("../pip.conf");
            w.set(
                "PIP_CONFIG_FILE",
                &w.path("../pip.conf").display().to_string(),
            );
            w.run("dh-pydeps resolve six --origin index");
        })
        .names("pip.conf"),
        either(
            "pip-conf-hostile",
            "pip's configuration full of nonsense for the terminal",
            |w| {
                w.file(
                    "../pip.conf",
                    "[global]\nindex-url = \x1b[2J\u{202e}\n[\nx\n%(x)s\n".repeat(50_000),
                );
                w.set(
                    "PIP_CONFIG_FILE",
                    &w.path("../pip.conf").display().to_string(),
                );
                w.set("PIP_INDEX_URL", "");
                w.run("dh-pydeps resolve six --origin index");
            },
        )
        .names("pip.conf"),
        refuse(
            "environment-control",
            "an index's address that steers the terminal",
            |w| {
                w.set("PIP_INDEX_URL", "http://\x1b[2J\u{202e}/");
                w.run("dh-pydeps resolve evil");
            },
        )
        .names("PIP_INDEX_URL"),
    ]
};

fn files(directory: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .flat_map(
            |entry| match entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                true => files(&entry.path()),
                false => vec![entry.path()],
            },
        )
        .collect()
}

/// Leaves the beginning of each file, and makes nonsense of the rest.
fn forge(directory: &std::path::Path) {
    for path in files(directory) {
        let mut bytes = std::fs::read(&path).expect("ours");
        bytes
            .iter_mut()
            .skip(12)
            .step_by(3)
            .for_each(|byte| *byte ^= 0xff);
        std::fs::write(path, bytes).expect("ours");
    }
}
