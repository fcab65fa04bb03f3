//! Sentences that put a file under a licence without its text.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::licence_text::plain;

/// `SPDX-License-Identifier: MIT OR Apache-2.0`, as far as it is an expression.
pub(super) fn identifiers(text: &str) -> BTreeSet<String> {
    let mark = "SPDX-License-Identifier:";
    let mut found = BTreeSet::new();
    for line in text.lines() {
        let Some((_, said)) = line.split_once(mark) else {
            continue;
        };
        let said = said
            .trim()
            .trim_end_matches(['"', '\'', '*', '/', '>', '-', '`', '.'])
            .trim();
        if spdx::Expression::parse(said).is_ok() {
            found.insert(said.to_owned());
        }
    }
    found
}

/// A sentence, in words as [`plain`] leaves them.
struct Sentence {
    says: Regex,
    licence: &'static str,
}

/// The names of the GNU licences, and which they are.
const GNU: [(&str, &str); 8] = [
    ("affero general public licen", "AGPL"),
    ("affero gnu public licen", "AGPL"),
    ("lesser general public licen", "LGPL"),
    ("library general public licen", "LGPL"),
    ("lesser gnu public licen", "LGPL"),
    ("gnu lesser public licen", "LGPL"),
    ("gnu general public licen", "GPL"),
    ("gnu public licen", "GPL"),
];

/// How many words after the name say which version.
const AFTER_NAME: usize = 28;

/// Version and choice, in one order or the other.
static VERSION: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r"(?-u)\bv(?:ersion)? ?(?P<version>1|2 1|2|3)\b(?: 0\b)?(?: of the(?: gnu)?(?: [a-z]+){0,4} licen[sc]e)?(?: as published by the free software foundation)?(?P<later>(?: or at your option| or at your choice| or at your discretion)?(?: either)?(?: version \d)?(?: or)? ?(?:\(?at your option\)? )?(?:any|or|and) (?:later|newer|above|greater))?",
    )
});

static SENTENCES: LazyLock<Vec<Sentence>> = LazyLock::new(|| {
    let sentence = |says, licence| Sentence {
        says: regex(says),
        licence,
    };
    vec![
        sentence(
            r"licensed under (?:both )?the apache licen[sc]e version 2|apache org licenses license 2 0|\bapache 2 0 licen[sc]e|apache licen[sc]e v?(?:ersion )?2 0\b",
            "Apache-2.0",
        ),
        sentence(
            r"subject to the terms of the mozilla public licen[sc]e v 2 0|mozilla public licen[sc]e version 2 0",
            "MPL-2.0",
        ),
        sentence(
            r"(?:licensed|released|distributed|available|is) under (?:the )?(?:terms of )?(?:the )?(?:a )?(?:mit|expat)(?: x11)?(?: open source)? licen[sc]e|\blicen[sc]e mit\b|under the mit licen[sc]e",
            "MIT",
        ),
        sentence(
            r"subject to (?:the provisions of )?the zope public licen[sc]e version 2 1",
            "ZPL-2.1",
        ),
        sentence(
            r"distributed under the boost software licen[sc]e version 1 0",
            "BSL-1.0",
        ),
        sentence(
            r"copying and distribution of this file with or without modification are permitted in any medium without royalty provided the copyright notice and this notice are preserved",
            "FSFAP",
        ),
        sentence(
            r"\b(?:file|code|module|program|software|work|script|document|it|data|source|library) (?:is|was|has been|have been)(?: hereby)?(?: placed| released| dedicated| put)? (?:in|into|to) the public domain\b|^public domain\b|\blicen[sc]e public domain\b",
            "LicenseRef-public-domain",
        ),
    ]
});

/// A pattern of this file.
#[allow(clippy::unwrap_used, reason = "constant; a test uses each")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// How many words from the top are searched: what comes later is about something else.
const WORDS: usize = 450;

/// The licences that sentences name. The names of the GNU licences end in `-only` or
/// `-or-later`.
pub(super) fn licences(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    let mut short = short(&lower);
    if !["licen", "public domain", "copying and"]
        .iter()
        .any(|word| lower.contains(word))
    {
        return short;
    }
    let words = plain(text);
    let words = words.split(' ').take(WORDS).collect::<Vec<_>>().join(" ");
    let named = SENTENCES
        .iter()
        .filter(|sentence| sentence.says.is_match(&words));
    let mut found: BTreeSet<String> = named.map(|s| s.licence.to_owned()).collect();
    found.extend(gnu(&words));
    if found.is_empty() {
        found.append(&mut short);
    }
    found
}

/// "License: AGPLv3+", "licensed under the GPL v2 or later". Without a word on later versions
/// such a name leaves open whether they are meant.
static SHORT: LazyLock<Regex> = LazyLock::new(|| {
    regex(
        r#"licen[sc]e[sd]?(?:__)?(?: ?[:=]| under(?: the(?: terms of the)?)?)? *["']?(?:gnu )?(?P<family>a|l)?gpl[- ]?v?(?P<version>1|2\.1|2|3)(?:\.0)?(?: ?\+|-or-later|,? or (?:\(at your option\) )?(?:any )?later)"#,
    )
});

fn short(lower: &str) -> BTreeSet<String> {
    let id = |said: regex::Captures<'_>| {
        let family = said.name("family").map_or("", |family| family.as_str());
        let version = &said["version"];
        let dot = if version.contains('.') { "" } else { ".0" };
        let id = format!("{}GPL-{version}{dot}-or-later", family.to_uppercase());
        Some(spdx::license_id(&id)?.name.to_owned())
    };
    SHORT.captures_iter(lower).filter_map(id).collect()
}

/// "... under the terms of the GNU Lesser General Public License as published by the Free
/// Software Foundation; either version 2.1 of the License, or (at your option) any later".
fn gnu(words: &str) -> Option<String> {
    let named = GNU
        .iter()
        .filter_map(|(name, family)| Some((words.find(name)?, *family)));
    let (at, family) = named.min()?;
    let rest: Vec<&str> = words[at..].split(' ').skip(3).take(AFTER_NAME).collect();
    let rest = rest.join(" ");
    let version = VERSION.captures(&rest)?;
    let version_name = version["version"].replace(' ', ".");
    let dot = if version_name.contains('.') { "" } else { ".0" };
    let later = version.name("later").is_some() || rest.contains("any later version");
    let choice = if later { "or-later" } else { "only" };
    let id = format!("{family}-{version_name}{dot}-{choice}");
    spdx::license_id(&id).map(|id| id.name.to_owned())
}

/// Whether the full text of a licence may stand here.
pub(super) fn may_hold_text(text: &str) -> bool {
    let signs = [
        "ermission is hereby granted",
        "ermission to use, copy",
        "edistribution and use",
        "edistributions of source",
        "without any express or implied",
        "free and unencumbered",
    ];
    signs.iter().any(|sign| text.contains(sign))
}
