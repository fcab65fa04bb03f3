//! Which paragraphs describe, and how they are cleaned.

use std::sync::LazyLock;

use regex::Regex;

use super::About;
use super::blocks::{Block, Paragraph};

/// As much as somebody reads who looks for a package.
const MAX_PARAGRAPHS: usize = 4;
const MAX_ITEMS: usize = 9;
const MAX_CHARACTERS: usize = 1200;
/// A paragraph is cut after the sentence that goes beyond this.
const LONG: usize = 500;

/// Headings of sections that say what the thing is.
const TELLING: &[&str] = &[
    "about",
    "abstract",
    "background",
    "description",
    "features",
    "highlights",
    "intro",
    "key features",
    "main features",
    "motivation",
    "overview",
    "purpose",
    "summary",
    "what",
    "why",
    "core features",
    "key capabilities",
];

/// Words of paragraphs that are for a page on the web, or for who builds from source.
const NOT_FOR_PACKAGES: &[&str] = &[
    "pip install",
    "pip3",
    "pypi",
    "conda",
    "easy_install",
    "setup.py",
    "virtualenv",
    "brew ",
    "docker",
    "git clone",
    "readthedocs",
    "read the docs",
    "github",
    "gitlab",
    "bitbucket",
    "badge",
    "click here",
    "sponsor",
    "donat",
    "patreon",
    "star ",
    "twitter",
    "discord",
    "slack",
    "gitter",
    "mailing list",
    "stack overflow",
    "changelog",
    "release notes",
    "table of contents",
    "copyright",
    "pull request",
    "bug report",
    "issue tracker",
    "tidelift",
    "enterprise",
    "uv add",
    "npm ",
    "install",
    "tutorial",
    "more information",
    "about it here",
    "thank",
    "feel free",
    "see below",
    "see above",
    "join ",
    "irc.",
    "webchat",
    "follow ",
    "contribut",
    "written by",
    "created by",
    "maintained by",
    "blog post",
    "this release",
    "found there",
    "found here",
    "find more",
    "personal site",
    "home page",
    "homepage",
    "under the mit",
    "licensed",
];

/// Beginnings of what points somewhere else.
const POINTERS: &[&str] = &[
    "see ",
    "for more",
    "for a ",
    "for full",
    "for details",
    "for further",
    "for the full",
    "documentation",
    "docs",
    "please",
    "note",
    "warning",
    "important",
    "tip",
    "caution",
    "read ",
    "check ",
    "visit",
    "the documentation",
    "full documentation",
    "more information",
    "the source",
    "here is",
    "source code is",
    "license:",
    "licence:",
    "or,",
    "which now",
    "first, ",
    "next, ",
    "*",
    "latest ",
];

/// The paragraphs that describe, cleaned and limited.
pub(super) fn select(blocks: &[Block], about: &About<'_>) -> Vec<Paragraph> {
    let mut chosen: Vec<Paragraph> = Vec::new();
    let mut telling = true;
    let mut size = 0;
    let end = blocks
        .iter()
        .position(|block| matches!(block, Block::Heading(h) if is_history(h)));
    for (at, block) in blocks[..end.unwrap_or(blocks.len())].iter().enumerate() {
        if chosen.len() == MAX_PARAGRAPHS || size > MAX_CHARACTERS {
            break;
        }
        let taken = match block {
            Block::Heading(text) => {
                telling = chosen.is_empty() && is_title(text, about, at) || tells(text);
                let lists = matches!(blocks.get(at + 1), Some(Block::List(_)));
                (lists && tells(text)).then(|| Paragraph::Text(format!("{}:", clean(text))))
            }
            _ if !telling => None,
            Block::Paragraph(text) => paragraph(text, blocks.get(at + 1), about.name),
            Block::List(items) => list(items, &chosen, about.name),
            // What follows code explains it.
            Block::Code => {
                telling &= chosen.is_empty();
                None
            }
            Block::Other => None,
        };
        size += taken.as_ref().map_or(0, length);
        chosen.extend(taken);
    }
    drop_open_end(&mut chosen);
    chosen
}

fn length(paragraph: &Paragraph) -> usize {
    match paragraph {
        Paragraph::Text(text) => text.len(),
        Paragraph::List(items) => items.iter().map(String::len).sum(),
    }
}

/// The first heading, or one with the name in it.
fn is_title(heading: &str, about: &About<'_>, at: usize) -> bool {
    let heading = heading.to_lowercase();
    at < 4 || heading.contains(&about.name.to_lowercase())
}

