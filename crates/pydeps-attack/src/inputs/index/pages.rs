//! Pages: their size, where their links lead, and what they say of files.

use serde_json::{Value, json};

use super::{generate, resolve};
use crate::input::{Input, either, refuse, take};
use crate::make::release::{JSON, Release, html, page};
use crate::server::{Answer, Body, Site};
use crate::world::World;

fn serve(world: &mut World, answer: Answer) {
    world.serve(|_| Site::default().with("/simple/evil/", answer));
    resolve(world);
}

/// `evil` with a page that was changed.
fn changed(world: &mut World, change: impl FnOnce(&mut Value)) {
    world.serve(|_| Release::evil("").site(change));
    resolve(world);
}

pub(super) const SIZES: &[Input] = {
    &[
        refuse("page-endless", "a page of spaces that does not end", |w| {
            w.patience(60);
            serve(w, Answer::body(JSON, Body::Repeat(b" ".to_vec(), 8 << 30)));
        }),
        refuse("page-one-string", "a page of 480 MB in one string", |w| {
            w.patience(60);
            let body = Body::Repeat(b"{\"meta\":\"aaaaaaaa".to_vec(), 480 << 20);
            serve(w, Answer::body(JSON, body));
        }),
        refuse("json-deep", "a million lists in one another", |w| {
            serve(
                w,
                Answer::ok(JSON, format!("{{\"files\":{}", "[".repeat(1_000_000))),
            );
        }),
        either("html-deep", "a million elements in one another", |w| {
            serve(w, html(&"<div>".repeat(1_000_000)));
        }),
        either(
            "html-many-links",
            "half a million links to other projects",
            |w| {
                serve(
                    w,
                    html(&"<a href=\"x-1.tar.gz\">x-1.tar.gz</a>".repeat(500_000)),
                );
            },
        ),
        either("html-attribute", "an attribute of fifty megabytes", |w| {
            serve(
                w,
                html(&format!(
                    "<a href=\"{}\">evil-1.0.tar.gz</a>",
                    "x".repeat(50 << 20)
                )),
            );
        }),
        either(
            "many-files",
            "two hundred thousand files of one release",
            |w| {
                w.patience(40);
                let file = |number: usize| {
                    let filename = format!("evil-1.0-{number}-py3-none-any.whl");
                    json!({"filename": filename, "url": filename, "hashes": {}})
                };
                let files: Vec<_> = (0..200_000).map(file).collect();
                serve(w, Answer::ok(JSON, page("evil", &files).to_string()));
            },
        ),
        refuse(
            "releases-all-fail",
            "a thousand releases of which no metadata can be had",
            |w| {
                w.patience(60);
                let file = |number: usize| {
                    let filename = format!("evil-{number}.0-py3-none-any.whl");
                    json!({"filename": filename, "url": format!("../../files/{filename}"), "hashes": {}})
                };
                let text = page("evil", &(1..1000).map(file).collect::<Vec<_>>()).to_string();
                serve(w, Answer::ok(JSON, text));
            },
        ),
    ]
};

