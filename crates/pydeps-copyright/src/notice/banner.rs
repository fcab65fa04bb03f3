//! Banners of scripts and style sheets for browsers: comments that tools keep where they
//! minify a work or put several into one file (`/*! … */`, `@license`, `@preserve`).

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;

use crate::licence_text::plain;

/// A comment that is longer is code between two signs.
const LONGEST: usize = 6000;

/// The comments that say something of rights, without those signs that are no words.
pub(super) fn find(text: &str) -> Vec<&str> {
    let mut banners = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("/*") {
        let Some(length) = rest[at..].find("*/") else {
            break;
        };
        let comment = &rest[at..at + length];
        if length <= LONGEST && is_banner(comment) {
            banners.push(comment);
        }
        // What only looks like the beginning of a comment may stand before a real one.
        let skipped = if length <= LONGEST { length } else { 2 };
        rest = &rest[at + skipped..];
    }
    banners.extend(head(text));
    banners
}

/// The lines of comments at the very top.
fn head(text: &str) -> Option<&str> {
    let is_comment = |line: &&str| {
        line.trim_start_matches('\u{feff}')
            .trim_start()
            .starts_with("//")
    };
    let lines = text.split_inclusive('\n').take_while(is_comment);
    let end: usize = lines.map(str::len).sum();
    Some(&text[..end]).filter(|head| is_banner(head))
}

fn is_banner(comment: &str) -> bool {
    let signs = [
        "/*!",
        "//!",
        "@license",
        "@preserve",
        "opyright",
        "icense",
        "©",
    ];
    signs.iter().any(|sign| comment.contains(sign))
}

/// A banner with each statement on a line of its own, for who reads holders.
pub(super) fn lines(banner: &str) -> String {
    static ADDRESS: LazyLock<Regex> =
        LazyLock::new(|| regex(r"\(\s*https?://[^)\s]*\s*\)|\s--?\s+https?://\S+"));
    let text = ADDRESS.replace_all(banner, "").into_owned();
    // Elsewhere the sign alone may be an item of a list.
    let text = match banner.contains("opyright") {
        true => text,
        false => text
            .replace("(c)", "Copyright (c)")
            .replace("(C)", "Copyright (c)"),
    };
    [" | ", " - ", "; "]
        .iter()
        .fold(text, |text, sign| text.replace(sign, "\n"))
}

/// What banners say in few words, as [`plain`] leaves them, and where they point to.
const SAYINGS: [(&str, &str); 15] = [
    (
        r"\bdual licen[sc]ed under (?:the )?mit (?:or|and) gpl v?(?:ersion )?2\b",
        "MIT OR GPL-2.0-only",
    ),
    (
        r"\blicen[sc]ed? (?:under )?(?:the )?(?:terms of )?(?:the )?mit\b",
        "MIT",
    ),
    (r"\bmit licen[sc]ed?\b", "MIT"),
    (r"\bunder (?:the )?mit\b", "MIT"),
    (r"\bopensource org licenses mit\b", "MIT"),
    (r"\bjquery (?:org|com) license\b", "MIT"),
    (r"\bdatatables net license\b", "MIT"),
    (r"\b(?:by|of) the sphinx team\b", "BSD-2-Clause"),
    (
        r"\blicen[sc]ed? (?:under )?(?:the )?apache(?: licen[sc]e)?(?: v| version)? ?2\b",
        "Apache-2.0",
    ),
    (r"\bapache 2 0\b", "Apache-2.0"),
    (r"\bbsd 2 clause\b", "BSD-2-Clause"),
    (r"\b(?:bsd 3 clause|new bsd licen[sc]e)\b", "BSD-3-Clause"),
    (
        r"\b(?:licen[sc]ed? (?:under )?(?:the )?isc|isc licen[sc]ed?)\b",
        "ISC",
    ),
    (r"\bmpl 2 0\b", "MPL-2.0"),
    (r"\b(?:sil )?ofl 1 1\b", "OFL-1.1"),
];

static PATTERNS: LazyLock<Vec<(Regex, &str)>> =
    LazyLock::new(|| SAYINGS.map(|(says, licence)| (regex(says), licence)).into());

/// A pattern of this file.
#[allow(clippy::unwrap_used, reason = "constant; a test uses each")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// The licences that a banner names. A choice of two is told as such, and alone.
pub(super) fn licences(banner: &str) -> BTreeSet<String> {
    let words = plain(banner);
    let named = PATTERNS.iter().filter(|(says, _)| says.is_match(&words));
    let found: BTreeSet<String> = named.map(|(_, licence)| (*licence).to_owned()).collect();
    let choice = found.iter().find(|licence| licence.contains(" OR "));
    match choice {
        Some(choice) => BTreeSet::from([choice.clone()]),
        None => found,
    }
}
