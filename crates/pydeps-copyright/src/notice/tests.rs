use super::*;

/// `expect` is holders by line, then `|`, then licences.
#[track_caller]
fn check(text: &str, expect: &str) {
    let notice = Reader::default().read(text.as_bytes());
    let holders: Vec<_> = notice.holders.iter().map(ToString::to_string).collect();
    let licences: Vec<_> = notice.licences.into_iter().collect();
    assert_eq!(
        format!("{} | {}", holders.join("; "), licences.join(", ")),
        expect,
        "{text}"
    );
}

#[test]
fn holders() {
    for (line, expect) in [
        (
            "# Copyright (c) 2010-2014, 2016 Jane Doe <j@example.org>",
            "2010-2014, 2016 Jane Doe <j@example.org> | ",
        ),
        (
            "Copyright 2012 Foo, Inc. All rights reserved.",
            "2012 Foo, Inc. | ",
        ),
        (
            " * Copyright (C) 1999, 2000, 2001 by A. N. Other, see AUTHORS for more details.",
            "1999-2001 A. N. Other | ",
        ),
        (
            "    :copyright: Copyright 2006-2023 by the Pygments team, see AUTHORS.",
            "2006-2023 the Pygments team | ",
        ),
        ("__copyright__ = \"Copyright 2015, Jane\"", "2015 Jane | "),
        ("© 2020-present Jane", "2020-present Jane | "),
        (
            "(c) 2005- Jane and contributors",
            "2005-present Jane and contributors | ",
        ),
        ("SPDX-FileCopyrightText: 2021 Jane", "2021 Jane | "),
        (
            "Copyright Jane Doe and contributors",
            "Jane Doe and contributors | ",
        ),
        (
            "Copyright (c) Django Software Foundation and individual contributors.",
            "Django Software Foundation and individual contributors | ",
        ),
        (
            "Copyright (c) 2006, Jane Doe\nCopyright (c) 2007, Jane Doe.",
            "2006-2007 Jane Doe | ",
        ),
        ("Copyright 1998-03 Jane", "1998 Jane | "),
        ("Copyright (c) <2014> <Foo Inc.>", "2014 Foo Inc. | "),
        (
            "Copyright <2014> Jane <j@example.org>",
            "2014 Jane <j@example.org> | ",
        ),
        ("Copyright 2010-13 Jane", "2010-2013 Jane | "),
        ("Copyright (c) Jane Doe, 2014", "2014 Jane Doe | "),
        (
            "Copyright (c) 2011 Jane\n              2012 Joe",
            "2011 Jane; 2012 Joe | ",
        ),
    ] {
        check(line, expect);
    }
}

#[test]
fn what_names_nobody() {
    check("Copyright (c) <year> <copyright holders>", " | ");
    for line in [
        "The above copyright notice and this permission notice shall be included",
        "Copyright [yyyy] [name of copyright owner]",
        "Copyright (c) <year> <copyright holders>",
        "the copyright holders and contributors",
        "copyright law",
        "copyright = '%(year)s'",
        "self.copyright = copyright",
        "See the copyright file",
        "(c) the second case",
        "COPYRIGHT = re.compile('x')",
        "Copyright 2012",
    ] {
        check(line, " | ");
    }
}

#[test]
fn licences() {
    let gpl = "This program is free software; you can redistribute it and/or modify it under the \
        terms of the GNU General Public License as published by the Free Software Foundation; \
        either version 2 of the License, or (at your option) any later version.";
    check(gpl, " | GPL-2.0-or-later");
    check(
        &gpl.replace(", or (at your option) any later version", ""),
        " | GPL-2.0-only",
    );
    let lesser = gpl
        .replace("GNU General", "GNU Lesser General")
        .replace("version 2 ", "version 2.1 ");
    check(&lesser, " | LGPL-2.1-or-later");
    check(
        &gpl.replace("GNU General", "GNU Affero General")
            .replace("version 2 ", "version 3 "),
        " | AGPL-3.0-or-later",
    );
    for (text, expect) in [
        (
            "# SPDX-License-Identifier: MIT OR Apache-2.0",
            " | MIT OR Apache-2.0",
        ),
        (
            "/* SPDX-License-Identifier: GPL-2.0-only */",
            " | GPL-2.0-only",
        ),
        ("// SPDX-License-Identifier: nonsense", " | "),
        ("# License: AGPLv3+", " | AGPL-3.0-or-later"),
        ("__license__ = 'GPL v2 or later'", " | GPL-2.0-or-later"),
        (
            "# Licensed under the LGPL-2.1+, see COPYING",
            " | LGPL-2.1-or-later",
        ),
        ("# License: GPLv3", " | "),
        (
            "# Licensed under the Apache License, Version 2.0 (the \"License\");",
            " | Apache-2.0",
        ),
        (
            "# This Source Code Form is subject to the terms of the Mozilla Public\n# License, v. 2.0.",
            " | MPL-2.0",
        ),
        ("This file is licensed under the MIT license.", " | MIT"),
        (
            "This file has been placed in the public domain.",
            " | LicenseRef-public-domain",
        ),
        ("License: LGPL, see COPYING", " | "),
        ("license = 'x'", " | "),
        (
            "# GNU General Public License version 3 or later",
            " | GPL-3.0-or-later",
        ),
        (
            "This software is under the GNU General Public License, version 2",
            " | GPL-2.0-only",
        ),
    ] {
        check(text, expect);
    }
}

#[test]
fn whole_texts_in_comments() {
    let text = licence_text::standard_text("BSD-3-Clause").unwrap();
    let comment: String = text.lines().map(|line| format!(" * {line}\n")).collect();
    check(
        &format!("/*\n * Copyright (c) 2001 Jane\n{comment} */\nint x;\n"),
        "2001 Jane | BSD-3-Clause",
    );
}

proptest::proptest! {
    #[test]
    fn total(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..300)) {
        let _ = Reader::default().read(&bytes);
    }

    #[test]
    fn total_on_words(words in "((Copyright|\\(c\\)|©|2010|-|19|,|Jane|present|é| |\n|License|GNU General Public License|version){0,12})") {
        let _ = Reader::default().read(words.as_bytes());
    }
}
