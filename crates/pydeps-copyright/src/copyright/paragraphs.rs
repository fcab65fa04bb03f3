//! The paragraphs of debian/copyright.

use super::components::Claim;
use super::main_licence::Main;
use super::texts::{Texts, indented};
use super::{Packaging, Upstream, Whole};

/// What a machine reads the file as.
const FORMAT: &str = "https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/";

/// The first paragraph.
pub(super) fn header(upstream: &Upstream) -> String {
    let mut header = format!("Format: {FORMAT}\nUpstream-Name: {}\n", upstream.name);
    if let Some(contact) = upstream.authors.first() {
        header.push_str(&format!("Upstream-Contact: {contact}\n"));
    }
    if let Some(source) = &upstream.source {
        header.push_str(&format!("Source: {source}\n"));
    }
    header
}

/// `Files` paragraphs, from the widest patterns to the narrowest.
pub(super) fn files(
    whole: &Whole,
    main: &Main,
    claims: &[Claim],
    packaging: &Packaging,
    texts: &mut Texts,
) -> Vec<String> {
    let licence = texts.named(&main.expression, "");
    let mut paragraphs = vec![paragraph(
        &["*".to_owned()],
        &whole.holders,
        &licence,
        whole.comment.as_deref(),
    )];
    let mut all: Vec<(usize, &str, Vec<String>, &Claim)> = Vec::new();
    for claim in claims {
        for (level, patterns) in by_level(claim, claims) {
            let first = claim.patterns.first().map_or("", String::as_str);
            all.push((level, first, patterns, claim));
        }
    }
    all.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    for (_, _, patterns, claim) in all {
        let mut holders: Vec<String> = claim.holders.iter().map(ToString::to_string).collect();
        let comment = holders
            .is_empty()
            .then_some("These files name no holder of their own.");
        if holders.is_empty() {
            holders.clone_from(&whole.licensors);
        }
        paragraphs.push(paragraph(&patterns, &holders, &claim.licence, comment));
    }
    let own = vec![packager(packaging)];
    paragraphs.push(paragraph(&["debian/*".to_owned()], &own, &licence, None));
    paragraphs
}

/// `2025-2026 Jane Packager <jane@example.org>`.
fn packager(packaging: &Packaging) -> String {
    let (first, last) = packaging.years;
    match first == last {
        true => format!("{last} {}", packaging.packager),
        false => format!("{first}-{last} {}", packaging.packager),
    }
}

/// The patterns of a claim by how many directories of other claims they are in: the later
/// paragraph wins (copyright-format 1.0, "Files paragraph").
fn by_level(claim: &Claim, claims: &[Claim]) -> Vec<(usize, Vec<String>)> {
    let mut levels: Vec<(usize, Vec<String>)> = Vec::new();
    for pattern in &claim.patterns {
        let around = claims.iter().flat_map(|claim| &claim.patterns);
        let around = around.filter(|other| *other != pattern && contains(other, pattern));
        let level = around.count();
        match levels.iter_mut().find(|(known, _)| *known == level) {
            Some((_, patterns)) => patterns.push(pattern.clone()),
            None => levels.push((level, vec![pattern.clone()])),
        }
    }
    levels
}

fn contains(wide: &str, narrow: &str) -> bool {
    wide.strip_suffix('*')
        .is_some_and(|directory| narrow.starts_with(directory))
}

fn paragraph(
    patterns: &[String],
    holders: &[String],
    licence: &str,
    comment: Option<&str>,
) -> String {
    let holders = holders.join("\n           ");
    let mut text = format!(
        "Files: {}\nCopyright: {holders}\nLicense: {licence}\n",
        patterns.join("\n       ")
    );
    if let Some(comment) = comment {
        let comment = pydeps_core::wrap::filled(comment, 76);
        text.push_str(&format!("Comment:\n{}", indented(&comment)));
    }
    text
}