pub(super) const ADDRESSES: &[Input] = {
    /// An sdist of the right hash that lies on this machine.
    fn local(world: &World) -> String {
        let release = Release::evil("");
        world.file(
            "../outside/evil-1.0.tar.gz",
            release.sdist.expect("an sdist"),
        );
        format!("file://{}", world.outside("evil-1.0.tar.gz"))
    }
    &[
        refuse(
            "base-href-file",
            "a page whose `<base>` is a local directory",
            |w| {
                let file = local(w);
                let base = file.trim_end_matches("evil-1.0.tar.gz").to_owned();
                let body = format!(
                    "<base href=\"{base}\"><a href=\"evil-1.0.tar.gz\">evil-1.0.tar.gz</a>"
                );
                w.serve(|_| Site::default().with("/simple/evil/", html(&body)));
                generate(w);
            },
        ),
        refuse(
            "file-url",
            "a page in JSON with the URL of a local file",
            |w| {
                let file = local(w);
                w.serve(|_| Release::evil("").site(|page| page["files"][0]["url"] = json!(file)));
                generate(w);
            },
        ),
        refuse(
            "file-url-metadata",
            "a wheel whose metadata are a local file's",
            |w| {
                w.file(
                    "../outside/evil-1.0-py3-none-any.whl.metadata",
                    Release::evil("").metadata,
                );
                let url = format!("file://{}", w.outside("evil-1.0-py3-none-any.whl"));
                changed(w, |page| {
                    let mut file = page["files"][1].take();
                    file["url"] = json!(url);
                    page["files"] = json!([file]);
                });
            },
        ),
        refuse(
            "find-links-file",
            "a page of --find-links that leads to a local file",
            |w| {
                let file = local(w);
                let body = format!("<a href=\"{file}\">evil-1.0.tar.gz</a>");
                w.serve(|_| Site::default().with("/links", html(&body)));
                w.run("dh-pydeps generate evil==1.0 --no-index --find-links $SERVER/links");
            },
        ),
        refuse("url-data", "a file that is a `data:` URL", |w| {
            w.serve(|_| Release::evil("").site(|page| page["files"][0]["url"] = json!("data:,x")));
            generate(w);
        }),
        refuse(
            "url-control",
            "a URL with escapes, newlines and overrides of direction",
            |w| {
                let url = "../../files/\x1b[2J\u{202e}\r\nHost: evil.example/evil-1.0.tar.gz";
                w.serve(|_| Release::evil("").site(|page| page["files"][0]["url"] = json!(url)));
                generate(w);
            },
        ),
        refuse(
            "index-url-ftp",
            "an index of a scheme that is none of an index",
            |w| {
                w.run("dh-pydeps resolve evil --index-url ftp://example.org/simple/");
            },
        )
        .names("ftp:"),
    ]
};

pub(super) const FIELDS: &[Input] = {
    &[
        either(
            "yanked-control",
            "a reason for yanking that steers the terminal",
            |w| {
                changed(w, |page| {
                    for file in page["files"].as_array_mut().into_iter().flatten() {
                        file["yanked"] = json!("\x1b[2J\u{202e}broken\r\nwarning: none");
                    }
                });
            },
        ),
        either(
            "requires-python-long",
            "a requires-python of a million clauses",
            |w| {
                changed(w, |page| {
                    page["files"][1]["requires-python"] = json!(">=3,".repeat(1_000_000));
                });
            },
        ),
        either(
            "requires-python-control",
            "a requires-python with escapes",
            |w| {
                changed(w, |page| {
                    page["files"][1]["requires-python"] = json!(">=\x1b[2J3\u{202e}");
                });
            },
        ),
        either("size-huge", "a file of 2^64 bytes, as the page says", |w| {
            changed(w, |page| page["files"][1]["size"] = json!(u64::MAX));
        }),
        either("size-negative", "a file of fewer than no bytes", |w| {
            changed(w, |page| page["files"][1]["size"] = json!(-1));
        }),
        either(
            "upload-time",
            "an upload in the year minus a billion",
            |w| {
                changed(w, |page| {
                    page["files"][1]["upload-time"] = json!("-999999999-01-01T00:00:00Z");
                });
            },
        ),
        refuse(
            "wrong-types",
            "a page in which every value is of another type",
            |w| {
                changed(w, |page| {
                    *page = json!({"meta": [], "name": 7, "files": "none"});
                });
            },
        ),
        either("html-as-json", "HTML that claims to be JSON", |w| {
            let body = "<a href=\"evil-1.0.tar.gz\">evil-1.0.tar.gz</a>";
            serve(w, Answer::ok(JSON, body));
        }),
        either(
            "entities",
            "names in HTML made of entities that are no characters",
            |w| {
                serve(
                    w,
                    html(
                        "<a href=\"evil-1.0&#0;&#x110000;&#27;[2J.tar.gz\">evil-1.0&#27;[2J.tar.gz</a>",
                    ),
                );
            },
        ),
        take(
            "two-indexes",
            "a name that two indexes have: the second is told",
            |w| {
                w.serve(|_| Release::evil("").site(|_| ()));
                w.serve(|_| Release::evil("").site(|_| ()));
                w.run("dh-pydeps resolve evil --extra-index-url $SERVER2/simple/");
                let said = w.said();
                w.demand(
                    said.contains("more than one index"),
                    "that two indexes have it is not told",
                );
            },
        ),
    ]
};
