//! What `generate` reads of a release, and of what was generated before.

use std::collections::BTreeMap;

use pydeps_copyright::copyright::{self, Packaging, Upstream};
use pydeps_copyright::{licence_text, notice};
use pydeps_core::tree::Tree;
use pydeps_generate::aspects::description::{self, About, Role};
use pydeps_generate::aspects::man_pages::{self as manpage, Program};
use pydeps_generate::aspects::{data_files, upstream_metadata};
use pydeps_generate::edits::{changelog, merge};
use pydeps_generate::modules;
use pydeps_generate::settings::Settings;

use super::lossy;
use crate::fuzz::Target;

const CHANGELOG: &[u8] = b"python-a (1:1.0-1~local1) trixie; urgency=medium\n\n  * New upstream release.\n\n -- J P <j@example.org>  Thu, 01 Jan 2026 00:00:00 +0000\n";
const NOTICE: &[u8] = b"# -*- coding: utf-8 -*-\n# Copyright (c) 2019-2021, 2023 Fred Fuchs <f@example.org> and others\n\
    # SPDX-License-Identifier: MIT OR Apache-2.0\n# Licensed under the GNU General Public License, version 2 or (at your option) any later version.\n\n\
    /*! lib v1 | (c) A. B. | MIT license */\n";
const CONTROL: &[u8] = b"Source: a\nBuild-Depends:\n b,\n c (>= 1),\n\nPackage: a\nDepends: ${misc:Depends}, d\nDescription: x\n y\n";

/// The parts of a text that lines of dashes separate.
fn parts(text: &str) -> Vec<&str> {
    text.split("\n---\n").collect()
}

/// A release of files, each with its path in the first line.
fn tree(text: &str) -> Tree {
    let file = |part: &'_ str| -> (String, String) {
        let (path, text) = part.split_once('\n').unwrap_or((part, ""));
        (path.to_owned(), text.to_owned())
    };
    let files: Vec<(String, String)> = parts(text).into_iter().map(file).collect();
    let texts: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    Tree::of_texts(&texts)
}

fn release(text: &str) {
    let tree = tree(text);
    let settings = Settings::of(&tree);
    let scripts = settings.scripts(&tree);
    _ = modules::find("evil", &tree, &settings);
    let carried = data_files::find(&tree, &settings, "python3-evil", &scripts);
    for path in carried.files.keys() {
        assert!(
            path.starts_with("debian/") && !path.contains("/../"),
            "{path}"
        );
    }
    _ = pydeps_copyright::minified::find(&tree, &|_| true);
}

fn described(text: &str) {
    for kind in ["text/markdown", "text/x-rst", "text/plain"] {
        let about = About {
            name: "evil",
            summary: text.lines().next(),
            description: Some(text),
            content_type: Some(kind),
        };
        let description = description::describe(&about, "python3-evil", Role::Library);
        let field = description.field();
        assert!(
            field
                .lines()
                .skip(1)
                .all(|line| line.starts_with(' ') && line.len() > 1),
            "{field:?}"
        );
        _ = manpage::write(&Program {
            name: "evil",
            package: "python3-evil",
            version: "1",
            date: "2026-01-01",
            synopsis: &description.synopsis,
            description: &description.extended,
            homepage: text.lines().next(),
        });
    }
}

fn copyright(bytes: &[u8]) {
    let text = lossy(bytes);
    let parts = parts(&text);
    let heads: BTreeMap<String, Vec<u8>> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| {
            let path = if at == 0 {
                "LICENSE".to_owned()
            } else {
                format!("evil/m{at}.py")
            };
            (path, part.as_bytes().to_vec())
        })
        .collect();
    let line = |at: usize| text.lines().nth(at).map(str::to_owned);
    let upstream = Upstream {
        name: "evil".to_owned(),
        expression: line(0),
        licence: line(1),
        authors: line(2).into_iter().collect(),
        source: line(3),
        ..Upstream::default()
    };
    let packaging = Packaging {
        packager: "J P <j@example.org>".to_owned(),
        years: (2026, 2026),
        common_licences: vec!["GPL-3".to_owned()],
    };
    _ = copyright::write(&upstream, &packaging, &heads);
    _ = copyright::is_expression(&text);
}

