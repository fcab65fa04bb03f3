//! HTTP: heads, bodies, redirects.

use std::time::Duration;

use super::resolve;
use crate::input::{Input, either, refuse};
use crate::make::gz_bomb;
use crate::make::release::{JSON, Release, page};
use crate::server::{Answer, Body, Site};
use crate::world::World;

const PAGE: &str = "/simple/evil/";
/// Slower than any server, and faster than any time-out between two bytes.
const SLOW: Duration = Duration::from_secs(5);

fn serve(world: &mut World, answer: Answer) {
    world.serve(|_| Site::default().with(PAGE, answer));
    resolve(world);
}

fn raw(world: &mut World, text: impl Into<Vec<u8>>) {
    serve(world, Answer::Raw(Body::Bytes(text.into())));
}

fn empty_page() -> String {
    page("evil", &[]).to_string()
}

pub(super) const INPUTS: &[Input] = {
    &[
        refuse(
            "body-slow",
            "a page of which one byte comes in five seconds",
            |w| {
                w.patience(90);
                let body = Body::Dribble(empty_page().into(), SLOW);
                serve(w, Answer::body(JSON, body));
            },
        ),
        refuse(
            "head-slow",
            "a head of which one byte comes in five seconds",
            |w| {
                w.patience(90);
                let text = format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(999));
                serve(w, Answer::Raw(Body::Dribble(text.into(), SLOW)));
            },
        ),
        refuse("head-endless", "a head of a gigabyte of lines", |w| {
            let lines = [b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n".repeat(1 << 24)].concat();
            raw(w, lines);
        }),
        refuse("head-long-line", "a header of a hundred megabytes", |w| {
            raw(
                w,
                format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "y".repeat(100 << 20)),
            );
        }),
        refuse(
            "interim-endless",
            "a million interim answers before none",
            |w| {
                raw(w, "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(1_000_000));
            },
        ),
        refuse(
            "no-http",
            "bytes that are no HTTP, with escapes for the terminal",
            |w| {
                raw(w, "\x1b]0;PWNED\x07\x1b[2J\u{202e} 200 OK\r\n\r\n");
            },
        ),
        refuse(
            "status-line",
            "a reason phrase that steers the terminal",
            |w| {
                raw(
                    w,
                    "HTTP/1.1 500 \x1b[31mred\u{202e}\r\nContent-Length: 0\r\n\r\n",
                );
            },
        ),
        refuse("status-999", "a status that there is not", |w| {
            serve(w, Answer::status(999));
        }),
        refuse("chunk-huge", "a chunk that claims 2^63 bytes", |w| {
            raw(
                w,
                format!(
                    "HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n\
                Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n{{"
                ),
            );
        }),
        refuse(
            "length-too-long",
            "less content than the head promises",
            |w| {
                raw(
                    w,
                    format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: {JSON}\r\n\
                Content-Length: 18446744073709551615\r\n\r\n{{}}"
                    ),
                );
            },
        ),
        refuse(
            "not-modified",
            "`not modified`, although nothing was there",
            |w| {
                serve(w, Answer::status(304));
            },
        ),
        refuse(
            "gzip-bomb",
            "two megabytes of gzip that are two gigabytes",
            |w| {
                let bytes = gz_bomb(b"{", b" ", 2 << 30);
                serve(
                    w,
                    Answer::ok(JSON, bytes).header("Content-Encoding", "gzip"),
                );
            },
        ),
        refuse(
            "gzip-garbage",
            "content that is not in the encoding it claims",
            |w| {
                serve(w, Answer::ok(JSON, "{}").header("Content-Encoding", "gzip"));
            },
        ),
        either(
            "date-comments",
            "a date header with sixty thousand nested comments",
            |w| {
                let date = format!("Mon, 1 Jan 2024 {}", "(".repeat(60_000));
                let page = Answer::ok(JSON, empty_page()).header("Date", &date);
                serve(
                    w,
                    page.header("Cache-Control", "max-age=99999999999999999999"),
                );
            },
        ),
        refuse(
            "retry-after",
            "please come again in three thousand years",
            |w| {
                w.set("PIP_RETRIES", "5");
                serve(w, Answer::status(503).header("Retry-After", "99999999999"));
            },
        ),
    ]
};

pub(super) const REDIRECTS: &[Input] = {
    &[
        refuse("redirect-file", "a redirect to a local file", |w| {
            w.file("../outside/page.json", empty_page());
            let to = format!("file://{}", w.outside("page.json"));
            serve(w, Answer::redirect(&to));
        }),
        refuse("redirect-data", "a redirect to a `data:` URL", |w| {
            serve(w, Answer::redirect("data:application/json,{\"files\":[]}"));
        }),
        refuse("redirect-round", "a redirect to itself", |w| {
            serve(w, Answer::redirect(PAGE));
        }),
        refuse("redirect-endless", "redirects that lead on and on", |w| {
            w.serve(|_| {
                Site::default()
                    .otherwise(|request| Some(Answer::redirect(&format!("{}x/", request.path))))
            });
            resolve(w);
        }),
        refuse(
            "redirect-control",
            "a redirect with control characters in it",
            |w| {
                serve(w, Answer::redirect("http://\x1b[2Jexample.org/\u{202e}"));
            },
        ),
        refuse(
            "file-redirected",
            "a file that redirects to a local one of the right hash",
            |w| {
                let release = Release::evil("");
                w.file(
                    "../outside/evil.tar.gz",
                    release.sdist.as_ref().expect("an sdist"),
                );
                let to = format!("file://{}", w.outside("evil.tar.gz"));
                w.serve(|_| {
                    release
                        .site(|_| ())
                        .with("/files/evil-1.0.tar.gz", Answer::redirect(&to))
                });
                super::generate(w);
            },
        ),
    ]
};