/// Where the changelog begins, which has paragraphs and sections of all kinds.
fn is_history(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    let words = [
        "changelog",
        "changes",
        "change log",
        "history",
        "news",
        "release",
        "what's new",
    ];
    let number = heading.trim_start_matches(['v', ' ']);
    words.iter().any(|word| heading.starts_with(word))
        || number.starts_with(|c: char| c.is_ascii_digit()) && number.contains('.')
}

fn tells(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    let plain = heading.trim_start_matches(|c: char| !c.is_alphanumeric());
    TELLING.iter().any(|word| plain.starts_with(word)) && !plain.contains("new")
}

fn paragraph(text: &str, next: Option<&Block>, name: &str) -> Option<Paragraph> {
    let text = clean(text);
    let introduces = text.ends_with(':') && matches!(next, Some(Block::List(_)));
    let is_open = text.ends_with(':') && !introduces;
    let mut all = sentences(&text);
    if is_open {
        all.pop();
    }
    let sentences = described(&all, name);
    let mut kept = String::new();
    for sentence in sentences {
        if kept.len() + sentence.len() > LONG && !kept.is_empty() {
            break;
        }
        kept.push_str(sentence);
        kept.push(' ');
    }
    let kept = kept.trim().to_owned();
    let is_prose = kept.split(' ').count() >= 5 && (ends(&kept) || introduces);
    let stop = if kept.ends_with(')') { "." } else { "" };
    is_prose.then(|| Paragraph::Text(kept + stop))
}

fn ends(text: &str) -> bool {
    text.ends_with(['.', '!', '?', ')', ':', '"'])
}

fn list(items: &[String], before: &[Paragraph], name: &str) -> Option<Paragraph> {
    let items = items
        .iter()
        .map(|item| clean(item).trim_end_matches([' ', '*']).to_owned());
    let items: Vec<String> = items.collect();
    let good = |item: &&String| describes(item, name) && item.len() < 300 && item.len() > 2;
    let kept: Vec<String> = items.iter().filter(good).cloned().collect();
    // A list of links, or one that came to nothing.
    let is_short = kept.len() * 3 < items.len() * 2 || kept.len() < 2;
    let comes_alone = before.is_empty();
    (!is_short && !comes_alone).then(|| Paragraph::List(kept.into_iter().take(MAX_ITEMS).collect()))
}

/// "It has:" at the end, without what comes.
fn drop_open_end(chosen: &mut Vec<Paragraph>) {
    let open = |at: usize, all: &[Paragraph]| {
        let opens = matches!(&all[at], Paragraph::Text(text) if text.ends_with(':'));
        opens && !matches!(all.get(at + 1), Some(Paragraph::List(_)))
    };
    let keep: Vec<bool> = (0..chosen.len()).map(|at| !open(at, chosen)).collect();
    let mut keep = keep.into_iter();
    chosen.retain(|_| keep.next().unwrap_or(true));
}

/// The sentences that describe. One that speaks of what the sentence before has named goes
/// with it.
fn described<'s>(sentences: &[&'s str], name: &str) -> Vec<&'s str> {
    const BACK: [&str; 5] = ["they ", "these ", "those ", "both ", "them "];
    let mut kept: Vec<&str> = Vec::new();
    let mut was_dropped = false;
    for sentence in sentences {
        let lower = sentence.to_lowercase();
        let hangs = was_dropped && BACK.iter().any(|word| lower.starts_with(word));
        was_dropped = hangs || !describes(sentence, name);
        if !was_dropped {
            kept.push(sentence);
        }
    }
    kept
}

/// Whether a sentence is for the reader of a description; words of the project's own name
/// do not speak against it.
fn describes(sentence: &str, name: &str) -> bool {
    let lower = sentence.to_lowercase();
    let name = name.to_lowercase();
    let words = lower.split(' ').count();
    !POINTERS.iter().any(|start| lower.starts_with(start))
        && !NOT_FOR_PACKAGES
            .iter()
            .any(|word| lower.contains(word) && !name.contains(word))
        && !lower
            .split([' ', '\''])
            .any(|word| ["i", "my", "we"].contains(&word))
        && !lower.ends_with('?')
        && !lower.ends_with("...")
        && balanced(&lower)
        && !lower.contains("://")
        && !lower.contains("www.")
        && (words > 2 || !lower.contains('|'))
        && !lower.starts_with('<')
        && sentence
            .chars()
            .filter(|c| c.is_alphabetic() || *c == ' ')
            .count()
            * 10
            >= sentence.chars().count() * 7
}

