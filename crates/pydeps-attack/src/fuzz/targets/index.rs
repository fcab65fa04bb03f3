//! A package index: pages, credentials, configuration, archives to be unpacked.

use pydeps_http::Credentials;
use pydeps_index::config::{Config, Env, Options};
use pydeps_index::simple;
use pydeps_index::unpack::{Limits, unpack_within};

use super::{as_file, lossy};
use crate::fuzz::Target;

const JSON: &[u8] = br#"{"meta":{"api-version":"1.1"},"name":"a","files":[{"filename":"a-1.0-py3-none-any.whl","url":"../../a-1.0-py3-none-any.whl","hashes":{"sha256":"00"},"requires-python":">=3.9","yanked":"x","size":7,"upload-time":"2026-01-01T00:00:00Z","core-metadata":{"sha256":"00"}}]}"#;
const HTML: &[u8] = b"<!DOCTYPE html><html><head><base href=\"https://index.example/f/\"></head><body>\
    <a href=\"a-1.0.tar.gz#sha256=00\" data-requires-python=\"&gt;=3\" data-yanked=\"x\" data-core-metadata=\"sha256=0\">a-1.0.tar.gz</a></body></html>";

fn page(bytes: &[u8], content_type: &str) {
    let url = "https://index.example/simple/a/".parse().expect("a URL");
    let name = "a".parse().expect("a name");
    let project = simple::parse(bytes, content_type, &url, &name);
    for file in project
        .iter()
        .flat_map(|project| project.releases.values())
        .flatten()
    {
        let details = file.details().expect("what was written can be read");
        assert!(
            ["http", "https"].contains(&details.url.scheme()),
            "{}",
            details.url
        );
    }
}

/// Whatever an archive holds, nothing is written beside its directory, and nothing is left after
/// an error.
fn unpacked(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else {
        return;
    };
    let names = ["a.tar", "a.zip", "a.tar.gz", "a.tar.xz"];
    let name = names[usize::from(*kind) % names.len()];
    as_file(bytes, name, |top| {
        let area = top.join("area");
        std::fs::create_dir(&area).expect("a temporary directory");
        let limits = Limits {
            bytes: 1 << 20,
            small: 1 << 20,
            members: 100,
            ..Limits::default()
        };
        let result = unpack_within(&top.join(name), &area.join("dest"), &limits);
        let count = |path: &std::path::Path| std::fs::read_dir(path).expect("ours").count();
        assert_eq!(count(&area), usize::from(result.is_ok()), "{result:?}");
        assert_eq!(count(top), 2);
        let real = area.join("dest").canonicalize();
        for member in result.into_iter().flat_map(|unpacked| unpacked.files) {
            if let Ok(path) = area.join("dest").join(&member.path).canonicalize() {
                assert!(
                    path.starts_with(real.as_ref().expect("it is there")),
                    "{member:?}"
                );
            }
        }
    });
}

pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "page-json",
        read: |bytes| page(bytes, "application/json"),
        seeds: &[JSON],
        nests: &["[", "{\"a\":", "\\ud800", "\""],
        repeats: &[
            ",{\"filename\":\"a-1.{n}-py3-none-any.whl\",\"url\":\"a-1.{n}.whl\",\"hashes\":{}}",
            " ", "\\u0041", "{\"a\":1},",
        ],
    },
    Target {
        name: "page-html",
        read: |bytes| {
            page(bytes, "text/html");
            let url = "https://index.example/links".parse().expect("a URL");
            _ = simple::parse_links(bytes, &url, &"a".parse().expect("a name"));
        },
        seeds: &[HTML, b"<a href=a-1.zip>a-1.zip"],
        nests: &["<div>", "<a href='", "<!--", "&amp", "<![CDATA["],
        repeats: &[
            "<a href=\"a-1.{n}.tar.gz\">a-1.{n}.tar.gz</a>", "<a>", "&lt;", " x=y", "<base href=x>", "\0",
        ],
    },
    Target {
        name: "netrc",
        read: |bytes| {
            let mut credentials = Credentials::default();
            credentials.add_netrc(&lossy(bytes));
            _ = credentials.header(&"https://index.example/".parse().expect("a URL"));
        },
        seeds: &[b"machine index.example login a password b # c\nmacdef x\ny\n\ndefault login z\n"],
        nests: &["machine ", "macdef x\n", "\""],
        repeats: &["machine m{n} login a password b\n", "login x ", "# x\n", "\n"],
    },
    Target {
        name: "pip-conf",
        read: |bytes| {
            as_file(bytes, "pip.conf", |top| {
                let env = Env::new([("PIP_CONFIG_FILE", top.join("pip.conf").display().to_string())]);
                _ = Config::gather(&Options::default(), &env);
            });
        },
        seeds: &[b"[global]\nindex-url = https://index.example/simple\nextra-index-url =\n    https://a.example\n    https://b.example\n; x\n[install]\nfind-links=/x\n"],
        nests: &["[", "%(", "${", "\n "],
        repeats: &["a{n} = b\n", "[s{n}]\n", "    https://c{n}.example\n", "; x\n"],
    },
    Target {
        name: "unpack",
        read: unpacked,
        seeds: &[b"\0evil-1.0/x\0", b"\x01PK\x03\x04", b"\x02\x1f\x8b\x08\0\0\0\0\0\0\x03", b"\x03\xfd7zXZ\0"],
        nests: &["PK\x03\x04", "a/"],
        repeats: &["\0", "PK\x01\x02", "../"],
    },
];
