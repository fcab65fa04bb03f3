//! Files: hashes, names, and what comes of asking for a part of one.

use serde_json::{Value, json};

use super::{generate, resolve};
use crate::input::{Input, either, refuse};
use crate::make::release::{JSON, Release, metadata, page, wheel};
use crate::make::zip::{Member, Zip};
use crate::server::{Answer, Body, Site};
use crate::world::World;

/// Generates `evil` from a page whose entry of the sdist was changed.
fn sdist(world: &mut World, change: impl FnOnce(&mut Value)) {
    world.serve(|_| Release::evil("").site(|page| change(&mut page["files"][0])));
    generate(world);
}

pub(super) const HASHES: &[Input] = {
    &[
        refuse("hash-wrong", "an sdist of another hash", |w| {
            sdist(w, |file| file["hashes"]["sha256"] = json!("0".repeat(64)));
        }),
        refuse("hash-none", "an sdist without a hash", |w| {
            sdist(w, |file| file["hashes"] = json!({}));
        }),
        refuse("hash-md5", "an sdist with an MD5 only", |w| {
            sdist(w, |file| file["hashes"] = json!({"md5": "0".repeat(32)}));
        }),
        refuse("hash-short", "a hash of one byte", |w| {
            sdist(w, |file| file["hashes"]["sha256"] = json!("ab"));
        }),
        refuse("hash-path", "a hash that is a path out of the cache", |w| {
            sdist(w, |file| {
                file["hashes"]["sha256"] = json!("../../../../../outside/x");
            });
        }),
        refuse("hash-control", "a hash that steers the terminal", |w| {
            sdist(w, |file| {
                file["hashes"]["sha256"] = json!("\x1b[2J\u{202e}\r\nok");
            });
        }),
        refuse(
            "hash-unknown",
            "a hash by a method that there is not",
            |w| {
                sdist(w, |file| file["hashes"] = json!({"sha0": "0".repeat(64)}));
            },
        ),
        refuse("hash-metadata", "a metadata file of another hash", |w| {
            w.serve(|_| {
                Release::evil("").site(|page| {
                    page["files"][1]["core-metadata"]["sha256"] = json!("0".repeat(64));
                })
            });
            resolve(w);
        }),
        refuse(
            "hash-none-resolved",
            "an sdist without a hash, of which resolve reads metadata",
            |w| {
                let release = Release {
                    wheel: None,
                    ..Release::evil("")
                };
                w.serve(|_| release.site(|page| page["files"][0]["hashes"] = json!({})));
                resolve(w);
            },
        ),
        refuse("file-endless", "an sdist that does not end", |w| {
            w.patience(60);
            let octets = "application/octet-stream";
            let endless = Answer::body(octets, Body::Repeat(b"x".to_vec(), 1 << 40));
            w.serve(|_| {
                Release::evil("")
                    .site(|_| ())
                    .with("/files/evil-1.0.tar.gz", endless)
            });
            generate(w);
        }),
        refuse(
            "file-slow",
            "an sdist of which one byte comes in five seconds",
            |w| {
                w.patience(120);
                let release = Release::evil("");
                let bytes = release.sdist.clone().expect("an sdist");
                let body = Body::Dribble(bytes, std::time::Duration::from_secs(5));
                let slow = Answer::body("application/octet-stream", body);
                w.serve(|_| release.site(|_| ()).with("/files/evil-1.0.tar.gz", slow));
                generate(w);
            },
        ),
    ]
};