/// A bracket that a sentence does not close was closed by one that is not shown.
fn balanced(text: &str) -> bool {
    let count = |sign: char| text.matches(sign).count();
    count('(') == count(')') && count('[') == count(']')
}

/// Sentences, each with its end.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut sentences = Vec::new();
    let mut start = 0;
    let ends = text.match_indices(['.', '!', '?']);
    for (at, sign) in ends {
        let after = &text[at + sign.len()..];
        let before = &text[start..at];
        let short = ["e.g", "i.e", "etc", "vs", "Dr", "St", "al", "cf", "approx"];
        let last = before.rsplit([' ', '(']).next().unwrap_or_default();
        let goes_on = !after.starts_with(' ') || short.contains(&last);
        let next = after.trim_start().chars().next();
        if !goes_on && next.is_none_or(|next| !next.is_lowercase()) {
            sentences.push(text[start..at + sign.len()].trim());
            start = at + sign.len();
        }
    }
    let rest = text[start..].trim();
    if !rest.is_empty() {
        sentences.push(rest);
    }
    sentences
}

static CLEANING: LazyLock<[(Regex, &'static str); 9]> = LazyLock::new(|| {
    [
        (regex(r"<[^>]{0,200}>"), " "),
        // A box of a list of tasks.
        (regex(r"^\s*\[[ xX]\]\s+"), ""),
        (regex(r"\[([^\]]*)\]\([^)]*\)"), "$1"),
        (regex(r"!\[[^\]]*\]"), ""),
        (regex(r"\s*[(<\[]\s*https?://[^\s)>\]]*\s*[)>\]]"), ""),
        (regex(r":[a-z_]+:(\s|$)"), "$1"),
        (regex(r"\*\*([^*]+)\*\*|__([^_]+)__"), "$1$2"),
        (regex(r"`+"), ""),
        (regex(r"\s+([,.;:!?])(\s|$)"), "$1$2"),
    ]
});

/// A pattern of this file.
#[allow(clippy::unwrap_used, reason = "constant; a test uses each")]
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap()
}

/// The text on one line without markup, pictures of letters, and typesetting.
pub(super) fn clean(text: &str) -> String {
    let mut text: String = text.chars().map(plain_character).collect();
    for (pattern, by) in CLEANING.iter() {
        text = pattern.replace_all(&text, *by).into_owned();
    }
    let text = text
        .replace('\u{2026}', "...")
        .replace("&amp;", "&")
        .replace("&nbsp;", " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Quotation marks and dashes in ASCII; pictures become blanks.
fn plain_character(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' => '\'',
        '\u{201c}' | '\u{201d}' => '"',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{2026}' => c,
        '\u{2000}'..='\u{2bff}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f000}'..='\u{1ffff}' => ' ',
        '\u{e000}'..='\u{f8ff}' => ' ',
        c if c.is_control() => ' ',
        c => c,
    }
}

/// A paragraph does not begin with a full stop, which would be a command of the control
/// file's syntax, nor with a bullet.
pub(super) fn safe_first(text: &str) -> String {
    match is_unsafe(text) {
        true => {
            let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
            format!("\"{first}\" {rest}").trim_end().to_owned()
        }
        false => text.to_owned(),
    }
}

/// The same lines, where none begins with what a full stop or a bullet would mean there: the
/// words before come along, or else the line joins the one before.
pub(super) fn safe_starts(lines: Vec<String>) -> Vec<String> {
    let mut safe: Vec<String> = Vec::new();
    for mut line in lines {
        while let Some(before) = safe.last_mut().filter(|_| is_unsafe(&line)) {
            match before.rsplit_once(' ') {
                Some((rest, word)) => {
                    line = format!("{word} {line}");
                    *before = rest.to_owned();
                }
                None => {
                    line = format!("{before} {line}");
                    safe.pop();
                }
            }
        }
        safe.push(line);
    }
    safe
}

fn is_unsafe(line: &str) -> bool {
    let mut letters = line.chars();
    let first = letters.next();
    let alone = letters.next().is_none_or(|second| second == ' ');
    first == Some('.') || alone && first.is_some_and(|c| "-*+".contains(c))
}
