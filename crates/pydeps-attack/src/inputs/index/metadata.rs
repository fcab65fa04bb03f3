//! Core metadata: whose they are, what they say, what they require.

use serde_json::json;

use super::{generate, resolve};
use crate::input::{Input, either, refuse, take};
use crate::make::release::{JSON, Release, metadata, page, wheel};
use crate::make::sha256;
use crate::server::{Answer, Site};
use crate::world::World;

/// Resolves `evil`, whose metadata are this text, right hashes and all.
fn text(world: &mut World, text: impl Into<Vec<u8>>) {
    let bytes: Vec<u8> = text.into();
    let digest = sha256(&bytes);
    world.serve(|_| {
        let release = Release {
            sdist: None,
            ..Release::evil("")
        };
        release
            .site(|page| page["files"][0]["core-metadata"]["sha256"] = json!(digest))
            .with(
                "/files/evil-1.0-py3-none-any.whl.metadata",
                Answer::ok("text/plain", bytes),
            )
    });
    resolve(world);
}

fn headers(world: &mut World, headers: &str) {
    text(world, metadata(headers));
}

pub(super) const IDENTITY: &[Input] = {
    &[
        refuse(
            "metadata-other-name",
            "metadata of another name beside the wheel",
            |w| {
                text(w, metadata("").replace("Name: evil", "Name: victim"));
            },
        ),
        refuse(
            "metadata-other-version",
            "metadata of another version beside the wheel",
            |w| {
                text(w, metadata("").replace("Version: 1.0", "Version: 2.0"));
            },
        ),
        refuse(
            "wheel-other-name",
            "a wheel that contains metadata of another name",
            |w| {
                let other = metadata("").replace("Name: evil", "Name: victim");
                let release = Release {
                    sdist: None,
                    wheel: Some(wheel(&other, &[])),
                    ..Release::evil("")
                };
                w.serve(|_| release.site(|page| page["files"][0]["core-metadata"] = json!(false)));
                resolve(w);
            },
        ),
        refuse("two-names", "metadata with two names", |w| {
            text(w, metadata("Name: victim\n"));
        }),
        either(
            "sdist-requires-more",
            "an sdist whose metadata are not those beside the wheel",
            |w| {
                let release = Release {
                    metadata: metadata("Requires-Dist: victim==6.6\n"),
                    ..Release::evil("Requires-Dist: six\n")
                };
                w.serve(|_| release.site(|_| ()));
                generate(w);
            },
        ),
    ]
};

pub(super) const TEXTS: &[Input] = {
    &[
        either(
            "metadata-not-text",
            "metadata of all bytes that there are",
            |w| {
                text(w, (0..=255).cycle().take(100_000).collect::<Vec<u8>>());
            },
        ),
        refuse("metadata-huge", "metadata of 100 MB", |w| {
            headers(w, &"Classifier: x\n".repeat(7_500_000));
        }),
        either(
            "licence-control",
            "a licence that steers the terminal",
            |w| {
                headers(w, "License: \x1b[2J\u{202e}GPL\x07\r\n");
            },
        ),
        either(
            "licence-expression-deep",
            "a licence expression of 100,000 parentheses",
            |w| {
                headers(
                    w,
                    &format!("License-Expression: {}MIT\n", "(".repeat(100_000)),
                );
            },
        ),
        either(
            "classifier-control",
            "a licence classifier with an override of direction",
            |w| {
                headers(
                    w,
                    "Classifier: License :: OSI Approved :: \u{202e}\u{2066}evil\x1b[31m\n",
                );
            },
        ),
        either(
            "version-of-metadata",
            "metadata of a version that is a path",
            |w| {
                text(w, metadata("").replace("2.2", "../../../outside"));
            },
        ),
        refuse("login-page", "a login page in the place of metadata", |w| {
            text(
                w,
                "<html><form action=/login><input type=password></form></html>",
            );
        }),
    ]
};

pub(super) const REQUIREMENTS: &[Input] = {
    fn requires(world: &mut World, requirement: &str) {
        headers(world, &format!("Requires-Dist: {requirement}\n"));
    }
    &[
        either("marker-deep", "a marker of 4,000 parentheses", |w| {
            let marker = format!("{}os_name=='x'{}", "(".repeat(4000), ")".repeat(4000));
            requires(w, &format!("six; {marker}"));
        }),
        either("marker-long", "a marker of 50,000 alternatives", |w| {
            let marker = vec!["python_version=='3.1'"; 50_000].join(" or ");
            requires(w, &format!("six; {marker}"));
        }),
        either(
            "marker-wide",
            "a marker of 400 different variables' values, or'ed and and'ed",
            |w| {
                let pair = |n: usize| format!("(platform_node=='{n}' or platform_release=='{n}')");
                let marker: Vec<String> = (0..400).map(pair).collect();
                requires(w, &format!("six; {}", marker.join(" and ")));
            },
        ),
        either("requires-many", "forty thousand requirements", |w| {
            w.patience(40);
            let each = |number: usize| format!("Requires-Dist: six>=0.{number}\n");
            headers(w, &(0..40_000).map(each).collect::<String>());
        }),
        either(
            "requires-control",
            "a requirement that steers the terminal",
            |w| {
                requires(w, "six\x1b[2J\u{202e}>=1");
            },
        ),
        either(
            "requires-huge-number",
            "a bound of a thousand digits",
            |w| {
                requires(w, &format!("six>={}", "9".repeat(1000)));
            },
        ),
        either(
            "requires-specifiers",
            "a requirement of 20,000 specifiers",
            |w| {
                let each = |number: usize| format!("!=1.{number}");
                requires(
                    w,
                    &format!("six{}", (0..20_000).map(each).collect::<Vec<_>>().join(",")),
                );
            },
        ),
        take(
            "requires-url",
            "a requirement with a URL: that it is dropped is told",
            |w| {
                w.secrets.push("SEKRET".to_owned());
                requires(w, "six @ http://user:SEKRET@index.example/six-1.0.tar.gz");
                let said = w.said();
                w.demand(
                    said.contains("index.example"),
                    "the URL that counts for nothing is not told",
                );
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
                headers(w, &format!("{extras}Requires-Dist: evil[e0]\n"));
            },
        ),
        refuse(
            "requires-endless",
            "requirements that lead to ever new ones",
            |w| {
                w.patience(60);
                w.serve(|_| Site::default().otherwise(|request| endless(&request.path)));
                w.run("dh-pydeps resolve evil0");
            },
        ),
    ]
};

/// `evilN` requires `evilN+1`, for ever.
fn endless(path: &str) -> Option<Answer> {
    let digits = |text: &str| {
        text.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    let first = path
        .trim_matches('/')
        .split('/')
        .nth(1)?
        .split('-')
        .next()?
        .to_owned();
    let number: u64 = digits(&first).parse().ok()?;
    let requires = format!("Requires-Dist: evil{}\n", number + 1);
    let release = Release::wheel_of(&format!("evil{number}"), "1.0", &requires);
    match path.strip_prefix("/simple/") {
        Some(_) => {
            let text = page(&release.name, &release.entries()).to_string();
            Some(Answer::ok(JSON, text))
        }
        None => Some(Answer::ok("text/plain", release.metadata)),
    }
}