pub(super) const NAMES: &[Input] = {
    fn named(world: &mut World, filename: &str) {
        sdist(world, |file| file["filename"] = json!(filename));
    }
    &[
        refuse(
            "filename-traversal",
            "a file name that leads out of the directory",
            |w| {
                named(w, "../../../outside/evil-1.0.tar.gz");
            },
        ),
        refuse("filename-absolute", "an absolute file name", |w| {
            let path = w.outside("evil-1.0.tar.gz");
            named(w, &path);
        }),
        refuse("filename-newline", "a file name of two lines", |w| {
            named(w, "evil-1.0\n.tar.gz");
        }),
        refuse(
            "filename-control",
            "a file name that steers the terminal",
            |w| {
                named(w, "evil-1.0\x1b[2J\u{202e}.tar.gz");
            },
        ),
        refuse("filename-zero", "a file name with a zero byte", |w| {
            named(w, "evil-1.0\0.tar.gz");
        }),
        refuse(
            "filename-long",
            "a file name of five thousand characters",
            |w| {
                named(w, &format!("evil-1.0+{}.tar.gz", "a".repeat(5000)));
            },
        ),
        refuse(
            "filename-other",
            "a file of another project on the page",
            |w| {
                named(w, "other-1.0.tar.gz");
            },
        ),
        refuse(
            "filename-other-version",
            "a file that is of version 1.0 by the page's URL only",
            |w| {
                named(w, "evil-2.0.tar.gz");
            },
        ),
        either("version-huge", "a version of a thousand digits", |w| {
            let filename = format!("evil-{}.0.tar.gz", "9".repeat(1000));
            w.serve(|_| {
                Release::evil("").site(|page| page["files"][0]["filename"] = json!(filename))
            });
            resolve(w);
        }),
        either(
            "version-segments",
            "a version of twenty thousand segments",
            |w| {
                let filename = format!("evil-1{}-py3-none-any.whl", ".0".repeat(20_000));
                w.serve(|_| {
                    Release::evil("").site(|page| page["files"][1]["filename"] = json!(filename))
                });
                resolve(w);
            },
        ),
        refuse(
            "page-of-other-name",
            "a page that says it is of another project",
            |w| {
                w.serve(|_| Release::evil("").site(|page| page["name"] = json!("victim")));
                generate(w);
            },
        ),
    ]
};

pub(super) const RANGES: &[Input] = {
    /// A wheel without a metadata file, served like this.
    fn served(world: &mut World, answer: Answer) {
        let entry = json!({
            "filename": "evil-1.0-py3-none-any.whl",
            "url": "../../files/evil-1.0-py3-none-any.whl",
            "hashes": {"sha256": "0".repeat(64)},
            "core-metadata": false,
        });
        let text = page("evil", &[entry]).to_string();
        world.serve(|_| {
            Site::default()
                .with("/simple/evil/", Answer::ok(JSON, text))
                .with("/files/evil-1.0-py3-none-any.whl", answer)
        });
        resolve(world);
    }
    fn partial(bytes: &[u8], range: &str) -> Answer {
        let length = bytes.len();
        let headers = vec![(
            "Content-Range".to_owned(),
            range.replace("LEN", &length.to_string()),
        )];
        Answer::Http(206, headers, Body::Bytes(bytes.to_vec()))
    }
    &[
        refuse(
            "range-lie",
            "a part of a wheel that is not the part asked for",
            |w| {
                let bytes = wheel(&metadata(""), &[]);
                served(w, partial(&bytes, "bytes 5-6/7"));
            },
        ),
        refuse("range-huge", "a part of a wheel of 2^63 bytes", |w| {
            served(w, partial(b"PK", "bytes 0-1/9223372036854775807"));
        }),
        refuse(
            "range-endless",
            "a part of a wheel that does not end",
            |w| {
                w.patience(60);
                let headers = vec![("Content-Range".to_owned(), "bytes 0-99/100".to_owned())];
                served(
                    w,
                    Answer::Http(206, headers, Body::Repeat(b"PK".to_vec(), 1 << 40)),
                );
            },
        ),
        either(
            "range-unhashed",
            "metadata by range of a wheel whose hash is another one: they are marked",
            |w| {
                let bytes = wheel(&metadata(""), &[]);
                let range = format!("bytes 0-{}/LEN", bytes.len() - 1);
                served(w, partial(&bytes, &range));
                let lock = w.text("pydeps.lock");
                let marked = !lock.contains("version = \"1.0\"") || lock.contains("unverified");
                w.demand(
                    marked,
                    "metadata that no hash speaks for are not marked in the lock",
                );
            },
        ),
        refuse(
            "zip-directory-huge",
            "a wheel whose directory claims four gigabytes",
            |w| {
                let bytes = Zip::default().file("x", "").with_end(65535, u32::MAX - 2);
                served(w, Answer::ok("application/zip", bytes));
            },
        ),
        refuse(
            "zip-metadata-bomb",
            "a wheel whose METADATA are two gigabytes",
            |w| {
                let bomb = Member::bomb("evil-1.0.dist-info/METADATA", 2 << 30);
                let bytes = Zip::default().member(&bomb).finish();
                served(w, Answer::ok("application/zip", bytes));
            },
        ),
        refuse(
            "zip-two-metadata",
            "a wheel with two METADATA files that disagree",
            |w| {
                let other = metadata("").replace("evil", "victim");
                let bytes = Zip::default()
                    .file("evil-1.0.dist-info/METADATA", metadata(""))
                    .file("victim-1.0.dist-info/METADATA", other)
                    .finish();
                served(w, Answer::ok("application/zip", bytes));
            },
        ),
    ]
};
