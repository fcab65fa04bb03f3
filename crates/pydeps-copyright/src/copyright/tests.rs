use super::*;
use crate::licence_text::standard_text;

/// A source of these files, with what the metadata say.
struct Case {
    upstream: Upstream,
    heads: BTreeMap<String, Vec<u8>>,
}

fn case(expression: &str) -> Case {
    let expression = (!expression.is_empty()).then(|| expression.to_owned());
    Case {
        upstream: Upstream {
            name: "a".to_owned(),
            expression,
            ..Upstream::default()
        },
        heads: BTreeMap::new(),
    }
}

impl Case {
    fn file(mut self, path: &str, text: &str) -> Self {
        self.heads.insert(path.to_owned(), text.into());
        self
    }

    /// A licence file with the text of the SPDX list.
    fn licence(self, path: &str, id: &str) -> Self {
        let text = format!(
            "Copyright (c) 2020 Jane Doe\n\n{}",
            standard_text(id).unwrap()
        );
        self.file(path, &text)
    }

    fn write(&self) -> Copyright {
        let common = ["Apache-2.0", "GPL-2", "GPL-3", "LGPL-2.1", "MPL-2.0"];
        let packaging = Packaging {
            packager: "Joe Packager <joe@example.org>".to_owned(),
            years: (2025, 2026),
            common_licences: common.map(str::to_owned).to_vec(),
        };
        write(&self.upstream, &packaging, &self.heads)
    }

    /// `expect` is the `Files` paragraphs by line: patterns, holders, licence; then findings.
    #[track_caller]
    fn check(&self, expect: &[&str]) {
        let copyright = self.write();
        let text = copyright.text.unwrap_or_default();
        let mut got: Vec<String> = text.split("\n\n").filter_map(files_line).collect();
        got.retain(|line| !line.starts_with("debian/*"));
        got.extend(
            copyright
                .findings
                .iter()
                .map(|f| format!("{:?} {}", f.severity, f.code)),
        );
        assert_eq!(got, expect, "{text}");
    }
}