pub(super) const TARGETS: &[Target] = &[
    Target {
        name: "release-files",
        read: |bytes| release(&lossy(bytes)),
        seeds: &[
            b"pyproject.toml\n[project]\nname = \"evil\"\n[project.scripts]\nevil = \"evil:main\"\n[tool.setuptools.data-files]\n\"share/x\" = [\"a\"]\n---\nevil/__init__.py\nimport six\n---\ncontrib/evil.service\n[Service]\nExecStart=/usr/bin/evil\nUser=evil\n---\nevil.sysusers\nu evil - \"x\"\n",
            b"setup.py\nfrom setuptools import setup\nsetup(name='evil', data_files=[('etc', ['a'])])\n---\nsetup.cfg\n[options]\npackages = find:\n---\nman/evil.1\n.TH evil 1\n---\nevil.desktop\n[Desktop Entry]\nExec=evil\n---\nudev/9-evil.rules\nx\n",
        ],
        nests: &["[", "(", "{", "../", "a/"],
        repeats: &["\n---\nd{n}/m.py\nimport m{n}\n", "\n---\na{n}.service\n[Service]\nExecStart=evil\n", "x = 1\n", "u u{n} - x\n"],
    },
    Target {
        name: "description",
        read: |bytes| described(&lossy(bytes)),
        seeds: &[
            b"# Evil\n\n> Something *for* [evil](https://example.org)\n\n- a\n  - b\n\n```\ncode\n```\n\n| a | b |\n|---|---|\n| c | d |\n<p align=\"center\"><img src=\"x\"></p>\n",
            b"====\nEvil\n====\n\n.. image:: x\n   :alt: y\n\nSomething ``for`` `evil <https://example.org>`_.\n\n* a\n\n::\n\n  code\n",
        ],
        nests: &["> ", "- ", "[", "*", "<div>", "`", "(", "  ", ".. x::\n  "],
        repeats: &["word ", "- item {n}\n", "[a](b)", "*a*", "<p>", "\n\nParagraph {n}.", "| a ", "`", "=\n"],
    },
    Target {
        name: "copyright",
        read: copyright,
        seeds: &[b"MIT\nMIT License\nFred <f@example.org>\nhttps://example.org\n---\n# Copyright 2020 Fred\n"],
        nests: &["(", "MIT AND (", "# "],
        repeats: &["\n---\n# Copyright 20{n} Holder {n}\n", "Copyright (c) 2020 Holder {n}\n", "Permission is hereby granted. ", "\n"],
    },
    Target {
        name: "licence-text",
        read: |bytes| _ = licence_text::recognise(&lossy(bytes)),
        seeds: &[b"Permission is hereby granted, free of charge, to any person obtaining a copy of this software", b"Apache License\nVersion 2.0, January 2004\n"],
        nests: &["(", "> ", "* "],
        repeats: &["Permission is hereby granted, free of charge. ", "word{n} ", "\n\n", "GPL ", "Copyright (c) {n} X\n"],
    },
    Target {
        name: "notice",
        read: |bytes| {
            let mut reader = notice::Reader::default();
            _ = reader.read(bytes);
            _ = reader.read_script(bytes);
        },
        seeds: &[NOTICE, b"<!-- (C) 2020 by A, B & C -->\n\"\"\"\nAuthor: D\n\"\"\""],
        nests: &["/*", "(c) ", "# ", "<!--", "(", ","],
        repeats: &["# Copyright 20{n} Holder {n}\n", "/*! x */\n", ", A B", " and C", "2019-", "# x\n", "(c) "],
    },
    Target {
        name: "changelog",
        read: |bytes| {
            let text = lossy(bytes);
            _ = changelog::version_of_top(&text);
            _ = changelog::date_of_top(&text);
            _ = changelog::upstream_of_top(&text);
        },
        seeds: &[CHANGELOG],
        nests: &["(", "\n  * ", "-- ", "<"],
        repeats: &["\n  * x {n}", "a (1) sid; urgency=low\n", "\n", " -- x <y>  z\n"],
    },
    Target {
        name: "merge",
        read: |bytes| {
            let text = lossy(bytes);
            let parts = parts(&text);
            let part = |at: usize| parts.get(at).map(|part| part.as_bytes());
            for path in ["debian/control", "debian/rules"] {
                _ = merge::file(path, part(0), part(1), part(2));
            }
            if let [old, new, ..] = parts[..] {
                _ = merge::differences(old, new);
            }
        },
        seeds: &[CONTROL, b"Source: a\n\nPackage: a\nDepends: x\n\n---\nSource: a\n\nPackage: a\nDepends: x, y\n\n---\nSource: a\n\nPackage: a\nDepends: x, z (>= 1)\n"],
        nests: &["(", "\n ", "${", "[", "\n---\n"],
        repeats: &[", a{n}", "\nPackage: p{n}\nArchitecture: all\n", "X{n}: y\n", " z\n", "# x\n"],
    },
    Target {
        name: "upstream-metadata",
        read: |bytes| {
            let text = lossy(bytes);
            let pair = |line: &str| {
                let (name, url) = line.split_once(", ").unwrap_or((line, ""));
                (name.to_owned(), url.to_owned())
            };
            let urls: Vec<(String, String)> = text.lines().map(pair).collect();
            _ = upstream_metadata::write(&urls, text.lines().next());
        },
        seeds: &[b"Homepage, https://example.org/a/b.git\nBug Tracker, https://example.org/issues?x=y#z\n"],
        nests: &["/", "https://", "[", "%25"],
        repeats: &["Source{n}, https://example.org/{n}\n", "/a", "?x", "%41"],
    },
];