fn files_line(paragraph: &str) -> Option<String> {
    let text = paragraph
        .replace("\n           ", "; ")
        .replace("\n       ", " ");
    let field = |name: &str| {
        let found = text.lines().find_map(|line| line.strip_prefix(name));
        found.map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    Some(format!(
        "{} | {} | {}",
        field("Files: ")?,
        field("Copyright: ")?,
        field("License: ")?
    ))
}

#[test]
fn one_licence() {
    let main = "* | 2020 Jane Doe | Expat";
    case("MIT").licence("LICENSE", "MIT").check(&[main]);
    case("").licence("COPYING.txt", "MIT").check(&[main]);
    case("").licence("licenses/MIT.txt", "MIT").check(&[main]);
}

#[test]
fn metadata_and_file() {
    case("BSD-3-Clause").licence("LICENSE", "MIT").check(&[
        "* | 2020 Jane Doe | BSD-3-clause and Expat",
        "Warning licence-contradiction",
        "Info licence-text-standard",
    ]);
    let two = case("MIT")
        .licence("LICENSE", "MIT")
        .licence("LICENSE.BSD", "BSD-3-Clause");
    two.check(&[
        "* | 2020 Jane Doe | Expat and BSD-3-clause",
        "Warning licence-of-parts",
    ]);
    let either = case("MIT OR Apache-2.0")
        .licence("LICENSE.MIT", "MIT")
        .licence("LICENSE.APACHE2", "Apache-2.0");
    either.check(&["* | 2020 Jane Doe | Expat or Apache-2.0"]);
    let said = "This is under the terms of either of the licenses found in the other files.";
    case("")
        .file("LICENSE", said)
        .licence("LICENSE.MIT", "MIT")
        .licence("LICENSE.APACHE2", "Apache-2.0")
        .check(&["* | 2020 Jane Doe | Apache-2.0 or Expat"]);
    case("")
        .licence("LICENSE.MIT", "MIT")
        .licence("LICENSE.APACHE2", "Apache-2.0")
        .check(&[
            "* | 2020 Jane Doe | Apache-2.0 and Expat",
            "Warning licence-combination",
        ]);
}

#[test]
fn the_metadata_alone() {
    let mut case = case("");
    case.upstream.authors = vec!["Jane <j@x>".to_owned()];
    case.upstream.classifiers = vec!["License :: OSI Approved :: MIT License".to_owned()];
    case.check(&[
        "* | Jane <j@x> | Expat",
        "Warning licence-text-missing",
        "Warning copyright-holder-unknown",
        "Info licence-text-standard",
    ]);
    case.upstream.classifiers.clear();
    for (said, expect) in [
        ("GPLv3+", "GPL-3+"),
        ("GPL v3", "GPL-3"),
        ("Apache 2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("LGPL-2.1-or-later", "LGPL-2.1+"),
        (
            "GPL-2.0-or-later WITH Classpath-exception-2.0",
            "GPL-2+ with Classpath-2.0 exception",
        ),
        (
            "MIT AND (Apache-2.0 OR GPL-2.0-only)",
            "Expat, and Apache-2.0 or GPL-2",
        ),
    ] {
        case.upstream.licence = Some(said.to_owned());
        let text = case.write().text.unwrap();
        assert!(
            text.contains(&format!("\nLicense: {expect}\n")),
            "{said}: {text}"
        );
    }
}

#[test]
fn nothing_at_all() {
    let case = case("").file("a.py", "import os\n");
    let copyright = case.write();
    assert_eq!(copyright.text, None);
    assert_eq!(copyright.findings[0].code, "licence-undetermined");
    case.check(&["Error licence-undetermined"]);
}

#[test]
fn vague_names_are_no_contradiction() {
    let mut case = case("").licence("LICENSE", "BSD-3-Clause");
    case.upstream.licence = Some("BSD".to_owned());
    case.check(&["* | 2020 Jane Doe | BSD-3-clause"]);
    case.upstream.licence = Some("GPL".to_owned());
    case.check(&[
        "* | 2020 Jane Doe | BSD-3-clause",
        "Warning licence-contradiction",
    ]);
}

#[test]
fn later_versions() {
    let header = |later: &str| {
        format!(
            "# Copyright 2021 Joe\n# under the terms of the GNU General Public License as published by\n\
             # the Free Software Foundation; either version 2 of the License{later}\n"
        )
    };
    let with = |later: &str| {
        case("")
            .licence("COPYING", "GPL-2.0")
            .file("a.py", &header(later))
    };
    with(", or (at your option) any later version")
        .check(&["* | 2020 Jane Doe; 2021 Joe | GPL-2+"]);
    with(".").check(&["* | 2020 Jane Doe; 2021 Joe | GPL-2"]);
    case("")
        .licence("COPYING", "GPL-2.0")
        .check(&["* | 2020 Jane Doe | GPL-2", "Info licence-version"]);
}

#[test]
fn parts_of_the_source() {
    let apache = "# Copyright 2019 Acme, Inc.\n# Licensed under the Apache License, Version 2.0\n";
    let case = case("MIT")
        .licence("LICENSE", "MIT")
        .file("a/__init__.py", "")
        .file("a/x/one.py", apache)
        .file("a/x/two.py", apache)
        .file("a/three four.py", apache)
        .licence("a/y/LICENSE", "ISC")
        .file("a/y/z.py", "# Copyright 2018 Eve\n");
    case.check(&[
        "* | 2020 Jane Doe | Expat",
        "a/three?four.py a/x/* | 2019 Acme, Inc. | Apache-2.0",
        "a/y/* | 2020 Jane Doe; 2018 Eve | ISC",
    ]);
    let text = case.write().text.unwrap();
    assert!(
        text.contains("License: Apache-2.0\n Licensed under the Apache License"),
        "{text}"
    );
    assert!(
        text.contains("\"/usr/share/common-licenses/Apache-2.0\""),
        "{text}"
    );
    assert!(
        text.contains("License: ISC\n Permission to use, copy"),
        "{text}"
    );
}

#[test]
fn the_narrower_comes_later() {
    let gpl = "# SPDX-License-Identifier: GPL-3.0-only\n";
    let case = case("MIT")
        .licence("LICENSE", "MIT")
        .licence("a/LICENSE", "ISC")
        .licence("a/b/LICENSE", "BSD-2-Clause")
        .file("a/b/c.py", gpl)
        .file("z.py", gpl);
    case.check(&[
        "* | 2020 Jane Doe | Expat",
        "a/* | 2020 Jane Doe | ISC",
        "z.py | 2020 Jane Doe | GPL-3",
        "a/b/* | 2020 Jane Doe | BSD-2-clause",
        "a/b/c.py | 2020 Jane Doe | GPL-3",
    ]);
}

#[test]
fn vendored_works() {
    let case = case("MIT")
        .licence("LICENSE", "MIT")
        .file("a/_vendor/foo/__init__.py", "# Copyright 2011 Foo\n")
        .licence("a/_vendor/foo-1.0.dist-info/LICENSE", "Apache-2.0")
        .file("a/_vendor/bar/__init__.py", "import os")
        .file("a/_vendor/ruff.toml", "");
    case.check(&[
        "* | 2020 Jane Doe | Expat",
        "a/_vendor/foo/* a/_vendor/foo-1.0.dist-info/* | 2020 Jane Doe; 2011 Foo | Apache-2.0",
        "Warning vendored-without-licence",
    ]);
}

#[test]
fn texts_that_differ_have_names_of_their_own() {
    let bsd = standard_text("BSD-3-Clause").unwrap();
    let other = bsd.replace("the copyright holder nor", "Acme nor");
    let case = case("BSD-3-Clause")
        .licence("LICENSE", "BSD-3-Clause")
        .file(
            "vendor/acme/LICENSE",
            &format!("Copyright 2001 Acme\n\n{other}"),
        );
    case.check(&[
        "* | 2020 Jane Doe | BSD-3-clause",
        "vendor/acme/* | 2001 Acme | BSD-3-clause~acme",
    ]);
}

#[test]
fn a_licence_of_its_own() {
    let text = "You may look at this work on Sundays. ".repeat(20);
    let case = case("").file("LICENSE", &format!("Copyright 2020 Jane\n\n{text}"));
    case.check(&["* | 2020 Jane | a", "Warning licence-text-unrecognised"]);
    assert!(
        case.write()
            .text
            .unwrap()
            .contains("License: a\n Copyright 2020 Jane\n .\n You may look")
    );
}

#[test]
fn a_licence_that_lets_nobody_pass_it_on() {
    let text = format!(
        "Copyright 2020 Acme\n\nThis is CONFIDENTIAL and proprietary. {}",
        "Use it at work. ".repeat(20)
    );
    case("").file("LICENSE", &text).check(&[
        "* | 2020 Acme | a",
        "Warning licence-text-unrecognised",
        "Warning licence-non-free",
    ]);
}

#[test]
fn notices_of_apache_and_licences_that_restrict() {
    let case = case("Apache-2.0")
        .licence("LICENSE", "Apache-2.0")
        .file("NOTICE", "A\nCopyright 2020 Acme\n");
    assert_eq!(case.write().notices, ["NOTICE"]);
    let case = self::case("CC-BY-NC-4.0").licence("LICENSE", "CC-BY-NC-4.0");
    case.check(&[
        "* | 2020 Jane Doe | CC-BY-NC-4.0",
        "Warning licence-non-free",
    ]);
}

#[test]
fn scripts_of_others_are_works_of_their_own() {
    let bootstrap = "\u{feff}/*!\n * Bootstrap v5 (https://getbootstrap.com/)\n * Copyright 2011-2022 The \
        Bootstrap Authors (https://forge.example/graphs)\n * Licensed under MIT (https://x.example)\n \
        */:root{--a:1}";
    let jquery =
        "/*! jQuery v3 | (c) OpenJS Foundation and other contributors | jquery.org/license */\n!x";
    let own = "/* Copyright 2020 Jane Doe */\nx";
    let two = "!x;/*!\n * @license MIT\n * (c) 2014 A Writer\n */y/*! Copyright 2015 B Writer\n Apache 2.0 */";
    case("")
        .licence("LICENSE", "MIT")
        .file("s/bootstrap.css", bootstrap)
        .file("s/jquery.js", jquery)
        .file("s/own.js", own)
        .file("s/two.js", two)
        .file("s/who.js", "/*! (c) 2019 Someone Else */")
        .check(&[
            "* | 2020 Jane Doe | Expat",
            "s/bootstrap.css | 2011-2022 The Bootstrap Authors | Expat",
            "s/jquery.js | OpenJS Foundation and other contributors | Expat",
            "s/two.js | 2014 A Writer; 2015 B Writer | Apache-2.0 and Expat",
            "s/who.js | 2019 Someone Else | Expat",
            "Warning vendored-without-licence",
        ]);
}

#[test]
fn a_licence_file_with_a_text_and_a_notice() {
    let notice = "It holds source under two licenses.\n\nThis is free software: you can redistribute it \
        and/or modify\nit under the terms of the GNU General Public License as published by\nthe Free \
        Software Foundation, either version 3 of the License, or\n(at your option) any later version.\n\n";
    let text = format!(
        "{notice}BSD License\n\n{}",
        standard_text("BSD-2-Clause").unwrap()
    );
    case("GPL-3.0-or-later")
        .file("LICENSE", &text)
        .file("a.py", "# Copyright 2020 Jane Doe\n")
        .check(&[
            "* | 2020 Jane Doe | GPL-3+ and BSD-2-clause",
            "Warning licence-of-parts",
        ]);
}

#[test]
fn files_of_a_part_with_another_licence() {
    let zlib = "/* Copyright 2016 A Writer\n SPDX-License-Identifier: Zlib */";
    case("")
        .licence("LICENSE", "MIT")
        .licence("src/external/tool/LICENSE", "ISC")
        .file("src/external/tool/a.c", zlib)
        .file("src/external/tool/b.c", zlib)
        .file("src/external/tool/c.c", zlib)
        .check(&[
            "* | 2020 Jane Doe | Expat",
            "src/external/tool/* | 2020 Jane Doe; 2016 A Writer | ISC",
            "src/external/tool/a.c src/external/tool/b.c src/external/tool/c.c | 2016 A Writer | Zlib",
            "Info licence-text-standard",
        ]);
}

#[test]
fn locks_and_strings_of_programs() {
    case("")
        .licence("LICENSE", "ISC")
        .file("package-lock.json", "{\"license\": \"MIT\"}")
        .file("conf.py", "copyright = \"2020 Joan Roe\"  # noqa: A001\n")
        .check(&["* | 2020 Jane Doe; 2020 Joan Roe | ISC"]);
}

#[test]
fn a_component_has_a_paragraph_of_its_own() {
    let mut case = case("MIT")
        .licence("LICENSE", "MIT")
        .licence("thing/LICENSE", "MIT")
        .file("thing/NOTICE", "Thing")
        .file("thing/a.h", "// Copyright 2020 Jane Doe\n");
    case.check(&["* | 2020 Jane Doe | Expat"]);
    case.upstream.components = vec!["thing".to_owned()];
    case.check(&[
        "* | 2020 Jane Doe | Expat",
        "thing/* | 2020 Jane Doe | Expat",
    ]);
    assert_eq!(case.write().notices, Vec::<String>::new());
    let case = case.licence("thing/sub/LICENSE", "Apache-2.0");
    assert_eq!(case.write().notices, ["thing/NOTICE"]);
}
